"""Weighed again at packing: who bears the difference, and that every đồng of it stands in the books."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from catalog.stock import SoldOut
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Message, Organization
from orders.fulfilling import NotPackable, NotPaidYet
from orders.models import Order, ReturnLine, Weighing
from orders.placing import Buyer, Wanted
from orders.returning import Back
from payments import cash, checkout, closing, handing_over, returns, triage, undoing, weighing
from payments.models import BankTransaction, PaymentRequest, Refund, Release
from payments.weighing import BadWeight, NotByWeight
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World, stock, variant_by_weight

pytestmark = pytest.mark.usefixtures("clean_books")
Comes = Callable[..., BankTransaction]


def two_kilograms(world: World, *, pay_by: str = "TRANSFER") -> Order:
    """480,000 ₫ of loose loach."""
    placed = checkout.place(
        wanted=[Wanted(world.variant_by_weight.pk, 2000)], buyer=Buyer("Hoàng Văn Dũng", "0912345678"),
        delivery="PICKUP", pickup_point_id=None, pay_by=pay_by, note="", key=f"kg-{pay_by}", placed_by=None,
        at=world.now,
    )  # fmt: skip
    return placed.orders[0]


def weigh(world: World, order: Order, grams: int, *, key: str = "can") -> Order:
    line = order.lines.get()
    return weighing.weigh(
        order_id=order.pk, grams={line.pk: grams}, actor=world.clerk, key=f"{key}-{order.pk}", at=world.now
    )


def test_lighter_and_paid_the_difference_is_owed_to_the_buyer(world: World, comes: Comes) -> None:
    order = two_kilograms(world)
    comes(request_of(order).code, 480_000)
    order = weigh(world, order, 1900)
    request = request_of(order)
    assert (order.state, order.payment, order.total_dong) == ("PACKED", "PAID", 456_000)
    assert (request.asked_dong, request.credited_dong, request.state) == (456_000, 456_000, "paid")
    owed = ledger.balance_dong(organization=world.organization, kind=Kind.OWED_TO_PAYERS, subject=f"order:{order.pk}")
    assert owed == Refund.objects.get(order=order).amount_dong == 24_000
    said = Message.objects.get(kind=Message.Kind.WEIGHT_CHANGED).text
    assert "456.000" in said
    assert "thừa 24.000" in said
    world.variant_by_weight.refresh_from_db()
    assert world.variant_by_weight.reserved == 1900
    again = weigh(world, order, 1900)
    assert Weighing.objects.count() == 1
    assert again.total_dong == 456_000
    order = weigh(world, order, 2000, key="lai")  # a slip: it weighs what was ordered
    assert (request_of(order).due_dong, order.payment) == (0, "PAID")
    assert Refund.objects.get(order=order).state == Refund.State.CANCELLED


def test_a_little_heavier_is_the_sellers_gift(world: World, comes: Comes) -> None:
    order = two_kilograms(world)
    comes(request_of(order).code, 480_000)
    order = weigh(world, order, 2040)  # 2 %
    assert (order.total_dong, order.borne_dong, order.payment) == (489_600, 9_600, "PAID")
    assert request_of(order).asked_dong == 480_000
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="người mua đổi ý", at=world.now)
    owed = ledger.balance_dong(organization=world.organization, kind=Kind.OWED_TO_PAYERS, subject=f"order:{order.pk}")
    assert owed == 480_000, "the gift was never the buyer's money"


def test_much_heavier_is_asked_from_the_buyer(world: World, comes: Comes) -> None:
    order = two_kilograms(world)
    comes(request_of(order).code, 480_000)
    order = weigh(world, order, 2100)
    request = request_of(order)
    assert (order.payment, order.borne_dong) == ("PART", 0)
    assert (request.state, request.due_dong) == (PaymentRequest.State.PART, 24_000)
    assert "còn phải trả 24.000" in Message.objects.get(kind=Message.Kind.WEIGHT_CHANGED).text
    assert closing.expire_due(at=world.now + timedelta(days=9)) == 0, "packed goods wait for the rest"
    cash.receive(code=request.code, amount_dong=24_000, actor=world.treasurer, key="thu", at=world.now)
    order.refresh_from_db()
    assert order.payment == "PAID"


def test_to_be_paid_on_receipt_it_simply_costs_what_it_weighs(world: World) -> None:
    order = weigh(world, two_kilograms(world, pay_by="CASH"), 1850)
    assert request_of(order).asked_dong == order.total_dong == 444_000
    assert not Refund.objects.exists()


def test_what_cannot_be_weighed(world: World, comes: Comes) -> None:
    bags = order_bags(world, pay_by="CASH")
    with pytest.raises(NotByWeight):
        weigh(world, bags, 400)
    unpaid = two_kilograms(world)
    with pytest.raises(NotPaidYet):
        weigh(world, unpaid, 2000)
    comes(request_of(unpaid).code, 480_000)
    for slip in (999, 4001, 0, -5):
        with pytest.raises(BadWeight):
            weigh(world, unpaid, slip, key=f"nhầm {slip}")
    world.variant_by_weight.lots.update(left=2050)
    type(world.variant_by_weight).objects.filter(pk=world.variant_by_weight.pk).update(on_hand=2050)
    with pytest.raises(SoldOut):
        weigh(world, unpaid, 2100, key="quá")
    unpaid.refresh_from_db()
    assert (unpaid.state, unpaid.total_dong) == ("PLACED", 480_000)
    closing.cancel(order_id=unpaid.pk, actor=world.treasurer, reason="thôi", at=world.now)
    with pytest.raises(NotPackable):
        weigh(world, unpaid, 2000, key="muộn")
    assert is_clean(world.organization, at=world.now)


def test_money_is_taken_back_once_nothing_of_it_is_given_back_any_more(world: World, comes: Comes) -> None:
    """Weighed lighter by a slip, and put right: what was released is in the purse again."""
    paid_for, counted = two_kilograms(world), two_kilograms(world, pay_by="CASH")
    line = comes(request_of(paid_for).code, 480_000)
    receipt = cash.receive(
        code=request_of(counted).code, amount_dong=480_000, actor=world.treasurer, key="thu", at=world.now
    )
    for order in (paid_for, counted):
        weigh(world, order, 1900)
        weigh(world, order, 2000, key="lại")
    assert Release.objects.filter(undone_at=None).count() == 0
    undoing.undo(settlement_id=line.settlements.get().pk, actor=world.treasurer, at=world.now)
    cash.void(receipt_id=receipt.pk, reason="ghi nhầm", actor=world.treasurer, at=world.now)
    assert [request_of(order).credited_dong for order in (paid_for, counted)] == [0, 0]


def test_what_the_seller_bore_is_never_paid_out_when_the_goods_come_back(world: World, comes: Comes) -> None:
    """She paid 480,000 for 489,600, and brings it back in two parts: 480,000 are hers, 9,600 no longer lost."""
    order = two_kilograms(world)
    comes(request_of(order).code, 480_000)
    weigh(world, order, 2040)
    handing_over.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    line, losses = order.lines.get().pk, []
    for grams in (1000, 1040):
        returns.take_back(
            order_id=order.pk, lines=[Back(line, grams, ReturnLine.Fate.TO_LOT)], reason="hỏng", actor=world.treasurer,
            key=f"về {grams}", at=world.now,
        )  # fmt: skip
        losses.append(ledger.balance_dong(organization=world.organization, kind=Kind.LOSSES))
    assert [one.amount_dong for one in order.returns.order_by("number")] == [240_000, 240_000]
    assert losses == [9_600, 0]
    owed = ledger.balance_dong(organization=world.organization, kind=Kind.OWED_TO_PAYERS, subject=f"order:{order.pk}")
    assert owed == 480_000
    assert ledger.total_dong(organization=world.organization, kind=Kind.OWED_TO_MEMBERS) == 0


def test_a_line_that_is_not_weighed_again_keeps_what_was_agreed(world: World, comes: Comes) -> None:
    """The seller bore 2 % on Monday; on Tuesday it bears nothing more, and that is no reason to ask for Monday's."""
    second = variant_by_weight(world.product, name="loại hai")
    stock(second, 5_000, owner=world.member_hoa)
    wanted = [Wanted(world.variant_by_weight.pk, 2000), Wanted(second.pk, 1000)]
    [order] = checkout.place(
        wanted=wanted, buyer=Buyer("Hoàng Văn Dũng", "0912345678"), delivery="PICKUP", pickup_point_id=None,
        pay_by="CASH", note="", key="hai", placed_by=None, at=world.now,
    ).orders  # fmt: skip
    lines = {line.variant_id: line.pk for line in order.lines.all()}
    told = {"order_id": order.pk, "actor": world.clerk}
    first, other = lines[world.variant_by_weight.pk], lines[second.pk]
    weighing.weigh(grams={first: 2040, other: 1100}, key="hai", at=world.now, **told)
    order.refresh_from_db()
    assert order.borne_dong == 9_600, "10 % more is the buyer's to pay, 2 % is not"
    Organization.objects.filter(pk=world.organization.pk).update(heavier_asked_above_bp=0)
    later = world.now + timedelta(days=1)
    # The page sends every line, changed or not.
    weighing.weigh(grams={first: 2040, other: 1010}, key="ba", at=later, **told)
    order.refresh_from_db()
    assert order.borne_dong == 9_600
    weighing.weigh(grams={first: 2020}, key="tư", at=later, **told)
    order.refresh_from_db()
    assert order.borne_dong == 0, "weighed anew, by the rule of the day"


def test_what_was_weighed_never_expires_so_nothing_off_its_step_is_promised_again(world: World, comes: Comes) -> None:
    """An order that is brought back reserves its goods anew, which asks for whole steps; only what expired comes back,
    and only what was never packed expires."""
    order = two_kilograms(world)
    line = comes(request_of(order).code, 480_000)
    order = weigh(world, order, 2_033)
    undoing.undo(settlement_id=line.settlements.get().pk, actor=world.treasurer, at=world.now)
    later = world.now + timedelta(days=60)
    assert closing.expire_due(at=later) == 0
    order.refresh_from_db()
    assert (order.state, order.payment) == ("PACKED", "UNPAID")
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="không ai lấy", at=later)
    part = triage.Part(request_of(order).code, 480_000)
    with pytest.raises(triage.RequestEnded):
        triage.assign(
            transaction_id=line.pk, parts=[part], reason="của đơn ấy", actor=world.treasurer, key="a", at=later
        )
