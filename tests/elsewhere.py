"""What a test needs to let other processes work on its database.

SQLite's test database lives in this process's memory: the others get a copy on disk, and what they left in it is
copied back. On PostgreSQL they open the test database itself. For tests with ``django_db(transaction=True)``.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection


class Elsewhere:
    """The test's database as other processes see it; ``file`` is where SQLite's copy lies.

    ``database``: another database on the same PostgreSQL.
    """

    def __init__(self, file: Path, *, database: str = "") -> None:
        self.file, self.database = file, database

    @property
    def url(self) -> str:
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.file}"
        named = connection.settings_dict
        server = f"{named['USER']}:{named['PASSWORD']}@{named['HOST']}:{named['PORT']}"
        return f"postgres://{server}/{self.database or named['NAME']}"

    @property
    def environment(self) -> dict[str, str]:
        """For other processes; what a killed one leaves in its temporary folder goes with pytest's own."""
        ours = {"DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "tests.settings", "TMPDIR": str(self.file.parent)}
        return {**os.environ, **ours}

    def send(self) -> None:
        """Others may begin: what this process has written is there."""
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.file)) as copy:
                connection.connection.backup(copy)

    def fetch(self) -> None:
        """What others have written is here."""
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.file)) as copy:
                copy.backup(connection.connection)
