"""The databases of a benchmark: SQLite, and PostgreSQL where DATABASE_URL names one or its programs are installed."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

from tests import postgres


def servers(wanted: str) -> Iterator[tuple[str, str]]:
    """(name, address of a PostgreSQL server or "") for ``wanted``: sqlite, postgres, both. What is missing is said."""
    named = os.environ.pop("DATABASE_URL", "")
    if wanted in ("sqlite", "both"):
        yield "SQLite", ""
    if wanted in ("postgres", "both"):
        folder = postgres.binaries()
        if named.startswith(("postgres://", "postgresql://")):
            yield "PostgreSQL", named
        elif folder is None:
            print(f"skipped: PostgreSQL is not installed ({postgres.INSTALL_IT})", flush=True)
        else:
            with postgres.started(folder) as url:
                yield "PostgreSQL", url


@contextmanager
def empty(server: str) -> Iterator[str]:
    """The address of a new database without tables, gone afterwards."""
    if not server:
        with tempfile.TemporaryDirectory(prefix="chophien-bench-") as folder:
            file = Path(folder) / "bench.sqlite3"
            with closing(sqlite3.connect(file)):
                yield f"sqlite:///{file}"
        return
    name = f"bench_{uuid4().hex[:16]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
