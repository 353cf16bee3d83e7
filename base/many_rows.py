"""Many new rows in a few statements, without an object for each: for what comes by the hundred thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection, models

_AT_ONCE = 500
"""Rows of one INSERT, where rows that are there already are left out."""
_HELD_AT_ONCE = 5_000
"""Rows held in memory at a time: SQLite's driver looks ahead at all that it is given."""

T = TypeVar("T")


def insert_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[tuple[Any, ...]], *, ignore_conflicts: bool = False
) -> None:
    """Insert ``rows``, each the values of ``fields`` (names as in the model, ids for foreign keys).

    Every column without a database default must be named: no default of the model is filled in, nothing is validated,
    no signal is sent; constraints and triggers hold as ever. ``ignore_conflicts``: a row that breaks a unique
    constraint is left out. Needs an open transaction (asserted), so that it is all or nothing.

    ``rows`` are taken while the database is at work on those before: making them may ask it nothing.
    """
    assert connection.in_atomic_block, "many rows go in together or not at all"
    columns = _columns(model, fields)
    table, row_of = _worded(model, columns)
    after = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            made = [_adapted(field) for field in columns]
            for some in in_parts(rows, _HELD_AT_ONCE):
                cursor.executemany(f"INSERT INTO {table} VALUES {row_of}{after}", list(_all_adapted(some, made)))  # noqa: S608
        elif ignore_conflicts:
            for some in in_parts(rows, _AT_ONCE):
                values = ", ".join(row_of for _ in some)
                cursor.execute(f"INSERT INTO {table} VALUES {values}{after}", list(chain.from_iterable(some)))  # noqa: S608
        else:
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def insert_few(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    returning: Sequence[str] = ("id",),
    ignore_conflicts: bool = False,
) -> list[tuple[Any, ...]]:
    """As ``insert_rows``, a few hundred at most in one statement; answers ``returning`` of each new row, unordered.

    ``ignore_conflicts`` waits for a rival who is just writing a row with the same unique values.
    """
    assert connection.in_atomic_block, "many rows go in together or not at all"
    columns = _columns(model, fields)
    table, row_of = _worded(model, columns)
    if connection.vendor == "sqlite":
        rows = list(_all_adapted(rows, [_adapted(field) for field in columns]))
    values = ", ".join(row_of for _ in rows)
    after = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    told = ", ".join(connection.ops.quote_name(str(field.column)) for field in _columns(model, returning))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} VALUES {values}{after} RETURNING {told}", list(chain.from_iterable(rows)))  # noqa: S608
        return list(cursor.fetchall())


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """``count`` ids that no other row has or is given, ascending, for rows of which others must tell at once.

    Needs an open transaction (asserted). On SQLite they are only the next ones, which is enough where there is one
    writer at a time; so no other row may go into this table before theirs.
    """
    assert connection.in_atomic_block, "ids are taken for rows that go in with them"
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = cursor.fetchone()
            first = (last[0] if last else 0) + 1
            return list(range(first, first + count))
        sequence = (connection.ops.quote_name(table), model._meta.pk.column)
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [*sequence, count])
        return [pk for (pk,) in cursor.fetchall()]


def in_parts(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """``things`` in lists of ``size``, the last one perhaps shorter."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[models.Field[Any, Any]]:
    found = [model._meta.get_field(name) for name in fields]
    columns = [field for field in found if isinstance(field, models.Field)]
    assert len(columns) == len(fields)
    return columns


def _worded(model: type[models.Model], columns: Sequence[models.Field[Any, Any]]) -> tuple[str, str]:
    """Table with columns, and the gaps of one row: put together of the model's own names and nothing from outside."""
    quote = connection.ops.quote_name
    table = f"{quote(model._meta.db_table)} ({', '.join(quote(str(field.column)) for field in columns)})"
    return table, "(" + ", ".join("%s" for _ in columns) + ")"


def _adapted(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How SQLite is told a value of this column; None: as it is. The same few days and moments come often."""
    if isinstance(field, models.DateTimeField):
        return cache(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return cache(connection.ops.adapt_datefield_value)
    return None


def _all_adapted(
    rows: Iterable[tuple[Any, ...]], made: Sequence[Callable[[Any], Any] | None]
) -> Iterator[tuple[Any, ...]]:
    changed = [(place, adapt) for place, adapt in enumerate(made) if adapt is not None]
    for row in rows:
        values = list(row)
        for place, adapt in changed:
            values[place] = adapt(values[place])
        yield tuple(values)
