"""The first question of a request finds out by itself that its connection has died."""

import pytest
from django.db import OperationalError, connection

from base.asking import one_row


@pytest.mark.django_db
def test_a_row_or_none() -> None:
    assert one_row("SELECT 1, %s", [2]) == (1, 2)
    assert one_row("SELECT 1 WHERE 1 = 0") is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lives in our own process")
def test_a_dead_connection_is_opened_anew() -> None:
    """A database that was started again between two requests."""
    pid = one_row("SELECT pg_backend_pid()")
    connection.connection.close()
    assert one_row("SELECT pg_backend_pid()") != pid


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lives in our own process")
def test_the_server_hanging_up_is_survived_too() -> None:
    [pid] = one_row("SELECT pg_backend_pid()") or (0,)
    with connection.copy().temporary_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert one_row("SELECT pg_backend_pid()") != (pid,)


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written there is lost with its connection, and whoever wrote it must hear of that."""
    asked = []

    def dead() -> None:
        asked.append(1)
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "cursor", dead)
    with pytest.raises(OperationalError):
        one_row("SELECT 1")
    assert asked == [1]
