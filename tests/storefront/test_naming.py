"""A member's name on the pages of strangers: there while she agrees, gone from every one of them with one tap."""

import pytest
from django.test import Client

from cooperatives.models import Member
from tests import people
from tests.people import World
from tests.storefront.desk_walk import body, signed_in

NAME = "Nguyễn Thị An"
PAGES = ("/", "/search/", "/search/?q=ca+chach", "/search/?q=nguyen+thi+an", "/p/ca-chach-say-kho/", "/c/yen-hoa/")
HIDDEN = 'name="shows" value="yes"'  # what the one button says when she is not named


@pytest.fixture
def own(world: World) -> tuple[Client, str]:
    return signed_in(world.member_an.user), f"/member/{world.member_an.pk}/name/"


def naming_pages() -> set[str]:
    """Where a stranger reads her name. (The words that were searched for stand there without accents.)"""
    guest, named = Client(), set()
    for page in PAGES:
        answer = guest.get(page)
        assert answer.status_code == 200
        if NAME in body(answer):
            named.add(page)
    return named


def is_found_by_name() -> bool:
    return "Không thấy mặt hàng nào như thế" not in body(Client().get("/search/?q=nguyen+thi+an"))


def test_one_tap_takes_her_name_from_every_page_and_from_search(world: World, own: tuple[Client, str]) -> None:
    herself, address = own
    assert naming_pages() == set()
    answer = herself.post(address, {"shows": "yes"})
    assert (answer.status_code, answer["Location"]) == (303, "/member/?of=yen-hoa#name")
    assert naming_pages() == set(PAGES)
    assert is_found_by_name()
    assert herself.post(address, {"shows": "no"}).status_code == 303
    assert naming_pages() == set()
    assert not is_found_by_name()


def test_her_page_says_which_it_is_and_offers_the_other(own: tuple[Client, str]) -> None:
    herself, address = own
    page = body(herself.get("/member/"))
    assert "Đang ẩn" in page
    assert HIDDEN in page
    assert f'action="{address}"' in page
    for _tap in range(2):
        said = body(herself.post(address, {"shows": "yes"}, follow=True))
    assert "Đang hiện" in said
    assert HIDDEN not in said
    assert f"Người mua thấy tên {NAME} từ bây giờ." in said
    assert f"Đã ẩn tên {NAME}." in body(herself.post(address, {}, follow=True))  # not said clearly: not shown


def test_the_desk_sets_it_either_way(world: World) -> None:
    manager, member = signed_in(world.manager), f"/desk/members/{world.member_an.pk}"
    assert HIDDEN in body(manager.get(f"{member}/portrait/"))
    answer = manager.post(f"{member}/name/", {"shows": "yes"})
    assert (answer.status_code, answer["Location"]) == (303, f"{member}/portrait/#name")
    assert naming_pages() == set(PAGES)
    assert HIDDEN not in body(manager.get(f"{member}/portrait/"))
    assert signed_in(world.treasurer).post(f"{member}/name/", {"shows": "no"}).status_code == 303
    assert naming_pages() == set()


def test_one_membership_of_two_is_hidden_and_the_other_stays(world: World, own: tuple[Client, str]) -> None:
    herself, address = own
    there = people.member(world.member_an.user, world.other_organization, number=1)
    Member.objects.filter(user=world.member_an.user).update(shows_name=True)
    herself.post(address, {"shows": "no"})
    assert list(Member.objects.filter(shows_name=True)) == [there]


@pytest.mark.parametrize("shows", ["yes", "no"])
def test_strangers_name_and_hide_nobody(world: World, shows: str) -> None:
    Member.objects.filter(pk=world.member_an.pk).update(shows_name=shows == "no")
    own, desk = f"/member/{world.member_an.pk}/name/", f"/desk/members/{world.member_an.pk}/name/"
    Member.objects.filter(pk=world.member_hoa.pk).update(user=world.buyer)
    for who in ("buyer", "clerk", "other_treasurer", "manager", "treasurer"):
        assert signed_in(getattr(world, who)).post(own, {"shows": shows}).status_code == 404, who
    for who in ("buyer", "clerk", "other_treasurer"):
        assert signed_in(getattr(world, who)).post(desk, {"shows": shows}).status_code == 404, who
    for address in (own, desk):
        assert Client().post(address, {"shows": shows}).status_code == 404
        assert signed_in(world.manager).get(address).status_code == 405
    assert Member.objects.get(pk=world.member_an.pk).shows_name is (shows == "no")


def test_who_has_left_is_refused_in_words(world: World, own: tuple[Client, str]) -> None:
    herself, address = own
    Member.objects.filter(pk=world.member_an.pk).update(left_on=world.now.date())
    page = body(herself.post(address, {"shows": "yes"}, follow=True))
    assert "từ bây giờ" not in page
    assert HIDDEN not in page
    assert not Member.objects.get(pk=world.member_an.pk).shows_name
