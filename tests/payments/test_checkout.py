"""From a basket to orders with something to pay: all of it or nothing, once a key, in few questions."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.codes import is_well_formed
from base.refusals import KeyReused
from catalog.models import Variant
from catalog.stock import SoldOut
from cooperatives.doing_once import BadKey
from cooperatives.models import BankAccount, DoneOnce, Message
from orders.addresses import Address
from orders.models import Order, ShippingRate
from orders.placing import Buyer, Wanted
from payments import checkout
from payments.models import PaymentRequest
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25


def place(world: World, *wanted: tuple[Variant, int], key: str = "k", **more: Any) -> checkout.Placed:
    given = {
        "buyer": Buyer("Hoàng Văn Dũng", "0912345678", "Xóm 3"), "delivery": "PICKUP", "pickup_point_id": None,
        "pay_by": "TRANSFER", "note": "", "placed_by": None, "at": world.now,
    } | more  # fmt: skip
    return checkout.place(wanted=[Wanted(variant.pk, quantity) for variant, quantity in wanted], key=key, **given)


@pytest.fixture
def theirs(world: World) -> Variant:
    """Goods of the other cooperative."""
    product = people.product(world.other_organization, world.category, slug="khac", name="Miến dong")
    variant = people.variant_by_piece(product)
    people.stock(variant, 5, owner=None)
    return variant


def to_a_hamlet(world: World) -> dict[str, Any]:
    """Yên Mô by post, on receipt, from a shop that calls the buyers of first orders."""
    world.organization.first_order_rule = "call"
    world.organization.save()
    ShippingRate.objects.create(
        organization=world.organization, way="POST", zone="anywhere", up_to_g=90_000, price_dong=30_000
    )  # fmt: skip
    return {"address": Address("14701", hamlet="Xóm 3"), "delivery": "POST", "pay_by": "CASH"}


def reserved(*variants: Variant) -> list[int]:
    return [Variant.objects.get(pk=variant.pk).reserved for variant in variants]


def test_the_same_key_is_the_same_order(world):
    first, again = place(world, (world.variant, 2)), place(world, (world.variant, 2))
    assert (first.replayed, again.replayed) == (False, True)
    assert first.orders == again.orders
    assert (reserved(world.variant), PaymentRequest.objects.count()) == ([2], 1)
    with pytest.raises(KeyReused):
        place(world, (world.variant, 3))
    with pytest.raises(KeyReused):
        place(world, (world.variant, 2), note="gói kỹ")
    assert reserved(world.variant) == [2]


def test_an_order_to_a_hamlet_is_asked_for_with_its_postage(world):
    far = to_a_hamlet(world)
    order = place(world, (world.variant, 2), **far).orders[0]
    assert (order.total_dong, order.needs_call) == (180_000, True)
    assert order.payment_requests.get().asked_dong == 180_000
    assert place(world, (world.variant, 2), **far).replayed
    with pytest.raises(KeyReused):
        place(world, (world.variant, 2), **{**far, "address": Address("14701", hamlet="Xóm 4")})


def test_a_key_belongs_to_who_sends_it(world):
    guest = place(world, (world.variant, 1)).orders[0]
    signed_in = place(world, (world.variant, 1), placed_by=world.buyer).orders[0]
    assert guest.pk != signed_in.pk
    assert signed_in.placed_by == world.buyer


@pytest.mark.parametrize("key", ["", "x" * 101, "a\x00b", "a\ud800"])
def test_no_such_key(world, key):
    with pytest.raises(BadKey):
        place(world, (world.variant, 1), key=key)


def test_half_a_letter_in_a_name_is_no_crash(world):
    order = place(world, (world.variant, 1), buyer=Buyer("Hoàng\ud800 Dũng\x00", "0912345678", "")).orders[0]
    assert order.buyer_name == "Hoàng Dũng"


def test_a_refusal_leaves_the_key_free(world):
    with pytest.raises(SoldOut):
        place(world, (world.variant, 31))
    people.stock(world.variant, 1, owner=world.member_an)
    assert not place(world, (world.variant, 31)).replayed


def test_an_order_for_each_cooperative_each_with_its_own_account(world, theirs):
    placed = place(world, (world.variant, 2), (theirs, 1), (world.variant_by_weight, 300))
    asked = {order.organization_id: order.payment_requests.get() for order in placed.orders}
    assert asked[world.organization.pk].bank_account == world.bank_account
    assert asked[world.other_organization.pk].bank_account == world.other_bank_account
    assert [order.total_dong for order in placed.orders] == [222_000, 75_000]
    codes = {request.code for request in asked.values()}
    assert len(codes) == 2
    assert all(is_well_formed(code) for code in codes)
    assert all(order.expires_at == order.payment_requests.get().expires_at for order in placed.orders)


def test_all_cooperatives_or_none(world, theirs):
    with pytest.raises(SoldOut):
        place(world, (world.variant, 2), (theirs, 6))
    assert nothing_is_left(world, theirs)


def test_without_an_account_to_pay_into_nothing_is_promised(world, theirs):
    BankAccount.objects.filter(pk=world.other_bank_account.pk).update(is_active=False)
    with pytest.raises(checkout.NoBankAccount) as refused:
        place(world, (world.variant, 2), (theirs, 1))
    assert world.other_organization.name in refused.value.message
    assert nothing_is_left(world, theirs)


def nothing_is_left(world: World, theirs: Variant) -> bool:
    rows = Order, PaymentRequest, DoneOnce, Message
    return reserved(world.variant, theirs) == [0, 0] and not any(kind.objects.exists() for kind in rows)


def test_a_code_that_somebody_had_is_drawn_again(world, monkeypatch):
    taken = place(world, (world.variant, 1)).orders[0].payment_requests.get().code
    drawn = iter([taken, taken, "CP7K2M9Q9M"])
    monkeypatch.setattr(checkout, "new_code", lambda: next(drawn))
    assert place(world, (world.variant, 1), key="2").orders[0].payment_requests.get().code == "CP7K2M9Q9M"


def test_fifty_sellers_in_one_basket_are_remembered(world):
    """Fifty order ids fit into the key's memory, on PostgreSQL too."""
    variants = []
    for number in range(50):
        seller = people.organization(f"htx-{number}", f"HTX {number}")
        people.bank_account(seller, number=f"77{number:04d}")
        product = people.product(seller, world.category, slug=f"mon-{number}", name="Miến dong")
        variants.append(people.variant_by_piece(product))
        people.stock(variants[-1], 1, owner=None)
    first = place(world, *((variant, 1) for variant in variants))
    DoneOnce.objects.update(result=",".join(str(10**6 + number) for number in range(50)))  # as ids will be one day
    assert len(first.orders) == 50
    assert place(world, *((variant, 1) for variant in variants)).replayed


@pytest.mark.parametrize(("lines", "far"), [(1, False), (3, True), (50, True)])
def test_the_lines_of_a_basket_cost_no_questions(world, lines, far):
    """``far``: by post and on receipt, so that rates and what the buyer took before are asked for too."""
    product = people.product(world.organization, world.category, slug="nhieu", name="Đủ thứ")
    variants = [people.variant_by_piece(product, name=f"gói {number}") for number in range(lines)]
    for variant in variants:
        people.stock(variant, 5, owner=world.member_an)
    more = to_a_hamlet(world) if far else {}
    with CaptureQueriesContext(connection) as asked:
        placed = place(world, *((variant, 1) for variant in variants), **more)
    assert [order.shipping_dong for order in placed.orders] == [30_000 if far else 0]
    assert len(asked) <= MOST_QUERIES, "\n".join(query["sql"][:150] for query in asked)
