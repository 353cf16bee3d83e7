"""Which move follows which, and news that comes twice, late, or in words that nobody knows."""

from datetime import timedelta

import pytest
from django.db import transaction

from base.refusals import NotFound
from orders import fulfilling, parcels
from orders.models import Shipment
from orders.parcels import MOVES, BadParcel, ParcelOver, State
from tests.orders.making import pay, place
from tests.people import World

AWAY = {State.HANDED_OVER, State.MOVING, State.OUT, State.FAILED, State.RETURNING}


def test_what_is_over_stays_over_and_what_is_away_can_end_in_any_way() -> None:
    assert set(MOVES) == set(State)
    assert {state for state, after in MOVES.items() if not after} == {
        State.RETURNED, State.CANCELLED,
    }  # fmt: skip
    assert MOVES[State.LOST] == MOVES[State.DAMAGED] == {State.MOVING}, "found again"
    for state in AWAY:
        assert {State.DELIVERED, State.RETURNED, State.LOST, State.DAMAGED} <= MOVES[state]
        assert not MOVES[state] & {State.DRAFT, State.BOOKED, State.CANCELLED, State.HANDED_OVER, state}


@pytest.fixture
def shipment(world: World) -> Shipment:
    order = pay(place((world.variant, 1))[0], world=world)
    fulfilling.pack(order_id=order.pk, actor=world.clerk, at=world.now)
    return parcels.draft(order_id=order.pk, way="POST", actor=world.clerk, key="d", at=world.now)


@pytest.mark.django_db
def test_news_that_comes_twice_or_late_is_kept_once_and_moves_nothing(world: World, shipment: Shipment) -> None:
    later = world.now + timedelta(hours=2)
    with transaction.atomic():
        locked = Shipment.objects.locked(shipment.pk)
        assert parcels.note(locked, state=State.HANDED_OVER, happened_at=world.now, at=world.now)
        assert parcels.note(locked, state=State.OUT, word="đang giao", happened_at=later, at=later)
        late = {"state": State.MOVING, "word": "rời kho", "happened_at": later - timedelta(hours=1), "at": later}
        assert [parcels.note(locked, **late) for _twice in range(2)] == [False, False]
        assert not parcels.note(locked, state=None, word="lạ lùng", happened_at=later, at=later)
    locked.refresh_from_db()
    assert (locked.state, locked.carrier_word, "lạ lùng" in locked.trouble) == ("out", "lạ lùng", True)
    assert list(locked.events.values_list("state", flat=True)) == ["draft", "handed_over", "moving", "out", ""]
    assert locked.accept_from == world.now + timedelta(days=3)
    with transaction.atomic():
        locked = Shipment.objects.locked(shipment.pk)
        parcels.note(locked, state=State.RETURNING, happened_at=later, at=later, actor=world.clerk)
    assert (locked.trouble, locked.accept_from) == ("", None)


@pytest.mark.django_db
def test_a_parcel_is_corrected_while_it_is_not_over(world: World, shipment: Shipment) -> None:
    assert parcels.draft(order_id=shipment.order_id, way="POST", actor=world.clerk, key="d", at=world.now) == shipment
    told = {"shipment_id": shipment.pk, "actor": world.clerk, "at": world.now}
    seen = parcels.correct(tracking="EB 123 456 789 VN", bearer_phone="0912 345 679", weight_g=900, **told)
    assert (seen.tracking, seen.bearer_phone, seen.weight_g) == ("EB 123 456 789 VN", "+84912345679", 900)
    for wrong in ({"tracking": "x" * 41}, {"weight_g": -1}):
        with pytest.raises(BadParcel):
            parcels.correct(**wrong, **told)
    with pytest.raises(NotFound):
        parcels.correct(shipment_id=shipment.pk, tracking="x", actor=world.other_treasurer, at=world.now)
    for _twice in range(2):
        assert parcels.cancel(**told).state == "cancelled"
    with pytest.raises(ParcelOver):
        parcels.correct(tracking="y", **told)
