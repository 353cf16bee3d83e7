"""Many new rows in a few statements, without an object for each: for what comes by the hundred thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

_AT_ONCE = 5_000


def insert_rows(
    model: type[models.Model], fields: Sequence[str], rows: Sequence[tuple[Any, ...]], *, ignore_conflicts: bool = False
) -> None:
    """Insert ``rows``, each the values of ``fields`` (names as in the model, ids for foreign keys).

    Every column without a database default must be named: no default of the model is filled in, nothing is validated,
    no signal is sent; constraints and triggers hold as ever. ``ignore_conflicts``: a row that breaks a unique
    constraint is left out. Needs an open transaction (asserted), so that it is all or nothing.
    """
    assert connection.in_atomic_block, "many rows go in together or not at all"
    named = [model._meta.get_field(name) for name in fields]
    assert all(isinstance(field, models.Field) for field in named)
    columns: list[models.Field[Any, Any]] = [field for field in named if isinstance(field, models.Field)]
    quote = connection.ops.quote_name
    into = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(str(field.column)) for field in columns)})"
    after = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    made = [_adapted(field) for field in columns]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            if connection.vendor == "sqlite":
                places = ", ".join("%s" for _ in columns)
                cursor.executemany(f"{into} VALUES ({places}){after}", list(_all_adapted(some, made)))
            else:  # one array a column: however many rows, the statement has a few parameters
                arrays = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in columns)
                # Put together of the names and types of the model and nothing from outside.
                sql = f"{into} SELECT * FROM unnest({arrays}){after}"  # noqa: S608
                cursor.execute(sql, [list(values) for values in zip(*some, strict=True)])


def _adapted(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How a value of this column is told to the database; None: as it is. The same few days and moments come often."""
    if connection.vendor != "sqlite":
        return None
    if isinstance(field, models.DateTimeField):
        return cache(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return cache(connection.ops.adapt_datefield_value)
    return None


def _all_adapted(
    rows: Sequence[tuple[Any, ...]], made: Sequence[Callable[[Any], Any] | None]
) -> Iterator[tuple[Any, ...]]:
    changed = [(place, adapt) for place, adapt in enumerate(made) if adapt is not None]
    for row in rows:
        values = list(row)
        for place, adapt in changed:
            values[place] = adapt(values[place])
        yield tuple(values)
