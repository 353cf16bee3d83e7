"""Orders at the desk: packed, paid in cash, handed over, cancelled; refusals stand beside their field."""

import pytest
from django.utils import timezone

from cooperatives.models import Message
from orders.models import Order
from payments import closing
from payments.models import CashReceipt
from tests.payments.conftest import request_of
from tests.storefront.desk_walk import body, key_in, order_today, signed_in


@pytest.fixture
def clerk(world):
    return signed_in(world.clerk)


def test_packing_says_so_and_prepares_the_message(world, comes, clerk):
    order = order_today(world)
    comes(request_of(order).code, order.total_dong)
    answer = clerk.post(f"/desk/orders/{order.number}/pack/", follow=True)
    order.refresh_from_db()
    assert order.state == Order.State.PACKED
    assert "gói xong" in body(answer)
    assert Message.objects.filter(kind="order_ready", about=f"order:{order.pk}").count() == 1
    clerk.post(f"/desk/orders/{order.number}/pack/")  # a second tap
    assert Message.objects.filter(kind="order_ready", about=f"order:{order.pk}").count() == 1


def test_unpaid_goods_are_neither_packed_nor_given(world, clerk):
    order = order_today(world)
    page = body(clerk.get(f"/desk/orders/{order.number}/"))
    assert "Đã gói xong" not in page
    assert "Đã giao cho khách" not in page
    for deed in ("pack", "hand-over"):
        answer = clerk.post(f"/desk/orders/{order.number}/{deed}/")
        assert answer.status_code == 422
        assert "chưa nhận đủ tiền" in body(answer)
    order.refresh_from_db()
    assert order.state == Order.State.PLACED


def test_handing_over_shows_who_is_owed_what(world, comes, clerk):
    order = order_today(world)  # two of An's bags: 150,000, the cooperative keeps 15,000
    comes(request_of(order).code, order.total_dong)
    page = body(clerk.post(f"/desk/orders/{order.number}/hand-over/", follow=True))
    assert "Nguyễn Thị An" in page
    for amount in ("150.000\u00a0₫", "15.000\u00a0₫", "135.000\u00a0₫"):
        assert amount in page


def test_money_of_a_cancelled_order_is_shown_as_owed_back(world, comes, clerk):
    order = order_today(world)
    comes(request_of(order).code, 50_000)
    assert "Phải trả lại người mua" not in body(clerk.get(f"/desk/orders/{order.number}/"))
    closing.cancel(order_id=order.pk, actor=None, reason="khách gọi báo thôi", at=timezone.now())
    page = body(clerk.get(f"/desk/orders/{order.number}/"))
    assert "Phải trả lại người mua" in page
    assert "<p>50.000\u00a0₫</p>" in page
    assert "chưa trả tiền" not in page


def test_what_was_transferred_too_much_is_shown_as_owed_back(world, comes, clerk):
    order = order_today(world)
    comes(request_of(order).code, order.total_dong + 30_000)
    assert "<p>30.000\u00a0₫</p>" in body(clerk.get(f"/desk/orders/{order.number}/"))


def test_rounding_to_a_note_is_said_beside_the_button(world, clerk):
    order = order_today(world, pay_by="CASH")
    assert "Làm tròn từ" not in body(clerk.get(f"/desk/orders/{order.number}/"))
    world.variant.price_dong = 75_250
    world.variant.save(update_fields=["price_dong"])
    odd = order_today(world, pay_by="CASH", key="le-500-dong")
    page = body(clerk.get(f"/desk/orders/{odd.number}/"))
    assert "Thu tiền mặt: 151.000\u00a0₫" in page
    assert "Làm tròn từ 150.500\u00a0₫" in page


