"""Databases that are set up once a session and then copied: migrated ones, and those with something inside.

Migrating takes ten seconds of CPU and a suite wants a dozen databases. The triggers of ledger and evidence lie in the
database and are copied with it: ``walls.missing`` looks after them in every process that starts on a copy.
"""

import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
DEMO = ("manage.py", "demo", "load")


def postgres() -> str | None:
    """The server the suite runs on, as the address of one of its databases; None: SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith(("postgres://", "postgresql://")) else None


def _named(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def on_server(url: str, statement: str) -> None:
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as server:
        server.execute(statement.encode())


class Stored:
    """Something to be copied: files in ``folder``, and on PostgreSQL a database of that name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = postgres()
        self.name = f"market_template_{_as_name(folder)}"
        self.file = folder / "market.sqlite3"
        self.url = _named(self.server, self.name) if self.server else f"sqlite:///{self.file}"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time: the suite's processes share what is stored."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def make_once(self) -> None:
        ready = self.folder / "ready"
        if not ready.exists():
            if self.server:
                on_server(self.server, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
            self._make(environment_of(self.url, self.folder, port=8000))
            ready.touch()

    def _make(self, environment: dict[str, str]) -> None:
        raise NotImplementedError

    def copy_to(self, folder: Path, name: str = "") -> str:
        """Everything of it in ``folder``; returns the new database's address."""
        for part in ("media", "static"):
            shutil.copytree(self.folder / part, folder / part)
        if not self.server:
            shutil.copy(self.file, folder / self.file.name)
            return f"sqlite:///{folder / self.file.name}"
        name = name or f"market_{uuid4().hex[:16]}"
        on_server(self.server, f"CREATE DATABASE {name} TEMPLATE {self.name}")
        return _named(self.server, name)

    def drop(self) -> None:
        """Gone from the server. Who still wants one makes it again; files go with pytest's own folder."""
        with self.alone():
            if self.server:
                (self.folder / "ready").unlink(missing_ok=True)
                on_server(self.server, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


class Migrated(Stored):
    """Every table and every trigger, static files collected, nothing inside."""

    def _make(self, environment: dict[str, str]) -> None:
        if self.server:
            on_server(self.server, f"CREATE DATABASE {self.name}")
        for verb in (
            ("migrate", "--no-input", "--verbosity", "0"),
            ("createcachetable",),
            ("collectstatic", "--no-input", "--verbosity", "0"),
        ):
            manage(environment, *verb)
        (self.folder / "media").mkdir(exist_ok=True)


class Template(Stored):
    """A market that was set up once. ``filled_by``: what Python is to run, in the tree's root and with the market's
    environment, to fill a migrated database.
    """

    def __init__(self, folder: Path, *, filled_by: Sequence[str] = DEMO) -> None:
        super().__init__(folder)
        self.filled_by = filled_by
        self.migrated = Migrated(folder.parent / "migrated")

    def _make(self, environment: dict[str, str]) -> None:
        for part in ("media", "static"):  # of one that failed halfway
            shutil.rmtree(self.folder / part, ignore_errors=True)
        with self.migrated.alone():
            self.migrated.make_once()
            self.migrated.copy_to(self.folder, self.name)
        python(environment, *self.filled_by)

    def drop(self) -> None:
        super().drop()
        self.migrated.drop()


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


# -- For all processes of a run -----------------------------------------------------------------------------


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole run, which its processes share; the one that STORED_IN names outlives it.

    What lies on a server is gone at the end of each run and made anew.
    """
    if kept := os.environ.get("STORED_IN"):
        return Path(kept) / ("server" if postgres() else "files")
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Where several processes run one suite, one of them migrates and the test databases are copies of that.

    Django still looks, in each process, whether a migration is missing there.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    migrated = Migrated(shared_folder(tmp_path_factory) / "migrated")
    with migrated.alone():
        migrated.make_once()
    if migrated.server:
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.name
        yield
        migrated.drop()
        return
    in_memory = connection.creation._get_test_db_name()
    with closing(sqlite3.connect(in_memory, uri=True)) as kept:  # it is there for as long as somebody holds it
        with closing(sqlite3.connect(migrated.file)) as made:
            made.backup(kept)
        yield
