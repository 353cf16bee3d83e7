"""What is to be packed through GraphQL: its ids are those that the deeds take."""

import json
from typing import Any

import pytest
from django.test import Client
from graphql_relay import to_global_id

from tests.payments.test_weighing import two_kilograms
from tests.people import World

pytestmark = pytest.mark.django_db

LISTS = """query ($organization: String!) { packingLists(organization: $organization) {
  byOrder { number lines { lineId isWeighed } } } }"""
WEIGH = """mutation ($input: OrderWeighInput!) { orderWeigh(input: $input) {
  order { state totalDong } errors { code } } }"""


def ask(client: Client, query: str, **variables: Any) -> Any:
    sent = json.dumps({"query": query, "variables": variables})
    answer = client.post("/graphql/", sent, content_type="application/json").json()
    assert "errors" not in answer, answer
    return answer["data"]


def test_a_line_of_the_list_goes_onto_the_scales(world: World) -> None:
    order = two_kilograms(world, pay_by="CASH")
    clerk = Client()
    clerk.force_login(world.clerk)
    [bag] = ask(clerk, LISTS, organization=world.organization.slug)["packingLists"]["byOrder"]
    [line] = bag["lines"]
    assert (bag["number"], line["isWeighed"]) == (order.number, True)
    weights = [{"lineId": line["lineId"], "grams": 1900}]
    given = {"orderId": to_global_id("Order", order.pk), "weights": weights, "idempotencyKey": "can"}
    done = ask(clerk, WEIGH, input=given)["orderWeigh"]
    assert done == {"order": {"state": "PACKED", "totalDong": "456000"}, "errors": []}
