"""Everything that is sold, a shelf of it, or what was searched for; and what a list without goods says."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Category, OcopCertificate, Product
from catalog.search.embedded import reindex
from catalog.versions import moved
from tests import people
from tests.people import World
from tests.storefront.making import text_of


def shelf(world: World, *, slug: str, name: str, price_dong: int = 75_000, category: Category | None = None) -> Product:
    made = people.product(world.organization, category or world.category, slug=slug, name=name)
    variant = people.variant_by_piece(made)
    variant.price_dong = price_dong
    variant.save()
    people.stock(variant, 5, owner=None)
    reindex(Product.objects.all(), at=people.NOW)
    moved([world.organization.pk])
    return made


def goods_on(client: Client, address: str) -> list[str]:
    """Names on the cards, in their order."""
    page = text_of(client.get(address)).split("Hàng đang có")[0]
    return [part.split("</a>")[0].split(">")[-1] for part in page.split('<h3 class="card__name">')[1:]]


def test_a_search_needs_no_accents(world: World, client: Client) -> None:
    shelf(world, slug="mien", name="Miến dong")
    assert goods_on(client, "/search/?q=ca+chach") == ["Cá chạch sấy khô"]


def test_nothing_found_helps_on(world: World, client: Client) -> None:
    reindex(Product.objects.all(), at=people.NOW)
    page = text_of(client.get("/search/", {"q": "xe đạp điện"}))
    assert "Không thấy mặt hàng nào như thế" in page
    assert "Xem mọi mặt hàng" in page
    assert "Cá chạch sấy khô" in page.split("Hàng đang có")[1]
    assert 'href="tel:' in page


def test_a_slip_of_the_finger_is_put_right_or_asked_about(world: World, client: Client) -> None:
    shelf(world, slug="mien", name="Miến dong")
    page = text_of(client.get("/search/", {"q": "mieens dong"}))
    assert "Miến dong" in page.split("<main")[1]


def test_a_shelf_shows_its_goods_alone_and_an_unknown_one_is_not_found(world: World, client: Client) -> None:
    mats = Category.objects.create(slug="coi", name="Đồ cói")
    shelf(world, slug="chieu", name="Chiếu hoa", category=mats)
    assert goods_on(client, "/category/coi/") == ["Chiếu hoa"]
    assert client.get("/category/no-such/").status_code == 404
    assert client.get("/category/coi/", {"q": "cá"})["Location"] == "/search/?q=c%C3%A1"


def test_a_list_is_narrowed_by_price_place_and_stars(world: World, client: Client) -> None:
    mat = shelf(world, slug="chieu", name="Chiếu hoa", price_dong=320_000)
    today = timezone.localdate()
    OcopCertificate.objects.create(
        product=mat, stars=4, decision="12/QĐ", issuer="UBND", issued_on=today - timedelta(days=9),
        expires_on=today + timedelta(days=1), recorded_at=timezone.now(),
    )  # fmt: skip
    moved([world.organization.pk])
    both = {"Chiếu hoa", "Cá chạch sấy khô"}
    assert set(goods_on(client, "/search/")) == both
    assert goods_on(client, "/search/?price=200000-500000") == ["Chiếu hoa"]
    assert goods_on(client, "/search/?stars=4") == ["Chiếu hoa"]
    assert goods_on(client, "/search/?stars=5") == []
    assert set(goods_on(client, f"/search/?place={world.organization.commune_name}")) == both
    assert goods_on(client, "/search/?place=Elsewhere") == []
    page = text_of(client.get("/search/?stars=4&price=200000-500000"))
    assert "bỏ lọc này" in page
    assert 'href="?price=200000-500000"' in page, "each can be dropped by itself"
    wider = text_of(client.get("/search/?q=chieu&stars=5"))
    assert 'href="/search/?q=chieu">Bỏ mọi điều kiện lọc' in wider


def test_cheap_and_dear_first(world: World, client: Client) -> None:
    shelf(world, slug="chieu", name="Chiếu hoa", price_dong=320_000)
    assert goods_on(client, "/search/?sort=cheap") == ["Cá chạch sấy khô", "Chiếu hoa"]
    assert goods_on(client, "/search/?sort=dear") == ["Chiếu hoa", "Cá chạch sấy khô"]


@pytest.mark.parametrize("query", [{"q": "<script>alert(1)</script>"}, {"q": "'; --"}, {"q": "a" * 5000}, {"q": "%"}])
def test_hostile_words_are_answered_and_escaped(world: World, client: Client, query: dict[str, str]) -> None:
    answer = client.get("/search/", query)
    assert answer.status_code == 200
    assert "<script>alert" not in text_of(answer)


@pytest.mark.parametrize("more", [0, 2, 30])
@pytest.mark.parametrize(("address", "queries"), [("/search/", 13), ("/category/{category}/", 14)])
def test_a_longer_list_asks_no_more_questions(
    world: World, client: Client, more: int, address: str, queries: int, django_assert_num_queries: Any
) -> None:
    for number in range(more):
        made = people.product(
            world.organization, world.category, slug=f"them-{number}", name=f"Hàng thêm {number}", maker=world.member_an
        )
        people.stock(people.variant_by_piece(made), 5, owner=None)
    with django_assert_num_queries(queries):
        client.get(address.format(category=world.category.slug))
