"""A shop's number moves with what strangers see of it, in the same transaction, and with nothing else."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog import listing, lots, photos, stock, versions
from catalog.models import ShopVersion
from catalog.variants import NewVariant, VariantChange
from tests.catalog.test_pictures import drawn, encoded
from tests.people import World

pytestmark = pytest.mark.django_db


def number(world: World) -> int:
    return versions.number_of(world.organization.pk)


def test_a_shop_of_which_nothing_was_shown_stands_at_nought(world: World) -> None:
    assert (number(world), versions.market_number()) == (0, 0)


def test_each_move_is_one_further_and_the_market_is_the_sum(world: World) -> None:
    with transaction.atomic():
        versions.moved([world.organization.pk])
        versions.moved([world.other_organization.pk, world.organization.pk, world.organization.pk])
    assert number(world) == 2
    assert versions.number_of(world.other_organization.pk) == 1
    assert versions.market_number() == 3


def test_what_is_rolled_back_has_not_moved(world: World) -> None:
    with transaction.atomic():
        versions.moved([world.organization.pk])
        transaction.set_rollback(True)
    assert number(world) == 0


@pytest.mark.django_db(transaction=True)
def test_moving_needs_a_transaction(world: World) -> None:
    with pytest.raises(AssertionError, match="inside the transaction"):
        versions.moved([world.organization.pk])


def test_asking_is_one_query(world: World, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        number(world)
    with django_assert_num_queries(1):
        versions.market_number()


def test_nothing_moved_asks_nothing(world: World, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        versions.moved([])


# -- Which deeds move it -----------------------------------------------------------------------------------


def change_price(world: World) -> None:
    change = VariantChange(world.variant.pk, price_dong=80_000)
    listing.update_product(product_id=world.product.pk, variants=[change], actor=world.manager, at=world.now)


def withdraw(world: World) -> None:
    listing.withdraw_product(product_id=world.product.pk, actor=world.manager, at=world.now)


def publish(world: World) -> None:
    ShopVersion.objects.all().delete()
    listing.publish_product(product_id=world.product.pk, actor=world.manager, at=world.now)


def add_photo(world: World) -> None:
    photos.add_photo(product=world.product, data=encoded(drawn()), alt="cá khô", actor=world.manager, at=world.now)


def receive(world: World) -> None:
    lots.receive_lot(
        variant_id=world.variant.pk, member_id=None, quantity=1, made_on=date(2026, 3, 14), best_before=None,
        actor=world.clerk, at=world.now,
    )  # fmt: skip


def sell_into_another_band(world: World) -> None:
    stock.reserve(wanted={world.variant.pk: 10})  # 30 → 20: "more than 20" no longer holds


def let_go_into_another_band(world: World) -> None:
    stock.reserve(wanted={world.variant.pk: 10})
    ShopVersion.objects.all().delete()
    stock.release(held={world.variant.pk: 10})


def empty_a_lot(world: World) -> None:
    stock.reserve(wanted={world.variant.pk: 20})
    ShopVersion.objects.all().delete()
    stock.take(variant_id=world.variant.pk, quantity=20)  # An's lot; Hoa's stands on the page now


@pytest.mark.parametrize(
    "deed",
    [change_price, withdraw, add_photo, receive, sell_into_another_band, let_go_into_another_band, empty_a_lot],
)
def test_it_moves_once_with(deed: Callable[[World], None], world: World) -> None:
    deed(world)
    assert number(world) == 1


def test_it_moves_when_goods_come_back(world: World) -> None:
    withdraw(world)
    publish(world)
    assert number(world) == 1


def sell_inside_a_band(world: World) -> None:
    stock.reserve(wanted={world.variant.pk: 9, world.variant_by_weight.pk: 100})  # 30 → 21, 5,0 → 4,9 kg


def let_go_inside_a_band(world: World) -> None:
    sell_inside_a_band(world)
    stock.release(held={world.variant.pk: 9, world.variant_by_weight.pk: 100})


def take_some_of_a_lot(world: World) -> None:
    stock.reserve(wanted={world.variant.pk: 9})
    stock.take(variant_id=world.variant.pk, quantity=9)


def publish_what_is_published(world: World) -> None:
    listing.publish_product(product_id=world.product.pk, actor=world.manager, at=world.now)


def write_a_draft(world: World) -> None:
    listing.create_product(
        organization=world.organization, category_slug=world.category.slug, name="Mắm cáy", description="",
        variants=[NewVariant("chai", "chai", 50_000)], actor=world.manager, at=world.now,
    )  # fmt: skip


def sell_too_much(world: World) -> None:
    with pytest.raises(stock.SoldOut):
        stock.reserve(wanted={world.variant.pk: 31})


@pytest.mark.parametrize(
    "deed",
    [
        sell_inside_a_band, let_go_inside_a_band, take_some_of_a_lot, publish_what_is_published, write_a_draft,
        sell_too_much,
    ],
)  # fmt: skip
def test_it_stands_when_nobody_sees_a_difference(deed: Callable[[World], None], world: World) -> None:
    deed(world)
    assert number(world) == 0


def test_a_lot_that_was_written_down_twice_moves_it_once(world: World) -> None:
    receive(world)
    receive(world)  # without a key the same slip is the same lot all day
    assert number(world) == 1


def test_the_goods_are_locked_before_the_number(world: World) -> None:
    """docs/locking.md: whoever waits for the number holds all variants already."""

    with CaptureQueriesContext(connection) as asked:
        sell_into_another_band(world)
    tables = [next(name for name in ("shopversion", "variant") if name in one["sql"]) for one in asked]
    assert tables == ["variant", "variant", "shopversion"]
