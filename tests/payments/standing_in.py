"""A provider played on this machine: answers what the test says, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

Answer = tuple[int, bytes]


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    json: Any


@dataclass
class StandIn:
    """``answers`` is called with what was asked; it gives status and body."""

    answers: Callable[[Asked], Answer] = lambda _asked: (404, b"{}")
    asked: list[Asked] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A server on a free port of 127.0.0.1 until the test is over."""
    played = StandIn()

    class Door(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            asked = Asked(
                self.command, parts.path, parse_qs(parts.query), {k.lower(): v for k, v in self.headers.items()},
                json.loads(body) if body else None,
            )  # fmt: skip
            played.asked.append(asked)
            status, answer = played.answers(asked)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:9/inner")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            self._any()

        def do_POST(self) -> None:
            self._any()

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    played.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield played
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
