"""A verb that lost a race for a lock is done again before anybody hears of it."""

import functools
import logging
import random
import sqlite3
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)

MOST_RETRIES = 5
PATIENCE_S = 10.0
"""Nothing is begun again later than this: whoever waited out the database's own patience is told."""
_FIRST_PAUSE_S = 0.02
_PASSES_SQLSTATES = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock timeout
_PASSES_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def again_when_locked_out(do: Callable[P, R]) -> Callable[P, R]:
    """Decorate a verb that opens its own transaction: deadlock, lock timeout, serialization failure and SQLite's
    "database is locked" roll it back and run it again, at most MOST_RETRIES times, after a pause that grows from 20 ms
    and is drawn at random so that two rivals do not meet again.

    Inside somebody else's transaction it runs once: what is lost is the whole transaction, and its owner's to repeat.
    Any other error, and the last one, goes through.
    """

    @functools.wraps(do)
    def done(*args: P.args, **given: P.kwargs) -> R:
        if connection.in_atomic_block:
            return do(*args, **given)
        began = time.monotonic()
        for retry in range(1, MOST_RETRIES + 1):
            try:
                return do(*args, **given)
            except OperationalError as failure:
                if not passes(failure) or time.monotonic() - began > PATIENCE_S:
                    raise
                log.warning("%s was locked out (%s): retry %s", do.__qualname__, failure.__cause__, retry)
            time.sleep(_FIRST_PAUSE_S * 2**retry * random.random())  # noqa: S311  spreads rivals, keeps no secret
        return do(*args, **given)

    return done


def passes(failure: OperationalError) -> bool:
    """Whether the same thing done again may well succeed: the database gave way to a rival."""
    cause = failure.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _PASSES_SQLITE
    return getattr(cause, "sqlstate", None) in _PASSES_SQLSTATES
