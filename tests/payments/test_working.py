"""The worker's round: it outlives what fails, and says that it lives."""

from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.db.utils import InterfaceError

from payments import calling, closing, inbox, settlement, working
from payments.models import BankTransaction, WorkerBeat
from tests.payments.conftest import arrival, order_bags, request_of
from tests.people import World

pytestmark = pytest.mark.django_db


def waiting(world: World, memo: str, dong: int = 150_000) -> BankTransaction:
    written = inbox.write_down(
        arrival=arrival(memo, dong, at=world.now, account=world.bank_account.number), organization=world.organization,
        bank_account=world.bank_account, source="sepay:live", at=world.now,
    )  # fmt: skip
    assert written.transaction is not None
    return written.transaction


def round_at(world: World, seconds: int = 0) -> int:
    return working.one_round(name="w", started_at=world.now, at=world.now + timedelta(seconds=seconds))


def test_a_round_settles_expires_and_beats(world, clean_books):
    paid, late = order_bags(world, 2), order_bags(world, 1)
    waiting(world, request_of(paid).code)
    assert round_at(world, 73 * 3600) == 2
    paid.refresh_from_db()
    late.refresh_from_db()
    assert (paid.state, paid.payment, late.state) == ("PLACED", "PAID", "EXPIRED")
    assert WorkerBeat.objects.get().beat_at == world.now + timedelta(hours=73)
    assert round_at(world, 73 * 3600) == 0


def test_money_that_waits_is_settled_before_its_order_expires(world, clean_books):
    order = order_bags(world, 2)
    waiting(world, request_of(order).code)
    round_at(world, 72 * 3600)
    order.refresh_from_db()
    assert (order.state, order.payment) == ("PLACED", "PAID")


def test_a_line_that_fails_is_tried_again_later_and_holds_up_nobody(world, monkeypatch):
    bad, good = waiting(world, "bad"), waiting(world, "good")
    real = settlement._examined

    def examined(line, *given):
        if line.pk == bad.pk:
            raise RuntimeError("lỗi lạ")
        return real(line, *given)

    monkeypatch.setattr(settlement, "_examined", examined)
    monkeypatch.setattr(settlement, "connection", SimpleNamespace(in_atomic_block=False))  # as outside a test
    tries = []
    for second in (0, 1, 2, 3, 6, 7):
        round_at(world, second)
        bad.refresh_from_db()
        tries.append(bad.tries)
    good.refresh_from_db()
    assert tries == [1, 1, 2, 2, 3, 3]  # after 2, then 4, then 8 seconds
    assert (bad.state, good.state) == ("NEW", "NEEDS_YOU")
    BankTransaction.objects.filter(pk=bad.pk).update(tries=1_000, next_try_at=None)
    round_at(world, 60)
    bad.refresh_from_db()
    assert (bad.tries, bad.next_try_at) == (1_000, world.now + timedelta(seconds=360))


@pytest.mark.parametrize("failure", [OperationalError("gone"), InterfaceError("connection already closed")])
def test_the_loop_outlives_its_database(world, monkeypatch, caplog, failure):
    def gone(**_given):
        raise failure

    monkeypatch.setattr(settlement, "settle_new", gone)
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    assert working.one_round_or_log(name="w", started_at=world.now, at=world.now) == 0
    assert "worker round failed" in caplog.text


def test_a_failure_that_cannot_even_be_noted_reaches_nobody(world, monkeypatch, caplog):
    line = waiting(world, "x")
    monkeypatch.setattr(settlement, "settle", lambda **_given: 1 / 0)
    monkeypatch.setattr(settlement, "connection", SimpleNamespace(in_atomic_block=False))  # as outside a test

    class Gone:
        def __enter__(self) -> None:
            raise OperationalError("gone")

        def __exit__(self, *_how: object) -> None: ...

    monkeypatch.setattr(settlement.transaction, "atomic", Gone)
    assert settlement.try_to_settle(transaction_id=line.pk, at=world.now) is None
    assert "could not be noted" in caplog.text


def test_the_command_does_one_round(world, monkeypatch):
    seen = []
    monkeypatch.setattr(closing, "expire_due", lambda *, at: seen.append(at) or 0)
    call_command("worker", "--once", stderr=StringIO())
    assert len(seen) == 1
    assert WorkerBeat.objects.count() == 1


def test_an_errand_that_fails_holds_up_no_other(world, monkeypatch, caplog):
    def broken(*, at):
        raise RuntimeError("nhà cung cấp trả lời lạ")

    monkeypatch.setattr(working, "ERRANDS", (broken, lambda *, at: 2, lambda *, at: 3))
    assert working.one_errand_round(at=world.now) == 5
    assert "nhà cung cấp trả lời lạ" in caplog.text


def test_nobody_is_asked_anything_where_nothing_is_connected(world, monkeypatch):
    monkeypatch.setattr(calling.requests, "request", lambda *_, **__: pytest.fail("a provider was asked"))
    order_bags(world, 1)
    working.one_errand_round(at=world.now)  # words of goods are written by the rules of the day
    assert working.one_errand_round(at=world.now) == 0


def test_evidence_is_looked_through_once_a_day(world, monkeypatch):
    done = []
    monkeypatch.setattr(working.retention, "thin", lambda *, at: done.append(at) or 0)
    last = None
    for hours in (0, 1, 23, 24, 30, 48):
        last = working.thin_if_due(last=last, at=world.now + timedelta(hours=hours))
    assert [at - world.now for at in done] == [timedelta(0), timedelta(days=1), timedelta(days=2)]
    monkeypatch.setattr(working.retention, "thin", lambda *, at: (_ for _ in ()).throw(OperationalError("full")))
    assert working.thin_if_due(last=None, at=world.now) == world.now


@pytest.mark.parametrize(
    "failure", [OperationalError("deadlock detected"), InterfaceError("connection already closed")]
)
def test_a_database_in_trouble_holds_a_line_up_for_half_a_minute_at_most(world, monkeypatch, failure):
    line = waiting(world, "x")
    BankTransaction.objects.filter(pk=line.pk).update(tries=40)

    def in_trouble(**_given):
        raise failure

    monkeypatch.setattr(settlement, "settle", in_trouble)
    monkeypatch.setattr(settlement, "connection", SimpleNamespace(in_atomic_block=False))  # as outside a test
    assert settlement.try_to_settle(transaction_id=line.pk, at=world.now) is None
    line.refresh_from_db()
    assert line.next_try_at == world.now + timedelta(seconds=30)
