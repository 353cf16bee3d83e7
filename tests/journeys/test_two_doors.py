"""The same purchase through the page's form and through GraphQL: one verb behind both, so one outcome."""

import json
from typing import Any

import pytest
from django.test import Client
from graphql_relay import to_global_id

from catalog.models import Variant
from cooperatives.models import Message
from orders.models import Order
from tests.people import World
from tests.storefront.making import DUNG, order_as_guest, put, text_of

PLACE = """
mutation Place($input: OrderPlaceInput!) {
  orderPlace(input: $input) {
    orders { number token state totalDong paymentRequests { code dueDong state } }
    errors { field code message }
  }
}
"""
PAY = "query Pay($code: String!) { paymentRequest(code: $code) { dueDong state bankAccount { number holder } } }"


def ask(document: str, **variables: Any) -> dict[str, Any]:
    body = json.dumps({"query": document, "variables": variables})
    answer = Client().post("/graphql/", body, content_type="application/json", headers={"Origin": "http://testserver"})
    data = json.loads(answer.content)
    assert "errors" not in data, data
    return dict(data["data"])


def place_by_graphql(variant: Variant, quantity: int) -> dict[str, Any]:
    given = {
        "lines": [{"variantId": to_global_id("Variant", variant.pk), "quantity": quantity}],
        "buyer": {name: DUNG[name] for name in ("name", "phone")},
        "delivery": "PICKUP", "payBy": "TRANSFER", "idempotencyKey": "a-key-made-by-the-sender",
    }  # fmt: skip
    return dict(ask(PLACE, input=given)["orderPlace"])


def told(order: Order) -> dict[str, Any]:
    """What an order says of itself, but for what is drawn anew each time."""
    order.refresh_from_db()
    [line] = order.lines.all()
    [asked] = order.payment_requests.all()
    message = Message.objects.get(about=f"order:{order.pk}")
    assert order.expires_at is not None
    return {
        "buyer": (order.buyer_name, order.buyer_phone, order.buyer_address),
        "state": (order.state, order.payment, order.delivery, order.pay_by, order.pickup_point_id),
        "sums": (order.goods_dong, order.shipping_dong, order.total_dong),
        "held_for": order.expires_at - order.placed_at,
        "line": (line.product_name, line.quantity, line.price_dong, line.total_dong, line.fee_bp),
        "asked": (asked.asked_dong, asked.due_dong, asked.state, asked.bank_account_id),
        "message": (message.kind, message.to_phone, message.text.split(",")[1].split(" đến")[0]),
    }


def test_both_doors_place_the_same_order(world: World, client: Client) -> None:
    by_form = order_as_guest(client, world.variant, "2", receive=f"PICKUP:{world.pickup_point.pk}")
    payload = place_by_graphql(world.variant, 2)
    assert payload["errors"] == []
    by_graphql = Order.objects.get(number=payload["orders"][0]["number"])
    assert by_graphql != by_form
    assert told(by_graphql) == told(by_form)
    world.variant.refresh_from_db()
    assert world.variant.reserved == 4


def test_both_doors_show_the_same_payment(world: World, client: Client) -> None:
    order_as_guest(client, world.variant, "2")
    code = place_by_graphql(world.variant, 2)["orders"][0]["paymentRequests"][0]["code"]
    shown = ask(PAY, code=code)["paymentRequest"]
    page = text_of(client.get(f"/pay/{code}/"))
    status = json.loads(client.get(f"/pay/{code}/status").content)
    assert shown["dueDong"] == str(status["due_dong"]) == "150000"
    assert shown["state"].lower() == status["state"] == "waiting"
    assert shown["bankAccount"]["number"] in page
    assert shown["bankAccount"]["holder"] in page


@pytest.mark.parametrize("left", [0, 1])
def test_both_doors_refuse_in_the_same_words(world: World, client: Client, left: int) -> None:
    put(client, world.variant, "2")
    Variant.objects.filter(pk=world.variant.pk).update(reserved=30 - left)
    [error] = place_by_graphql(world.variant, 2)["errors"]
    assert error["code"] == "SOLD_OUT"
    form = {
        **DUNG, "receive": f"PICKUP:{world.pickup_point.pk}", "pay_by": "TRANSFER", "key": "k",
        "lines": f"{world.variant.pk}:2", "seen_dong": "150000",
    }  # fmt: skip
    answer = client.post("/checkout/", form)
    assert answer.status_code == 409
    assert error["message"] in text_of(answer)
    assert not Order.objects.exists()
