"""The market as it really runs: a server process, a worker process, a database of its own, the demo inside.

``with running(template) as market:`` gives a market at ``market.url`` on 127.0.0.1, on the database the suite runs on:
a fresh SQLite file, or a fresh database on the PostgreSQL that DATABASE_URL names, copied from what was set up once a
session (stored.py). Whatever is started here is stopped by its process id.

Fixtures: ``market`` is one for the whole session, shared by the journeys; ``open_market()`` opens another one, for who
kills its server or needs a market that nobody else trades on. ``with markets(...) as opened:`` is for who wants
something else inside than the demo.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from storefront.demo import cast
from tests.stored import DEMO, ROOT, Template, environment_of, manage, on_server, postgres, shared_folder

READY_IN_S = 30
STOPS_IN_S = 15
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy to ourselves


# -- The processes ------------------------------------------------------------------------------------------


class _Process:
    """One program in a session of its own, its words in a file."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        with log.open("ab") as said:
            self._running = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def lives(self) -> bool:
        return self._running.poll() is None

    def stop(self) -> None:
        """Asked to end, killed when it does not; its children with it."""
        self._running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(STOPS_IN_S)
        self.kill()

    def kill(self) -> None:
        """SIGKILL, to it and to its children: nothing of it gets another instruction."""
        with suppress(ProcessLookupError):
            os.killpg(self._running.pid, signal.SIGKILL)
        self._running.wait()


class Market:
    """A running market. ``url`` has no slash at its end."""

    def __init__(self, database_url: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url, self.folder = database_url, folder
        self.environment = environment_of(database_url, folder, port=self.port)
        self._server: _Process | None = None
        self._worker: _Process | None = None

    def manage(self, *arguments: str, exits: int | None = 0) -> subprocess.CompletedProcess[str]:
        """``manage.py`` on this market's database; fails unless it exits with ``exits`` (None: with anything)."""
        return manage(self.environment, *arguments, exits=exits)

    def printed(self, *arguments: str, exits: int | None = 0) -> list[dict[str, Any]]:
        """The JSON lines that a command prints."""
        return [json.loads(line) for line in self.manage(*arguments, exits=exits).stdout.splitlines()]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What plain SQL finds, past all of our own code. ``%s`` marks a value on both databases."""
        if postgres():
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(query.encode(), values).fetchall()
        with closing(sqlite3.connect(self.folder / "market.sqlite3", timeout=20)) as connection:
            return connection.execute(query.replace("%s", "?"), values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        """Plain SQL for what only time does: a deadline that has passed. Never for what a verb can do."""
        if postgres():
            with psycopg.connect(self.database_url) as connection:
                connection.execute(statement.encode(), values)
            return
        with closing(sqlite3.connect(self.folder / "market.sqlite3", timeout=20)) as connection, connection:
            connection.execute(statement.replace("%s", "?"), values)

    def audit(self, organization: str = cast.SLUG) -> dict[str, Any]:
        """What ``books audit`` prints of one organization, the demo's cooperative; fails unless all books are clean."""
        [answer] = [one for one in self.printed("books", "audit") if one["organization"] == organization]
        return answer

    def start_server(self) -> None:
        """Returns once it answers."""
        assert self._server is None
        granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
        granian += ["--port", str(self.port), "--workers", "1", "--blocking-threads", "4", "--no-ws"]
        granian += ["--log-level", "warning", "shop.wsgi:application"]
        self._server = _Process(granian, self.environment, self.folder / "server.log")
        self.wait_for("/healthz")

    def stop_server(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    def kill_server(self) -> None:
        """As a power cut would: SIGKILL. Returns once nothing listens any more."""
        assert self._server is not None
        self._server.kill()
        self._server = None
        until = time.monotonic() + STOPS_IN_S
        while self._listens():
            assert time.monotonic() < until, "the port is still held"
            time.sleep(0.01)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def process_ids(self) -> tuple[int, int]:
        """Of server and worker; fails unless both live."""
        assert self._server is not None
        assert self._worker is not None
        for process in (self._server, self._worker):
            assert process.lives, self.logs()
        return self._server.pid, self._worker.pid

    def start_worker(self) -> None:
        assert self._worker is None
        command = [sys.executable, "manage.py", "worker"]
        self._worker = _Process(command, self.environment, self.folder / "worker.log")

    def stop_worker(self) -> None:
        if self._worker is not None:
            self._worker.stop()
            self._worker = None

    def kill_worker(self) -> None:
        assert self._worker is not None
        self._worker.kill()
        self._worker = None

    def wait_for(self, path: str) -> None:
        """Until ``path`` answers 200. Fails with what was said after READY_IN_S."""
        last = "nothing"
        until = time.monotonic() + READY_IN_S
        while time.monotonic() < until:
            try:
                _DIRECT.open(self.url + path, timeout=5).close()
                return
            except urllib.error.HTTPError as error:
                last = error.read().decode(errors="replace")[:2000]
            except OSError as error:
                last = str(error)
            time.sleep(0.05)
        raise AssertionError(f"{path} was not ready in {READY_IN_S} s: {last}\n{self.logs()}")

    def logs(self) -> str:
        """The last words of server and worker."""
        files = [self.folder / "server.log", self.folder / "worker.log"]
        return "\n".join(file.read_text(errors="replace")[-3000:] for file in files if file.exists())


@contextmanager
def running(template: Template, folder: Path, *, worker: bool = True) -> Iterator[Market]:
    """A market with what its template holds, ready to be visited; ``folder`` must not exist yet."""
    folder.mkdir(parents=True)
    with template.alone():
        template.make_once()
        database_url = template.copy_to(folder)
    with ExitStack() as at_the_end:
        if template.server:
            name = urlsplit(database_url).path.strip("/")
            at_the_end.callback(on_server, template.server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        market = Market(database_url, folder)
        at_the_end.callback(market.stop_server)
        at_the_end.callback(market.stop_worker)
        market.start_server()
        if worker:
            market.start_worker()
            market.wait_for("/readyz")
        yield market


# -- Fixtures ------------------------------------------------------------------------------------------------

OpenMarket = Callable[..., AbstractContextManager[Market]]


@contextmanager
def markets(
    tmp_path_factory: pytest.TempPathFactory, name: str, *, filled_by: Sequence[str] = DEMO
) -> Iterator[OpenMarket]:
    """``with opened() as market:`` opens one of these, ``worker=False`` without its worker; ``name`` is a folder's."""
    template = Template(shared_folder(tmp_path_factory) / f"{name}-template", filled_by=filled_by)

    def opened(*, worker: bool = True) -> AbstractContextManager[Market]:
        return running(template, tmp_path_factory.getbasetemp() / f"{name}-{uuid4().hex[:8]}", worker=worker)

    yield opened
    template.drop()


@pytest.fixture(scope="session")
def open_market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenMarket]:
    """``with open_market() as market:`` opens one for a single test; ``worker=False``: without its worker."""
    with markets(tmp_path_factory, "market") as opened:
        yield opened


@pytest.fixture(scope="session")
def market(open_market: OpenMarket) -> Iterator[Market]:
    """One for the whole session: tests that share it each buy their own goods and never count what others sold."""
    with open_market() as opened:
        yield opened
