"""Both doors say the same to a stranger who orders too much; what was placed once is never refused when it is sent
again."""

import json
from typing import Any

import pytest
from django.test import Client
from graphql_relay import to_global_id

from cooperatives import phones
from orders import strangers
from orders.models import Order
from tests.people import World
from tests.storefront.making import checkout_form, put, text_of

pytestmark = pytest.mark.django_db
VILLAGE = "203.113.1.9"
PLACE = """mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) {
  orders { number } errors { field code message } } }"""


def api(world: World, *, phone: str, key: str) -> Any:
    wanted = {
        "lines": [{"variantId": to_global_id("Variant", world.variant.pk), "quantity": 1}],
        "buyer": {"name": "Hoàng Văn Dũng", "phone": phone}, "payBy": "CASH", "idempotencyKey": key,
    }  # fmt: skip
    answer = Client(REMOTE_ADDR=VILLAGE).post(
        "/graphql/", json.dumps({"query": PLACE, "variables": {"input": wanted}}), content_type="application/json"
    )
    return answer.json()["data"]["orderPlace"]


def test_the_page_and_the_api_count_together_and_repeat_what_was_placed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "MOST_OPEN", 2)
    client = Client(REMOTE_ADDR=VILLAGE)
    put(client, world.variant, "1")
    typed = checkout_form(client, pay_by="CASH")
    assert client.post("/checkout/", typed).status_code == 303
    second = api(world, phone="0912 345 678", key="hai")
    assert second["errors"] == []

    refused = api(world, phone="0912 345 678", key="ba")
    assert [error["code"] for error in refused["errors"]] == ["TOO_MANY_OPEN_ORDERS"]
    put(client, world.variant, "1")
    third = checkout_form(client, pay_by="CASH")
    shown = client.post("/checkout/", third)
    assert (shown.status_code, phones.shown(world.organization.phone) in text_of(shown)) == (429, True)
    assert refused["errors"][0]["message"] in text_of(shown)
    assert Order.objects.count() == 2

    assert client.post("/checkout/", typed).status_code == 303  # the same press again
    assert api(world, phone="0912 345 678", key="hai") == second
    Order.objects.update(confirmed_at=world.now)  # somebody called her
    assert client.post("/checkout/", third).status_code == 303  # with the key it had
    assert Order.objects.count() == 3


def test_a_slowed_network_is_told_until_when_at_both_doors(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "FREE_FROM_NETWORK", 0)
    monkeypatch.setattr(strangers, "MOST_IN_SLOT", 1)
    client = Client(REMOTE_ADDR=VILLAGE)
    put(client, world.variant, "1")
    typed = checkout_form(client)
    [order] = api(world, phone="0912 000 001", key="một")["orders"]
    shown = client.post("/checkout/", typed)
    told = api(world, phone="0912 000 002", key="hai")["errors"]
    assert (shown.status_code, [error["code"] for error in told]) == (429, ["ORDERS_SLOWED"])
    assert told[0]["message"] in text_of(shown)
    assert list(Order.objects.values_list("number", flat=True)) == [order["number"]]
