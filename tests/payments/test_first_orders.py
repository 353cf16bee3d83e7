"""A stranger's first order on receipt: a deposit or a call before anything is packed, as each cooperative sets it."""

from datetime import timedelta

import pytest

from base.refusals import NotFound
from cooperatives.models import Message, Organization
from orders import confirming, first_orders, fulfilling
from orders.confirming import NothingToConfirm
from orders.fulfilling import NotPaidYet
from orders.models import Order
from orders.placing import Buyer, Wanted
from payments import cash, checkout, closing, paying_on_receipt, requesting, weighing
from tests.payments.conftest import order_bags, request_of
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]


def rule(world: World, kind: str, *, above_dong: int = 0) -> None:
    columns = {"first_order_rule": kind, "first_order_above_dong": above_dong, "deposit_bp": 3000}
    Organization.objects.filter(pk=world.organization.pk).update(**columns)
    world.organization.refresh_from_db()


def test_the_deposit_comes_first_and_the_rest_when_the_goods_do(world: World, comes) -> None:
    rule(world, "deposit")
    order = order_bags(world, pay_by="CASH")  # 150,000 đ
    asked = request_of(order)
    assert (order.deposit_dong, order.needs_call) == (45_000, False)
    assert order.expires_at == world.now + timedelta(hours=world.organization.transfer_hours)
    assert (asked.asked_dong, asked.wanted_dong, asked.rest_dong) == (150_000, 45_000, 105_000)
    assert "540545000" in requesting.payload_of(asked)  # tag 54, five digits: what the QR asks
    assert "đặt cọc 45.000" in Message.objects.get(about=f"order:{order.pk}").text
    with pytest.raises(NotPaidYet):
        fulfilling.pack(order_id=order.pk, actor=world.clerk, at=world.now)
    assert not Order.objects.to_pack().exists()

    assert comes(asked.code, 45_000).state == "SETTLED"
    order.refresh_from_db()
    asked = request_of(order)
    assert (order.payment, order.deposit_paid_at is not None, order.expires_at, asked.expires_at) == (
        "PART", True, None, None,
    )  # fmt: skip
    assert asked.wanted_dong == asked.due_dong == 105_000
    assert "còn 105.000" in Message.objects.filter(kind="order_part_paid").get().text
    assert closing.expire_due(at=world.now + timedelta(days=30)) == 0
    assert Order.objects.to_pack().get() == order
    fulfilling.pack(order_id=order.pk, actor=world.clerk, at=world.now)
    cash.receive(code=asked.code, amount_dong=105_000, actor=world.treasurer, key="rest", at=world.now)
    fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    # Known now: nothing more is asked of her.
    assert order_bags(world, pay_by="CASH", key="again").deposit_dong == 0


def test_a_deposit_of_the_whole_and_a_bag_that_is_lighter(world: World, comes) -> None:
    rule(world, "deposit")
    Organization.objects.filter(pk=world.organization.pk).update(deposit_bp=10_000)
    order = checkout.place(
        wanted=[Wanted(world.variant_by_weight.pk, 1_000)], buyer=Buyer("Hoàng Văn Dũng", "0912345678"),
        delivery="PICKUP", pickup_point_id=None, pay_by="CASH", note="", key="cân", placed_by=None, at=world.now,
    ).orders[0]  # fmt: skip
    comes(request_of(order).code, 240_000)
    [line] = order.lines.all()
    weighed = weighing.weigh(order_id=order.pk, grams={line.pk: 900}, actor=world.clerk, key="k", at=world.now)
    assert (weighed.total_dong, weighed.deposit_dong, weighed.payment) == (216_000, 216_000, "PAID")


def test_less_than_the_deposit_packs_nothing_and_lets_the_goods_go_in_time(world: World, comes) -> None:
    rule(world, "deposit")
    order = order_bags(world, pay_by="CASH")
    comes(request_of(order).code, 44_999)
    order.refresh_from_db()
    assert order.waits_for_deposit
    assert request_of(order).wanted_dong == 1
    assert closing.expire_due(at=order.expires_at) == 1


