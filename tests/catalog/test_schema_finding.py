"""Searching, narrowing and suggesting through GraphQL: one reading for the list and its facets."""

import pytest

from catalog.models import Product
from catalog.search.embedded import reindex
from tests import people
from tests.catalog.test_schema import ask, slugs
from tests.people import World

pytestmark = pytest.mark.django_db

FACETS = """query ($search: String, $where: ProductWhereInput) { productFacets(search: $search, where: $where) {
  readAs didYouMean categories { slug name count } places { communeName provinceName count }
  prices { leastDong mostDong count } stars { stars count }
} }"""
SUGGESTIONS = "query ($text: String!) { productSuggestions(text: $text) { text kind slug } }"


@pytest.fixture(autouse=True)
def shop(world: World) -> World:
    dear = people.product(world.organization, world.category, slug="mat-ong", name="Mật ong rừng", at=world.now)
    people.variant_by_piece(dear, name="chai 1 lít", price_dong=450_000)
    reindex(Product.objects.all(), at=world.now)
    return world


def test_a_search_forgives_and_says_what_it_read() -> None:
    assert slugs(search="cas trachj") == ["ca-chach-say-kho"]
    facets = ask(FACETS, search="cas trachj")["productFacets"]
    assert (facets["readAs"], facets["didYouMean"]) == ("cá trạch", "")


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"leastDong": "100000"}, ["mat-ong"]),
        ({"mostDong": "450000"}, ["ca-chach-say-kho"]),
        ({"leastDong": "450000", "mostDong": "450001"}, ["mat-ong"]),
        ({"place": "Yên Mô"}, ["mat-ong", "ca-chach-say-kho"]),
        ({"place": "\x00"}, []),
        ({"ocopStars": 5}, []),
        ({"category": "do-kho", "leastDong": "100000"}, ["mat-ong"]),
        ({"category": "no-such"}, []),
    ],
)
def test_goods_are_narrowed(where: dict[str, object], found: list[str]) -> None:
    assert sorted(slugs(where=where)) == sorted(found)


def test_facets_are_of_what_the_list_shows() -> None:
    facets = ask(FACETS, where={"leastDong": "100000"})["productFacets"]
    assert [(one["slug"], one["count"]) for one in facets["categories"]] == [("do-kho", 1)]
    assert facets["prices"] == [{"leastDong": "200000", "mostDong": "500000", "count": 1}]
    assert facets["places"] == [{"communeName": "Yên Mô", "provinceName": "Ninh Bình", "count": 1}]
    assert facets["stars"] == []


def test_a_draft_is_neither_found_counted_nor_suggested(world: World) -> None:
    Product.objects.filter(slug="mat-ong").update(state=Product.State.DRAFT)
    assert slugs(search="mật ong") == []
    assert ask(FACETS, search="mật ong")["productFacets"]["categories"] == []
    assert ask(SUGGESTIONS, text="mật o")["productSuggestions"] == []
    assert slugs(world.clerk, search="mật ong") == ["mat-ong"]


def test_suggestions_come_while_typing() -> None:
    assert ask(SUGGESTIONS, text="mat o")["productSuggestions"] == [
        {"text": "Mật ong rừng", "kind": "PRODUCT", "slug": "mat-ong"}
    ]
    assert ask(SUGGESTIONS, text="")["productSuggestions"] == []
    assert ask(SUGGESTIONS, text="x" * 5000)["productSuggestions"] == []
