"""By what a list can be narrowed: the counts are what narrowing then leaves."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Category, OcopCertificate, Product
from catalog.search.facets import facets, narrowed
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 15)


def stars(product: Product, number: int, *, until: date, world: World) -> None:
    OcopCertificate.objects.create(
        product=product, stars=number, decision="12/QĐ", issuer="UBND", issued_on=date(2024, 1, 1), expires_on=until,
        recorded_at=world.now,
    )  # fmt: skip


@pytest.fixture
def goods(world: World) -> World:
    mats = Category.objects.create(slug="coi", name="Đồ cói", position=9)
    for number, dong in enumerate((20_000, 50_000, 99_999, 700_000)):
        product = people.product(world.organization, mats, slug=f"g{number}", name=f"Giỏ {number}")
        people.variant_by_piece(product, price_dong=dong)
        people.variant_by_weight(product, price_dong=dong + 1)
    stars(world.product, 4, until=TODAY + timedelta(days=1), world=world)
    stars(world.product, 3, until=TODAY + timedelta(days=9), world=world)
    stars(Product.objects.get(slug="g0"), 5, until=TODAY, world=world)  # gone today
    return world


def test_goods_part_by_shelf_place_price_and_stars(goods: World) -> None:
    there = facets(Product.objects.published(), on=TODAY)
    assert [(one.slug, one.count) for one in there.categories] == [("do-kho", 1), ("coi", 4)]
    assert [(one.commune_name, one.count) for one in there.places] == [("Yên Mô", 5)]
    assert [(one.least_dong, one.most_dong, one.count) for one in there.prices] == [
        (0, 50_000, 1),
        (50_000, 100_000, 3),
        (500_000, None, 1),
    ]
    assert [(one.stars, one.count) for one in there.stars] == [(4, 1)], "the most stars, of those that are live"


def test_each_count_is_what_narrowing_leaves(goods: World) -> None:
    everything = Product.objects.published()
    there = facets(everything, on=TODAY)
    for shelf in there.categories:
        assert narrowed(everything, category=shelf.slug, on=TODAY).count() == shelf.count
    for place in there.places:
        assert narrowed(everything, place=place.commune_name, on=TODAY).count() == place.count
    for price in there.prices:
        left = narrowed(everything, least_dong=price.least_dong, most_dong=price.most_dong, on=TODAY)
        assert left.count() == price.count
    for one in there.stars:
        assert narrowed(everything, stars=one.stars, on=TODAY).count() == one.count


def test_nothing_and_hostile_words_narrow_to_nothing(goods: World) -> None:
    everything = Product.objects.published()
    assert narrowed(everything, on=TODAY).count() == 5
    assert narrowed(everything, place="\x00", on=TODAY).count() == 0
    assert narrowed(everything, category="no-such", on=TODAY).count() == 0
    assert facets(everything.none(), on=TODAY).categories == ()


@pytest.mark.parametrize("count", [0, 3])
def test_any_number_of_goods_takes_four_queries(goods: World, count: int) -> None:
    for number in range(count):
        people.product(goods.organization, goods.category, slug=f"m{number}", name="Mít")
    with CaptureQueriesContext(connection) as captured:
        facets(Product.objects.published(), on=TODAY)
    assert len(captured) == 4
