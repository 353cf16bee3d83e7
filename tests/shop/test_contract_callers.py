"""Callers who know the contract and nothing else: they send what it names, and no more."""

from typing import Any

import pytest
from graphql_relay import to_global_id

from catalog.models import Lot, Product
from payments.models import BankTransaction, PaymentRequest, Settlement
from tests.payments.conftest import order_bags
from tests.people import World
from tests.shop.asking import Door

pytestmark = pytest.mark.django_db


def do(person: Any, mutation: str, thing: str, **given: Any) -> Any:
    """Do it as ``person``; returns the thing. A refusal fails the test."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    document = f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {thing} errors {{ code message }} }} }}"
    done = Door(person).ask(document, input=given)[mutation]
    assert done.pop("errors") == []
    return done[thing.partition(" ")[0]]


def test_goods_written_down_twice_are_one(world: World) -> None:
    goods = {
        "name": "Chuối tây sấy dẹt", "category": "do-kho", "description": "Phơi ba nắng.",
        "variants": [{"name": "gói 200 g", "unit": "gói", "priceDong": "60000", "weightG": 200}],
    }  # fmt: skip
    made = do(world.clerk, "productCreate", "product { id slug }", **goods)
    assert do(world.clerk, "productCreate", "product { id slug }", **goods) == made
    assert do(world.clerk, "productCreate", "product { id slug }", **{**goods, "name": "Chuối dẻo"}) != made
    assert Product.objects.count() == 3


def test_the_same_lot_twice_on_a_day_is_one_and_a_key_tells_two_apart(world: World) -> None:
    before = Lot.objects.count()
    lot = {
        "variantId": to_global_id("Variant", world.variant.pk), "memberId": to_global_id("Member", world.member_an.pk),
        "quantity": 7, "madeOn": "2026-03-01", "bestBefore": None,
    }  # fmt: skip
    first = do(world.clerk, "lotReceive", "lot { id quantity }", **lot)
    assert do(world.clerk, "lotReceive", "lot { id quantity }", **lot) == first
    assert Lot.objects.count() == before + 1
    do(world.clerk, "lotReceive", "lot { id quantity }", **lot, idempotencyKey="chuyến chiều")
    assert Lot.objects.count() == before + 2


def test_a_changed_price_can_be_changed_back(world: World) -> None:
    variant = to_global_id("Variant", world.variant.pk)
    for price in ("80000", "75000", "80000"):
        done = do(
            world.clerk, "productUpdate", "product { variants { priceDong } }",
            productId=to_global_id("Product", world.product.pk), variants=[{"id": variant, "priceDong": price}],
        )  # fmt: skip
        assert done["variants"][0]["priceDong"] == price


def test_money_assigned_twice_is_assigned_once_and_after_undoing_again(world: World, comes: Any) -> None:
    asked = PaymentRequest.objects.get(order=order_bags(world, 2))
    line = comes("tiền cá", 150_000)
    assert line.state == BankTransaction.State.NEEDS_YOU
    given = {
        "transactionId": to_global_id("BankTransaction", line.pk),
        "parts": [{"code": asked.code, "dong": "50000"}], "reason": "Dũng gọi điện báo",
    }  # fmt: skip
    for _again in range(2):
        shown = do(world.treasurer, "bankTransactionAssign", "bankTransaction { state unusedDong }", **given)
        assert shown == {"state": "PART_SETTLED", "unusedDong": "100000"}
    undone = Settlement.objects.get()
    do(
        world.treasurer, "settlementUndo", "bankTransaction { unusedDong }",
        settlementId=to_global_id("Settlement", undone.pk),
    )  # fmt: skip
    shown = do(world.treasurer, "bankTransactionAssign", "bankTransaction { state unusedDong }", **given)
    assert shown == {"state": "PART_SETTLED", "unusedDong": "100000"}
    assert Settlement.objects.count() == 2


def test_an_order_is_packed_handed_over_and_cancelled_without_a_key(world: World, comes: Any) -> None:
    kept, dropped = order_bags(world, 2), order_bags(world, 1)
    comes(PaymentRequest.objects.get(order=kept).code, 150_000)
    for _again in range(2):
        assert do(world.clerk, "orderPack", "order { state }", orderId=to_global_id("Order", kept.pk))
        done = do(world.clerk, "orderHandOver", "order { state }", orderId=to_global_id("Order", kept.pk))
        assert done == {"state": "HANDED_OVER"}
        ended = do(world.manager, "orderCancel", "order { state }", orderId=to_global_id("Order", dropped.pk))
        assert ended == {"state": "CANCELLED"}
