"""Orders through GraphQL: what each of four people sees, and that the door only calls the verbs."""

from types import SimpleNamespace
from typing import Any

import graphene
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from graphql import ExecutionResult
from graphql_relay import to_global_id

import catalog.schema  # noqa: F401 -- registers Lot and Variant, as shop/schema.py does
from orders import schema as orders
from orders.fulfilling import hand_over
from orders.models import Allocation, Order
from orders.placing import Wanted
from payments import checkout
from payments.schema import PaymentRequestType
from payments.schema.handing_over import OrderHandOver
from tests.orders.making import DUNG, pay, place
from tests.people import NOW, World

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()


class Mutations(orders.Mutations, graphene.ObjectType):
    order_hand_over = OrderHandOver.Field()


# PaymentRequest is registered by the floor above; naming it here is what shop/schema.py does by summing the doors.
DOOR = graphene.Schema(query=orders.Query, mutation=Mutations, types=[PaymentRequestType])
ONE = "query ($token: String!) { order(token: $token) { number state payment totalDong lines { productSlug } } }"
LIST = """query ($where: OrderWhereInput, $first: Int) { orders(where: $where, first: $first) {
  totalCount edges { node { number state totalDong pickupPoint { name }
    lines { productName quantity priceDong totalDong productSlug } } } } }"""
REQUESTS = "{ orders { edges { node { paymentRequests { code dueDong bankAccount { number } } } } } }"
ALLOCATIONS = "query ($id: ID!) { allocations(orderId: $id) { ownerName quantity grossDong feeDong netDong } }"
LOTS = "query ($id: ID!) { allocations(orderId: $id) { line { productName } lot { code variant { name } } } }"
HAND_OVER = """mutation ($input: OrderHandOverInput!) { orderHandOver(input: $input) {
  order { number state lines { totalDong } } errors { field code message } } }"""
PACK = """mutation ($input: OrderPackInput!) { orderPack(input: $input) {
  order { state } errors { field code message } } }"""


def run(document: str, viewer: Any, **variables: Any) -> ExecutionResult:
    return DOOR.execute(document, context_value=SimpleNamespace(viewer=viewer), variable_values=variables)


def told(document: str, viewer: Any, **variables: Any) -> Any:
    result = run(document, viewer, **variables)
    assert result.errors is None
    return result.data


def gid(order: Order) -> str:
    return to_global_id("Order", order.pk)


def test_whoever_has_the_token_sees_the_order(world: World) -> None:
    [order] = place((world.variant, 2))
    for viewer in (GUEST, world.other_treasurer, world.clerk):
        assert told(ONE, viewer, token=order.token)["order"] == {
            "number": order.number, "state": "PLACED", "payment": "UNPAID", "totalDong": "150000",
            "lines": [{"productSlug": "ca-chach-say-kho"}],
        }  # fmt: skip


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 44, "\u0000" * 43, "ạ" * 43])
def test_an_unknown_token_is_null(world: World, token: str) -> None:
    place((world.variant, 2))
    assert told(ONE, GUEST, token=token) == {"order": None}


def test_staff_see_theirs_a_buyer_his_own_and_strangers_nothing(world: World) -> None:
    place((world.variant, 1))
    [his] = place((world.variant, 1), placed_by=world.buyer)
    seen = {
        name: [edge["node"]["number"] for edge in told(LIST, viewer)["orders"]["edges"]]
        for name, viewer in {
            "guest": GUEST, "chi": world.other_treasurer, "an": world.member_an.user, "dũng": world.buyer,
            "lan": world.clerk,
        }.items()
    }  # fmt: skip
    assert (seen["guest"], seen["chi"], seen["an"]) == ([], [], [])
    assert seen["dũng"] == [his.number]
    assert len(seen["lan"]) == 2


def test_where_and_pages(world: World) -> None:
    first, second = place((world.variant, 1))[0], place((world.variant, 1))[0]
    pay(first, world=world)
    listed = told(LIST, world.clerk, where={"payment": "PAID"})["orders"]
    assert [edge["node"]["number"] for edge in listed["edges"]] == [first.number]
    listed = told(LIST, world.clerk, where={"state": "PLACED", "payment": "UNPAID"})["orders"]
    assert [edge["node"]["number"] for edge in listed["edges"]] == [second.number]
    assert told(LIST, world.clerk, where={"state": "EXPIRED"})["orders"]["totalCount"] == 0
    page = told(LIST, world.clerk, first=1)["orders"]
    assert (page["totalCount"], [edge["node"]["number"] for edge in page["edges"]]) == (2, [second.number])


