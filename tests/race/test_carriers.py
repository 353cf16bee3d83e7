"""A carrier's calls and a clerk's taps on one parcel at one moment. PROVE=1: 200 rounds of each."""

import os
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.utils import timezone

from orders.models import CarrierConnection, Order, Shipment
from payments import delivering, parcel_booking
from payments.models import Collection
from tests.carrier_fake import FakeCarrier, carrier  # noqa: F401 - a fixture
from tests.payments.carrier_world import joined, packed
from tests.payments.conftest import is_clean
from tests.people import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.usefixtures("plenty")]
ROUNDS = None if os.environ.get("PROVE") else 3


@pytest.fixture(autouse=True)
def later_books(world: World, carrier: FakeCarrier) -> Iterator[None]:  # noqa: F811
    """The cooperative is joined; whatever was raced, afterwards the books add up."""
    joined(world)
    yield
    assert is_clean(world.organization, at=timezone.now())


def booked(world: World, number: int) -> Shipment:
    return parcel_booking.book(
        order_id=packed(world, bags=1).pk, weight_g=600, actor=world.clerk, key=f"b{number}", at=timezone.now()
    )


def hint(parcel: Shipment, fake: FakeCarrier) -> dict[str, Any]:
    token = CarrierConnection.objects.get().token
    return {"deed": "carrier_calls", "token": token, "tracking": parcel.tracking, "carrier": fake.address}


def test_the_carrier_and_the_clerk_say_delivered_at_once(world, carrier, race, rounds):  # noqa: F811
    for number in islice(rounds("delivered: carrier and clerk"), ROUNDS):
        parcel = booked(world, number)
        delivering.send(shipment_id=parcel.pk, actor=world.clerk, at=timezone.now())
        carrier.says(f"{parcel.order.number}-1", 5, at=timezone.now())
        tap = {"deed": "bring_parcel", "parcel": parcel.pk, "actor": world.clerk.pk}
        calls = [hint(parcel, carrier)] * 4
        answers = race([*calls, *({**tap, "key": f"{number}-{hand}"} for hand in range(4))])
        assert answers == ["200"] * 4 + ["delivered"] * 4
        assert Collection.objects.get(shipment=parcel).amount_dong == 75_000
        parcel.refresh_from_db()
        assert (parcel.state, parcel.trouble, parcel.next_check_at) == ("delivered", "", None)
        assert parcel.order.lines.get().allocations.count() == 1


def test_delivered_says_the_carrier_while_the_clerk_has_it_back(world, carrier, race, rounds):  # noqa: F811
    for number in islice(rounds("delivered or back"), ROUNDS):
        parcel = booked(world, number)
        delivering.send(shipment_id=parcel.pk, actor=world.clerk, at=timezone.now())
        carrier.says(f"{parcel.order.number}-1", 5, at=timezone.now())
        back = {"deed": "parcel_is_back", "parcel": parcel.pk, "actor": world.clerk.pk, "key": f"r{number}"}
        *calls, said = race([hint(parcel, carrier), hint(parcel, carrier), back])
        assert calls == ["200", "200"]
        parcel.refresh_from_db()
        order = Order.objects.get(pk=parcel.order_id)
        ended = (said, parcel.state, order.state, Collection.objects.filter(shipment=parcel).count())
        assert ended in {("returned", "returned", "RETURNED", 0), ("BAD_PARCEL_MOVE", "delivered", "ACCEPTED", 1)}


def test_booked_eight_times_at_once_and_cancelled_meanwhile(world, carrier, race, rounds):  # noqa: F811
    for number in islice(rounds("one parcel, many hands"), ROUNDS):
        order = packed(world, bags=1)
        book = {"deed": "book_parcel", "order": order.pk, "actor": world.clerk.pk, "carrier": carrier.address}
        end = {"deed": "cancel_order", "order": order.pk, "actor": world.manager.pk}
        answers = race([*({**book, "key": f"{number}"} for _hand in range(6)), end])
        order.refresh_from_db()
        held = carrier.parcels.get(f"{order.number}-1")
        if order.state == "CANCELLED":  # nothing is fetched for an order that is over
            assert held is None or held.status == -1
        else:
            assert answers[-1] == "BOOKED_AT_CARRIER"
            assert (Shipment.objects.get(order=order).tracking, held.status) == (held.label, 2)
        assert len([one for one in carrier.parcels if one.startswith(order.number)]) <= 1
