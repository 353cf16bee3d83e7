"""Promising, letting go, taking: exact, all or nothing, oldest lot first."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.refusals import NotFound
from catalog import stock
from catalog.measures import BadQuantity, BadStep
from catalog.models import Lot, Variant
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db


def counts(variant: Variant) -> tuple[int, int]:
    variant.refresh_from_db()
    return variant.on_hand, variant.reserved


def lots_left(variant: Variant) -> list[int]:
    return list(variant.lots.order_by("received_at", "id").values_list("left", flat=True))


def test_a_promise_raises_reserved_and_nothing_else(world: World) -> None:
    variants = stock.reserve(wanted={world.variant_by_weight.pk: 1500, world.variant.pk: 2})
    assert [variant.pk for variant in variants] == [world.variant.pk, world.variant_by_weight.pk]
    assert [variant.reserved for variant in variants] == [2, 1500]
    assert counts(world.variant) == (30, 2)
    assert counts(world.variant_by_weight) == (5000, 1500)
    assert lots_left(world.variant) == [20, 10]


def test_the_last_bag_can_be_promised_and_not_one_more(world: World) -> None:
    stock.reserve(wanted={world.variant.pk: 27})
    with pytest.raises(stock.SoldOut) as refused:
        stock.reserve(wanted={world.variant.pk: 4})
    assert refused.value.message == "Chỉ còn 3\u00a0gói “Cá chạch sấy khô, gói 200 g”."
    assert refused.value.details == {"name": "Cá chạch sấy khô, gói 200 g", "available": 3}
    stock.reserve(wanted={world.variant.pk: 3})
    with pytest.raises(stock.SoldOut) as refused:
        stock.reserve(wanted={world.variant.pk: 1})
    assert refused.value.message == "“Cá chạch sấy khô, gói 200 g” vừa bán hết."
    assert counts(world.variant) == (30, 30)


def test_one_thing_short_promises_nothing_and_names_everything_that_is_short(world: World) -> None:
    with pytest.raises(stock.SoldOut) as refused:
        stock.reserve(wanted={world.variant.pk: 31, world.variant_by_weight.pk: 5100})
    assert [(one.wanted, one.available) for one in refused.value.shortages] == [(31, 30), (5100, 5000)]
    assert "30\u00a0gói" in refused.value.message
    assert "5\u00a0kg" in refused.value.message
    with pytest.raises(stock.SoldOut):
        stock.reserve(wanted={world.variant.pk: 1, world.variant_by_weight.pk: 5100})
    assert counts(world.variant) == (30, 0)
    assert counts(world.variant_by_weight) == (5000, 0)


@pytest.mark.parametrize("quantity", [0, -1, 10**9 + 1, 10**13, 1.0, True, "2", None])
def test_what_is_no_whole_quantity_is_refused(world: World, quantity: object) -> None:
    with pytest.raises(BadQuantity):
        stock.reserve(wanted={world.variant.pk: quantity})  # type: ignore[dict-item]
    assert counts(world.variant) == (30, 0)


def test_a_weight_between_two_steps_is_refused(world: World) -> None:
    with pytest.raises(BadStep) as refused:
        stock.reserve(wanted={world.variant_by_weight.pk: 150})
    assert refused.value.message == "“Cá chạch sấy khô, rời” bán theo từng 100\u00a0g một."


def test_nothing_wanted_and_unknown_goods_are_refused(world: World) -> None:
    with pytest.raises(BadQuantity):
        stock.reserve(wanted={})
    with pytest.raises(NotFound):
        stock.reserve(wanted={world.variant.pk: 1, 10**12: 1})
    assert counts(world.variant) == (30, 0)


def test_lines_of_one_variant_are_added_up() -> None:
    assert stock.merged([(7, 2), (3, 1), (7, 3)]) == {3: 1, 7: 5}
    assert list(stock.merged([(7, 2), (3, 1)])) == [3, 7]
    with pytest.raises(BadQuantity):
        stock.merged([(7, 5), (7, -3)])


def test_what_was_let_go_can_be_promised_again(world: World) -> None:
    held = {world.variant.pk: 30, world.variant_by_weight.pk: 5000}
    stock.reserve(wanted=held)
    stock.release(held=held)
    assert counts(world.variant) == (30, 0)
    assert counts(world.variant_by_weight) == (5000, 0)
    stock.reserve(wanted=held)


def test_more_cannot_be_let_go_than_was_promised(world: World) -> None:
    stock.reserve(wanted={world.variant.pk: 2})
    with pytest.raises(AssertionError):
        stock.release(held={world.variant.pk: 3})


def test_the_oldest_lot_goes_first(world: World) -> None:
    stock.reserve(wanted={world.variant.pk: 25})
    taken = stock.take(variant_id=world.variant.pk, quantity=25)
    assert [(part.lot.member, part.quantity) for part in taken] == [(world.member_an, 20), (world.member_hoa, 5)]
    assert lots_left(world.variant) == [0, 5]
    assert counts(world.variant) == (5, 0)


def test_first_in_goes_by_the_time_of_receipt_and_then_by_number(world: World) -> None:
    late_entry = people.stock(world.variant, 1, owner=None, at=world.now - timedelta(days=9))
    stock.reserve(wanted={world.variant.pk: 22})
    taken = stock.take(variant_id=world.variant.pk, quantity=22)
    assert [part.quantity for part in taken] == [1, 20, 1]
    assert taken[0].lot == late_entry


def test_only_promised_goods_are_taken(world: World) -> None:
    stock.reserve(wanted={world.variant.pk: 2})
    with pytest.raises(AssertionError), transaction.atomic():
        stock.take(variant_id=world.variant.pk, quantity=3)
    assert lots_left(world.variant) == [20, 10]
    assert counts(world.variant) == (30, 2)


def test_the_database_refuses_to_oversell_whatever_code_runs(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Variant.objects.filter(pk=world.variant.pk).update(reserved=31)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.filter(variant=world.variant).update(left=21)


def test_any_number_of_lines_takes_two_queries(world: World) -> None:
    variants = [people.variant_by_piece(world.product, name=f"gói {number}") for number in range(60)]
    for variant in variants:
        people.stock(variant, 8, owner=None)  # "more than 5" before and after
    for size in (1, 3, 60):
        wanted = {variant.pk: 1 for variant in variants[:size]}
        with CaptureQueriesContext(
            connection,
        ) as reserving:
            stock.reserve(wanted=wanted)
        with CaptureQueriesContext(connection) as releasing:
            stock.release(held=wanted)
        assert (len(reserving), len(releasing)) == (2, 3)
    wanted = {variant.pk: 8 for variant in variants}
    with CaptureQueriesContext(connection) as selling_out:
        stock.reserve(wanted=wanted)
    assert len(selling_out) == 3  # one shop's version moves, whatever it has run out of
    if connection.vendor == "postgresql":
        assert 'FOR UPDATE OF "catalog_variant"' in reserving.captured_queries[0]["sql"]


@pytest.mark.django_db(transaction=True)
def test_stock_moves_only_inside_a_transaction(world: World) -> None:
    for move in (
        lambda: stock.reserve(wanted={world.variant.pk: 1}),
        lambda: stock.release(held={world.variant.pk: 1}),
        lambda: stock.take(variant_id=world.variant.pk, quantity=1),
    ):
        with pytest.raises(AssertionError, match="transaction"):
            move()


moves = st.lists(st.tuples(st.sampled_from(["reserve", "release", "take"]), st.integers(1, 12)), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_on_hand_is_what_lies_in_lots_after_any_moves(world: World, moves: list[tuple[str, int]]) -> None:
    """The stock behaves as two numbers would on paper, and the lots always add up to the first of them."""
    with transaction.atomic():
        on_hand, reserved = 30, 0
        for move, quantity in moves:
            if move == "reserve" and quantity <= on_hand - reserved:
                stock.reserve(wanted={world.variant.pk: quantity})
                reserved += quantity
            elif move == "reserve":
                with pytest.raises(stock.SoldOut):
                    stock.reserve(wanted={world.variant.pk: quantity})
            elif quantity <= reserved and move == "release":
                stock.release(held={world.variant.pk: quantity})
                reserved -= quantity
            elif quantity <= reserved:
                assert (
                    sum(part.quantity for part in stock.take(variant_id=world.variant.pk, quantity=quantity))
                    == quantity
                )
                on_hand, reserved = on_hand - quantity, reserved - quantity
            assert counts(world.variant) == (on_hand, reserved)
            assert sum(lots_left(world.variant)) == on_hand
        transaction.set_rollback(True)
