"""Roles: who may do what, where, and from when to when."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from base.refusals import NotFound
from cooperatives.models import Message, RoleGrant
from cooperatives.outbox import mark_said, tell
from cooperatives.permissions import DEEDS, may, organizations_where, require, roles_of
from tests.people import OPENED_ON, World

TODAY = date(2026, 3, 15)


def test_a_role_counts_only_where_it_was_given(world: World) -> None:
    assert may(world.treasurer, "settle_money", organization=world.organization, on=TODAY)
    assert not may(world.treasurer, "settle_money", organization=world.other_organization, on=TODAY)
    assert not may(world.manager, "settle_money", organization=world.organization, on=TODAY)


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_strangers_may_nothing(world: World, deed: str) -> None:
    for stranger in (AnonymousUser(), None, world.buyer, world.member_an.user, world.other_treasurer):
        assert not may(stranger, deed, organization=world.organization, on=TODAY)
        with pytest.raises(NotFound):
            require(stranger, deed, organization=world.organization, on=TODAY)


def test_a_role_counts_from_its_first_day_to_its_last(world: World) -> None:
    grant = RoleGrant.objects.get(user=world.clerk)
    grant.until = TODAY
    grant.save()
    day = timedelta(days=1)
    held = [bool(roles_of(world.clerk, organization=world.organization, on=on)) for on in (
        OPENED_ON - day, OPENED_ON, TODAY, TODAY + day,
    )]  # fmt: skip
    assert held == [False, True, True, False]


def test_organizations_where_one_may(world: World) -> None:
    assert list(organizations_where(world.treasurer, "see_money", on=TODAY)) == [world.organization]
    assert list(organizations_where(world.clerk, "see_money", on=TODAY)) == []
    assert list(organizations_where(AnonymousUser(), "see_money", on=TODAY)) == []


def test_what_was_said_stays_said_by_whom_it_was(world: World) -> None:
    message = tell(
        organization=world.organization, kind=Message.Kind.ORDER_READY, name="Dũng", phone="+84912000004",
        text="Hàng đã gói", about="order:1", at=world.now,
    )  # fmt: skip
    assert Message.objects.visible_to(world.clerk).waiting().get() == message
    assert not Message.objects.visible_to(world.other_treasurer).exists()
    mark_said(message=message, actor=world.clerk, through="phone", at=world.now)
    again = mark_said(message=message, actor=world.manager, through="zalo", at=world.now + timedelta(hours=1))
    assert (again.state, again.said_by, again.said_through, again.said_at) == ("said", world.clerk, "phone", world.now)
