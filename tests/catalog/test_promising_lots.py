"""Goods promised for a day: ordered at once, handed out once they came, and never counted twice."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.periods import vietnam_day
from base.refusals import NotFound
from catalog import promising_lots, stock
from catalog.models import Lot, Variant
from tests.people import World, make_world, variant_by_piece

pytestmark = pytest.mark.django_db


def promise(world: World, variant: Variant, quantity: int, **changed: object) -> Lot:
    asked = {
        "variant_id": variant.pk, "member_id": world.member_an.pk, "quantity": quantity,
        "expected_on": vietnam_day(world.now) + timedelta(days=6), "actor": world.clerk, "at": world.now,
    }  # fmt: skip
    return promising_lots.promise_lot(**{**asked, **changed})  # type: ignore[arg-type]


def test_its_maker_promises_her_own_goods_and_nobody_elses(world: World) -> None:
    an = world.member_an.user
    lot = promise(world, world.variant, 4, actor=an, key="một lần")
    assert promise(world, world.variant, 4, actor=an, key="một lần").pk == lot.pk
    for member_id, actor in ((world.member_hoa.pk, an), (None, an), (world.member_an.pk, world.member_hoa.user)):
        with pytest.raises(NotFound):
            promise(world, world.variant, 4, member_id=member_id, actor=actor)
    with pytest.raises(promising_lots.BadExpectedOn):
        promise(world, world.variant, 4, expected_on=vietnam_day(world.now) - timedelta(days=1))


def test_what_came_is_written_once(world: World) -> None:
    lot = promise(world, world.variant, 4)
    more = promising_lots.brought(lot_id=lot.pk, quantity=6, actor=world.clerk, at=world.now)
    assert (more.quantity, more.left, more.is_here) == (6, 6, True)
    assert promising_lots.brought(lot_id=lot.pk, quantity=6, actor=world.clerk, at=world.now).left == 6
    with pytest.raises(promising_lots.BroughtAlready):
        promising_lots.brought(lot_id=lot.pk, quantity=5, actor=world.clerk, at=world.now)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    promised=st.integers(1, 12), ordered=st.integers(0, 12), came=st.integers(0, 15), answered=st.integers(0, 15),
    ended=st.booleans(),
)  # fmt: skip
def test_lots_hold_what_is_on_hand_whatever_comes(
    promised: int, ordered: int, came: int, answered: int, ended: bool
) -> None:
    """Never more promised than there is, what is missing is what orders wait for, and it goes with them."""
    with transaction.atomic():
        world = make_world()
        variant = variant_by_piece(world.product, name="túi")
        lot = promise(world, variant, promised)
        ordered = min(ordered, promised)
        if ordered:
            stock.reserve(wanted={variant.pk: ordered})
        promising_lots.brought(lot_id=lot.pk, quantity=came, actor=world.clerk, at=world.now)
        promising_lots.lower(variant_id=variant.pk, member_id=world.member_an.pk, there=answered)
        there = min(came, answered)

        def checked(reserved: int) -> None:
            variant.refresh_from_db()
            lot.refresh_from_db()
            assert variant.on_hand == lot.left
            assert lot.left - lot.missing == there
            assert lot.missing == max(reserved - there, 0)
            assert variant.reserved == reserved

        checked(ordered)
        if ended and ordered:
            stock.release(held={variant.pk: ordered})
            checked(0)
        transaction.set_rollback(True)
