"""Returns and cash paid out through GraphQL, with the rules of the desk."""

from typing import Any

import pytest
from django.utils import timezone
from graphql_relay import to_global_id

from orders.models import Order
from payments import cash, handing_over
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.payments.test_schema import GUEST, told
from tests.people import World

pytestmark = pytest.mark.django_db

RETURN = """mutation ($input: OrderReturnInput!) { orderReturn(input: $input) {
  order { number state returns { number amountDong } }
  goodsReturn { goodsDong shippingDong amountDong reason lines { quantity fate productName lotCode grossDong } }
  errors { field code message } } }"""
PAY_MEMBER = """mutation ($input: CashPayOutMemberInput!) { cashPayOutMember(input: $input) {
  cashVoucher { id number kind amountDong toName keeper memberName } errors { field code } } }"""
PAY_BUYER = """mutation ($input: CashPayOutBuyerInput!) { cashPayOutBuyer(input: $input) {
  cashVoucher { number orderNumber } errors { field code } } }"""
PAY_COST = """mutation ($input: CashPayOutCostInput!) { cashPayOutCost(input: $input) {
  cashVoucher { number kind } errors { field code } } }"""
VOID = """mutation ($input: CashVoucherVoidInput!) { cashVoucherVoid(input: $input) {
  cashVoucher { number voidReason undoneAt } errors { field code } } }"""
VOUCHERS = (
    """query ($where: CashVoucherWhereInput) { cashVouchers(where: $where) { edges { node { number kind } } } }"""
)
ACCOUNT = """query ($memberId: ID!) { memberAccount(memberId: $memberId) {
  owedToDong owedByDong paidDong lines { what detail dong balanceDong } } }"""
ORDER = "query ($token: String!) { order(token: $token) { returns { number amountDong lines { quantity } } } }"


@pytest.fixture
def sold(world: World) -> Order:
    order = order_bags(world, 3, pay_by="CASH", at=timezone.now())
    cash.receive(
        code=request_of(order).code, amount_dong=225_000, actor=world.treasurer, key="thu", at=timezone.now()
    )  # fmt: skip
    return handing_over.hand_over(order_id=order.pk, actor=world.clerk, at=timezone.now())


def back(order: Order, **more: Any) -> dict[str, Any]:
    line = {"lineId": to_global_id("OrderLine", order.lines.get().pk), "quantity": 1, "fate": "WRITTEN_OFF"}
    asked = {"orderId": to_global_id("Order", order.pk), "lines": [line], "reason": "hở miệng", "idempotencyKey": "k"}
    return {"input": {**asked, **more}}


def test_goods_return_through_graphql_and_the_buyer_reads_it(world: World, sold: Order) -> None:
    said = told(RETURN, world.treasurer, **back(sold, refund="CASH"))
    assert said["errors"] == []
    assert said["goodsReturn"]["lines"][0] | {"lotCode": ""} == {
        "quantity": 1, "fate": "WRITTEN_OFF", "productName": "Cá chạch sấy khô", "lotCode": "", "grossDong": "75000",
    }  # fmt: skip
    assert said["order"] == {
        "number": sold.number, "state": "HANDED_OVER", "returns": [{"number": 1, "amountDong": "75000"}],
    }  # fmt: skip
    assert told(RETURN, world.treasurer, **back(sold, refund="CASH")) == said  # the same key
    read = told(ORDER, GUEST, token=sold.token)
    assert read["returns"] == [{"number": 1, "amountDong": "75000", "lines": [{"quantity": 1}]}]
    for viewer, code in ((GUEST, "NOT_FOUND"), (world.clerk, "NOT_FOUND"), (world.other_treasurer, "NOT_FOUND")):
        refused = told(RETURN, viewer, **back(sold, idempotencyKey=f"{code}{viewer.pk}"))
        assert [error["code"] for error in refused["errors"]] == [code]
    three = back(sold, idempotencyKey="ba")
    three["input"]["lines"][0]["quantity"] = 3
    assert told(RETURN, world.manager, **three)["errors"][0]["code"] == "MORE_THAN_KEPT"
    assert is_clean(world.organization, at=timezone.now())


def test_cash_out_through_graphql_says_the_members_account(world: World, sold: Order) -> None:
    member = to_global_id("Member", world.member_an.pk)
    paid = {"input": {"memberId": member, "amountDong": "200000", "idempotencyKey": "p"}}
    slip = told(PAY_MEMBER, world.treasurer, **paid)["cashVoucher"]
    assert (slip["number"], slip["kind"], slip["memberName"]) == (1, "MEMBER", "Nguyễn Thị An")
    told(RETURN, world.treasurer, **back(sold))
    buyer = {"input": {"orderId": to_global_id("Order", sold.pk), "amountDong": "75001", "idempotencyKey": "b"}}
    assert told(PAY_BUYER, world.treasurer, **buyer)["errors"][0]["code"] == "MORE_THAN_OWED"
    cost = {
        "organization": "yen-hoa", "kind": "SPENDING", "amountDong": "5000", "toName": "Cửa hàng",
        "reason": "mua túi", "idempotencyKey": "c",
    }  # fmt: skip
    assert told(PAY_COST, world.clerk, input=cost)["errors"][0]["code"] == "NOT_FOUND"
    assert told(PAY_COST, world.treasurer, input=cost)["cashVoucher"]["number"] == 2
    wrong = told(PAY_COST, world.treasurer, input={**cost, "kind": "MEMBER", "idempotencyKey": "d"})
    assert wrong["errors"][0]["code"] == "NOT_A_COST"
    account = told(ACCOUNT, world.member_an.user, memberId=member)
    assert (account["owedToDong"], account["owedByDong"], account["paidDong"]) == ("0", "65000", "200000")
    assert [line["dong"] for line in account["lines"]] == ["-67500", "-200000", "202500"]
    assert told(ACCOUNT, world.buyer, memberId=member) is None
    listed = told(VOUCHERS, world.manager, where={"kind": "MEMBER"})["edges"]
    assert [edge["node"]["number"] for edge in listed] == [1]
    assert told(VOUCHERS, world.buyer)["edges"] == []
    voided = told(VOID, world.treasurer, input={"cashVoucherId": slip["id"], "reason": "ghi nhầm"})
    assert voided["cashVoucher"]["voidReason"] == "ghi nhầm"
    assert is_clean(world.organization, at=timezone.now())
