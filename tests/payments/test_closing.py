"""Ending an order that may hold money."""

from datetime import timedelta

import pytest

from base.refusals import NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Message
from orders import cancelling, fulfilling
from payments import closing
from payments.models import Release
from tests.payments.conftest import order_bags, request_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]


def owed(order) -> int:
    return ledger.balance_dong(organization=order.organization, kind=Kind.OWED_TO_PAYERS, subject=f"order:{order.pk}")


def test_cancelling_gives_goods_and_money_back(world, comes):
    order = order_bags(world, 2)
    comes(request_of(order).code, 170_000)
    for _time in range(2):
        order = closing.cancel(order_id=order.pk, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    world.variant.refresh_from_db()
    request = request_of(order)
    assert (order.state, order.payment, request.state, request.credited_dong) == ("CANCELLED", "UNPAID", "cancelled", 0)
    assert (world.variant.reserved, owed(order), Release.objects.get().amount_dong) == (0, 170_000, 150_000)
    assert Message.objects.filter(kind="order_cancelled").count() == 1


def test_an_unpaid_order_leaves_nothing_in_the_books(world):
    order = order_bags(world, 2)
    closing.cancel(order_id=order.pk, actor=None, reason="", at=world.now)
    assert not Release.objects.exists()


def test_goods_that_are_gone_stay_sold(world, comes):
    order = order_bags(world, 2)
    comes(request_of(order).code, 150_000)
    fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    with pytest.raises(cancelling.AlreadyHandedOver):
        closing.cancel(order_id=order.pk, actor=world.treasurer, reason="", at=world.now)
    assert owed(order) == 0


def test_what_expired_is_not_cancelled_afterwards(world):
    order = order_bags(world, 2)
    later = world.now + timedelta(hours=73)
    closing.expire_due(at=later)
    with pytest.raises(cancelling.AlreadyEnded):
        closing.cancel(order_id=order.pk, actor=world.treasurer, reason="", at=later)


def test_a_reason_too_long_ends_nothing(world):
    order = order_bags(world, 2)
    with pytest.raises(cancelling.ReasonTooLong):
        closing.cancel(order_id=order.pk, actor=world.treasurer, reason="x" * 201, at=world.now)
    order.refresh_from_db()
    assert order.state == "PLACED"


@pytest.mark.parametrize("who", ["other_treasurer", "clerk", "buyer"])
def test_for_a_stranger_there_is_no_such_order(world, comes, who):
    order = order_bags(world, 2)
    comes(request_of(order).code, 150_000)
    for order_id in (order.pk, 10**9):
        with pytest.raises(NotFound):
            closing.cancel(order_id=order_id, actor=getattr(world, who), reason="", at=world.now)
    order.refresh_from_db()
    assert (order.state, order.payment, owed(order)) == ("PLACED", "PAID", 0)


def test_expiry_waits_for_its_minute(world):
    order = order_bags(world, 2)
    cash = order_bags(world, 1, pay_by="CASH")
    assert closing.expire_due(at=order.expires_at - timedelta(seconds=1)) == 0
    assert closing.expire_due(at=order.expires_at) == 1
    assert closing.expire_due(at=order.expires_at) == 0
    cash.refresh_from_db()
    assert cash.state == "PLACED"  # waits for its buyer, however long


def test_one_order_that_fails_does_not_hold_up_the_others(world, monkeypatch, caplog):
    bad, good = order_bags(world, 1), order_bags(world, 1)
    real = cancelling.end

    def end(**given):
        if given["order"].pk == bad.pk:
            raise RuntimeError("đĩa đầy")
        return real(**given)

    monkeypatch.setattr(cancelling, "end", end)
    closing.expire_due(at=world.now + timedelta(hours=73))
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, request_of(bad).state, good.state) == ("PLACED", "waiting", "EXPIRED")
    assert "đĩa đầy" in caplog.text
