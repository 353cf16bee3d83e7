"""Communes, quotes and rates through GraphQL: the same answers as the pages give."""

import json
from typing import Any

import pytest
from django.test import Client
from graphql_relay import to_global_id

from cooperatives.models import Organization
from orders.models import Order, ShippingRate
from tests.people import World
from tests.storefront.desk_walk import signed_in

pytestmark = pytest.mark.django_db
COMMUNES = "query($search: String!, $in: String) { communes(search: $search, province: $in) { code name formerName } }"
QUOTE = """query($lines: [QuoteLineInput!]!, $to: String) { shippingQuote(lines: $lines, communeCode: $to) {
  organization { slug } goodsDong grossG ways { delivery priceDong collects code } } }"""
RATE = """mutation($input: ShippingRateSetInput!) { shippingRateSet(input: $input) {
  shippingRate { id way zone upToG priceDong } errors { field code } } }"""
PLACE = """mutation($input: OrderPlaceInput!) { orderPlace(input: $input) {
  orders { shippingDong totalDong communeName formerName hamlet depositDong } errors { field code } } }"""


def ask(client: Client, document: str, **variables: Any) -> Any:
    body = json.dumps({"query": document, "variables": variables})
    answer = client.post("/graphql/", body, content_type="application/json", headers={"Origin": "http://testserver"})
    data = json.loads(answer.content)
    assert "errors" not in data, data
    return next(iter(data["data"].values()))


def test_an_old_name_finds_the_commune() -> None:
    assert ask(Client(), COMMUNES, search="yen hoa yen mo") == [
        {"code": "14701", "name": "xã Yên Mô, tỉnh Ninh Bình", "formerName": "xã Yên Hòa, huyện Yên Mô, Ninh Bình"}
    ]
    assert len(ask(Client(), COMMUNES, search="Yên Hòa")) > 3
    assert ask(Client(), COMMUNES, search="zzz", **{"in": "37"}) == []


def test_from_a_rate_to_an_order_that_costs_what_was_quoted(world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(commune_code="14701")
    wanted = {
        "organization": world.organization.slug, "way": "POST", "zone": "ANYWHERE", "upToG": 2000,
        "priceDong": "35000", "idempotencyKey": "một lần",
    }  # fmt: skip
    first, again = (ask(signed_in(world.manager), RATE, input=wanted) for _twice in range(2))
    assert first == again
    assert (first["errors"], first["shippingRate"]["priceDong"]) == ([], "35000")
    for who in (Client(), signed_in(world.clerk), signed_in(world.other_treasurer)):
        assert ask(who, RATE, input={**wanted, "idempotencyKey": "k"})["errors"][0]["code"] == "NOT_FOUND"
    assert ShippingRate.objects.count() == 1

    lines = [{"variantId": to_global_id("Variant", world.variant.pk), "quantity": 2}]
    [quote] = ask(Client(), QUOTE, lines=lines, to="00004")
    assert (quote["goodsDong"], quote["grossG"]) == ("150000", 500)
    assert [(way["delivery"], way["priceDong"], way["code"]) for way in quote["ways"]] == [
        ("PICKUP", "0", None), ("HOME", None, "TOO_FAR"), ("POST", "35000", None),
    ]  # fmt: skip
    given = {
        "lines": lines, "buyer": {"name": "Hoàng Văn Dũng", "phone": "0912 345 678"}, "delivery": "POST",
        "address": {"communeCode": "14701", "formerCode": "14722", "hamlet": "Xóm 3"}, "payBy": "CASH",
        "idempotencyKey": "đặt",
    }  # fmt: skip
    placed = ask(Client(), PLACE, input=given)
    assert placed == {
        "orders": [{
            "shippingDong": "35000", "totalDong": "185000", "communeName": "xã Yên Mô, tỉnh Ninh Bình",
            "formerName": "xã Yên Hòa, huyện Yên Mô, Ninh Bình", "hamlet": "Xóm 3", "depositDong": "0",
        }],
        "errors": [],
    }  # fmt: skip
    bad = ask(Client(), PLACE, input={**given, "address": {"hamlet": "Xóm 3"}, "idempotencyKey": "hai"})
    assert bad["errors"] == [{"field": "commune", "code": "BAD_COMMUNE"}]
    assert Order.objects.count() == 1
