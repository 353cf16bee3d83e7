"""A name stands on a consent: read while it stands, gone with the words that it was found by the moment it ends."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from base.refusals import NotFound
from catalog import naming, versions
from catalog.lots import NotAMemberHere
from catalog.models import Product
from catalog.search.finding import find
from cooperatives.models import Member
from tests.people import World

pytestmark = pytest.mark.django_db


def show(world: World, shows: bool = True, **changed: Any) -> None:
    asked: dict[str, Any] = {"member_id": world.member_an.pk, "actor": world.manager, "at": world.now}
    naming.show_name(shows=shows, **{**asked, **changed})


def is_named(member: Member) -> bool:
    return Member.objects.get(pk=member.pk).shows_name


def found_by_name(world: World) -> list[str]:
    return [one.slug for one in find("nguyễn thị an", among=Product.objects.published(), at=world.now).products]


@pytest.mark.parametrize("who", ["manager", "treasurer", "herself"])
def test_she_is_named_and_found_while_she_agrees_and_at_once_no_more(world: World, who: str) -> None:
    actor = world.member_an.user if who == "herself" else getattr(world, who)
    assert (is_named(world.member_an), found_by_name(world)) == (False, [])
    numbers = [versions.number_of(world.organization.pk)]
    for shows, slugs in ((True, [world.product.slug]), (False, []), (True, [world.product.slug])):
        show(world, shows, actor=actor)
        assert (is_named(world.member_an), found_by_name(world)) == (shows, slugs)
        numbers.append(versions.number_of(world.organization.pk))
    assert numbers == sorted(set(numbers))
    assert not is_named(world.member_hoa)


@pytest.mark.parametrize("shows", [True, False])
def test_a_second_tap_changes_nothing(world: World, shows: bool, caplog: pytest.LogCaptureFixture) -> None:
    show(world, not shows)
    show(world, shows)
    before = versions.number_of(world.organization.pk)
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="catalog.naming"):
        show(world, shows, at=world.now + timedelta(hours=1))
    assert versions.number_of(world.organization.pk) == before
    assert caplog.messages == []


def test_who_set_it_stands_in_the_log_without_the_name(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="catalog.naming"):
        show(world, actor=world.treasurer)
        show(world, shows=False, actor=world.member_an.user)
    assert [line.endswith(f"says user {actor.pk}") for line, actor in zip(
        caplog.messages, (world.treasurer, world.member_an.user), strict=True
    )] == [True, True]  # fmt: skip
    assert "Nguyễn" not in caplog.text


def test_who_makes_no_goods_stands_on_the_shops_page_all_the_same(world: World) -> None:
    before = versions.number_of(world.organization.pk)
    show(world, member_id=world.member_hoa.pk)
    assert is_named(world.member_hoa)
    assert versions.number_of(world.organization.pk) > before


@pytest.mark.parametrize("shows", [True, False])
@pytest.mark.parametrize("who", ["clerk", "other_treasurer", "buyer", "another_member"])
def test_a_stranger_names_and_hides_nobody(world: World, who: str, shows: bool) -> None:
    actor = world.member_hoa.user if who == "another_member" else getattr(world, who)
    show(world, not shows)
    before = versions.number_of(world.organization.pk)
    with pytest.raises(NotFound):
        show(world, shows, actor=actor)
    with pytest.raises(NotFound):
        show(world, shows, member_id=10**9, actor=actor)
    assert is_named(world.member_an) is not shows
    assert versions.number_of(world.organization.pk) == before


def test_who_has_left_takes_her_name_back_and_is_not_named_anew(world: World) -> None:
    show(world)
    Member.objects.filter(pk=world.member_an.pk).update(left_on=world.now.date())
    later = world.now + timedelta(days=1)
    show(world, shows=False, actor=world.member_an.user, at=later)
    assert (is_named(world.member_an), found_by_name(world)) == (False, [])
    with pytest.raises(NotAMemberHere):
        show(world, actor=world.member_an.user, at=later)
    assert not is_named(world.member_an)


def test_what_fails_halfway_leaves_flag_and_words_as_they_were(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    show(world)
    with monkeypatch.context() as failing:
        failing.setattr(versions, "moved", lambda _ids: (_ for _ in ()).throw(OSError("disk")))
        with pytest.raises(OSError, match="disk"):
            show(world, shows=False)
    assert (is_named(world.member_an), found_by_name(world)) == (True, [world.product.slug])
