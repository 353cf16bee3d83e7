"""Rests: shown, refused with the day, and over by themselves."""

from datetime import timedelta

import pytest

from base.periods import vietnam_day
from base.refusals import NotFound
from catalog import resting, versions
from tests.people import World

pytestmark = pytest.mark.django_db


def test_goods_rest_until_their_day_and_no_longer(world: World) -> None:
    today = vietnam_day(world.now)
    last = today + timedelta(days=3)
    before = versions.number_of(world.organization.pk)
    for actor in (world.clerk, world.member_an.user):  # its maker says the same: nothing moves again
        product = resting.rest_product(product_id=world.product.pk, until=last, actor=actor, at=world.now)
    assert versions.number_of(world.organization.pk) == before + 1
    with pytest.raises(resting.Resting) as refused:
        resting.refuse([product], on=last)
    assert "18/03/2026" in refused.value.message
    resting.refuse([product], on=last + timedelta(days=1))
    resting.rest_product(product_id=world.product.pk, until=None, actor=world.clerk, at=world.now)
    product.refresh_from_db()
    resting.refuse([product], on=today)


def test_who_may_rest_what(world: World) -> None:
    until = vietnam_day(world.now)
    for stranger in (world.member_hoa.user, world.buyer, world.other_treasurer):
        with pytest.raises(NotFound):
            resting.rest_product(product_id=world.product.pk, until=until, actor=stranger, at=world.now)
    with pytest.raises(NotFound):
        resting.rest_shop(organization_id=world.organization.pk, until=until, actor=world.clerk, at=world.now)
    for wrong in (until - timedelta(days=1), until + timedelta(days=400)):
        with pytest.raises(resting.BadRest):
            resting.rest_shop(organization_id=world.organization.pk, until=wrong, actor=world.manager, at=world.now)
    shop = resting.rest_shop(organization_id=world.organization.pk, until=until, actor=world.manager, at=world.now)
    world.product.refresh_from_db()
    world.product.organization = shop
    assert resting.rests_until(world.product, on=until) == until
