"""A parcel of which nobody says anything is asked after, by its way; whoever was asked is news."""

from datetime import timedelta

import pytest

from base.refusals import NotFound
from orders import parcels, quiet_parcels
from orders.models import Order, Shipment, ShipmentEvent
from orders.quiet_parcels import QUIET_AFTER, NobodySaidAnything, asked, quiet
from tests.orders.making import place
from tests.people import NOW, World

pytestmark = pytest.mark.django_db


def away(world: World, way: str) -> Shipment:
    """On its way since NOW, as payments.delivering.send leaves it."""
    [order] = place((world.variant, 1), pay_by=Order.PayBy.CASH)
    made = Shipment.objects.create(
        organization=world.organization, order=order, way=way, state="handed_over", state_at=NOW, handed_over_at=NOW,
        accept_from=NOW + timedelta(days=3), created_at=NOW,
    )  # fmt: skip
    ShipmentEvent.objects.create(shipment=made, state="handed_over", happened_at=NOW, at=NOW)
    return made


@pytest.mark.parametrize("way", QUIET_AFTER)
def test_each_way_has_its_own_patience_and_every_word_counts(world: World, way: str) -> None:
    one, everything = away(world, way), Shipment.objects.all()
    limit = NOW + QUIET_AFTER[way]
    moment = timedelta(seconds=1)
    assert [quiet(everything, at=limit - moment).count(), quiet(everything, at=limit).count()] == [0, 1]
    assert quiet_parcels.quiet_among([one], at=limit) == {one.pk: NOW}
    assert quiet_parcels.quiet_since(one, heard_at=NOW, at=limit) == NOW
    assert quiet_parcels.quiet_since(one, heard_at=NOW, at=limit - moment) is None

    later = NOW + timedelta(hours=5)  # the carrier said where it is, and it did not move
    ShipmentEvent.objects.create(shipment=one, state="handed_over", word="45", happened_at=later, at=limit)
    assert not quiet(everything, at=limit).exists()
    assert quiet(everything, at=later + QUIET_AFTER[way]).get().heard_at == later  # type: ignore[attr-defined]
    for over in ("draft", "delivered", "returned", "lost", "cancelled"):
        Shipment.objects.update(state=over)
        assert not quiet(everything, at=limit + timedelta(days=99)).exists()
    Shipment.objects.update(state="returning")
    assert quiet(everything, at=limit + timedelta(days=99)).exists()


def test_whoever_was_asked_is_news_once_and_puts_silence_off(world: World) -> None:
    one = away(world, "COACH")
    at = NOW + timedelta(days=2, hours=1)
    with pytest.raises(NobodySaidAnything):
        asked(shipment_id=one.pk, said="   ", actor=world.clerk, at=at)
    with pytest.raises(NotFound):
        asked(shipment_id=one.pk, said="còn ở bến", actor=world.other_treasurer, at=at)
    for _tap in range(2):
        done = asked(shipment_id=one.pk, said=" còn ở\nbến ", actor=world.clerk, key="k", at=at)
    assert (done.state, done.state_at, done.accept_from) == ("handed_over", NOW, at + timedelta(days=3))
    [_sent, told] = one.events.all()
    assert (told.note, told.actor, told.happened_at) == ("còn ở bến", world.clerk, at)
    assert not quiet(Shipment.objects.all(), at=at + timedelta(days=1)).exists()
    assert quiet(Shipment.objects.all(), at=at + timedelta(days=2)).exists()
    Shipment.objects.update(state="failed", failed_times=1)
    assert asked(shipment_id=one.pk, said="hẹn mai", actor=world.clerk, at=at).failed_times == 1, "nobody tried again"
    Shipment.objects.update(state="delivered")
    with pytest.raises(parcels.ParcelOver):
        asked(shipment_id=one.pk, said="mai đi", actor=world.clerk, at=at)
