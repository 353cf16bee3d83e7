"""Goods come in: whose, how much, from when; and the same slip of paper is written down once."""

from datetime import date, timedelta
from typing import Any

import pytest

from base.refusals import KeyReused, NotFound
from catalog import lots
from catalog.measures import BadQuantity
from catalog.models import Lot
from cooperatives.doing_once import BadKey
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db


def receive(world: World, **changes: Any) -> Lot:
    slip: dict[str, Any] = {
        "variant_id": world.variant.pk,
        "member_id": world.member_an.pk,
        "quantity": 12,
        "made_on": date(2026, 3, 14),
        "best_before": date(2026, 9, 14),
        "actor": world.clerk,
        "key": "slip-1",
        "at": world.now,
    }
    return lots.receive_lot(**slip | changes)


def on_hand(world: World) -> int:
    world.variant.refresh_from_db()
    return world.variant.on_hand


def test_a_lot_keeps_its_owner_and_raises_the_stock(world: World) -> None:
    lot = receive(world)
    assert (lot.member, lot.quantity, lot.left, lot.received_by) == (world.member_an, 12, 12, world.clerk)
    assert (lot.made_on, lot.best_before, lot.received_at) == (date(2026, 3, 14), date(2026, 9, 14), world.now)
    assert on_hand(world) == 42


def test_lots_are_numbered_by_day(world: World) -> None:
    codes = [receive(world, key=f"slip-{number}", at=world.now + timedelta(days=1)).code for number in range(3)]
    assert codes == ["260316-01", "260316-02", "260316-03"]
    assert receive(world, key="night", at=world.now + timedelta(days=1, hours=15)).code == "260317-01"


def test_the_same_key_is_the_same_lot(world: World) -> None:
    first, second = receive(world), receive(world, at=world.now + timedelta(hours=3))
    assert first == second
    assert on_hand(world) == 42
    with pytest.raises(KeyReused):
        receive(world, quantity=13)
    assert on_hand(world) == 42
    assert receive(world, actor=world.manager) != first, "another person's keys are her own"


def test_own_goods_have_no_member(world: World) -> None:
    assert receive(world, member_id=None, made_on=None, best_before=None).member is None


def test_what_was_brought_today_may_be_made_today_and_end_today(world: World) -> None:
    today = date(2026, 3, 15)
    lot = receive(world, made_on=today, best_before=today)
    assert lot.made_on == lot.best_before == today


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"quantity": 0}, BadQuantity),
        ({"quantity": -4}, BadQuantity),
        ({"quantity": 10**13}, BadQuantity),
        ({"quantity": 10**9}, BadQuantity),  # with the 30 on hand it is too much
        ({"quantity": 2.0}, BadQuantity),
        ({"made_on": date(2026, 3, 16)}, lots.BadMadeOn),
        ({"made_on": date(1026, 3, 14)}, lots.BadMadeOn),
        ({"best_before": date(2026, 3, 14)}, lots.BadBestBefore),
        ({"best_before": date(2206, 3, 14)}, lots.BadBestBefore),
        ({"member_id": 10**9}, lots.NotAMemberHere),
        ({"variant_id": 10**9}, NotFound),
        ({"key": ""}, BadKey),
    ],
)
def test_a_refused_lot_changes_nothing(world: World, change: dict[str, Any], refusal: type[Exception]) -> None:
    before = Lot.objects.count()
    with pytest.raises(refusal):
        receive(world, **change)
    assert on_hand(world) == 30
    assert Lot.objects.count() == before


def test_after_a_refusal_the_same_key_is_free(world: World) -> None:
    with pytest.raises(lots.BadMadeOn):
        receive(world, made_on=date(2026, 3, 16))
    assert receive(world).quantity == 12


def test_members_of_others_and_those_who_left_bring_nothing(world: World) -> None:
    stranger = people.member(world.other_treasurer, world.other_organization, number=1)
    with pytest.raises(lots.NotAMemberHere):
        receive(world, member_id=stranger.pk)
    world.member_an.left_on = date(2026, 3, 14)
    world.member_an.save()
    with pytest.raises(lots.NotAMemberHere):
        receive(world)
    newcomer = people.member(world.buyer, world.organization, number=9, joined_on=date(2026, 3, 16))
    with pytest.raises(lots.NotAMemberHere):
        receive(world, member_id=newcomer.pk)
    assert on_hand(world) == 30


@pytest.mark.parametrize("who", ["other_treasurer", "buyer", "treasurer"])
def test_who_receives_no_goods_here_learns_nothing(world: World, who: str) -> None:
    with pytest.raises(NotFound):
        receive(world, actor=getattr(world, who))
    assert on_hand(world) == 30


def test_a_lot_is_seen_by_its_staff_and_its_owner(world: World) -> None:
    lot = receive(world)

    def seen_by(viewer: Any) -> bool:
        return Lot.objects.visible_to(viewer).filter(pk=lot.pk).exists()

    assert [seen_by(who) for who in (world.clerk, world.member_an.user)] == [True, True]
    assert [seen_by(who) for who in (world.member_hoa.user, world.buyer, world.other_treasurer)] == [False] * 3
