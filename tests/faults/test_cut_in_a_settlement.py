"""The connection is cut, or a lock is lost, in the very middle of a settlement: it is whole afterwards, once."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from cooperatives.models import Entry
from payments import inbox, settlement
from payments.models import BankTransaction
from tests.payments.conftest import arrival, is_clean, order_bags, request_of
from tests.people import NOW, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL's connections can be cut"),
]

PLACES = ["locked_requests", "settle_part", "tell_buyer"]  # before anything is booked, between, after everything


@pytest.fixture
def line(world: World) -> BankTransaction:
    """Written down and not settled: an order's whole money."""
    told = arrival(request_of(order_bags(world, 1)).code, 75_000, at=NOW, account=world.bank_account.number)
    written = inbox.write_down(
        arrival=told, organization=world.organization, bank_account=world.bank_account, source="sepay:live", at=NOW
    )
    assert written.transaction is not None
    return written.transaction


def once(place: str, trouble: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time that ``crediting`` comes to ``place``, there is trouble right after it."""
    whole, troubles = getattr(settlement.crediting, place), [trouble]

    def troubled(*args: Any, **given: Any) -> Any:
        done = whole(*args, **given)
        if troubles:
            troubles.pop()()
        return done

    monkeypatch.setattr(settlement.crediting, place, troubled)


def cut_us() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [own] = cursor.fetchone()
    with psycopg.connect(**{k: v for k, v in connection.get_connection_params().items() if k in CONNECT}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [own])


CONNECT = {"dbname", "user", "password", "host", "port"}


def deadlock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$")


def assert_settled_once(line: BankTransaction, world: World) -> None:
    line.refresh_from_db()
    assert (line.state, line.used_dong) == (BankTransaction.State.SETTLED, 75_000)
    assert sorted(Entry.objects.values_list("event", flat=True)) == ["arrived", "settled"]
    assert is_clean(world.organization, at=NOW)


@pytest.mark.parametrize("place", PLACES)
def test_a_cut_leaves_the_line_new_and_the_worker_settles_it(line, world, place, monkeypatch) -> None:
    once(place, cut_us, monkeypatch)
    assert settlement.try_to_settle(transaction_id=line.pk, at=NOW) is None
    line.refresh_from_db()
    assert (line.state, line.used_dong, Entry.objects.count()) == (BankTransaction.State.NEW, 0, 0)
    assert line.next_try_at is not None
    assert settlement.settle_new(at=line.next_try_at) == 1
    assert_settled_once(line, world)


@pytest.mark.parametrize("place", PLACES)
def test_a_deadlock_is_fought_out_before_anybody_hears_of_it(line, world, place, monkeypatch) -> None:
    once(place, deadlock, monkeypatch)
    settlement.settle(transaction_id=line.pk, at=NOW)
    assert_settled_once(line, world)
