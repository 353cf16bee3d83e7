"""Placing: all or nothing, at the price and rate of the moment, in the same number of queries whatever the lines."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from base.money import MAX_TRANSFER_DONG
from catalog.models import CategoryFee, Product, Variant
from catalog.stock import SoldOut
from cooperatives.models import Message
from cooperatives.phones import BadPhone
from orders import placing
from orders.models import Order, OrderLine, PickupPoint
from orders.placing import Buyer, Wanted
from tests import people
from tests.orders.making import DUNG, counts, place
from tests.people import FEE_BP, NOW, World

pytestmark = pytest.mark.django_db


def nothing_happened(world: World) -> bool:
    return (
        not Order.objects.exists()
        and not OrderLine.objects.exists()
        and not Message.objects.exists()
        and counts(world.variant) == (30, 0)
        and counts(world.variant_by_weight) == (5000, 0)
    )


def test_two_bags_and_half_a_kilo(world: World) -> None:
    [order] = place((world.variant, 2), (world.variant_by_weight, 500), note="Gọi trước khi đến")
    order = Order.objects.get(pk=order.pk)
    assert (order.goods_dong, order.shipping_dong, order.total_dong) == (270_000, 0, 270_000)
    assert (order.state, order.payment) == ("PLACED", "UNPAID")
    assert (order.buyer_name, order.buyer_phone) == ("Hoàng Văn Dũng", "+84912000004")
    assert order.note == "Gọi trước khi đến"
    assert order.pickup_point == world.pickup_point
    assert re.fullmatch(r"DH-260315-[2-9A-HJKMNP-Z]{4}", order.number)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", order.token)
    bags, loose = order.lines.all()
    assert (bags.position, bags.product_name, bags.variant_name) == (1, "Cá chạch sấy khô", "gói 200 g")
    assert (bags.quantity, bags.price_dong, bags.total_dong, bags.fee_bp) == (2, 75_000, 150_000, FEE_BP)
    assert (loose.quantity, loose.unit, loose.price_dong, loose.total_dong) == (500, 1000, 240_000, 120_000)
    assert counts(world.variant) == (30, 2)
    assert counts(world.variant_by_weight) == (5000, 500)


def test_a_transfer_is_waited_for_and_cash_is_not_hurried(world: World) -> None:
    [transfer] = place((world.variant, 1))
    [cash] = place((world.variant, 1), pay_by=Order.PayBy.CASH)
    assert transfer.expires_at == NOW + timedelta(hours=72)
    assert cash.expires_at is None


def test_price_and_rate_stay_as_they_were(world: World) -> None:
    [order] = place((world.variant, 1))
    Variant.objects.filter(pk=world.variant.pk).update(price_dong=99_000)
    CategoryFee.objects.update(fee_bp=5000)
    assert list(order.lines.values_list("price_dong", "fee_bp")) == [(75_000, FEE_BP)]


def test_where_no_rate_is_set_nothing_is_kept(world: World) -> None:
    CategoryFee.objects.filter(organization=world.organization).delete()
    [order] = place((world.variant, 1))
    assert order.lines.get().fee_bp == 0


def test_a_variant_chosen_twice_is_one_line(world: World) -> None:
    [order] = place((world.variant, 2), (world.variant_by_weight, 100), (world.variant, 3))
    assert list(order.lines.values_list("variant_id", "quantity")) == [
        (world.variant.pk, 5),
        (world.variant_by_weight.pk, 100),
    ]


def goods_of_the_other(world: World) -> Variant:
    mats = people.product(world.other_organization, world.category, slug="chieu-coi", name="Chiếu cói")
    mat = people.variant_by_piece(mats, name="1m6", price_dong=300_000)
    people.stock(mat, 3, owner=None)
    return mat


def test_two_cooperatives_are_two_orders(world: World) -> None:
    mat = goods_of_the_other(world)
    first, second = place((mat, 1), (world.variant, 2))
    assert (first.organization, first.total_dong, first.pickup_point) == (world.other_organization, 300_000, None)
    assert (second.organization, second.total_dong) == (world.organization, 150_000)
    assert second.pickup_point == world.pickup_point
    assert first.token != second.token
    assert first.number != second.number


def test_one_cooperative_sold_out_and_nothing_is_placed_anywhere(world: World) -> None:
    mat = goods_of_the_other(world)
    with pytest.raises(SoldOut):
        place((world.variant, 2), (mat, 4))
    assert nothing_happened(world)
    assert counts(mat) == (3, 0)


def test_the_chosen_point_and_else_the_first_open_one(world: World) -> None:
    second = PickupPoint.objects.create(organization=world.organization, name="Chợ Bút", place="Xã Yên Mô", position=1)
    assert place((world.variant, 1))[0].pickup_point == world.pickup_point
    assert place((world.variant, 1), pickup_point_id=second.pk)[0].pickup_point == second
    home = place((world.variant, 1), pickup_point_id=second.pk, delivery=Order.Delivery.HOME)
    assert home[0].pickup_point is None


def test_what_is_typed_is_stored_as_it_is_read(world: World) -> None:
    typed = Buyer(
        name=" Hoàng\u0000 Va\u0306n\r\n  Du\u0303ng\u202e", phone=" 0912000004 ", address="Xóm 5,\tYên Mô\u200b"
    )
    [order] = place(
        (world.variant, 1), buyer=typed, note="Dòng một  \r\n\x07Dòng hai\n\n", delivery=Order.Delivery.HOME
    )  # fmt: skip
    assert order.buyer_name == "Hoàng Văn Dũng"
    assert order.buyer_address == "Xóm 5, Yên Mô"
    assert order.note == "Dòng một\nDòng hai"


# -- Refused: nothing changes, and the sentence says what to do ---------------------------------------


def refused(world: World, kind: type[placing.Refused], *wanted: tuple[Variant, int], **changed: object) -> str:
    with pytest.raises(kind) as met:
        place(*wanted, **changed)
    assert nothing_happened(world)
    assert kind in placing.REFUSALS or issubclass(kind, placing.BadQuantity)
    assert "%(" not in met.value.message
    return met.value.message


def test_an_empty_basket(world: World) -> None:
    refused(world, placing.EmptyBasket)


@pytest.mark.parametrize("quantity", [0, -1, 10**9 + 1, 10**13, "2", 2.0, True, None])
def test_a_quantity_that_is_none(world: World, quantity: int) -> None:
    refused(world, placing.BadQuantity, (world.variant, quantity))


def test_quantities_that_are_too_many_together_or_cancel_out(world: World) -> None:
    refused(world, placing.BadQuantity, (world.variant, 10**9), (world.variant, 1))
    refused(world, placing.BadQuantity, (world.variant, 5), (world.variant, -3))


def test_a_weight_between_two_steps(world: World) -> None:
    assert "100" in refused(world, placing.BadStep, (world.variant_by_weight, 150))


def test_goods_unknown_withdrawn_or_of_a_closed_shop_are_the_same_answer(world: World) -> None:
    answers = set()
    for unknown in (10**6, 0, -1, 2**63, 2**70, "1"):
        wanted = [Wanted(variant_id=unknown, quantity=1)]  # type: ignore[arg-type]
        answers.add(refused(world, placing.UnknownGoods, wanted=wanted))
    for state in (Product.State.DRAFT, Product.State.WITHDRAWN):
        Product.objects.update(state=state)
        answers.add(refused(world, placing.UnknownGoods, (world.variant, 1)))
    Product.objects.update(state=Product.State.PUBLISHED)
    type(world.organization).objects.update(is_open=False)
    answers.add(refused(world, placing.UnknownGoods, (world.variant, 1)))
    assert len(answers) == 1


def test_more_than_is_left(world: World) -> None:
    assert "30" in refused(world, SoldOut, (world.variant, 31))


def test_dearer_than_one_transfer_and_cash_still_takes_it(world: World) -> None:
    Variant.objects.filter(pk=world.variant.pk).update(price_dong=MAX_TRANSFER_DONG // 2 + 1)
    assert "499.999.999" in refused(world, placing.TooDear, (world.variant, 2))
    [cash] = place((world.variant, 2), pay_by=Order.PayBy.CASH)
    assert cash.total_dong == MAX_TRANSFER_DONG + 1


def test_dearer_than_can_be_counted(world: World) -> None:
    Variant.objects.filter(pk=world.variant.pk).update(price_dong=2**53 - 1)
    refused(world, placing.TooDear, (world.variant, 2), pay_by=Order.PayBy.CASH)


def test_so_little_that_it_costs_nothing(world: World) -> None:
    Variant.objects.filter(pk=world.variant_by_weight.pk).update(price_dong=1)
    refused(world, placing.TooLittle, (world.variant_by_weight, 400))


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u200b", "12345", "a" * 81])
def test_a_name_that_nobody_answers_to(world: World, name: str) -> None:
    refused(world, placing.BadName, (world.variant, 1), buyer=Buyer(name=name, phone=DUNG.phone))


@pytest.mark.parametrize("phone", ["", "123", "0912 000", "không có", "0912000004" * 3, "٠٩١٢٠٠٠٠٠٤"])
def test_a_phone_that_cannot_ring(world: World, phone: str) -> None:
    refused(world, BadPhone, (world.variant, 1), buyer=Buyer(name=DUNG.name, phone=phone))


def test_an_address_is_needed_when_goods_are_brought(world: World) -> None:
    home = {"delivery": Order.Delivery.HOME}
    for address in ("", " \u200b ", "x" * 201):
        buyer = Buyer(name=DUNG.name, phone=DUNG.phone, address=address)
        refused(world, placing.BadAddress, (world.variant, 1), buyer=buyer, **home)
    [order] = place((world.variant, 1), buyer=Buyer(name=DUNG.name, phone=DUNG.phone))
    assert order.buyer_address == ""


def test_a_point_that_is_closed_or_somebody_elses(world: World) -> None:
    closed = PickupPoint.objects.create(organization=world.organization, name="Cũ", place="Chợ", is_open=False)
    away = PickupPoint.objects.create(organization=world.other_organization, name="Xa", place="Kim Sơn")
    for point_id in (closed.pk, away.pk, 10**6):
        refused(world, placing.BadPickupPoint, (world.variant, 1), pickup_point_id=point_id)


def test_a_note_too_long(world: World) -> None:
    refused(world, placing.NoteTooLong, (world.variant, 1), note="x" * 501)


def test_too_many_lines(world: World) -> None:
    refused(world, placing.TooManyLines, *[(world.variant, 1)] * 51)


# -- Numbers -------------------------------------------------------------------------------------------


def test_a_number_drawn_twice_is_drawn_again(world: World) -> None:
    [first] = place((world.variant, 1))
    with patch.object(placing, "new_number", side_effect=[first.number, "DH-260315-ZZZZ"]):
        [second] = place((world.variant, 1))
    assert second.number == "DH-260315-ZZZZ"
    assert Order.objects.get(number="DH-260315-ZZZZ").lines.count() == 1


def test_another_broken_promise_is_not_taken_for_a_clash_of_numbers(world: World) -> None:
    [first] = place((world.variant, 1))
    with patch.object(placing.secrets, "token_urlsafe", return_value=first.token), pytest.raises(IntegrityError):
        place((world.variant, 1))
    assert counts(world.variant) == (30, 1)


def test_it_wants_its_callers_transaction(transactional_db: None) -> None:
    with pytest.raises(AssertionError):
        placing.place_orders(
            wanted=[],
            buyer=DUNG,
            delivery="PICKUP",
            pickup_point_id=None,
            pay_by="CASH",
            note="",
            placed_by=None,
            at=NOW,
        )


# -- One, three and fifty ------------------------------------------------------------------------------


@pytest.mark.parametrize(("stocked", "queries"), [(30, 10), (5, 11)], ids=["inside a band", "into another band"])
@pytest.mark.parametrize("lines", [1, 3, 50])
def test_it_takes_ten_queries_whatever_the_lines(world: World, lines: int, stocked: int, queries: int) -> None:
    """One more where a public page now says that less is left, however many of the shop's shelves that are."""
    variants = [people.variant_by_piece(world.product, name=f"gói số {number}") for number in range(lines)]
    for variant in variants:
        people.stock(variant, stocked, owner=world.member_hoa)
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        placing.place_orders(
            wanted=[Wanted(variant_id=variant.pk, quantity=2) for variant in variants], buyer=DUNG, placed_by=None,
            delivery=Order.Delivery.PICKUP, pickup_point_id=world.pickup_point.pk, pay_by=Order.PayBy.TRANSFER,
            note="", at=NOW,
        )  # fmt: skip
    # goods, rates, points; lock and reserve; savepoint, orders, its release; lines; messages
    assert len(asked) == queries, "\n".join(query["sql"][:150] for query in asked.captured_queries)
    assert OrderLine.objects.count() == lines
