"""One small question to the database, asked before everything else a request does: how it stands there now."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def one_row(sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """The first row that ``sql`` finds. For what changes nothing: it may be asked twice.

    A connection that is used again is asked by Django whether it still lives, which is a way to the database and back
    as long as the question itself. Here the question is the proof: where the connection turns out to be dead, a new one
    is opened and asked once more.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.health_check_done = True  # type: ignore[attr-defined]  # the stubs do not know it
    try:
        return _asked(database, sql, parameters)
    except (OperationalError, InterfaceError):
        if database.in_atomic_block or not database.settings_dict["CONN_HEALTH_CHECKS"]:
            raise
        database.close()
        return _asked(database, sql, parameters)


def _asked(database: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    with database.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
