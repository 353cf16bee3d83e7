"""Ending an order lets its goods go; bringing it back promises them again, or not at all."""

from datetime import timedelta

import pytest
from django.db import transaction

from catalog.stock import SoldOut
from cooperatives.models import Message
from orders import cancelling
from orders.cancelling import AlreadyEnded, AlreadyHandedOver, NotEnded, ReasonTooLong
from orders.fulfilling import hand_over
from orders.models import Order
from tests.orders.making import counts, pay, place
from tests.people import NOW, World

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=80)


def end(order: Order, *, state: str = Order.State.CANCELLED, world: World, reason: str = "") -> Order:
    with transaction.atomic():
        locked = Order.objects.locked(order.pk)
        return cancelling.end(order=locked, state=state, actor=world.manager, reason=reason, at=LATER)


def reopen(order: Order) -> Order:
    with transaction.atomic():
        return cancelling.reopen(order=Order.objects.locked(order.pk), at=LATER)


def test_cancelled_goods_are_for_sale_again(world: World) -> None:
    [order] = place((world.variant, 2), (world.variant_by_weight, 500))
    end(order, world=world, reason="  Người mua\nđổi ý ")
    order.refresh_from_db()
    assert (order.state, order.ended_at, order.ended_by) == ("CANCELLED", LATER, world.manager)
    assert order.end_reason == "Người mua đổi ý"
    assert counts(world.variant) == (30, 0)
    assert counts(world.variant_by_weight) == (5000, 0)
    assert order.lines.count() == 2
    told = Message.objects.get(kind=Message.Kind.ORDER_CANCELLED)
    assert "Người mua đổi ý" in told.text


def test_expired_and_told_so(world: World) -> None:
    [order] = place((world.variant, 2))
    assert list(Order.objects.overdue(at=LATER)) == [order]
    end(order, state=Order.State.EXPIRED, world=world)
    assert list(Order.objects.overdue(at=LATER)) == []
    assert Message.objects.filter(kind=Message.Kind.ORDER_EXPIRED).count() == 1


def test_ending_twice_lets_go_once(world: World) -> None:
    [order] = place((world.variant, 2))
    place((world.variant, 3))
    for _again in range(2):
        end(order, world=world)
    assert counts(world.variant) == (30, 3)
    assert Message.objects.filter(kind=Message.Kind.ORDER_CANCELLED).count() == 1


def test_what_expired_is_not_cancelled_as_well(world: World) -> None:
    [order] = place((world.variant, 2))
    end(order, state=Order.State.EXPIRED, world=world)
    with pytest.raises(AlreadyEnded) as met:
        end(order, world=world)
    assert "quá hạn" in met.value.message
    order.refresh_from_db()
    assert order.state == "EXPIRED"


def test_what_was_handed_over_stays_sold(world: World) -> None:
    [order] = place((world.variant, 2))
    hand_over(order_id=pay(order, world=world).pk, actor=world.clerk, at=NOW)
    with pytest.raises(AlreadyHandedOver):
        end(order, world=world)
    assert counts(world.variant) == (28, 0)


def test_a_reason_too_long_changes_nothing(world: World) -> None:
    [order] = place((world.variant, 2))
    with pytest.raises(ReasonTooLong):
        end(order, world=world, reason="x" * 201)
    order.refresh_from_db()
    assert order.state == "PLACED"


def test_a_paid_order_never_expires(world: World) -> None:
    [order] = place((world.variant, 2))
    pay(order, world=world)
    assert list(Order.objects.overdue(at=LATER)) == []
    with pytest.raises(AssertionError):
        end(order, state=Order.State.EXPIRED, world=world)


def test_brought_back_it_has_its_whole_time_anew(world: World) -> None:
    [order] = place((world.variant, 2))
    end(order, state=Order.State.EXPIRED, world=world)
    reopen(order)
    order.refresh_from_db()
    assert (order.state, order.payment, order.ended_at, order.end_reason) == ("PLACED", "UNPAID", None, "")
    assert order.expires_at == LATER + timedelta(hours=72)
    assert counts(world.variant) == (30, 2)


def test_it_cannot_come_back_when_the_goods_went_to_others(world: World) -> None:
    [order] = place((world.variant, 2))
    end(order, state=Order.State.EXPIRED, world=world)
    place((world.variant, 29))
    with pytest.raises(SoldOut):
        reopen(order)
    order.refresh_from_db()
    assert order.state == "EXPIRED"
    assert counts(world.variant) == (30, 29)


def test_what_has_not_ended_is_not_brought_back(world: World) -> None:
    [order] = place((world.variant, 2))
    with pytest.raises(NotEnded):
        reopen(order)
    assert counts(world.variant) == (30, 2)
