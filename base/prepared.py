"""Questions that are put together once a process and asked often.

Django needs a millisecond to turn a queryset with a few conditions into SQL, and a tenth of one to ask it and to make a
handful of rows. A page that is drawn anew asks the same eight questions each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import RawQuerySet

M = TypeVar("M", bound=Model)

_MOST = 128
"""Of one question, by what it was asked with: days pass, shops are few."""


def prepared_rows(make: Callable[..., QuerySet[M]]) -> Callable[..., RawQuerySet[M]]:
    """Asks the queryset that ``make`` returns, with its annotations and without what it would select of other tables.

    ``make`` is called once for the same arguments, by position and hashable: it must neither look at the clock nor
    ask the database.
    """
    compiled = _compiled(make)

    @wraps(make)
    def asked(*arguments: Hashable) -> RawQuerySet[M]:
        model, sql, parameters = compiled(*arguments)
        return model._default_manager.raw(sql, parameters)

    return asked


def prepared_ids(make: Callable[..., QuerySet[Any, Any]]) -> Callable[..., list[int]]:
    """The same for a ``values_list`` of ids."""
    compiled = _compiled(make)

    @wraps(make)
    def asked(*arguments: Hashable) -> list[int]:
        _model, sql, parameters = compiled(*arguments)
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return [row[0] for row in cursor.fetchall()]

    return asked


def _compiled(make: Callable[..., QuerySet[Any, Any]]) -> Callable[..., tuple[type[Any], str, tuple[Any, ...]]]:
    @lru_cache(maxsize=_MOST)
    def compiled(*arguments: Hashable) -> tuple[type[Any], str, tuple[Any, ...]]:
        queryset = make(*arguments)
        return (queryset.model, *queryset.query.sql_with_params())

    return compiled