@pytest.mark.parametrize("count", [1, 3])
def test_one_and_three_orders_take_five_queries(world: World, count: int) -> None:
    for _order in range(count):
        place((world.variant, 1), (world.variant_by_weight, 100))
    with CaptureQueriesContext(connection) as asked:
        listed = told(LIST, world.clerk)["orders"]
    # orders; lines with their goods; requests to pay; what came back; the count that was asked for
    assert len(asked) == 5, "\n".join(query["sql"][:120] for query in asked.captured_queries)
    assert len(listed["edges"]) == count


def test_packed_and_handed_over_by_the_clerk(world: World) -> None:
    order = pay(place((world.variant, 2))[0], world=world)
    packed = told(PACK, world.clerk, input={"orderId": gid(order)})["orderPack"]
    assert packed == {"order": {"state": "PACKED"}, "errors": []}
    for _again in range(2):
        done = told(HAND_OVER, world.clerk, input={"orderId": gid(order), "idempotencyKey": "k"})["orderHandOver"]
        assert done["errors"] == []
        assert done["order"] == {"number": order.number, "state": "HANDED_OVER", "lines": [{"totalDong": "150000"}]}
    assert Allocation.objects.count() == 1


def test_a_refusal_is_an_error_with_a_code_and_a_sentence(world: World) -> None:
    [order] = place((world.variant, 2))
    done = told(HAND_OVER, world.clerk, input={"orderId": gid(order)})["orderHandOver"]
    assert done["order"] is None
    [error] = done["errors"]
    assert error["code"] == "NOT_PAID_YET"
    assert order.number in error["message"]


def test_a_stranger_finds_nothing_and_changes_nothing(world: World) -> None:
    order = pay(place((world.variant, 2), placed_by=world.buyer)[0], world=world)
    tries = [(viewer, gid(order)) for viewer in (GUEST, world.buyer, world.other_treasurer, world.member_an.user)]
    tries += [(world.clerk, wrong) for wrong in ("", "x", to_global_id("Order", 10**9), to_global_id("Lot", order.pk))]
    for viewer, order_id in tries:
        for document, name in ((PACK, "orderPack"), (HAND_OVER, "orderHandOver")):
            done = told(document, viewer, input={"orderId": order_id})[name]
            assert done["order"] is None
            assert [error["code"] for error in done["errors"]] == ["NOT_FOUND"]
    order.refresh_from_db()
    assert order.state == "PLACED"


def test_whose_goods_they_were_is_for_the_staff(world: World) -> None:
    order = pay(place((world.variant, 21), placed_by=world.buyer)[0], world=world)
    hand_over(order_id=order.pk, actor=world.clerk, at=NOW)
    for viewer in (GUEST, world.buyer, world.other_treasurer, world.member_an.user):
        assert told(ALLOCATIONS, viewer, id=gid(order)) == {"allocations": []}
    with CaptureQueriesContext(connection) as asked:
        rows = told(ALLOCATIONS, world.clerk, id=gid(order))["allocations"]
    assert len(asked) == 1
    assert [(row["ownerName"], row["quantity"]) for row in rows] == [("Nguyễn Thị An", 20), ("Trần Thị Hoa", 1)]
    assert rows[1] == {
        "ownerName": "Trần Thị Hoa", "quantity": 1, "grossDong": "75000", "feeDong": "7500", "netDong": "67500",
    }  # fmt: skip
    assert told(ALLOCATIONS, world.clerk, id="x") == {"allocations": []}
    with CaptureQueriesContext(connection) as asked:
        assert told(LOTS, world.clerk, id=gid(order))["allocations"][1] == {
            "line": {"productName": "Cá chạch sấy khô"},
            "lot": {"code": "260315-2", "variant": {"name": "gói 200 g"}},
        }
    assert len(asked) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_edge_to_requests_to_pay_needs_no_import_upward(world: World, count: int) -> None:
    for number in range(count):
        checkout.place(
            wanted=[Wanted(world.variant.pk, 1)], buyer=DUNG, delivery="PICKUP", pickup_point_id=None,
            pay_by="TRANSFER", note="", key=f"lần {number}", placed_by=None, at=NOW,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        listed = told(REQUESTS, world.clerk)["orders"]["edges"]
    # orders; lines with their goods; requests to pay, their accounts, their links; what came back
    assert len(asked) == 6, "\n".join(query["sql"][:120] for query in asked.captured_queries)
    assert len(listed) == count
    for edge in listed:
        [request] = edge["node"]["paymentRequests"]
        assert request["code"].startswith("CP")
        assert request["dueDong"] == "75000"
        assert request["bankAccount"] == {"number": world.bank_account.number}
