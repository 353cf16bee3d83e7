"""The start page: what is sold, how it is found, and what it costs the database."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Product, Variant
from catalog.versions import moved
from tests import people
from tests.people import World
from tests.storefront.making import text_of


def more_goods(world: World, count: int) -> None:
    for number in range(count):
        made = people.product(
            world.organization, world.category, slug=f"them-{number}", name=f"Hàng thêm {number}",
            maker=world.member_an,
        )  # fmt: skip
        people.stock(people.variant_by_piece(made), 5, owner=None)


def test_goods_stand_with_price_unit_and_what_is_left(world: World, client: Client) -> None:
    page = text_of(client.get("/"))
    for said in (
        "Cá chạch sấy khô",
        "75.000\u00a0₫",
        "Còn hơn 20\u00a0gói",
        "HTX Nông sản Yên Hòa",
        "0229 3123 456"[:4],
    ):
        assert said in page


def test_the_maker_is_named_only_when_she_agreed(world: World, client: Client) -> None:
    assert "Nguyễn Thị An" not in text_of(client.get("/"))
    assert "Nguyễn Thị An" not in text_of(client.get("/p/ca-chach-say-kho/"))
    world.member_an.shows_name = True
    world.member_an.save()
    moved([world.organization.pk])
    assert "Nguyễn Thị An" in text_of(client.get("/"))
    assert "Nguyễn Thị An" in text_of(client.get("/p/ca-chach-say-kho/"))


def test_sold_out_is_said_and_stands_last(world: World, client: Client) -> None:
    more_goods(world, 2)
    Variant.objects.filter(product__slug="them-1").update(on_hand=0)
    page = text_of(client.get("/"))
    assert "Tạm hết" in page
    assert page.index("Cá chạch sấy khô</a>") < page.index("Hàng thêm 1</a>")


@pytest.mark.parametrize(
    ("query", "leads_to"),
    [
        ({"q": "ca chach"}, "/search/?q=ca+chach"),
        ({"category": "coi"}, "/search/?category=coi"),
        ({"page": "2"}, "/search/?page=2"),
    ],
)
def test_an_old_address_of_a_search_leads_to_its_page(
    client: Client, db: None, query: dict[str, str], leads_to: str
) -> None:
    answer = client.get("/", query)
    assert (answer.status_code, answer["Location"]) == (302, leads_to)


@pytest.mark.parametrize(
    "query", [{"q": "\x00"}, {"page": "-1"}, {"page": "x"}, {"category": "<script>"}, {"fbclid": "1"}]
)
def test_what_asks_nothing_shows_the_first_page(world: World, client: Client, query: dict[str, str]) -> None:
    answer = client.get("/", query)
    assert answer.status_code == 200
    assert "Cá chạch sấy khô" in text_of(answer)


def test_what_is_in_season_stands_first(world: World, client: Client) -> None:
    more_goods(world, 3)
    month = timezone.localtime().month
    Product.objects.filter(slug="them-0").update(season_from=month, season_to=month % 12 + 1)
    Product.objects.filter(slug="them-1").update(season_from=month % 12 + 1, season_to=month % 12 + 1)
    page = text_of(client.get("/"))
    assert f"Tháng {month} đang mùa" in page
    in_season, others = page.split("Hàng khác trong phiên")
    assert "Hàng thêm 0" in in_season
    assert "Hàng thêm 0" not in others
    assert "Hàng thêm 1" in others
    assert "Hàng thêm 1" not in in_season


def test_without_a_season_nothing_is_said_of_one(world: World, client: Client) -> None:
    assert "đang mùa" not in text_of(client.get("/"))


def test_names_are_text_and_never_markup(world: World, client: Client) -> None:
    Product.objects.update(name='<img src=x onerror="alert(1)">', description="<b>đậm</b>")
    for page in ("/", "/p/ca-chach-say-kho/"):
        body = text_of(client.get(page))
        assert "<img src=x" not in body
        assert "<b>đậm" not in body
        assert "&lt;img src=x" in body


def test_drafts_and_closed_shops_are_not_shown(world: World, client: Client) -> None:
    Product.objects.update(state=Product.State.DRAFT)
    assert "Cá chạch sấy khô" not in text_of(client.get("/"))
    assert client.get("/p/ca-chach-say-kho/").status_code == 404
    Product.objects.update(state=Product.State.PUBLISHED)
    world.organization.is_open = False
    world.organization.save()
    assert client.get("/p/ca-chach-say-kho/").status_code == 404


def test_a_claim_is_marked_as_one(world: World, client: Client) -> None:
    world.other_organization.is_open = False
    world.other_organization.save()
    world.organization.claim = "Thu nhập tăng gấp rưỡi."
    world.organization.claim_source = "Báo tỉnh, 2021"
    world.organization.save()
    page = text_of(client.get("/"))
    assert "Thu nhập tăng gấp rưỡi." in page
    assert "Báo tỉnh, 2021" in page
    assert "lời kể, chưa kiểm chứng" in page


def test_twenty_four_goods_and_the_way_to_the_rest(world: World, client: Client) -> None:
    more_goods(world, 30)
    page = text_of(client.get("/"))
    assert page.count('<article class="card">') == 24
    assert 'href="/search/">Xem mọi mặt hàng' in page
    assert text_of(client.get("/search/", {"page": "2"})).count('<article class="card">') == 7


@pytest.mark.parametrize("more", [0, 2, 99])
def test_a_longer_list_asks_no_more_questions(
    world: World, client: Client, more: int, django_assert_num_queries: Any
) -> None:
    more_goods(world, more)
    with django_assert_num_queries(8):
        client.get("/")


def test_the_foot_says_who_receives_the_money(world: World, client: Client) -> None:
    world.organization.tax_code = "2700123456"
    world.organization.save()
    page = text_of(client.get("/"))
    assert "Mã số thuế: 2700123456" in page
    assert "Trang này không giữ tiền của ai" in page
