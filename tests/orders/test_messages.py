"""What the buyer reads: who speaks, about which order, how much, until when, and where to look."""

from datetime import datetime

import pytest
from django.test import override_settings
from django.utils import translation

from base.periods import VIETNAM_OFFSET
from cooperatives.models import Message
from orders.messages import Kind, tell_buyer, text_for
from orders.models import Order
from tests.orders.making import place
from tests.people import NOW, World

pytestmark = pytest.mark.django_db
ELSEWHERE = ("bill_", "complaint_", "return_", "cycle_", "stock_", "bring_")
"""What others of the house say."""
EVERY_KIND = [Kind(kind) for kind in Kind.values if not kind.startswith(ELSEWHERE)]


@pytest.fixture
def order(world: World) -> Order:
    return place((world.variant, 2), at=datetime(2026, 11, 22, 14, 5, tzinfo=VIETNAM_OFFSET))[0]


@pytest.mark.parametrize("kind", EVERY_KIND)
@pytest.mark.parametrize("delivery", Order.Delivery.values)
@pytest.mark.parametrize("pay_by", Order.PayBy.values)
def test_each_kind_has_words_for_each_order(world: World, kind: Kind, delivery: str, pay_by: str) -> None:
    [order] = place((world.variant, 2), delivery=Order.Delivery.HOME)
    order.delivery, order.pay_by = delivery, pay_by
    if pay_by == Order.PayBy.CASH:
        order.expires_at = None
    with override_settings(SITE_URL="https://cho.example"):
        text = text_for(order=order, kind=kind, paid_dong=1_000, due_dong=149_000, excess_dong=500)
    assert text.startswith("HTX Nông sản Yên Hòa: ")
    assert text.endswith(f": https://cho.example/o/{order.token}/")
    assert order.number in text
    assert "%" not in text
    assert "  " not in text


def test_the_buyer_is_told_until_when_the_goods_are_kept(order: Order) -> None:
    [told] = Message.objects.all()
    assert (told.kind, told.to_phone, told.about) == ("order_placed", "+84912000004", f"order:{order.pk}")
    assert "150.000\u00a0₫, giữ hàng đến 14:05 ngày 25/11/2026" in told.text


def test_cash_is_not_told_to_hurry(world: World) -> None:
    [order] = place((world.variant, 2), pay_by=Order.PayBy.CASH)
    text = text_for(order=order, kind=Kind.ORDER_PLACED)
    assert "Trả tiền khi nhận hàng" in text
    assert "giữ hàng đến" not in text


def test_part_paid_says_what_came_and_what_is_missing(order: Order) -> None:
    text = text_for(order=order, kind=Kind.ORDER_PART_PAID, paid_dong=100_000, due_dong=50_000)
    assert "mới nhận 100.000\u00a0₫, còn thiếu 50.000\u00a0₫" in text


def test_ready_says_where(world: World, order: Order) -> None:
    assert "đến lấy ở Nhà văn hóa thôn, Thôn Nộn Khê, 7–11 giờ." in text_for(order=order, kind=Kind.ORDER_READY)
    [home] = place((world.variant, 1), delivery=Order.Delivery.HOME)
    assert "mang đến Xóm 5, thôn Nộn Khê, xã Yên Mô." in text_for(order=home, kind=Kind.ORDER_READY)
    Order.objects.filter(pk=order.pk).update(pickup_point=None)
    order.refresh_from_db()
    assert "đến lấy ở Thôn Nộn Khê." in text_for(order=order, kind=Kind.ORDER_READY)


def test_a_note_with_a_percent_sign_is_only_text(order: Order) -> None:
    order.end_reason = "giảm 100%(number)s"
    assert "giảm 100%(number)s" in text_for(order=order, kind=Kind.ORDER_CANCELLED)


def test_the_reader_decides_the_language_not_the_person_at_the_desk(order: Order) -> None:
    with translation.override("en"):
        told = tell_buyer(order=order, kind=Kind.ORDER_OVERPAID, at=NOW, paid_dong=170_000, excess_dong=20_000)
    assert "thừa 20.000\u00a0₫" in told.text
    assert told.state == Message.State.WAITING
