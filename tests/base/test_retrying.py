"""Losing a race for a lock is nobody's business but ours; every other failure goes through."""

import sqlite3

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, transaction

from base import retrying
from base.retrying import MOST_RETRIES, again_when_locked_out

pytestmark = pytest.mark.django_db(transaction=True)


def busy() -> OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return caused_by(cause)


def caused_by(cause: Exception) -> OperationalError:
    failure = OperationalError(str(cause))
    failure.__cause__ = cause
    return failure


GIVE_WAY = [
    busy(),
    caused_by(psycopg.errors.DeadlockDetected("deadlock detected")),
    caused_by(psycopg.errors.SerializationFailure("could not serialize")),
    caused_by(psycopg.errors.LockNotAvailable("canceling statement due to lock timeout")),
]
FOR_GOOD = [
    caused_by(psycopg.errors.AdminShutdown("terminating connection")),
    caused_by(psycopg.errors.DiskFull("no space left")),
    caused_by(sqlite3.OperationalError("database or disk is full")),
    IntegrityError("unique"),
    ValueError("a bug"),
]


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(retrying.time, "sleep", slept.append)
    return slept


def verb_failing(failures: list[Exception]):
    """Tries of a verb that meets ``failures`` in turn and then succeeds."""
    tries: list[int] = []

    @again_when_locked_out
    def verb(answer: str) -> str:
        tries.append(1)
        if failures:
            raise failures.pop(0)
        return answer

    return verb, tries


@pytest.mark.parametrize("failure", GIVE_WAY, ids=lambda failure: type(failure.__cause__).__name__)
def test_who_had_to_give_way_tries_again(failure, pauses):
    verb, tries = verb_failing([failure] * MOST_RETRIES)
    assert verb("done") == "done"
    assert len(tries) == MOST_RETRIES + 1 == len(pauses) + 1


def test_the_last_failure_goes_through(pauses):
    verb, tries = verb_failing([busy()] * 20)
    with pytest.raises(OperationalError, match="database is locked"):
        verb("done")
    assert len(tries) == MOST_RETRIES + 1


@pytest.mark.parametrize("failure", FOR_GOOD, ids=lambda failure: str(failure))
def test_what_will_not_pass_is_not_repeated(failure):
    verb, tries = verb_failing([failure])
    with pytest.raises(type(failure)):
        verb("done")
    assert len(tries) == 1


def test_inside_a_transaction_of_the_caller_it_runs_once():
    verb, tries = verb_failing([busy()])
    with pytest.raises(OperationalError), transaction.atomic():
        verb("done")
    assert len(tries) == 1


def test_who_has_waited_long_is_told(monkeypatch):
    verb, tries = verb_failing([busy()])
    clock = iter([0.0, retrying.PATIENCE_S + 0.1])
    monkeypatch.setattr(retrying.time, "monotonic", lambda: next(clock))
    with pytest.raises(OperationalError):
        verb("done")
    assert len(tries) == 1


def test_pauses_grow_and_stay_short(pauses, monkeypatch):
    monkeypatch.setattr(retrying.random, "random", lambda: 1.0)
    verb, _tries = verb_failing([busy()] * MOST_RETRIES)
    verb("done")
    assert pauses == [0.04, 0.08, 0.16, 0.32, 0.64]
