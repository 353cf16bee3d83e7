"""One order that packers, couriers, a carrier's news and its buyer's bank reach for at once. PROVE=1: 200 rounds."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Entry
from orders import fulfilling, parcels
from orders.models import Allocation, Order, Shipment
from payments import delivering
from payments.models import Collection, Release, Settlement
from tests.orders.making import counts
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World
from tests.race.test_payments import call

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.usefixtures("plenty")]
BAG = 75_000


@pytest.fixture(autouse=True)
def later_books(world: World) -> Iterator[None]:
    """Whatever was raced: afterwards the books add up."""
    yield
    assert is_clean(world.organization, at=timezone.now())


def on_receipt(world: World) -> Order:
    order = order_bags(world, 1, pay_by="CASH", at=timezone.now())
    return fulfilling.pack(order_id=order.pk, actor=world.clerk, at=timezone.now())


def made_out(world: World, order: Order) -> Shipment:
    return parcels.draft(order_id=order.pk, way="COACH", fee_dong=20_000, actor=world.clerk, at=timezone.now())


def gone(world: World) -> Shipment:
    shipment = made_out(world, on_receipt(world))
    return delivering.send(shipment_id=shipment.pk, actor=world.clerk, at=timezone.now())


def paid_in_cash(world: World, order: Order, key: str) -> dict[str, Any]:
    return {"deed": "cash", "code": request_of(order).code, "dong": BAG, "actor": world.clerk.pk, "key": key}


def test_two_packers_and_a_helper_make_out_one_parcel(world, race, rounds):
    for _number in rounds("eight packers, eight parcels of one order"):
        order = order_bags(world, 1, pay_by="CASH", at=timezone.now())
        told = {"order": order.pk, "actor": world.clerk.pk}
        answers = race([{"deed": "pack", **told}] * 8 + [{"deed": "draft", **told}] * 8)
        assert answers[:8] == ["PACKED"] * 8
        assert sorted(map(str, answers[8:])) == ["1"] + ["PARCEL_EXISTS"] * 7
        assert order.shipments.count() == 1


def test_an_order_is_handed_over_sent_or_cancelled_and_never_two_of_them(world, race, rounds):
    for number in rounds("handing over, sending and cancelling one order"):
        order = order_bags(world, 1, pay_by="CASH", at=timezone.now())
        race([paid_in_cash(world, order, f"paid-{number}")])
        shipment = made_out(world, order)
        on_hand, _promised = counts(world.variant)
        told = {"actor": world.clerk.pk}
        race(
            [{"deed": "hand_over", "order": order.pk, **told}] * 5
            + [{"deed": "send", "parcel": shipment.pk, **told}] * 5
            + [{"deed": "cancel", "order": order.pk}] * 5
        )
        order.refresh_from_db()
        shipment.refresh_from_db()
        left, promised = counts(world.variant)
        assert (order.state, shipment.state) in {("HANDED_OVER", "handed_over"), ("CANCELLED", "cancelled")}
        # A parcel was made out: nobody gives the goods from hand to hand beside it.
        assert (promised, on_hand - left) == (0, int(order.state == "HANDED_OVER"))
        assert Allocation.objects.filter(line__order=order).count() == on_hand - left


def test_handing_over_and_cancelling_at_once_is_one_of_both(world, race, rounds):
    for number in rounds("handing over and cancelling one order"):
        order = order_bags(world, 1, at=timezone.now())
        race([paid_in_cash(world, order, f"paid-{number}")])
        told = {"deed": "hand_over", "order": order.pk, "actor": world.clerk.pk}
        answers = race([told] * 8 + [{"deed": "cancel", "order": order.pk}] * 8)
        order.refresh_from_db()
        if order.state == "HANDED_OVER":
            assert answers == ["HANDED_OVER"] * 8 + ["ALREADY_HANDED_OVER"] * 8
        else:
            assert answers == ["NOT_DELIVERABLE"] * 8 + ["CANCELLED"] * 8
        booked = Entry.objects.filter(key=f"handed_over:{order.pk}").count()
        assert booked == int(order.state == "HANDED_OVER")


def test_a_carriers_news_a_clerk_and_a_parcel_that_comes_back_end_it_once(world, race, rounds):
    for _number in rounds("delivered, back and lost at once"):
        shipment = gone(world)
        clerk, manager = {"actor": world.clerk.pk}, {"actor": world.manager.pk}
        told = {"parcel": shipment.pk}
        answers = race(
            [{"deed": "deliver", **told}] * 4 + [{"deed": "deliver", **told, **clerk}] * 4
            + [{"deed": "bring_back", **told, **clerk}] * 3 + [{"deed": "lose", **told, **manager}] * 3
            + [{"deed": "fail", **told}] * 2
        )  # fmt: skip
        shipment.refresh_from_db()
        assert shipment.state in {"delivered", "returned", "lost"}
        assert set(answers) <= {shipment.state, "failed", "BAD_PARCEL_MOVE"}
        assert answers.count(shipment.state) >= 3
        assert Collection.objects.filter(shipment=shipment).count() == int(shipment.state == "delivered")


def test_a_transfer_that_comes_while_the_money_is_collected_is_given_back_whole(world, feed, race, rounds):
    for number in rounds("transfers and couriers of one parcel"):
        shipment = gone(world)
        order = shipment.order
        code = request_of(order).code
        deliver = {"deed": "deliver", "parcel": shipment.pk, "actor": world.clerk.pk}
        race([call(feed, code, BAG, number * 10), call(feed, code, 5_000, number * 10 + 1)] + [deliver] * 6)
        race([{"deed": "settle_new"}])
        order.refresh_from_db()
        assert (order.state, order.payment) == ("ACCEPTED", "COVERED")
        subject = f"order:{order.pk}"
        released = sum(Release.objects.filter(order=order).values_list("amount_dong", flat=True))
        settled = Settlement.objects.filter(payment_request__order=order)
        credited, excess = (sum(settled.values_list(column, flat=True)) for column in ("credited_dong", "excess_dong"))
        owed = ledger.balance_dong(organization=order.organization, kind=Kind.OWED_TO_PAYERS, subject=subject)
        # What came first went into the purse and out of it again; what came after it was paid waits, or is excess.
        assert (released, owed) == (credited, credited + excess)
        assert ledger.balance_dong(organization=order.organization, kind=Kind.PREPAID, subject=subject) == 0
