"""Goods are put up for sale: what is refused changes nothing, what is withdrawn comes back."""

from datetime import timedelta
from typing import Any

import pytest

from base.refusals import KeyReused, NotFound
from catalog import listing, lots, measures, variants, wording
from catalog.models import Category, Product
from catalog.variants import NewVariant, VariantChange
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db

BAG = NewVariant(name="gói 200 g", unit="gói", price_dong=75_000, weight_g=200)
LOOSE = NewVariant(name="rời", unit="kg", price_dong=240_000)


def create(world: World, **changes: Any) -> Product:
    draft: dict[str, Any] = {
        "organization": world.organization,
        "category_slug": "do-kho",
        "name": "Chuối tây sấy dẹt",
        "description": "Phơi ba nắng.\nKhông đường.",
        "variants": [BAG, LOOSE],
        "maker_id": None,
        "actor": world.clerk,
        "key": "draft-1",
        "at": world.now,
    }
    return listing.create_product(**draft | changes)


def update(world: World, product: Product, **changes: Any) -> Product:
    return listing.update_product(
        product_id=product.pk, **{"actor": world.manager, "key": "change-1", "at": world.now} | changes
    )


def publish(world: World, product: Product, **changes: Any) -> Product:
    return listing.publish_product(product_id=product.pk, **{"actor": world.manager, "at": world.now} | changes)


def withdraw(world: World, product: Product, **changes: Any) -> Product:
    return listing.withdraw_product(product_id=product.pk, **{"actor": world.manager, "at": world.now} | changes)


def test_a_product_begins_as_a_draft_that_buyers_do_not_see(world: World) -> None:
    product = create(world)
    assert (product.slug, product.state, product.name) == ("chuoi-tay-say-det", "draft", "Chuối tây sấy dẹt")
    assert (product.created_by, product.created_at, product.published_at) == (world.clerk, world.now, None)
    assert [
        (v.name, v.sold_by, v.unit_name, v.unit, v.step, v.price_dong, v.weight_g) for v in product.variants.all()
    ] == [
        ("gói 200 g", "piece", "gói", 1, 1, 75_000, 200),
        ("rời", "weight", "kg", 1000, 100, 240_000, None),
    ]
    assert product.description == "Phơi ba nắng.\nKhông đường."
    assert [v.available for v in product.variants.all()] == [0, 0]
    seen_by = [Product.objects.visible_to(who).filter(pk=product.pk).exists() for who in (world.clerk, world.buyer)]
    assert seen_by == [True, False]


def test_the_same_key_is_the_same_product(world: World) -> None:
    first, again = create(world), create(world, at=world.now + timedelta(minutes=5))
    assert first == again
    assert first.variants.count() == 2
    with pytest.raises(KeyReused):
        create(world, name="Chuối ngự")


def test_a_taken_address_gets_a_short_suffix(world: World) -> None:
    first, second = create(world), create(world, key="draft-2")
    assert first.slug == "chuoi-tay-say-det"
    assert second.slug.startswith("chuoi-tay-say-det-")
    assert len(second.slug) == len(first.slug) + 6


@pytest.mark.parametrize(
    ("name", "slug"), [("Đậu Đỏ (Yên Mô)", "dau-do-yen-mo"), ("🍌", "hang"), ("a" * 120, "a" * 70)]
)
def test_addresses_are_plain_letters(world: World, name: str, slug: str) -> None:
    assert create(world, name=name).slug == slug


def test_names_are_kept_in_one_form(world: World) -> None:
    product = create(world, name="  Chu\u00f4\u0301i\u0000 \n ta\u0302y  ", description="một\r\nhai\u0007")
    assert product.name == "Chuối tây"
    assert product.description == "một\nhai"


