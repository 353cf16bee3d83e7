"""The page of one cooperative: what its people agreed to show, what it sells, who answers for it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cooperatives.models import Member
from tests import people
from tests.people import World
from tests.storefront.making import text_of
from tests.storefront.trusting import received, said, shown


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def page(world: World, client: Client) -> str:
    return text_of(client.get(f"/c/{world.organization.slug}/"))


def test_it_says_who_sells_what_where(world: World, client: Client) -> None:
    said(world, received(world), stars=4)
    told = page(world, client)
    for words in ("HTX Nông sản Yên Hòa", "Cá chạch sấy khô", "Nhà văn hóa thôn", "7–11 giờ", "4,0 sao", "1 nhận xét"):
        assert words in told


def test_names_are_shown_to_those_who_agreed_and_the_rest_are_counted(world: World, client: Client) -> None:
    assert "Nguyễn Thị An" not in page(world, client)
    Member.objects.filter(pk=world.member_an.pk).update(shows_name=True, hamlet="Xóm Trung")
    people.member(people.user("Lý Thị Mới", None), world.organization, number=3)  # the page is drawn anew
    told = page(world, client)
    assert "Nguyễn Thị An" in told
    assert "Trần Thị Hoa" not in told
    assert "Và 2 người không muốn nêu tên." in told
    assert "Xóm Trung" not in told


def test_who_has_left_is_not_there(world: World, client: Client) -> None:
    shown(world, world.member_an)
    Member.objects.filter(pk=world.member_an.pk).update(left_on=world.now.date(), shows_name=True)
    told = page(world, client)
    assert "faces/" not in told
    assert "Bà con làm ra hàng" not in told


@pytest.mark.parametrize("change", [{"is_open": False}, {"sells": False}])
def test_what_is_closed_or_sells_nothing_is_not_found(world: World, client: Client, change: dict[str, bool]) -> None:
    for name, value in change.items():
        setattr(world.organization, name, value)
    world.organization.save()
    assert client.get(f"/c/{world.organization.slug}/").status_code == 404
    assert client.get("/c/khong-co/").status_code == 404


@pytest.mark.parametrize("more", [0, 2])
def test_more_people_and_goods_ask_no_more_questions(
    world: World, client: Client, more: int, django_assert_num_queries: Any
) -> None:
    for number in range(more):
        someone = people.member(people.user(f"Người {number}", None), world.organization, number=10 + number)
        shown(world, someone, key=f"{number}")
        product = people.product(
            world.organization, world.category, slug=f"hang-{number}", name=f"Hàng {number}", maker=someone,
            at=world.now + timedelta(hours=number),
        )  # fmt: skip
        people.variant_by_piece(product)
    shown(world, world.member_an)
    # the version; the shop; people, faces; rating, stars, points; market days; goods: how many, which, their cards, the
    # latest face
    with django_assert_num_queries(12):
        assert client.get(f"/c/{world.organization.slug}/").status_code == 200
