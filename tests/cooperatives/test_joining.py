"""Enrolling people, giving roles, making members, opening organizations."""

from datetime import date, timedelta
from typing import Any

import pytest

from base.refusals import NotFound
from cooperatives import joining, phones
from cooperatives.models import BankAccount, Member, Organization, RoleGrant, User
from cooperatives.permissions import roles_of
from tests.people import World

pytestmark = pytest.mark.django_db


def test_a_person_with_a_phone_can_sign_in() -> None:
    person = joining.enrol_person(name="  Phạm  Thị Gấm ", phone="0912 000 111", password="cá kho làng Vũ Đại")
    assert (person.name, person.phone) == ("Phạm Thị Gấm", "+84912000111")
    assert person.check_password("cá kho làng Vũ Đại")


def test_a_person_without_a_phone_has_no_password() -> None:
    person = joining.enrol_person(name="Bà Tư", phone=None, password="cá kho làng Vũ Đại")
    assert person.phone is None
    assert not person.has_usable_password()
    joining.enrol_person(name="Bà Năm", phone="", password=None)  # the second one without a number


def test_one_number_is_one_person() -> None:
    joining.enrol_person(name="Gấm", phone="0912000111", password=None)
    with pytest.raises(joining.PhoneTaken):
        joining.enrol_person(name="Nhung", phone="+84 912 000 111", password=None)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": " "}, joining.BadPersonName),
        ({"name": "x" * 81}, joining.BadPersonName),
        ({"phone": "12"}, phones.BadPhone),
        ({"password": "12345678"}, joining.WeakPassword),
        ({"password": "ngắn"}, joining.WeakPassword),
    ],
)
def test_a_bad_enrolment_changes_nothing(changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        joining.enrol_person(**({"name": "Phạm Thị Gấm", "phone": "0912000111", "password": None} | changes))
    assert not User.objects.exists()


def make_member(world: World, **changes: Any) -> Member:
    asked: dict[str, Any] = {
        "person": world.buyer, "organization": world.organization, "joined_on": date(2026, 3, 1),
        "hamlet": "", "shows_name": False, "actor": world.manager, "at": world.now,
    }  # fmt: skip
    return joining.make_member(**(asked | changes))


def test_members_get_the_next_number(world: World) -> None:
    member = make_member(world, hamlet=" Thôn  Nộn Khê ", shows_name=True)
    assert (member.number, member.hamlet, member.shows_name) == (3, "Thôn Nộn Khê", True)


def test_nobody_is_a_member_twice(world: World) -> None:
    with pytest.raises(joining.AlreadyMember):
        make_member(world, person=world.member_an.user)


@pytest.mark.parametrize("who", ["treasurer", "clerk", "buyer", "other_treasurer"])
def test_only_a_manager_lets_people_in(world: World, who: str) -> None:
    before = Member.objects.count(), RoleGrant.objects.count()
    with pytest.raises(NotFound):
        make_member(world, actor=getattr(world, who))
    with pytest.raises(NotFound):
        grant(world, actor=getattr(world, who))
    assert (Member.objects.count(), RoleGrant.objects.count()) == before


def grant(world: World, **changes: Any) -> RoleGrant:
    asked: dict[str, Any] = {
        "person": world.buyer, "organization": world.organization, "role": "clerk", "since": date(2026, 3, 1),
        "actor": world.manager, "at": world.now,
    }  # fmt: skip
    return joining.grant_role(**(asked | changes))


def test_a_role_is_granted_once(world: World) -> None:
    assert grant(world) == grant(world, since=date(2026, 3, 9))
    assert RoleGrant.objects.filter(user=world.buyer).count() == 1


def end(world: World, ended: RoleGrant, **changes: Any) -> RoleGrant:
    return joining.end_role(**({"grant_id": ended.pk, "actor": world.manager, "at": world.now} | changes))


def held(world: World, person: User) -> frozenset[str]:
    return roles_of(person, organization=world.organization, on=world.now.date())


def test_a_role_ends_at_once_and_keeps_its_days(world: World) -> None:
    given = RoleGrant.objects.get(user=world.clerk)
    ended = end(world, given)
    assert (ended.since, ended.until) == (given.since, world.now.date() - timedelta(days=1))
    assert held(world, world.clerk) == frozenset()
    assert held(world, world.treasurer) == {"treasurer"}


def test_ending_again_changes_nothing_and_leaves_the_role_that_was_given_again(world: World) -> None:
    given = RoleGrant.objects.get(user=world.clerk)
    end(world, given)
    again = grant(world, person=world.clerk, since=world.now.date())
    assert again.pk != given.pk
    assert end(world, given, at=world.now + timedelta(days=3)).until == world.now.date() - timedelta(days=1)
    assert held(world, world.clerk) == {"clerk"}


def test_a_role_that_began_today_ends_today(world: World) -> None:
    end(world, grant(world, since=world.now.date()))
    assert held(world, world.buyer) == frozenset()


def test_every_grant_of_the_role_ends_and_no_other_role(world: World) -> None:
    today = world.now.date()
    first = grant(world, person=world.clerk, role="treasurer")
    RoleGrant.objects.create(
        user=world.clerk, organization=world.organization, role="treasurer", since=today, until=today
    )
    end(world, first)
    assert held(world, world.clerk) == {"clerk"}


@pytest.mark.parametrize("other", ["nobody", "no_phone", "not_active", "of_another", "ended"])
def test_the_last_manager_stays(world: World, other: str) -> None:
    mine = RoleGrant.objects.get(user=world.manager)
    where = world.other_organization if other == "of_another" else world.organization
    if other != "nobody":
        second = RoleGrant.objects.create(user=world.buyer, organization=where, role="manager", since=mine.since)
        if other == "ended":
            end(world, second)
    User.objects.filter(pk=world.buyer.pk).update(
        **{"no_phone": {"phone": None}, "not_active": {"is_active": False}}.get(other, {"name": "Dũng"})
    )
    with pytest.raises(joining.LastManager):
        end(world, mine)
    assert held(world, world.manager) == {"manager"}


def test_a_manager_leaves_once_there_is_another(world: World) -> None:
    mine = RoleGrant.objects.get(user=world.manager)
    second = grant(world, role="manager")
    assert end(world, mine).until is not None
    with pytest.raises(NotFound):
        end(world, mine)  # no longer hers to ask
    with pytest.raises(joining.LastManager):
        end(world, second, actor=world.buyer)


@pytest.mark.parametrize("who", ["treasurer", "clerk", "buyer", "other_treasurer"])
def test_only_a_manager_of_that_place_ends_a_role(world: World, who: str) -> None:
    before = list(RoleGrant.objects.order_by("pk").values())
    with pytest.raises(NotFound):
        end(world, RoleGrant.objects.get(user=world.clerk), actor=getattr(world, who))
    with pytest.raises(NotFound):
        end(world, RoleGrant.objects.get(user=world.other_treasurer))
    with pytest.raises(NotFound):
        joining.end_role(grant_id=999_999, actor=world.manager, at=world.now)
    assert list(RoleGrant.objects.order_by("pk").values()) == before


def open_one(world: World, account: dict[str, str] | None = None, **changes: Any) -> Organization:
    bank = {"bin": "970405", "bank_name": "Agribank", "number": "3300201000999", "holder": "htx nước sạch Yên Hòa"}
    asked: dict[str, Any] = {
        "slug": "nuoc-sach", "name": "HTX Nước sạch Yên Hòa", "kind": "utility", "sells": False, "bills": True,
        "opened_on": date(2026, 3, 1), "account": joining.NewAccount(**(bank | (account or {}))),
        "manager": world.buyer, "at": world.now, "phone": "+842293123456",
    }  # fmt: skip
    return joining.open_organization(**(asked | changes))


def test_an_organization_opens_with_its_account_and_its_first_manager(world: World) -> None:
    organization = open_one(world)
    account = organization.bank_accounts.get()
    assert (organization.slug, organization.bills, organization.phone) == ("nuoc-sach", True, "+842293123456")
    assert (account.number, account.holder, account.is_default) == ("3300201000999", "HTX NUOC SACH YEN HOA", True)
    assert roles_of(world.buyer, organization=organization, on=world.now.date()) == {"manager", "treasurer"}
    assert roles_of(world.buyer, organization=world.organization, on=world.now.date()) == set()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"slug": "yen-hoa"}, joining.BadSlug),
        ({"slug": "a b"}, joining.BadSlug),
        ({"name": " "}, joining.BadOrganizationName),
        ({"account": {"bin": "970436", "number": "0011000123456"}}, joining.AccountTaken),
        ({"account": {"bin": "97043"}}, joining.BadAccount),
        ({"account": {"number": "12-34"}}, joining.BadAccount),
        ({"account": {"holder": " "}}, joining.BadAccount),
    ],
)
def test_a_refused_opening_changes_nothing(world: World, changes: dict[str, Any], refusal: type[Exception]) -> None:
    before = Organization.objects.count(), BankAccount.objects.count(), RoleGrant.objects.count()
    with pytest.raises(refusal):
        open_one(world, **changes)
    assert (Organization.objects.count(), BankAccount.objects.count(), RoleGrant.objects.count()) == before
