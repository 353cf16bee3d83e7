"""A bad line in front of a market: of every ten requests seven are lost, half of them only after they were answered.

The lost ones end as they do on a hill without signal: the connection breaks, and the phone knows nothing of what the
server did.
"""

import http.client
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LOST = 0.7
_LONGEST_S = 30


@dataclass
class BadLine:
    """``url`` stands for the market's. What became of the requests that went in."""

    url: str = ""
    lost_before: int = 0
    lost_after: int = 0
    through: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def bad_line(market_url: str, *, seed: int) -> Iterator[BadLine]:
    """Listens on 127.0.0.1 until the block ends; the same requests in the same order are lost for one ``seed``."""
    chance, line, to = random.Random(seed), BadLine(), urlsplit(market_url)
    assert to.hostname is not None

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"  # one request a connection: what breaks, breaks alone

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with line.lock:
                lot = chance.random()
            if lot < LOST / 2:
                line.lost_before += 1
                return
            ahead = http.client.HTTPConnection(str(to.hostname), to.port, timeout=_LONGEST_S)
            ahead.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() != "connection":
                    ahead.putheader(name, value)
            ahead.endheaders(body)
            answer = ahead.getresponse()
            content = answer.read()
            ahead.close()
            if lot < LOST:
                line.lost_after += 1
                return
            line.through += 1
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _pass  # noqa: N815  names that http.server calls

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: the figures tell."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    line.url = f"http://127.0.0.1:{server.server_port}"
    runs = threading.Thread(target=server.serve_forever, daemon=True)
    runs.start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()
        runs.join()
