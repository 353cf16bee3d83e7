"""The market as it really runs: a server process, a worker process, a database of its own, the demo inside.

``with running(template) as market:`` gives a market at ``market.url`` on 127.0.0.1, on the database the suite runs on:
a fresh SQLite file, or a fresh database on the PostgreSQL that DATABASE_URL names. Migrating and loading the demo takes
seconds, so it is done once a test session and copied. Whatever is started here is stopped by its process id.

Fixtures: ``market`` is one for the whole session, shared by the journeys; ``open_market()`` opens another one, for who
kills its server or needs a market that nobody else trades on. ``with markets(...) as opened:`` is for who wants
something else inside than the demo.
"""

import fcntl
import json
import os
import re
import shutil
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

ROOT = Path(__file__).resolve().parent.parent
DEMO = ("manage.py", "demo", "load")
READY_IN_S = 30
STOPS_IN_S = 15
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy to ourselves


# -- The database: the kind that the suite runs on ---------------------------------------------------------


def _postgres() -> str | None:
    """The server the suite runs on, as the address of one of its databases; None: SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith(("postgres://", "postgresql://")) else None


def _named(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def on_server(url: str, statement: str) -> None:
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


class Template:
    """A market that was set up once, to be copied: files in ``folder``, and on PostgreSQL a database of that name.

    ``filled_by``: what Python is to run, in the tree's root and with the market's environment, to fill it.
    """

    def __init__(self, folder: Path, *, filled_by: Sequence[str] = DEMO) -> None:
        self.folder, self.filled_by = folder, filled_by
        self.server = _postgres()
        self.name = f"market_template_{_as_name(folder)}"
        self.url = _named(self.server, self.name) if self.server else f"sqlite:///{folder / 'market.sqlite3'}"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time: the suite's processes share a template."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def make_once(self) -> None:
        """Migrated, static files collected, filled."""
        ready = self.folder / "ready"
        if ready.exists():
            return
        if self.server:
            on_server(self.server, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
            on_server(self.server, f"CREATE DATABASE {self.name}")
        environment = environment_of(self.url, self.folder, port=8000)
        for verb in (
            ("migrate", "--no-input", "--verbosity", "0"),
            ("createcachetable",),
            ("collectstatic", "--no-input", "--verbosity", "0"),
        ):
            manage(environment, *verb)
        python(environment, *self.filled_by)
        (self.folder / "media").mkdir(exist_ok=True)  # where nothing has a picture there is none yet
        ready.touch()

    def copy_to(self, folder: Path) -> str:
        """Everything of it in the new ``folder``; returns the new database's address."""
        for part in ("media", "static"):
            shutil.copytree(self.folder / part, folder / part)
        if not self.server:
            shutil.copy(self.folder / "market.sqlite3", folder / "market.sqlite3")
            return f"sqlite:///{folder / 'market.sqlite3'}"
        name = f"market_{uuid4().hex[:16]}"
        on_server(self.server, f"CREATE DATABASE {name} TEMPLATE {self.name}")
        return _named(self.server, name)

    def drop(self) -> None:
        """Gone from the server. Who still wants one makes it again; files go with pytest's own folder."""
        with self.alone():
            if self.server:
                (self.folder / "ready").unlink(missing_ok=True)
                on_server(self.server, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


def _as_name(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "_", str(folder).lower())[-40:]


def environment_of(database_url: str, folder: Path, *, port: int) -> dict[str, str]:
    """Ours alone: whatever .env or the caller say about the product does not reach this market."""
    ours = re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    return {
        **os.environ,
        **dict.fromkeys(ours, ""),
        "DEMO": "on",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "DATABASE_URL": database_url,
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


def manage(environment: dict[str, str], *arguments: str, exits: int | None = 0) -> subprocess.CompletedProcess[str]:
    return python(environment, "manage.py", *arguments, exits=exits)


def python(environment: dict[str, str], *arguments: str, exits: int | None = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert exits is None or done.returncode == exits, f"{' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done


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
        if _postgres():
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(query.encode(), values).fetchall()
        with closing(sqlite3.connect(self.folder / "market.sqlite3", timeout=20)) as connection:
            return connection.execute(query.replace("%s", "?"), values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        """Plain SQL for what only time does: a deadline that has passed. Never for what a verb can do."""
        if _postgres():
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
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own  # one template for all processes of a run
    template = Template(shared / f"{name}-template", filled_by=filled_by)

    def opened(*, worker: bool = True) -> AbstractContextManager[Market]:
        return running(template, own / f"{name}-{uuid4().hex[:8]}", worker=worker)

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
