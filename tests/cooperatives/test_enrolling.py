"""Enrolling at the desk: whole, once, and with a role only for who can sign in."""

from datetime import date
from typing import Any

import pytest

from base.refusals import KeyReused, NotFound
from cooperatives import joining
from cooperatives.enrolling import NoWayIn, enrol_member, enrol_worker
from cooperatives.models import DoneOnce, Member, RoleGrant, User
from cooperatives.permissions import roles_of
from tests.people import World

pytestmark = pytest.mark.django_db


def enrol(world: World, **changes: Any) -> Member:
    asked: dict[str, Any] = {
        "organization": world.organization, "name": "Lê Thị Mơ", "phone": "0912000111",
        "password": "cá kho làng Vũ Đại", "hamlet": "Xóm 2", "joined_on": date(2026, 3, 1), "shows_name": True,
        "role": None, "actor": world.manager, "key": "k", "at": world.now,
    }  # fmt: skip
    return enrol_member(**(asked | changes))


def everybody() -> tuple[int, ...]:
    return User.objects.count(), Member.objects.count(), RoleGrant.objects.count(), DoneOnce.objects.count()


def test_a_member_comes_in_under_the_next_number(world: World) -> None:
    member = enrol(world)
    assert (member.number, member.user.name, member.shows_name) == (3, "Lê Thị Mơ", True)
    assert not RoleGrant.objects.filter(user=member.user).exists()


@pytest.mark.parametrize("role", ["clerk", "treasurer", "manager"])
def test_a_role_begins_today(world: World, role: str) -> None:
    person = enrol(world, role=role).user
    assert roles_of(person, organization=world.organization, on=world.now.date()) == {role}
    assert roles_of(person, organization=world.other_organization, on=world.now.date()) == frozenset()


def test_the_same_key_is_the_same_member(world: World) -> None:
    first = enrol(world, phone=None, password=None)
    before = everybody()
    assert enrol(world, phone=None, password=None) == first
    with pytest.raises(KeyReused):
        enrol(world, phone=None, password=None, name="Lê Thị Mận")
    assert everybody() == before


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"role": "clerk", "phone": None}, NoWayIn),
        ({"role": "clerk", "password": None}, NoWayIn),
        ({"password": "ngắn"}, joining.WeakPassword),
        ({"phone": "0912000006"}, joining.PhoneTaken),
        ({"name": " "}, joining.BadPersonName),
    ],
)
def test_a_refusal_leaves_nobody_behind(world: World, changes: dict[str, Any], refusal: type[Exception]) -> None:
    before = everybody()
    with pytest.raises(refusal):
        enrol(world, **changes)
    assert everybody() == before


@pytest.mark.parametrize("who", ["treasurer", "clerk", "buyer", "other_treasurer"])
def test_only_a_manager_enrols(world: World, who: str) -> None:
    before = everybody()
    with pytest.raises(NotFound):
        enrol(world, actor=getattr(world, who))
    assert everybody() == before


def test_no_trace_of_a_password_is_kept_beside_the_key(world: World) -> None:
    enrol(world, password="cá kho làng Vũ Đại")
    assert enrol(world, password="một mật khẩu khác hẳn").number == 3  # the same deed, whatever the password


def employ(world: World, **changes: Any) -> RoleGrant:
    asked: dict[str, Any] = {
        "organization": world.organization, "name": "Lê Thị Mơ", "phone": "0912000111",
        "password": "cá kho làng Vũ Đại", "role": "treasurer", "actor": world.manager, "key": "k", "at": world.now,
    }  # fmt: skip
    return enrol_worker(**(asked | changes))


def test_somebody_works_here_from_today_without_being_a_member(world: World) -> None:
    members = Member.objects.count()
    given = employ(world)
    assert (given.user.name, given.user.phone, given.role) == ("Lê Thị Mơ", "+84912000111", "treasurer")
    assert given.since == world.now.date()
    assert given.user.check_password("cá kho làng Vũ Đại")
    assert Member.objects.count() == members
    assert employ(world, password="một mật khẩu khác hẳn") == given
    with pytest.raises(KeyReused):
        employ(world, role="clerk")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"phone": None}, NoWayIn),
        ({"password": ""}, NoWayIn),
        ({"password": "ngắn"}, joining.WeakPassword),
        ({"phone": "0912000006"}, joining.PhoneTaken),
        ({"name": " "}, joining.BadPersonName),
        *(({"actor": who}, NotFound) for who in ("treasurer", "clerk", "buyer", "other_treasurer")),
    ],
)
def test_a_refused_worker_leaves_nobody_behind(world: World, changes: dict[str, Any], refusal: type[Exception]) -> None:
    before = everybody()
    if "actor" in changes:
        changes = {"actor": getattr(world, changes["actor"])}
    with pytest.raises(refusal):
        employ(world, **changes)
    assert everybody() == before