def changed(variant: NewVariant, **changes: Any) -> list[NewVariant]:
    return [NewVariant(**{"name": variant.name, "unit": variant.unit, "price_dong": variant.price_dong} | changes)]


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"name": " \n "}, wording.EmptyName, "name"),
        ({"name": "a" * 121}, wording.TooLong, "name"),
        ({"description": "a" * 4001}, wording.TooLong, "description"),
        ({"category_slug": "vang-bac"}, listing.UnknownCategory, "category"),
        ({"variants": []}, variants.NoVariants, "variants"),
        ({"variants": [BAG] * 21}, variants.TooManyVariants, "variants"),
        ({"variants": [BAG, LOOSE, *changed(LOOSE, name="RỜI")]}, variants.VariantTwice, "variants"),
        ({"variants": changed(BAG, name="")}, wording.EmptyName, "variants.0.name"),
        ({"variants": changed(BAG, unit="")}, measures.BadUnit, "variants.0.unit"),
        ({"variants": changed(BAG, price_dong=0)}, wording.BadPrice, "variants.0.price_dong"),
        ({"variants": changed(BAG, price_dong=-5)}, wording.BadPrice, "variants.0.price_dong"),
        ({"variants": changed(BAG, price_dong=10**13)}, wording.BadPrice, "variants.0.price_dong"),
        ({"variants": changed(BAG, price_dong=75_000.0)}, wording.BadPrice, "variants.0.price_dong"),
        ({"variants": changed(BAG, weight_g=0)}, measures.BadQuantity, "variants.0.weight_g"),
        ({"maker_id": 10**9}, lots.NotAMemberHere, "maker_id"),
    ],
)
def test_a_refused_product_leaves_nothing_behind(
    world: World, change: dict[str, Any], refusal: type[Exception], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        create(world, **change)
    assert refused.value.field == field  # type: ignore[attr-defined]
    assert Product.objects.count() == 1


@pytest.mark.parametrize("who", ["other_treasurer", "buyer", "treasurer"])
def test_who_lists_no_goods_here_learns_nothing(world: World, who: str) -> None:
    stranger = getattr(world, who)
    for attempt in (
        lambda: create(world, actor=stranger),
        lambda: update(world, world.product, name="Của tôi", actor=stranger),
        lambda: withdraw(world, world.product, actor=stranger),
        lambda: publish(world, world.product, actor=stranger),
    ):
        with pytest.raises(NotFound):
            attempt()
    world.product.refresh_from_db()
    assert (world.product.name, world.product.state) == ("Cá chạch sấy khô", "published")
    assert Product.objects.count() == 1


def test_published_withdrawn_and_published_again(world: World) -> None:
    product = publish(world, create(world))
    assert (product.state, product.published_at) == ("published", world.now)
    assert Product.objects.visible_to(None).filter(pk=product.pk).exists()
    later = world.now + timedelta(days=1)
    assert publish(world, product, at=later).published_at == world.now, "a second time changes nothing"
    product = withdraw(world, product, at=later)
    assert (product.state, product.withdrawn_at) == ("withdrawn", later)
    assert not Product.objects.visible_to(None).filter(pk=product.pk).exists()
    assert withdraw(world, product, at=later + timedelta(days=1)).withdrawn_at == later
    product = publish(world, product, at=later + timedelta(days=2))
    assert (product.state, product.withdrawn_at) == ("published", None)
    assert product.published_at == later + timedelta(days=2)


def test_goods_nobody_can_buy_are_not_published(world: World) -> None:
    bare = people.product(world.organization, world.category, slug="trong", name="Trống")
    Product.objects.filter(pk=bare.pk).update(state=Product.State.DRAFT)
    with pytest.raises(listing.NotPublishable):
        publish(world, bare)
    product = create(world)
    world.organization.sells = False
    world.organization.save()
    with pytest.raises(listing.NotPublishable):
        publish(world, product)
    assert Product.objects.get(pk=product.pk).state == "draft"


def test_a_change_keeps_the_address_and_the_stock(world: World) -> None:
    Category.objects.create(slug="tuoi", name="Đồ tươi")
    product = update(
        world,
        world.product,
        name="Cá chạch chiên giòn",
        description="Mới",
        category_slug="tuoi",
        maker_id=None,
        variants=[
            NewVariant(name="hộp", unit="hộp", price_dong=160_000),
            VariantChange(variant_id=world.variant.pk, price_dong=80_000, name="gói hai lạng", weight_g=210),
        ],
    )
    assert (product.slug, product.name, product.category.slug) == ("ca-chach-say-kho", "Cá chạch chiên giòn", "tuoi")
    assert (product.description, product.maker) == ("Mới", None)
    first, second, third = product.variants.all()
    assert (first.name, first.price_dong, first.weight_g, first.on_hand) == ("gói hai lạng", 80_000, 210, 30)
    assert (second.name, second.price_dong, second.on_hand) == ("rời", 240_000, 5000)
    assert (third.name, third.position, third.on_hand) == ("hộp", 2, 0)


def test_what_is_not_named_stays(world: World) -> None:
    product = update(world, world.product)
    assert (product.name, product.maker, product.category) == ("Cá chạch sấy khô", world.member_an, world.category)


def test_a_change_happens_once(world: World) -> None:
    for _repeat in range(2):
        product = update(world, world.product, variants=[NewVariant("hộp", "hộp", 160_000)])
        assert product.variants.count() == 3
    with pytest.raises(KeyReused):
        update(world, world.product, name="Khác")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"unit": "kg"}, variants.UnitIsFixed),
        ({"price_dong": 0}, wording.BadPrice),
        ({"name": "Rời"}, variants.VariantTwice),
        ({"name": ""}, wording.EmptyName),
        ({"variant_id": 10**9}, NotFound),
    ],
)
def test_a_refused_change_changes_nothing(world: World, change: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        update(world, world.product, name="Khác", variants=[VariantChange(**{"variant_id": world.variant.pk} | change)])
    world.product.refresh_from_db()
    world.variant.refresh_from_db()
    assert (world.product.name, world.variant.name, world.variant.price_dong) == (
        "Cá chạch sấy khô",
        "gói 200 g",
        75_000,
    )


def words_of(product: Product) -> set[str]:
    return set(product.search_words.values_list("term", flat=True))


def test_every_write_renews_the_words_it_is_found_by(world: World) -> None:
    product = create(world)
    assert words_of(product) >= {"a:chuối", "h:chuối", "g:200"}
    product = update(world, product, name="Mít sấy", variants=[NewVariant("túi zip", "túi", 50_000)])
    assert words_of(product) >= {"a:mít", "a:zip"}
    assert "a:chuối" not in words_of(product)
