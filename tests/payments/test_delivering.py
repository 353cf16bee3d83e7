"""A parcel's way with goods and money: booked when accepted, and each ending leaves the books clean."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from base.periods import month_of, vietnam_day
from cooperatives import income, ledger
from cooperatives.chart import Kind
from cooperatives.models import Entry, Message, Organization
from orders import cancelling, fulfilling, parcels
from orders.models import DeliveryBorne, Order, Shipment
from payments import cash, closing, delivering, handing_over, making_good, undoing
from payments.models import BankTransaction, Collection, MadeGood, PaymentRequest
from tests.payments.conftest import order_bags, request_of
from tests.payments.parcels_world import FEE, brought, parcel_of, sent
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]
BAG, FEE_OF_BAG = 75_000, 7_500


def dong(world: World, kind: Kind, subject: str = "") -> int:
    return ledger.balance_dong(organization=world.organization, kind=kind, subject=subject)


def on_shelf(world: World) -> tuple[int, int]:
    world.variant.refresh_from_db()
    return world.variant.on_hand, world.variant.reserved


def test_a_paid_parcel_is_income_in_the_month_in_which_it_is_accepted(world: World, comes: Callable[..., object]):
    order = order_bags(world, 2)
    comes(request_of(order).code, 2 * BAG)
    shipment = sent(order, world)
    order.refresh_from_db()
    assert (order.state, order.accepted_at, order.is_away) == ("HANDED_OVER", None, True)
    assert on_shelf(world) == (28, 0)
    assert dong(world, Kind.PREPAID, f"order:{order.pk}") == 2 * BAG
    assert income.total_dong(member=world.member_an) == 0
    assert not Entry.objects.filter(key__startswith="handed_over:").exists()

    later = world.now + timedelta(days=30)
    delivering.delivered(shipment_id=shipment.pk, actor=world.clerk, at=later)
    delivering.delivered(shipment_id=shipment.pk, actor=None, at=later)  # the carrier says it too
    order.refresh_from_db()
    assert (order.state, order.payment) == ("ACCEPTED", "PAID")
    [month] = income.months(
        member=world.member_an, first=month_of(vietnam_day(later)), last=month_of(vietnam_day(later))
    )
    assert month.income_dong == 2 * (BAG - FEE_OF_BAG)
    assert not Collection.objects.exists()


def test_a_parcel_on_receipt_is_covered_by_whoever_took_the_money(world: World):
    order = order_bags(world, 2, pay_by="CASH")
    shipment = brought(order, world)
    order.refresh_from_db()
    assert (shipment.collect_dong, shipment.state) == (2 * BAG, "delivered")
    assert (order.state, order.payment) == ("ACCEPTED", "COVERED")
    assert dong(world, Kind.WITH_CARRIER, f"shipment:{shipment.pk}") == 2 * BAG
    assert dong(world, Kind.OWED_TO_MEMBERS, f"member:{world.member_an.pk}") == 2 * (BAG - FEE_OF_BAG)
    assert request_of(order).state == PaymentRequest.State.PAID

    told = {"reason": "người mang làm rơi", "actor": world.treasurer, "at": world.now}
    with pytest.raises(making_good.MoreThanCarrierHas):
        making_good.short(shipment_id=shipment.pk, amount_dong=2 * BAG + 1, key="s1", **told)
    made = making_good.short(shipment_id=shipment.pk, amount_dong=2 * BAG, key="s2", **told)
    order.refresh_from_db()
    assert order.payment == "PAID"
    making_good.undo(made_good_id=made.pk, actor=world.treasurer, at=world.now)
    order.refresh_from_db()
    assert order.payment == "COVERED"


def test_what_came_by_transfer_while_the_parcel_was_on_its_way_goes_back_once_all_was_collected(
    world: World, comes: Callable[..., BankTransaction]
):
    order = order_bags(world, 2, pay_by="CASH")
    shipment = sent(order, world)
    line = comes(request_of(order).code, 100_000)
    assert (request_of(order).state, request_of(order).due_dong) == ("part", 50_000)
    undoing.undo(settlement_id=line.settlements.get().pk, actor=world.treasurer, at=world.now)
    again = comes(request_of(order).code, 100_000)
    receipt = cash.receive(code=request_of(order).code, amount_dong=20_000, actor=world.clerk, key="c", at=world.now)
    cash.void(receipt_id=receipt.pk, reason="đếm nhầm", actor=world.treasurer, at=world.now)

    with pytest.raises(delivering.TooLittleCollected):
        delivering.delivered(shipment_id=shipment.pk, collected_dong=49_999, actor=world.clerk, at=world.now)
    with pytest.raises(delivering.TooMuchCollected):
        delivering.delivered(shipment_id=shipment.pk, collected_dong=150_001, actor=world.clerk, at=world.now)
    delivering.delivered(shipment_id=shipment.pk, actor=world.clerk, at=world.now)
    assert dong(world, Kind.OWED_TO_PAYERS, f"order:{order.pk}") == 100_000
    assert dong(world, Kind.PREPAID, f"order:{order.pk}") == 0
    with pytest.raises(undoing.GoodsGone):
        undoing.undo(settlement_id=again.settlements.get().pk, actor=world.treasurer, at=world.now)


def test_what_a_carrier_took_of_who_had_paid_before_is_hers_and_is_waited_for(
    world: World, comes: Callable[..., BankTransaction]
):
    """Booked to collect, paid by transfer before it was fetched: the courier took the money all the same."""
    order = order_bags(world, 2)
    comes(request_of(order).code, 150_000)
    shipment = sent(order, world)
    with pytest.raises(delivering.TooMuchCollected):  # a carrier's word alone changes no sum
        delivering.delivered(shipment_id=shipment.pk, collected_dong=150_000, actor=None, at=world.now)
    delivering.delivered(shipment_id=shipment.pk, collected_dong=150_000, actor=world.clerk, at=world.now)
    assert dong(world, Kind.OWED_TO_PAYERS, f"order:{order.pk}") == 150_000
    assert dong(world, Kind.WITH_CARRIER, f"shipment:{shipment.pk}") == 150_000
    order.refresh_from_db()
    assert order.payment == "COVERED"


@pytest.mark.parametrize(("borne_by", "theirs"), [("organization", 0), ("members", 57_000), ("shared", 28_500)])
def test_a_refused_parcel_goes_back_to_its_lots_and_its_carriage_is_borne_as_decided(
    world: World, comes: Callable[..., object], borne_by: str, theirs: int
):
    Organization.objects.filter(pk=world.organization.pk).update(refused_borne_by=borne_by)
    order = order_bags(world, 22, pay_by="CASH")  # An's 20 and two of Hoa's
    shipment = sent(order, world)
    delivering.failed(shipment_id=shipment.pk, why="không nghe máy", actor=world.clerk, at=world.now)
    delivering.coming_back(shipment_id=shipment.pk, actor=None, at=world.now)
    comes(request_of(order).code, 40_000)
    for _again in range(2):
        shipment = delivering.back(
            shipment_id=shipment.pk, return_fee_dong=25_000, why="khách không nhận", actor=world.clerk, at=world.now
        )
    order.refresh_from_db()
    assert (order.state, order.payment, request_of(order).state) == ("RETURNED", "UNPAID", "cancelled")
    assert (shipment.state, shipment.failed_times, on_shelf(world)) == ("returned", 1, (30, 0))
    assert dong(world, Kind.OWED_TO_PAYERS, f"order:{order.pk}") == 40_000
    borne = dict(DeliveryBorne.objects.values_list("member_id", "amount_dong"))
    assert sum(borne.values()) == theirs == dong(world, Kind.SHIPPING_CHARGED)
    if theirs:
        assert borne[world.member_an.pk] == theirs * 20 // 22 + (1 if theirs * 20 % 22 > 11 else 0)
    assert income.total_dong(member=world.member_an) == 0
    with pytest.raises(cancelling.NotEnded):
        cancelling.reopen(order=Order.objects.get(pk=order.pk), at=world.now)


@pytest.mark.parametrize(("borne_by", "of_net"), [("organization", 1), ("shared", 2), ("members", 0)])
def test_members_are_made_good_for_goods_lost_on_the_way(
    world: World, comes: Callable[..., object], borne_by: str, of_net: int
):
    Organization.objects.filter(pk=world.organization.pk).update(lost_borne_by=borne_by)
    order = order_bags(world, 1)
    comes(request_of(order).code, BAG)
    shipment = sent(order, world)
    with pytest.raises(cancelling.ParcelAway):
        closing.cancel(order_id=order.pk, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    delivering.lost(shipment_id=shipment.pk, why="xe cháy", actor=world.treasurer, at=world.now)
    order.refresh_from_db()
    assert (order.state, on_shelf(world)) == ("CANCELLED", (29, 0))
    assert dong(world, Kind.OWED_TO_PAYERS, f"order:{order.pk}") == BAG
    net = BAG - FEE_OF_BAG
    assert income.total_dong(member=world.member_an) == (net // of_net if of_net else 0)
    assert closing.cancel(order_id=order.pk, actor=world.treasurer, reason="nữa", at=world.now).state == "CANCELLED"


def test_a_delivery_said_by_mistake_is_taken_back_and_books_anew(world: World, comes: Callable[..., object]):
    order = order_bags(world, 1, pay_by="CASH")
    shipment = sent(order, world)
    comes(request_of(order).code, 20_000)
    told = {"shipment_id": shipment.pk, "why": "báo nhầm kiện", "actor": world.treasurer, "at": world.now}
    for _twice in range(2):
        delivering.delivered(shipment_id=shipment.pk, actor=None, at=world.now)
        assert dong(world, Kind.OWED_TO_PAYERS, f"order:{order.pk}") == 20_000
        for _again in range(2):
            shipment = delivering.undo_delivered(**told)
        order.refresh_from_db()
        assert (order.state, order.payment, shipment.state, shipment.trouble) == (
            "HANDED_OVER", "PART", "moving", "báo nhầm kiện",
        )  # fmt: skip
        assert (request_of(order).due_dong, income.total_dong(member=world.member_an)) == (BAG - 20_000, 0)
    delivering.delivered(shipment_id=shipment.pk, actor=None, at=world.now)
    assert income.total_dong(member=world.member_an) == BAG - FEE_OF_BAG
    making_good.short(
        shipment_id=shipment.pk, amount_dong=1, reason="thiếu tiền lẻ", actor=world.treasurer, key="s", at=world.now
    )
    with pytest.raises(delivering.MoneyHasMoved):
        delivering.undo_delivered(**told)


def test_silence_accepts_a_paid_parcel_and_never_one_that_brings_money(world: World, comes: Callable[..., object]):
    paid, on_receipt, refused = order_bags(world, 1), order_bags(world, 1, pay_by="CASH"), order_bags(world, 1)
    for order in (paid, refused):
        comes(request_of(order).code, BAG)
    first, second, third = (sent(order, world) for order in (paid, on_receipt, refused))
    delivering.failed(shipment_id=third.pk, why="đi vắng", actor=world.clerk, at=world.now)
    assert delivering.accept_silent(at=world.now + timedelta(days=2)) == 0
    assert delivering.accept_silent(at=world.now + timedelta(days=3)) == 1
    states = dict(Shipment.objects.values_list("pk", "state"))
    assert states == {first.pk: "delivered", second.pk: "handed_over", third.pk: "failed"}


def test_the_buyer_says_that_a_paid_parcel_has_come(world: World, comes: Callable[..., object]):
    paid, on_receipt = order_bags(world, 1), order_bags(world, 1, pay_by="CASH")
    comes(request_of(paid).code, BAG)
    with pytest.raises(delivering.NoParcel):
        delivering.receive_by_buyer(token=paid.token, at=world.now)
    for order in (paid, on_receipt):
        sent(order, world)
    with pytest.raises(delivering.MoneyIsToBeCollected):
        delivering.receive_by_buyer(token=on_receipt.token, at=world.now)
    for _again in range(2):
        assert delivering.receive_by_buyer(token=paid.token, at=world.now).state == "ACCEPTED"


def test_an_order_has_one_parcel_and_ends_with_what_was_only_made_out(world: World, comes: Callable[..., object]):
    unpaid = order_bags(world, 1)
    with pytest.raises(parcels.NotSendable):
        parcels.draft(order_id=unpaid.pk, way="POST", actor=world.clerk, at=world.now)
    order = order_bags(world, 1)
    comes(request_of(order).code, BAG)
    shipment = parcel_of(order, world)
    with pytest.raises(parcels.ParcelExists):
        parcels.draft(order_id=order.pk, way="POST", actor=world.clerk, at=world.now)
    with pytest.raises(fulfilling.ParcelWaits):
        handing_over.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    shipment.refresh_from_db()
    assert shipment.state == "cancelled"
    with pytest.raises(parcels.BadMove):
        delivering.send(shipment_id=shipment.pk, actor=world.clerk, at=world.now)


def test_goodwill_is_owed_to_the_buyer_and_costs_no_member_anything(world: World, comes: Callable[..., object]):
    order = order_bags(world, 1)
    comes(request_of(order).code, BAG)
    handing_over.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)
    told = {"reason": "cá có mùi", "actor": world.treasurer, "at": world.now}
    made = making_good.goodwill(order_id=order.pk, amount_dong=30_000, key="g", **told)
    assert making_good.goodwill(order_id=order.pk, amount_dong=30_000, key="g", **told) == made
    with pytest.raises(making_good.MoreThanOrder):
        making_good.goodwill(order_id=order.pk, amount_dong=45_001, key="h", **told)
    assert dong(world, Kind.OWED_TO_PAYERS, f"order:{order.pk}") == 30_000
    assert income.total_dong(member=world.member_an) == BAG - FEE_OF_BAG
    making_good.undo(made_good_id=made.pk, actor=world.treasurer, at=world.now)
    assert MadeGood.objects.filter(undone_at=None).count() == 0


def test_buyers_are_told_when_a_parcel_leaves_arrives_and_comes_back(world: World):
    order = order_bags(world, 1, pay_by="CASH")
    shipment = sent(order, world)
    delivering.back(shipment_id=shipment.pk, why="khách không nhận", actor=world.clerk, at=world.now)
    kinds = list(Message.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == ["parcel_sent", "parcel_back"]
    assert shipment.fee_dong == FEE
