"""An unpaid order changes how it is paid; money that comes all the same is where it belongs."""

from datetime import timedelta

import pytest

from base.refusals import KeyReused, NotFound
from cooperatives.models import Entry
from orders import fulfilling
from orders.models import Order
from orders.placing import TooDear
from payments import cash, closing, paying_on_receipt
from payments.models import PaymentRequest
from payments.paying_on_receipt import TooLateToChange
from tests.payments.conftest import order_bags, request_of
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]


def choose(order: Order, pay_by: str, world: World, *, key: str = "một lần") -> Order:
    return paying_on_receipt.choose(token=order.token, pay_by=pay_by, actor=None, key=key, at=world.now)


def test_an_order_to_be_paid_on_receipt_waits_for_its_buyer_and_can_be_packed(world: World) -> None:
    order = order_bags(world)
    changed = choose(order, "CASH", world)
    assert (changed.pay_by, changed.expires_at, changed.payment) == ("CASH", None, "UNPAID")
    assert (request_of(order).expires_at, request_of(order).state) == (None, "waiting")
    assert closing.expire_due(at=world.now + timedelta(days=30)) == 0
    packed = fulfilling.pack(order_id=order.pk, actor=world.clerk, at=world.now)
    assert packed.state == "PACKED"
    assert Entry.objects.count() == 0


def test_back_to_a_transfer_gives_it_the_whole_time_again(world: World) -> None:
    order = order_bags(world, pay_by="CASH")
    at = world.now + timedelta(hours=5)
    changed = paying_on_receipt.choose(token=order.token, pay_by="TRANSFER", actor=None, key="k", at=at)
    until = at + timedelta(hours=world.organization.transfer_hours)
    assert (changed.expires_at, request_of(order).expires_at) == (until, until)
    assert closing.expire_due(at=until) == 1


def test_the_money_comes_by_transfer_all_the_same(world: World, comes) -> None:
    order = order_bags(world)
    choose(order, "CASH", world)
    assert comes(request_of(order).code, 150_000).state == "SETTLED"
    order.refresh_from_db()
    assert (order.payment, order.pay_by) == ("PAID", "CASH")


def test_the_cash_is_taken_against_the_same_request(world: World) -> None:
    order = order_bags(world)
    choose(order, "CASH", world)
    cash.receive(code=request_of(order).code, amount_dong=150_000, actor=world.treasurer, key="thu", at=world.now)
    order.refresh_from_db()
    assert order.payment == "PAID"


@pytest.mark.parametrize("dong", [50_000, 150_000, 200_000])
def test_once_money_has_come_it_stands(world: World, comes, dong: int) -> None:
    order = order_bags(world)
    comes(request_of(order).code, dong)
    before = Order.objects.values().get(pk=order.pk)
    with pytest.raises(TooLateToChange):
        choose(order, "CASH", world)
    assert Order.objects.values().get(pk=order.pk) == before


def test_an_order_that_is_packed_or_over_stands(world: World) -> None:
    packed, gone = order_bags(world, pay_by="CASH"), order_bags(world)
    fulfilling.pack(order_id=packed.pk, actor=world.clerk, at=world.now)
    closing.cancel(order_id=gone.pk, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    for order, pay_by in ((packed, "TRANSFER"), (gone, "CASH")):
        with pytest.raises(TooLateToChange):
            choose(order, pay_by, world)


def test_more_than_one_transfer_carries_stays_cash(world: World) -> None:
    order = order_bags(world, pay_by="CASH")
    Order.objects.filter(pk=order.pk).update(goods_dong=500_000_000, total_dong=500_000_000)
    with pytest.raises(TooDear):
        choose(order, "TRANSFER", world)
    Order.objects.filter(pk=order.pk).update(goods_dong=150_000, total_dong=150_000)


def test_a_second_tap_changes_nothing_more(world: World) -> None:
    order = order_bags(world)
    choose(order, "CASH", world)
    choose(order, "TRANSFER", world, key="lần hai")
    assert choose(order, "CASH", world).pay_by == "TRANSFER"  # the first tap, come late: it was done long ago
    with pytest.raises(KeyReused):
        choose(order, "TRANSFER", world)


@pytest.mark.parametrize("token", ["", "x" * 43, "\x00" * 43, "a" * 9000])
def test_without_the_token_there_is_nothing(world: World, token: str) -> None:
    order_bags(world)
    with pytest.raises(NotFound):
        paying_on_receipt.choose(token=token, pay_by="CASH", actor=None, key="k", at=world.now)
    assert PaymentRequest.objects.filter(order__pay_by="CASH").count() == 0