def test_cash_gives_a_numbered_receipt_once(world, clerk):
    order = order_today(world, pay_by="CASH")
    page = clerk.get(f"/desk/orders/{order.number}/")
    assert "Thu tiền mặt: 150.000\u00a0₫" in body(page)
    typed = {"amount_dong": "150.000", "key": key_in(page)}
    for _tap in range(2):
        assert clerk.post(f"/desk/orders/{order.number}/cash/", typed).status_code == 303
    [receipt] = CashReceipt.objects.all()
    shown = body(clerk.get(f"/desk/receipts/{receipt.number}/"))
    assert "Phiếu thu số 1" in shown
    assert "Một trăm năm mươi nghìn đồng".lower() in shown.lower()
    assert world.clerk.name in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Hãy ghi số tiền."),
        ("một trăm", "Chưa đọc được số tiền"),
        ("150,000", "Chưa đọc được số tiền"),
        ("-5", "Chưa đọc được số tiền"),
        ("0", "Chưa đọc được số tiền"),
        ("15.00", "Chưa đọc được số tiền"),
        ("10000000000000000000", "Chưa đọc được số tiền"),
        ("200.000", "Nhiều hơn số còn phải trả"),
    ],
)
def test_a_wrong_amount_is_said_beside_its_field_and_kept(world, clerk, typed, said):
    order = order_today(world, pay_by="CASH")
    answer = clerk.post(f"/desk/orders/{order.number}/cash/", {"amount_dong": typed, "key": "k"})
    page = body(answer)
    assert answer.status_code == 422
    assert said in page
    assert f'value="{typed}"' in page or not typed
    assert "field--wrong" in page
    assert not CashReceipt.objects.exists()


def test_less_cash_is_a_part_and_the_rest_stays_due(world, clerk):
    order = order_today(world, pay_by="CASH")
    clerk.post(f"/desk/orders/{order.number}/cash/", {"amount_dong": "100 000 đ", "key": "k"})
    assert request_of(order).due_dong == 50_000


def test_cancelling_needs_a_reason_that_the_buyer_reads(world):
    order = order_today(world)
    client = signed_in(world.manager)
    empty = client.post(f"/desk/orders/{order.number}/cancel/", {"reason": " ", "key": "k"})
    assert empty.status_code == 422
    assert "Hãy ghi lý do hủy đơn." in body(empty)
    long = client.post(f"/desk/orders/{order.number}/cancel/", {"reason": "x" * 201, "key": "k"})
    assert long.status_code == 422
    order.refresh_from_db()
    assert order.state == Order.State.PLACED
    client.post(f"/desk/orders/{order.number}/cancel/", {"reason": "hết cá", "key": "k"})
    order.refresh_from_db()
    assert (order.state, order.end_reason) == (Order.State.CANCELLED, "hết cá")


def test_an_order_that_has_ended_says_so_when_pressed(world, clerk):
    order = order_today(world, pay_by="CASH")
    closing.cancel(order_id=order.pk, actor=world.manager, reason="khách hủy", at=order.placed_at)
    answer = clerk.post(f"/desk/orders/{order.number}/pack/")
    assert answer.status_code == 422
    assert "không gói nữa" in body(answer)
    late = clerk.post(f"/desk/orders/{order.number}/cash/", {"amount_dong": "150000", "key": "k"})
    assert late.status_code == 422
    assert not CashReceipt.objects.exists()


@pytest.mark.parametrize("show", ["pack", "give", "cash", "unpaid", "done", "all"])
def test_every_list_opens_empty_and_full(world, clerk, show):
    assert "Không có đơn nào ở đây" in body(clerk.get(f"/desk/orders/?show={show}"))
    order_today(world)
    assert clerk.get(f"/desk/orders/?show={show}").status_code == 200


def test_an_unknown_list_is_not_found(clerk):
    assert clerk.get("/desk/orders/?show=everything").status_code == 404


@pytest.mark.parametrize("text", ["345 678", "678", "Dũng", "0912345678"])
def test_an_order_is_found_by_what_the_buyer_says_on_the_phone(world, clerk, text):
    order = order_today(world)
    assert order.number in body(clerk.get("/desk/orders/", {"q": text}))
    assert order.number in body(clerk.get("/desk/orders/", {"q": order.number[-4:]}))
    assert "Không có đơn nào ở đây" in body(clerk.get("/desk/orders/", {"q": "Trăng"}))
