"""The treasurer's tables: what waits by its reason, what came today, and a line with its tailored first step."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from payments import closing
from payments.models import BankTransaction, Refund
from storefront import desk_lines
from storefront.desk_reasons import IN_ORDER
from tests.payments.conftest import request_of
from tests.storefront.desk_walk import body, order_today, signed_in


@pytest.fixture
def treasurer(world):
    return signed_in(world.treasurer)


def test_every_reason_has_its_place_and_its_sentence():
    assert set(IN_ORDER) == {"", *BankTransaction.Reason.values}


def test_what_waits_is_grouped_by_reason_with_count_and_sum(world, treasurer, comes):
    for number in range(7):
        comes(f"khong ro {number}", 10_000)
    comes("phi quan ly", 11_000, direction="out")
    comes("CP2222222Y", 45_000)
    found = desk_lines.groups(world.organization, most=5)
    assert {(group.reason, group.count, group.dong, len(group.lines)) for group in found} == {
        ("NO_CODE", 8, 115_000, 5), ("OUTGOING", 1, 11_000, 1),
    }  # fmt: skip
    page = body(treasurer.get("/desk/money/"))
    assert "Xem cả 8 khoản không có mã" in page
    assert "Hỏi người chuyển, hoặc tìm khoản cùng số tiền." in page
    assert body(treasurer.get("/desk/money/?reason=NO_CODE")).count('class="arrival"') == 8
    assert treasurer.get("/desk/money/?reason=NOBODY").status_code == 404


def test_another_organizations_lines_are_in_no_group(world, comes):
    comes("tien coi", 10_000, account=world.other_bank_account)
    assert desk_lines.groups(world.organization, most=5) == []


def test_today_adds_up_both_ways(world, treasurer, comes):
    comes("tien ca", 150_000, at=timezone.now())
    comes("tien ca nua", 50_000, at=timezone.now())
    comes("phi", 11_000, direction="out", at=timezone.now())
    comes("hom khac", 9_000)
    page = body(treasurer.get("/desk/money/?show=today"))
    assert "200.000\u00a0₫" in page
    assert "11.000\u00a0₫" in page
    assert "9.000\u00a0₫" not in page


@pytest.fixture
def late(world, comes) -> tuple[Order, Order, BankTransaction]:
    """An expired order, the one that took its goods, and the money that came too late for the first."""
    order = order_today(world, 5)
    closing.expire_due(at=timezone.now() + timedelta(days=4))
    rival = order_today(world, 28)
    return order, rival, comes(request_of(order).code, order.total_dong)


def test_late_money_is_a_debt_with_its_task_beside_the_line(treasurer, late):
    _order, _rival, line = late
    assert (line.state, line.reason) == ("SETTLED", "LATE")
    [task] = Refund.objects.all()
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert f"/desk/refunds/{task.code}/" in page
    assert "/desk/refunds/new/" not in page  # nothing is asked back twice


def test_late_money_takes_the_order_back_with_one_tap_once_goods_are_there(treasurer, late):
    order, rival, line = late
    debt = line.kept_debts.get()
    treasurer.post(f"/desk/money/{line.pk}/undo/", {"kept_debt": debt.pk})
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert f"Lấy lại hàng, khớp cho đơn {order.number}" in page
    assert "như gợi ý" not in page  # the same deed is not offered twice
    typed = {"code": request_of(order).code, "dong": str(order.total_dong), "reason": "hàng vẫn còn", "key": "k"}
    sold_out = treasurer.post(f"/desk/money/{line.pk}/assign/", typed)
    assert sold_out.status_code == 422
    assert "không mở lại được" in body(sold_out)
    closing.cancel(order_id=rival.pk, actor=None, reason="khách gọi hủy", at=timezone.now())
    assert treasurer.post(f"/desk/money/{line.pk}/assign/", typed).status_code == 303
    order.refresh_from_db()
    assert (order.state, order.payment) == ("PLACED", "PAID")


def test_a_second_transfer_names_the_order_that_was_paid_before(world, treasurer, comes):
    order = order_today(world)
    comes(request_of(order).code, order.total_dong)
    line = comes(request_of(order).code + " lan hai", order.total_dong)
    assert line.reason == "ALREADY_PAID"
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert f"Đơn {order.number} (Hoàng Văn Dũng) cần 150.000\u00a0₫ và đã nhận đủ trước khoản này." in page


def test_each_one_tap_form_has_a_key_of_its_own(world, treasurer, comes):
    first, second = order_today(world, 1), order_today(world, 1)
    line = comes(f"{request_of(first).code} {request_of(second).code}", 75_000)
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    keys = [part.partition('"')[0] for part in page.split('name="key" value="')[1:]]
    assert len(keys) >= 4
    assert len(set(keys)) == len(keys)


def test_more_rows_keep_what_was_typed_and_book_nothing(world, treasurer, comes):
    line = comes("tien ca", 150_000)
    typed = {"code": ["CPAAAAAAAA", "", ""], "dong": ["70.000", "", ""], "reason": "chia ba", "key": "k9", "more": "1"}
    answer = treasurer.post(f"/desk/money/{line.pk}/assign/", typed)
    page = body(answer)
    assert answer.status_code == 200
    assert page.count('name="dong"') == 4
    for kept in ("CPAAAAAAAA", "70.000", "chia ba", "k9"):
        assert kept in page
    line.refresh_from_db()
    assert line.used_dong == 0


def test_evidence_says_who_told_it_and_why_it_stands_there(world, treasurer, comes):
    line = comes("tien ca", 150_000)
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert "SePay báo" in page
    assert "tien ca 150000" in page


def test_the_payer_is_shown_where_a_source_names_him(world, treasurer, comes):
    line = comes("tien ca", 150_000)
    BankTransaction.objects.filter(pk=line.pk).update(payer_name="NGUYEN THU HA", payer_account="19033445566")
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert "NGUYEN THU HA" in page
    assert "19033445566" in page
