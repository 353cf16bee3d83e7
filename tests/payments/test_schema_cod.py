"""Carriers' lists through GraphQL: the same verbs, the same refusals, and where each đồng is."""

import json
from typing import Any

import pytest
from django.test import Client
from graphql_relay import to_global_id

from payments.models import Remittance
from tests.payments.conftest import order_bags
from tests.payments.parcels_world import brought
from tests.people import World

pytestmark = pytest.mark.django_db


def ask(client: Client, query: str, **variables: Any) -> dict[str, Any]:
    answer = client.post(
        "/graphql/", json.dumps({"query": query, "variables": variables}), content_type="application/json"
    )
    told = answer.json()
    assert "errors" not in told, told
    return told["data"]


@pytest.fixture
def treasurer(world: World) -> Client:
    client = Client()
    client.force_login(world.treasurer)
    return client


CREATE = """mutation ($input: RemittanceCreateInput!) { remittanceCreate(input: $input) {
  remittance { id code netDong lacksDong state lines { orderNumber saidDong } }
  errors { code field message } } }"""
SEEN = """query ($organization: String!) {
  remittances { edges { node { carrierName state receivedDong } } }
  codDifferences(organization: $organization) {
    unnamedDong withCarrierDong rows { what dong carrier orderNumber } } }"""
CASH = """mutation ($input: RemittanceTakeCashInput!) { remittanceTakeCash(input: $input) {
  remittancePayment { amountDong isCash } errors { code message } } }"""


def test_a_list_is_made_paid_in_cash_and_every_dong_named(world: World, treasurer: Client) -> None:
    parcel = brought(order_bags(world, 2, pay_by="CASH"), world)
    row = {"parcel": parcel.order.number, "saidDong": "150001", "feeDong": "30000"}
    wish = {
        "organization": world.organization.slug, "carrierName": "Nhà xe", "rows": [row], "idempotencyKey": "g1",
    }  # fmt: skip
    refused = ask(treasurer, CREATE, input=wish)["remittanceCreate"]
    assert [one["code"] for one in refused["errors"]] == ["REMITTANCE_ROWS"]
    assert not Remittance.objects.exists()
    row["saidDong"] = "140000"
    made = ask(treasurer, CREATE, input=wish)["remittanceCreate"]["remittance"]
    assert (made["netDong"], made["lacksDong"], made["state"]) == ("110000", "110000", "WAITING")
    assert made["lines"] == [{"orderNumber": parcel.order.number, "saidDong": "140000"}]
    paid = ask(
        treasurer, CASH, input={"remittanceId": made["id"], "amountDong": "110000", "idempotencyKey": "g2"}
    )["remittanceTakeCash"]  # fmt: skip
    assert paid == {"remittancePayment": {"amountDong": "110000", "isCash": True}, "errors": []}
    seen = ask(treasurer, SEEN, organization=world.organization.slug)
    assert seen["remittances"]["edges"] == [
        {"node": {"carrierName": "Nhà xe", "state": "DONE", "receivedDong": "110000"}}
    ]
    found = seen["codDifferences"]
    assert (found["unnamedDong"], found["withCarrierDong"]) == ("0", "10000")
    assert [(one["what"], one["dong"]) for one in found["rows"]] == [
        ("SAID_LESS", "10000"), ("FEE", "30000"), ("ARRIVED", "110000"),
    ]  # fmt: skip


def test_a_stranger_learns_nothing_of_a_list(world: World) -> None:
    client = Client()
    client.force_login(world.other_treasurer)
    told = ask(client, SEEN, organization=world.organization.slug)
    assert told == {"remittances": {"edges": []}, "codDifferences": None}
    gone = {"remittanceId": to_global_id("Remittance", 1), "amountDong": "1", "idempotencyKey": "x"}
    assert ask(client, CASH, input=gone)["remittanceTakeCash"]["errors"][0]["code"] == "NOT_FOUND"