def test_a_deposit_taken_back_is_asked_for_again(world: World) -> None:
    rule(world, "deposit")
    order = order_bags(world, pay_by="CASH")
    paid = cash.receive(
        code=request_of(order).code, amount_dong=45_000, actor=world.treasurer, key="cọc", at=world.now
    )  # fmt: skip
    later = world.now + timedelta(days=9)
    cash.void(receipt_id=paid.pk, actor=world.treasurer, reason="tiền giả", at=later)
    order.refresh_from_db()
    assert order.waits_for_deposit
    assert order.expires_at == later + timedelta(hours=world.organization.transfer_hours)


def test_a_call_before_packing(world: World) -> None:
    rule(world, "call", above_dong=149_999)
    order = order_bags(world, pay_by="CASH")
    assert (order.needs_call, order.deposit_dong, order.expires_at) == (True, 0, None)
    assert Order.objects.to_call().get() == order
    with pytest.raises(NotPaidYet):
        fulfilling.pack(order_id=order.pk, actor=world.clerk, at=world.now)
    for stranger in (world.buyer, world.other_treasurer):
        with pytest.raises(NotFound):
            confirming.confirm_by_phone(order_id=order.pk, actor=stranger, key="k", at=world.now)
    for key in ("k", "k", "lần hai"):
        called = confirming.confirm_by_phone(order_id=order.pk, actor=world.clerk, key=key, at=world.now)
    assert (called.confirmed_by, called.can_be_packed) == (world.clerk, True)
    assert not Order.objects.to_call().exists()
    assert fulfilling.pack(order_id=order.pk, actor=world.clerk, at=world.now).state == "PACKED"
    plain = order_bags(world, pay_by="TRANSFER", key="khác")
    with pytest.raises(NothingToConfirm):
        confirming.confirm_by_phone(order_id=plain.pk, actor=world.clerk, key="n", at=world.now)


def test_paid_in_full_nobody_has_to_call(world: World, comes) -> None:
    rule(world, "call")
    order = order_bags(world, pay_by="CASH")
    comes(request_of(order).code, 150_000)
    assert Order.objects.to_pack().get() == order


def test_changing_to_paying_on_receipt_is_asked_the_same(world: World) -> None:
    rule(world, "deposit", above_dong=100_000)
    order = order_bags(world)
    changed = paying_on_receipt.choose(token=order.token, pay_by="CASH", actor=None, key="a", at=world.now)
    assert (changed.deposit_dong, changed.waits_for_deposit) == (45_000, True)
    assert changed.expires_at is not None
    back = paying_on_receipt.choose(token=order.token, pay_by="TRANSFER", actor=None, key="b", at=world.now)
    assert (back.deposit_dong, back.needs_call) == (0, False)


@pytest.mark.parametrize(
    ("total_dong", "known", "pay_by", "deposit_dong"),
    [(500_000, False, "CASH", 0), (500_001, False, "CASH", 151_000), (10**12, False, "CASH", 499_999_999),
     (800_000, True, "CASH", 0), (800_000, False, "TRANSFER", 0), (500_100, False, "CASH", 151_000)],
)  # fmt: skip
def test_how_much(world: World, total_dong: int, known: bool, pay_by: str, deposit_dong: int) -> None:
    rule(world, "deposit", above_dong=500_000)
    asked = first_orders.asked_of(world.organization, pay_by=pay_by, total_dong=total_dong, is_known=known)
    assert asked.deposit_dong == deposit_dong


def test_what_a_phone_took_and_refused_here(world: World) -> None:
    orders = [order_bags(world, bags=1, pay_by="CASH", key=str(number)) for number in range(4)]
    taken, refused, lost, new = (order.pk for order in orders)
    Order.objects.filter(pk=taken).update(accepted_at=world.now)
    Order.objects.filter(pk=refused).update(state="RETURNED")
    Order.objects.filter(pk=lost).update(state="CANCELLED")
    assert first_orders.history_of(Order.objects.get(pk=new)) == first_orders.History(taken=1, refused=1)
    Order.objects.update(accepted_at=None, state="PLACED")  # the books know of none of this
