"""The walk of the market through its other door: sign in, look, order, pay, hand over, earn. Only HTTP and JSON.

Only the bank does not speak GraphQL: its money is written down and settled as a webhook's is.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from graphql_relay import from_global_id

from catalog.models import Product
from catalog.search.embedded import reindex
from payments import audit
from payments.providers import vietqr_reading
from tests.people import PASSWORD, World
from tests.shop.asking import Door

pytestmark = pytest.mark.django_db

TOKEN = "mutation ($input: TokenCreateInput!) { tokenCreate(input: $input) { token errors { field code message } } }"
GOODS = """{ products(search: "ca chach", first: 5) { totalCount edges { node {
  name organization { slug name } variants { id name unitName priceDong available }
} } } }"""
PLACE = """mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) {
  orders { number token state totalDong paymentRequests { code dueDong state } }
  errors { field code message }
} }"""
ASKED = """query ($code: String!) { paymentRequest(code: $code) {
  code state dueDong dueInWords paidDong memo payload bankAccount { bankName number holder }
} }"""
ORDER = "query ($token: String!) { order(token: $token) { id state payment } }"
HAND_OVER = (
    "mutation ($input: OrderHandOverInput!) { orderHandOver(input: $input) { order { state } errors { code } } }"
)
INCOME = """query ($id: ID!, $from: String!, $to: String!) { memberIncome(memberId: $id, from: $from, to: $to) {
  member { name } months { month incomeDong } totalDong owedDong baselineDong
} }"""


def signed_in(phone: str | None) -> Door:
    given = Door().ask(TOKEN, input={"phone": phone, "password": PASSWORD})["tokenCreate"]
    assert given["errors"] == []
    return Door(token=given["token"])


def test_from_dried_loach_to_her_income(world: World, comes: Callable[..., Any]) -> None:
    reindex(Product.objects.all(), at=world.now)
    guest, treasurer = Door(), signed_in(world.treasurer.phone)

    (goods,) = guest.ask(GOODS)["products"]["edges"]
    bag = next(variant for variant in goods["node"]["variants"] if variant["unitName"] == "gói")
    assert (goods["node"]["name"], bag["priceDong"], bag["available"]) == ("Cá chạch sấy khô", "75000", 30)

    basket = {
        "lines": [{"variantId": bag["id"], "quantity": 2}],
        "buyer": {"name": "Hoàng Văn Dũng", "phone": "0912 000 004"},
        "idempotencyKey": "điện thoại của Dũng, lần 1",
    }
    placed = guest.ask(PLACE, input=basket)["orderPlace"]
    assert placed["errors"] == []
    (order,) = placed["orders"]
    (asked,) = order.pop("paymentRequests")
    assert (order["state"], order["totalDong"]) == ("PLACED", "150000")
    assert (asked["dueDong"], asked["state"]) == ("150000", "WAITING")
    assert guest.ask(PLACE, input=basket)["orderPlace"] == {
        "orders": [{**order, "paymentRequests": [asked]}], "errors": [],
    }, "the same key is the same order"  # fmt: skip

    shown = guest.ask(ASKED, code=asked["code"])["paymentRequest"]
    assert (shown["memo"], shown["dueDong"], shown["paidDong"]) == (asked["code"], "150000", "0")
    assert shown["dueInWords"] == "một trăm năm mươi nghìn đồng"
    assert shown["bankAccount"]["number"] == world.bank_account.number
    read = vietqr_reading.decode(shown["payload"])
    assert (read.account, read.amount_dong, read.memo) == (world.bank_account.number, 150_000, asked["code"])

    comes(f"MBVCB.1 {asked['code']} chuyen tien", 150_000, at=timezone.now())
    shown = guest.ask(ASKED, code=asked["code"])["paymentRequest"]
    assert (shown["state"], shown["dueDong"], shown["paidDong"], shown["payload"]) == ("PAID", "0", "150000", None)

    mine = guest.ask(ORDER, token=order["token"])["order"]
    assert (mine["state"], mine["payment"]) == ("PLACED", "PAID")
    handed = treasurer.ask(HAND_OVER, input={"orderId": mine["id"]})["orderHandOver"]
    assert handed == {"order": {"state": "HANDED_OVER"}, "errors": []}

    an = signed_in(world.member_an.user.phone)
    (membership,) = an.ask("{ me { name memberships { id } } }")["me"]["memberships"]
    assert from_global_id(membership["id"]) == ("Member", str(world.member_an.pk))
    month = f"{timezone.localtime():%Y-%m}"
    earned = an.ask(INCOME, id=membership["id"], **{"from": month, "to": month})["memberIncome"]
    assert earned == {
        "member": {"name": "Nguyễn Thị An"}, "months": [{"month": month, "incomeDong": "135000"}],
        "totalDong": "135000", "owedDong": "135000", "baselineDong": None,
    }, "150,000 less the 10 % that the cooperative keeps"  # fmt: skip
    assert guest.ask(INCOME, id=membership["id"], **{"from": month, "to": month})["memberIncome"] is None

    figures = audit.audit(world.organization, at=timezone.now())
    assert (figures.unexplained_dong, figures.waiting_dong) == (0, 0)
