"""One row or a hundred: the same number of queries, for the fullest question that the schema allows.

Whole requests through the door: the session or the token, and whose it is, are counted with them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone
from graphql_relay import to_global_id

from catalog.models import Category, Photo
from cooperatives.signing_in import create_token
from orders.models import Order
from payments.models import (
    BankTransaction,
    Explanation,
    KeptDebt,
    PaymentRequest,
    Refund,
    RefundMovement,
    Settlement,
    Sighting,
)
from tests import people
from tests.isolation.asking import question
from tests.payments.conftest import order_bags
from tests.people import World
from tests.shop.asking import Door

pytestmark = pytest.mark.django_db

SESSION = 2  # the session, and whose it is; asked for only where the answer depends on the viewer
COUNTS = [1, 3, 100]


def goods(world: World, count: int) -> None:
    """``count`` products with a named maker, two variants and two photos each; the world's own goes off the shop."""
    type(world.product).objects.update(state="draft")
    type(world.member_hoa).objects.update(shows_name=True)
    for number in range(count):
        at = world.now + timedelta(hours=number)
        product = people.product(
            world.organization, world.category, slug=f"hang-{number}", name="Hàng", maker=world.member_hoa, at=at
        )
        people.variant_by_piece(product)
        people.variant_by_weight(product)
        for position in range(2):
            Photo.objects.create(
                product=product, name=f"{number}-{position}", alt="", width=640, height=640, colour="#aabbcc",
                position=position, added_at=at,
            )  # fmt: skip


def orders(world: World, count: int) -> None:
    """``count`` orders to be picked up, each with a line and a request to pay."""
    people.stock(world.variant, count, owner=world.member_an)
    for _number in range(count):
        order = order_bags(world, 1)
        Order.objects.filter(pk=order.pk).update(pickup_point=world.pickup_point)


def lines(world: World, count: int) -> None:
    """``count`` lines of the bank, each seen once, given to a request of its own, and partly kept as a debt."""
    orders(world, count)
    for number, asked in enumerate(PaymentRequest.objects.all()):
        line = BankTransaction.objects.create(
            organization=world.organization, bank_account=world.bank_account, direction="in", amount_dong=100_000,
            day=world.now.date(), memo=asked.code, memo_folded=asked.code, happened_at=world.now, seen_at=world.now,
            state="SETTLED", used_dong=100_000,
        )  # fmt: skip
        Sighting.objects.create(
            transaction=line, organization=world.organization, bank_account=world.bank_account, source="sepay:live",
            external_id=str(number), account_text="", direction="in", amount_dong=100_000, raw="{}", digest="",
            received_at=world.now,
        )  # fmt: skip
        Settlement.objects.create(
            transaction=line, payment_request=asked, credited_dong=75_000, excess_dong=0, at=world.now
        )
        KeptDebt.objects.create(transaction=line, amount_dong=24_000, at=world.now)
        Explanation.objects.create(transaction=line, kind="other_receipt", amount_dong=500, at=world.now)
        refund = _refund(asked.order, number, at=world.now)
        RefundMovement.objects.create(refund=refund, transaction=line, kind="bounced", amount_dong=500, at=world.now)


def refunds(world: World, count: int) -> None:
    orders(world, count)
    for number, order in enumerate(Order.objects.all()):
        _refund(order, number, at=world.now)


def _refund(order: Order, number: int, *, at: datetime) -> Refund:
    return Refund.objects.create(
        organization=order.organization, order=order, amount_dong=500, code=f"CP{number:08}", created_at=at
    )


def shelves(_world: World, count: int) -> None:
    for number in range(count - 1):  # the world has one
        Category.objects.create(slug=f"nhom-{number}", name="Nhóm", position=number)


def cooperatives(_world: World, count: int) -> None:
    for number in range(count):
        people.organization(f"htx-{number}", "HTX")


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(
    ("name", "made", "queries"),
    [
        # a page with shop, shelf, maker and rating; variants; photos; stars; faces; how many there are
        ("products", goods, 6),
        ("orders", orders, 7),  # a page; lines with their goods; requests, accounts, links; returns; how many
        # a page; sightings; settlements, requests, orders, accounts, links; debts; explanations; refunds
        ("bankTransactions", lines, 13),
        ("refunds", refunds, 2),  # a page with orders; how many
        ("organizations", cooperatives, 2),  # a page; how many
        ("categories", shelves, 1),
    ],
)
def test_a_list_takes_the_same_queries_at_any_length(
    world: World, name: str, made: Callable[[World, int], None], queries: int, count: int
) -> None:
    made(world, count)
    door = Door(world.treasurer)
    where = {"where": {"state": "PUBLISHED"}} if name == "products" else {}
    # All that can be asked of an order, with its parcels and returns, is too much for a page of a hundred.
    page = {"categories": None, "orders": 40}.get(name, 100)
    data, taken = door.counted(question("query", name, first=page), **where)
    found = data[name] if name == "categories" else data[name]["edges"]
    assert len(found) == min(page or 100, count + (2 if name == "organizations" else 0))
    assert taken == queries + (SESSION if name != "categories" else 0)


PLACE = """
mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) {
  orders { number token state totalDong paymentRequests { code dueDong state } }
  errors { field code message }
} }
"""
MOST_TO_PLACE = 25


def basket(world: World, lines: int) -> list[dict[str, Any]]:
    """``lines`` different goods in stock, one of each."""
    found = []
    for number in range(lines):
        product = people.product(world.organization, world.category, slug=f"hang-{number}", name="Hàng")
        variant = people.variant_by_piece(product)
        people.stock(variant, 5, owner=world.member_an)
        found.append({"variantId": to_global_id("Variant", variant.pk), "quantity": 1})
    return found


@pytest.mark.parametrize("lines", [1, 3, 50])
@pytest.mark.parametrize("caller", ["guest", "session", "token"])
def test_placing_takes_the_same_queries_for_any_basket(world: World, caller: str, lines: int) -> None:
    token = ""
    if caller == "token":
        phone, request = world.buyer.phone or "", RequestFactory().post("/graphql/")
        token, _owner = create_token(request=request, phone=phone, password=people.PASSWORD, at=timezone.now())
    door = Door(world.buyer if caller == "session" else None, token=token)
    asked = {
        "lines": basket(world, lines), "buyer": {"name": "Dũng", "phone": "0912000004"}, "idempotencyKey": "một lần",
    }  # fmt: skip
    placed, taken = door.counted(PLACE, input=asked)
    (order,) = placed["orderPlace"]["orders"]
    assert placed["orderPlace"]["errors"] == []
    assert order["totalDong"] == str(75_000 * lines)
    assert taken == 20 + (0 if caller == "guest" else 2)
    assert taken <= MOST_TO_PLACE
    replayed, again = door.counted(PLACE, input=asked)
    assert replayed == placed
    assert again < taken
