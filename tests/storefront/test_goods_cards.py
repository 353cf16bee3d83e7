"""A card says what the models say, in one query for a whole list, and nothing on it is read as HTML."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template

from base.periods import today_in_vietnam
from catalog import photos, resting
from catalog.certifying import live_certificate
from catalog.models import OcopCertificate, Product, Variant
from storefront.goods_cards import GoodsCard, read_cards
from storefront.templatetags.goods_cards import goods_cards
from tests import people
from tests.catalog.test_pictures import drawn, encoded
from tests.people import World
from tests.storefront.trusting import received, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def as_models_say(product: Product) -> dict[str, Any]:
    """What stands on a card, by the ways of everybody else."""
    certificate = live_certificate(product, on=today_in_vietnam())
    variant: Variant | None = product.variants.all().first()
    photo = product.photos.all().first()
    maker = product.maker
    return {
        "made_by": maker.user.name if maker is not None and maker.shows_name else product.organization.name,
        "rating": product.rating_tenths,
        "stars": certificate.stars if certificate else None,
        "rests": resting.rests_until(product, on=today_in_vietnam()),
        "photo": (photo.name, photo.alt, photo.colour, photo.path(320, "jpg")) if photo else None,
        "offer": (variant.sold_by, variant.unit_name, variant.unit, variant.step, variant.price_dong, variant.weight_g,
                  variant.available) if variant else None,
    }  # fmt: skip


def as_card_says(card: GoodsCard) -> dict[str, Any]:
    picture, offer = card.picture, card.offer
    return {
        "made_by": card.made_by,
        "rating": card.rating_tenths,
        "stars": card.stars,
        "rests": card.rests_until(on=today_in_vietnam()),
        "photo": (picture.name, picture.alt, picture.colour, picture.path(320, "jpg")) if picture else None,
        "offer": (offer.sold_by, offer.unit_name, offer.unit, offer.step, offer.price_dong, offer.weight_g,
                  offer.available) if offer else None,
    }  # fmt: skip


def test_it_says_what_the_models_say(world: World, django_assert_num_queries: Any) -> None:
    """Every kind of sign, each with a neighbour that must lose against it."""
    today, product = today_in_vietnam(), world.product
    for decided_days_ago, days, stars, is_withdrawn in (
        (300, 301, 4, False), (200, 100, 5, False), (400, 900, 3, False), (10, 900, 5, True), (-1, 900, 5, False),
    ):  # fmt: skip
        OcopCertificate.objects.create(
            product=product, stars=stars, decision=f"{decided_days_ago}", issuer="UBND", recorded_at=world.now,
            issued_on=today - timedelta(days=decided_days_ago),
            expires_on=today + timedelta(days=days - decided_days_ago),
            withdrawn_at=world.now if is_withdrawn else None,
        )  # fmt: skip
    for alt in ("cá", "chum"):
        photos.add_photo(product=product, data=encoded(drawn()), alt=alt, actor=None, at=world.now)
    said(world, received(world), stars=4)
    Product.objects.filter(pk=product.pk).update(rests_until=today + timedelta(days=2), maker=world.member_an)
    type(world.member_an).objects.filter(pk=world.member_an.pk).update(shows_name=True)
    bare = people.product(world.organization, world.category, slug="tran", name="Chưa có gì")
    resting_shop = people.product(world.other_organization, world.category, slug="nghi", name="Nghỉ")
    type(world.other_organization).objects.filter(pk=world.other_organization.pk).update(rests_until=today)
    wanted = [bare.pk, product.pk, resting_shop.pk]
    with django_assert_num_queries(1):
        cards = read_cards([*wanted, 0])
    by_id = Product.objects.preloaded().in_bulk(wanted)
    assert [as_card_says(card) for card in cards] == [as_models_say(by_id[pk]) for pk in wanted]
    told = as_card_says(cards[1])
    assert (told["stars"], told["rating"], told["photo"][1]) == (4, 40, "cá")
    assert told["made_by"] == world.member_an.user.name


def test_no_goods_are_no_query(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert read_cards([]) == []
    assert goods_cards([]) == ""


def test_what_people_typed_is_text(world: World) -> None:
    """Through every door a word could take onto a card."""
    wicked = '<b onclick="x">\'&{0}'
    photos.add_photo(product=world.product, data=encoded(drawn()), alt=wicked, actor=None, at=world.now)
    Product.objects.filter(pk=world.product.pk).update(name=wicked, maker=None)
    Variant.objects.filter(product=world.product).update(unit_name=wicked[:20])
    type(world.organization).objects.filter(pk=world.organization.pk).update(name=wicked)
    page = goods_cards(read_cards([world.product.pk]))
    assert "<b" not in page
    assert 'onclick="' not in page
    assert page.count("&lt;b onclick=&quot;x&quot;&gt;&#x27;&amp;{0}") == 5  # name, shop, photo, unit twice


PARTS = """{% load goods pictures %}{% photo product.photos.all.0 eager=True %}|\
{% stars product.rating_tenths of_ten=True %}|\
{% with variant=product.variants.all.0 %}{% include "storefront/parts/stock.html" %}|\
{% include "storefront/parts/price.html" %}{% endwith %}"""


@pytest.mark.parametrize("on_hand", [0, 3, 700])
@pytest.mark.parametrize("sold_by_weight", [False, True])
def test_what_it_shows_is_drawn_as_on_every_other_page(world: World, on_hand: int, sold_by_weight: bool) -> None:
    """By hand here, by templates there."""
    said(world, received(world), stars=4)
    photos.add_photo(product=world.product, data=encoded(drawn()), alt="cá", actor=None, at=world.now)
    shown = world.variant_by_weight if sold_by_weight else world.variant
    Variant.objects.filter(product=world.product).update(position=5)
    Variant.objects.filter(pk=shown.pk).update(position=0, on_hand=on_hand * shown.step, reserved=0)
    product = Product.objects.preloaded().get(pk=world.product.pk)
    page = goods_cards(read_cards([product.pk]))
    for part in Template(PARTS).render(Context({"product": product})).split("|"):
        assert part in page


def test_goods_without_a_photo_say_so_as_elsewhere(world: World) -> None:
    part = Template("{% load pictures %}{% photo None %}").render(Context())
    assert part in goods_cards(read_cards([world.product.pk]))


def test_the_first_photos_come_at_once(world: World) -> None:
    photos.add_photo(product=world.product, data=encoded(drawn()), alt="cá", actor=None, at=world.now)
    cards = read_cards([world.product.pk]) * 3
    page = goods_cards(cards, eager=2)
    assert page.count('fetchpriority="high"') == 2
    assert page.count('loading="lazy"') == 1
