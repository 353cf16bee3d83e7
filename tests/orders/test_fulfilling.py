"""Packing and handing over: whose goods they were, to the đồng, once."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.periods import VIETNAM_OFFSET
from base.refusals import KeyReused, NotFound, Refused
from catalog.models import CategoryFee, Variant
from cooperatives.chart import Kind
from cooperatives.models import Entry, Message, Posting
from orders import cancelling, fulfilling
from orders.fulfilling import NotDeliverable, NotPackable, NotPaidYet, hand_over, handed_over_moves, pack
from orders.models import Allocation, Order
from tests import people
from tests.orders.making import balance, counts, pay, place
from tests.people import NOW, World

pytestmark = pytest.mark.django_db


def paid(world: World, *wanted: tuple[Variant, int], **changed: object) -> Order:
    [order] = place(*wanted, **changed)
    return pay(order, world=world)


def owed(member: object, *, world: World) -> int:
    return balance(Kind.OWED_TO_MEMBERS, f"member:{member.pk}", world=world)  # type: ignore[attr-defined]


def allocated(order: Order) -> list[tuple[str | None, int, int, int]]:
    rows = Allocation.objects.filter(line__order=order).preloaded().order_by("line__position", "position")
    return [
        (row.lot.member.user.name if row.lot.member else None, row.quantity, row.gross_dong, row.fee_dong)
        for row in rows
    ]


# -- Pooled lots ---------------------------------------------------------------------------------------


def test_the_treasurers_example_from_the_lots_to_the_books(world: World) -> None:
    """311,665 ₫ at 7.2 %, lots 2 + 2 + 1 (docs/prices-and-shares.md)."""
    CategoryFee.objects.update(fee_bp=720)
    jar = people.variant_by_piece(world.product, name="hũ", price_dong=62_333)
    for quantity, owner in ((2, world.member_an), (2, world.member_hoa), (4, world.member_an)):
        people.stock(jar, quantity, owner=owner)
    order = hand_over(order_id=paid(world, (jar, 5)).pk, actor=world.clerk, at=NOW)
    assert order.total_dong == 311_665
    an, hoa = "Nguyễn Thị An", "Trần Thị Hoa"
    assert allocated(order) == [(an, 2, 124_666, 8_975), (hoa, 2, 124_666, 8_976), (an, 1, 62_333, 4_488)]
    assert owed(world.member_an, world=world) == 115_691 + 57_845
    assert owed(world.member_hoa, world=world) == 115_690
    assert balance(Kind.FEE, world=world) == 22_439
    assert balance(Kind.PREPAID, f"order:{order.pk}", world=world) == 0
    assert list(jar.lots.order_by("id").values_list("left", flat=True)) == [0, 0, 3]
    assert counts(jar) == (3, 0)


def test_first_in_first_out_goes_on_where_the_last_order_stopped(world: World) -> None:
    first = hand_over(order_id=paid(world, (world.variant, 18)).pk, actor=world.clerk, at=NOW)
    second = hand_over(order_id=paid(world, (world.variant, 5)).pk, actor=world.clerk, at=NOW)
    assert [(name, quantity) for name, quantity, *_ in allocated(first)] == [("Nguyễn Thị An", 18)]
    assert [(name, quantity) for name, quantity, *_ in allocated(second)] == [("Nguyễn Thị An", 2), ("Trần Thị Hoa", 3)]


def test_the_cooperatives_own_goods_are_nobodys_income(world: World) -> None:
    jar = people.variant_by_piece(world.product, name="hũ", price_dong=100_000)
    people.stock(jar, 1, owner=None)
    people.stock(jar, 1, owner=world.member_an)
    order = hand_over(order_id=paid(world, (jar, 2)).pk, actor=world.clerk, at=NOW)
    assert allocated(order) == [(None, 1, 100_000, 10_000), ("Nguyễn Thị An", 1, 100_000, 10_000)]
    assert balance(Kind.OWN_GOODS, world=world) == 90_000
    assert owed(world.member_an, world=world) == 90_000
    assert balance(Kind.FEE, world=world) == 20_000


@pytest.mark.parametrize(("fee_bp", "credits"), [(0, [Kind.OWED_TO_MEMBERS]), (10_000, [Kind.FEE])])
def test_sums_of_nothing_are_not_booked(world: World, fee_bp: int, credits: list[Kind]) -> None:
    CategoryFee.objects.update(fee_bp=fee_bp)
    order = hand_over(order_id=paid(world, (world.variant, 1)).pk, actor=world.clerk, at=NOW)
    booked = Posting.objects.filter(entry__key=f"handed_over:{order.pk}")
    assert [posting.credit.kind for posting in booked.select_related("credit")] == credits


def test_shipping_goes_out_of_the_purse_with_the_goods(world: World) -> None:
    [order] = place((world.variant, 1))
    Order.objects.filter(pk=order.pk).update(shipping_dong=15_000, total_dong=order.goods_dong + 15_000)
    pay(order, world=world)
    hand_over(order_id=order.pk, actor=world.clerk, at=NOW)
    assert balance(Kind.SHIPPING_CHARGED, world=world) == 15_000
    assert balance(Kind.PREPAID, f"order:{order.pk}", world=world) == 0


def test_a_member_with_goods_in_two_lines_gets_one_posting(world: World) -> None:
    people.stock(world.variant_by_weight, 1000, owner=world.member_an)
    order = hand_over(order_id=paid(world, (world.variant, 1), (world.variant_by_weight, 5500)).pk, actor=None, at=NOW)
    moves = handed_over_moves(order, Allocation.objects.filter(line__order=order).preloaded())
    by_credit = {(move.credit.kind, move.credit.subject): move.amount_dong for move in moves}
    assert len(moves) == len(by_credit) == 3
    assert sum(by_credit.values()) == order.total_dong == 75_000 + 1_320_000
    assert by_credit[Kind.OWED_TO_MEMBERS, f"member:{world.member_an.pk}"] == 67_500 + 108_000


# -- When, and who -------------------------------------------------------------------------------------


def test_it_is_booked_on_the_vietnamese_day(world: World) -> None:
    late = datetime(2026, 3, 31, 23, 30, tzinfo=VIETNAM_OFFSET)
    order = hand_over(order_id=paid(world, (world.variant, 1)).pk, actor=world.clerk, at=late)
    entry = Entry.objects.get(key=f"handed_over:{order.pk}")
    assert str(entry.booked_on) == "2026-03-31"
    assert entry.actor == world.clerk
    assert (order.state, order.handed_over_by) == ("HANDED_OVER", world.clerk)
    assert order.handed_over_at == order.accepted_at == late


def test_packed_then_handed_over_and_the_buyer_is_told_each_time(world: World) -> None:
    order = paid(world, (world.variant, 2))
    packed = pack(order_id=order.pk, actor=world.clerk, at=NOW)
    assert (packed.state, packed.packed_by, packed.packed_at) == ("PACKED", world.clerk, NOW)
    assert counts(world.variant) == (30, 2)
    hand_over(order_id=order.pk, actor=world.treasurer, at=NOW)
    kinds = Message.objects.filter(about=f"order:{order.pk}").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["order_placed", "order_ready", "order_handed_over"]


def test_to_be_paid_on_receipt_is_packed_unpaid(world: World) -> None:
    [order] = place((world.variant, 1), pay_by=Order.PayBy.CASH)
    assert pack(order_id=order.pk, actor=world.clerk, at=NOW).state == "PACKED"
    with pytest.raises(NotPaidYet):
        hand_over(order_id=order.pk, actor=world.clerk, at=NOW)
    pay(order, world=world)
    assert hand_over(order_id=order.pk, actor=world.clerk, at=NOW).state == "HANDED_OVER"


def test_repeating_returns_the_finished_thing(world: World) -> None:
    order = paid(world, (world.variant, 2))
    for _again in range(2):
        assert pack(order_id=order.pk, actor=world.clerk, at=NOW).state == "PACKED"
    for _again in range(2):
        assert hand_over(order_id=order.pk, actor=world.clerk, at=NOW).state == "HANDED_OVER"
    assert pack(order_id=order.pk, actor=world.clerk, at=NOW).state == "HANDED_OVER"
    assert Entry.objects.filter(event="handed_over").count() == 1
    assert Allocation.objects.count() == 1
    assert counts(world.variant) == (28, 0)
    assert Message.objects.count() == 3


def test_a_key_is_good_for_one_order(world: World) -> None:
    first, second = paid(world, (world.variant, 1)), paid(world, (world.variant, 1))
    for _again in range(2):
        assert hand_over(order_id=first.pk, actor=world.clerk, at=NOW, key="quầy-1").pk == first.pk
    with pytest.raises(KeyReused):
        hand_over(order_id=second.pk, actor=world.clerk, at=NOW, key="quầy-1")
    second.refresh_from_db()
    assert second.state == "PLACED"


# -- Refused -------------------------------------------------------------------------------------------


def nothing_moved(order: Order, world: World) -> bool:
    state = order.state
    order.refresh_from_db()
    told = Message.objects.filter(kind__in=["order_ready", "order_handed_over"])
    return order.state == state and not Allocation.objects.exists() and not told.exists()


@pytest.mark.parametrize("payment", [Order.Payment.UNPAID, Order.Payment.PART, Order.Payment.COVERED])
def test_goods_stay_until_the_money_is_there(world: World, payment: str) -> None:
    [order] = place((world.variant, 1))
    Order.objects.filter(pk=order.pk).update(payment=payment)
    with pytest.raises(NotPaidYet) as met:
        hand_over(order_id=order.pk, actor=world.clerk, at=NOW)
    assert order.number in met.value.message
    assert nothing_moved(order, world)


@pytest.mark.parametrize("payment", [Order.Payment.UNPAID, Order.Payment.PART])
def test_a_transfer_order_is_not_packed_unpaid(world: World, payment: str) -> None:
    [order] = place((world.variant, 1))
    Order.objects.filter(pk=order.pk).update(payment=payment)
    with pytest.raises(NotPaidYet):
        pack(order_id=order.pk, actor=world.clerk, at=NOW)
    assert nothing_moved(order, world)


def test_what_has_ended_is_neither_packed_nor_handed_over(world: World) -> None:
    order = paid(world, (world.variant, 1))
    with fulfilling.transaction.atomic():
        cancelling.end(order=Order.objects.locked(order.pk), state="CANCELLED", actor=world.manager, reason="", at=NOW)
    order.refresh_from_db()
    for verb, refusal in ((pack, NotPackable), (hand_over, NotDeliverable)):
        with pytest.raises(refusal) as met:
            verb(order_id=order.pk, actor=world.clerk, at=NOW)
        assert "đã hủy" in met.value.message
    assert nothing_moved(order, world)


@pytest.mark.parametrize("verb", [pack, hand_over])
def test_a_stranger_finds_nothing_and_changes_nothing(world: World, verb: object) -> None:
    order = paid(world, (world.variant, 1), placed_by=world.buyer)
    for stranger in (world.other_treasurer, world.buyer, world.member_an.user):
        with pytest.raises(NotFound):
            verb(order_id=order.pk, actor=stranger, at=NOW)  # type: ignore[operator]
    with pytest.raises(NotFound):
        verb(order_id=10**9, actor=world.clerk, at=NOW)  # type: ignore[operator]
    assert nothing_moved(order, world)


def test_a_clerk_of_yesterday_is_a_stranger_today(world: World) -> None:
    order = paid(world, (world.variant, 1))
    world.clerk.roles.update(until=NOW.date().replace(day=14))
    with pytest.raises(NotFound):
        hand_over(order_id=order.pk, actor=world.clerk, at=NOW)


def test_every_refusal_says_something_of_its_own() -> None:
    refusals: list[type[Refused]] = [NotPaidYet, NotPackable, NotDeliverable, *cancelling.REFUSALS, cancelling.NotEnded]
    assert len({refusal.code for refusal in refusals}) == len(refusals)
    assert all(str(refusal.sentence) != str(Refused.sentence) for refusal in refusals)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole transaction (BEGIN IMMEDIATE)")
def test_the_order_alone_is_locked(world: World) -> None:
    order = paid(world, (world.variant, 1))
    with CaptureQueriesContext(connection) as asked:
        hand_over(order_id=order.pk, actor=world.clerk, at=NOW)
    locks = [query["sql"] for query in asked.captured_queries if 'FROM "orders_order"' in query["sql"]]
    assert any('FOR NO KEY UPDATE OF "orders_order"' in sql for sql in locks)
