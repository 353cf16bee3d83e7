"""Found as typed, by whom it may be seen, alike on both databases and in memory."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.graphql.connections import page_of
from catalog import versions
from catalog.models import Product, SearchWord
from catalog.search import market_words
from catalog.search.embedded import ranked_ids, reindex
from catalog.search.finding import find, suggest
from catalog.search.ranking import Listed, Shelf
from catalog.search.reading import read
from catalog.search.terms import Place, name_words
from tests import people
from tests.people import World

SAMPLE = Path(__file__).parents[2] / "samples" / "search.json"

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(world: World) -> World:
    """Four products, an hour apart, the last the newest."""
    for number, (slug, name, text) in enumerate(
        [
            ("chuoi", "Chuối tây sấy dẹt", "Ăn với cá chạch rất hợp"),
            ("cay", "Cây cảnh", ""),
            ("trach", "Cá chạch chiên", "giòn 100% tự nhiên"),
        ],
        start=1,
    ):
        product = people.product(
            world.organization, world.category, slug=slug, name=name, at=world.now + timedelta(hours=number)
        )
        product.description = text
        product.save()
        people.variant_by_piece(product, name="gói 500g")
    assert reindex(Product.objects.all(), at=world.now) == 4
    assert reindex(Product.objects.all(), at=world.now) == 0
    return world


def found(world: World, text: str, **more: Any) -> list[str]:
    return [one.slug for one in find(text, among=more.get("among", Product.objects.published()), at=world.now).products]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("ca chach say", ["ca-chach-say-kho", "chuoi"]),
        ("CÁ CHẠCH", ["trach", "ca-chach-say-kho", "chuoi"]),
        ("chạch chiên", ["trach"]),
        ("trạch", ["trach", "ca-chach-say-kho", "chuoi"]),
        ("500 g chien", ["trach"]),
        ("yên mô", ["cay", "trach", "chuoi", "ca-chach-say-kho"]),
        ("đồ khô", ["ca-chach-say-kho", "cay", "trach", "chuoi"]),
        ("điện thoại", []),
        ("%", []),
        ("'; drop table catalog_product; --", []),
        ("\u0000", []),
    ],
)
def test_what_is_found(shop: World, text: str, slugs: list[str]) -> None:
    assert found(shop, text) == slugs


def test_blank_text_leaves_the_goods_as_they_are(shop: World) -> None:
    assert found(shop, "") == found(shop, " \t") == list(Product.objects.published().values_list("slug", flat=True))


def test_only_what_may_be_seen_is_found(shop: World) -> None:
    Product.objects.filter(slug="trach").update(state=Product.State.DRAFT)
    assert found(shop, "chạch") == ["ca-chach-say-kho", "chuoi"]
    everything = Product.objects.visible_to(shop.clerk)
    assert found(shop, "chạch", among=everything) == ["trach", "ca-chach-say-kho", "chuoi"]
    assert found(shop, "chạch", among=Product.objects.none()) == []


def test_a_makers_name_is_searched_only_with_her_consent(shop: World) -> None:
    assert found(shop, "nguyễn thị an") == []
    shop.member_an.shows_name = True
    shop.member_an.save()
    reindex(Product.objects.filter(maker=shop.member_an), at=shop.now)
    assert found(shop, "nguyễn thị an") == ["ca-chach-say-kho"]
    shop.member_an.shows_name = False
    shop.member_an.save()
    reindex(Product.objects.filter(maker=shop.member_an), at=shop.now)
    assert "ca-chach-say-kho" not in found(shop, "nguyễn thị an")


def test_what_is_found_can_be_paged(shop: World) -> None:
    products = find("chạch", among=Product.objects.published(), at=shop.now).products
    first = page_of(products, first=2, after=None)
    rest = page_of(products, first=2, after=first.page_info.end_cursor)
    assert [edge.node.slug for edge in (*first.edges, *rest.edges)] == ["trach", "ca-chach-say-kho", "chuoi"]


def test_new_words_are_known_at_once_and_the_market_learns_of_them(shop: World) -> None:
    assert found(shop, "rươi") == []
    before = versions.number_of(shop.organization.pk)
    people.product(shop.organization, shop.category, slug="ruoi", name="Chả rươi", at=shop.now)
    assert reindex(Product.objects.all(), at=shop.now) == 1
    assert found(shop, "ruoi") == ["ruoi"]
    assert found(shop, "ruwowi") == ["ruoi"]
    assert versions.number_of(shop.organization.pk) > before


def test_a_search_takes_a_fixed_number_of_queries(shop: World) -> None:
    market_words.vocabulary()
    with CaptureQueriesContext(connection) as captured:
        list(find("cá chạch", among=Product.objects.published(), at=shop.now).products)
    assert len(captured) == 4, "the newest word, the words asked for, their names, the goods"


def test_suggestions_go_on_from_what_is_typed(shop: World) -> None:
    assert [(one.text, one.kind) for one in suggest("ca ch", at=shop.now)] == [
        ("Cá chạch chiên", "product"),
        ("Cá chạch sấy khô", "product"),
        ("Chuối tây sấy dẹt", "product"),
    ]
    assert suggest("đồ k", at=shop.now)[0].kind == "category"
    assert suggest("", at=shop.now) == suggest("cá", at=shop.now, most=0) == []
    assert len(suggest("c", at=shop.now, most=2)) == 2


def test_the_database_ranks_as_memory_does(world: World) -> None:
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    for number, row in enumerate(sample["products"]):
        product = people.product(
            world.organization,
            world.category,
            slug=row["id"].lower(),
            name=row["name"],
            at=world.now + timedelta(days=number // 2),  # some are of one moment
        )
        product.description = sample["products"][number * 7 % 75]["name"]
        product.save()
    reindex(Product.objects.all(), at=world.now)
    words: dict[int, dict[str, Place]] = {}
    for key, term, place in SearchWord.objects.values_list("product_id", "term", "place"):
        words.setdefault(key, {})[term] = Place(place)
    order = {pk: at for at, pk in enumerate(Product.objects.order_by("created_at", "pk").values_list("pk", flat=True))}
    shelf = Shelf(
        [
            Listed(str(one.pk), words[one.pk], name_words=name_words(one.name), newness=order[one.pk])
            for one in Product.objects.published()
        ]
    )
    for query in sample["queries"]:
        plan = read(query["q"], vocabulary=market_words.vocabulary()).plan
        assert plan is not None
        for most in (3, 50):
            by_database = ranked_ids(plan, among=Product.objects.published(), most=most)
            assert [str(pk) for pk in by_database] == shelf.follow(plan, most=most), query["q"]


def test_the_places_of_words_are_those_of_the_table() -> None:
    assert {place.name: place.value for place in Place} == {one.name: one.value for one in SearchWord.Place}
