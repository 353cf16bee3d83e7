"""A line of the bank before a treasurer: what it says, what she can do, and what she is told when it cannot be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cooperatives.models import Entry
from orders.models import Order
from payments import closing, inbox
from payments.models import BankTransaction, KeptDebt, Settlement
from tests.payments.conftest import arrival, request_of
from tests.storefront.desk_walk import body, key_in, order_today, signed_in

WHY = {"reason": "gọi hỏi rồi, đúng người này", "key": "k1"}


@pytest.fixture
def treasurer(world):
    return signed_in(world.treasurer)


@pytest.fixture
def unclear(world, comes) -> BankTransaction:
    return comes("NGUYEN THU HA chuyen tien mua ca", 150_000)


def test_a_line_shows_amount_words_memo_evidence_and_why(treasurer, unclear):
    page = body(treasurer.get(f"/desk/money/{unclear.pk}/"))
    for part in (
        "150.000\u00a0₫", "một trăm năm mươi nghìn đồng", "NGUYEN THU HA chuyen tien mua ca",
        "không có mã nào", "NGUYEN THU HA chuyen tien mua ca 150000",
    ):  # fmt: skip
        assert part.lower() in page.lower()


def test_what_a_payer_writes_is_text(treasurer, comes):
    line = comes("<script>alert(1)</script>", 5_000)
    assert "<script>alert" not in body(treasurer.get(f"/desk/money/{line.pk}/"))


def test_an_order_of_the_same_sum_is_hinted_at_and_can_be_taken(world, treasurer, unclear):
    order = order_today(world)
    code = request_of(order).code
    assert code in body(treasurer.get(f"/desk/money/{unclear.pk}/"))
    chosen = treasurer.get(f"/desk/money/{unclear.pk}/?code={code}")
    assert f'value="{code}"' in body(chosen)
    typed = {**WHY, "code": [code, "", ""], "dong": ["150.000", "", ""]}
    assert treasurer.post(f"/desk/money/{unclear.pk}/assign/", typed).status_code == 303
    order.refresh_from_db()
    assert order.payment == Order.Payment.PAID


@pytest.mark.parametrize("text", ["345678", "150000", "Hoàng", "DH-"])
def test_open_requests_are_found(world, treasurer, unclear, text):
    order = order_today(world)
    assert request_of(order).code in body(treasurer.get(f"/desk/money/{unclear.pk}/", {"q": text}))


def test_another_organizations_requests_are_never_found(world, comes, treasurer, unclear):
    order = order_today(world)
    Order.objects.filter(pk=order.pk).update(organization=world.other_organization)
    request_of(order).__class__.objects.filter(order=order).update(organization=world.other_organization)
    assert request_of(order).code not in body(treasurer.get(f"/desk/money/{unclear.pk}/", {"q": "345678"}))


def test_two_codes_are_one_tap(world, comes, treasurer):
    first, second = order_today(world, 1), order_today(world, 2)
    line = comes(f"{request_of(first).code} {request_of(second).code}", 225_000)
    page = treasurer.get(f"/desk/money/{line.pk}/")
    assert "Khớp 225.000\u00a0₫ như gợi ý" in body(page)
    typed = {
        "key": key_in(page), "reason": "Thủ quỹ xem và nhận theo gợi ý",
        "code": [request_of(first).code, request_of(second).code], "dong": ["75000", "150000"],
    }  # fmt: skip
    for _tap in range(2):
        assert treasurer.post(f"/desk/money/{line.pk}/assign/", typed).status_code == 303
    assert Settlement.objects.filter(transaction=line).count() == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": ["CP2222222Y"], "dong": ["mười"]}, "Dòng 1: chưa đọc được số tiền"),
        ({"code": [""], "dong": [""]}, "Hãy chọn ít nhất một khoản"),
        ({"code": ["CP2222222Y"], "dong": ["1000"]}, "Không có khoản cần trả nào mang mã"),
        ({"code": ["CP2222222Y"], "dong": ["900000"]}, "nhiều hơn số tiền còn chưa dùng"),
        ({"code": ["CP2222222Y"], "dong": ["1000"], "reason": ""}, "Hãy ghi lý do"),
        ({"code": ["CP2222222Y"], "dong": ["1000"], "reason": "a"}, "Hãy ghi lý do"),
    ],
)
def test_a_split_that_cannot_be_says_why_and_keeps_what_was_typed(treasurer, unclear, typed, said):
    before = Entry.objects.count()
    answer = treasurer.post(f"/desk/money/{unclear.pk}/assign/", {**WHY, **typed})
    page = body(answer)
    assert answer.status_code == 422
    assert said.lower() in page.lower()
    assert typed["dong"][0] in page
    assert Entry.objects.count() == before


def test_keeping_as_a_debt_and_undoing_it(treasurer, unclear):
    assert treasurer.post(f"/desk/money/{unclear.pk}/keep/", {**WHY, "code": ""}).status_code == 303
    [debt] = KeptDebt.objects.all()
    page = body(treasurer.get(f"/desk/money/{unclear.pk}/"))
    assert "Phải trả lại người chuyển" in page
    assert "Gỡ, xử lý lại" in page
    assert treasurer.post(f"/desk/money/{unclear.pk}/undo/", {"kept_debt": debt.pk}).status_code == 303
    unclear.refresh_from_db()
    assert (unclear.state, unclear.used_dong) == (BankTransaction.State.NEEDS_YOU, 0)


def test_an_unknown_code_for_a_debt_is_said_beside_its_field(treasurer, unclear):
    answer = treasurer.post(f"/desk/money/{unclear.pk}/keep/", {**WHY, "code": "CP2222222Y"})
    assert answer.status_code == 422
    assert "field--wrong" in body(answer)
    assert not KeptDebt.objects.exists()


def test_what_is_not_ours_keeps_its_evidence(treasurer, unclear):
    assert treasurer.post(f"/desk/money/{unclear.pk}/dismiss/", WHY).status_code == 303
    page = body(treasurer.get(f"/desk/money/{unclear.pk}/"))
    assert "không phải của mình" in page
    assert WHY["reason"] in page


def test_undoing_names_something_of_this_line(world, comes, treasurer, unclear):
    order = order_today(world)
    other = comes(request_of(order).code, order.total_dong)
    [settlement] = Settlement.objects.filter(transaction=other)
    for typed in (
        {},
        {"settlement": settlement.pk},
        {"settlement": "x"},
        {"settlement": "９"},
        {"kept_debt": "1" * 30},
    ):
        assert treasurer.post(f"/desk/money/{unclear.pk}/undo/", typed).status_code == 404
    settlement.refresh_from_db()
    assert settlement.is_live


def test_once_the_goods_are_gone_a_settlement_stays(world, comes, treasurer):
    order = order_today(world)
    line = comes(request_of(order).code, order.total_dong)
    treasurer.post(f"/desk/orders/{order.number}/hand-over/")
    [settlement] = Settlement.objects.filter(transaction=line)
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert f'name="settlement" value="{settlement.pk}"' not in page  # no button that can only refuse
    assert "không gỡ khớp được nữa" in page
    answer = treasurer.post(f"/desk/money/{line.pk}/undo/", {"settlement": settlement.pk})
    assert answer.status_code == 422
    assert "không gỡ được ở đây" in body(answer)


def test_a_settled_line_asks_for_nothing_any_more(world, comes, treasurer):
    order = order_today(world)
    closing.expire_due(at=timezone.now() + timedelta(days=4))
    line = comes(request_of(order).code, order.total_dong)
    assert line.state == "SETTLED"
    assert line.reason == "LATE"
    assert "gán lại cho đơn" not in body(treasurer.get(f"/desk/money/{line.pk}/"))


def test_a_manager_reads_and_has_no_buttons(world, unclear):
    page = body(signed_in(world.manager).get(f"/desk/money/{unclear.pk}/"))
    assert "150.000" in page
    assert "/assign/" not in page
    assert "/dismiss/" not in page


def test_money_that_left_can_only_be_marked(treasurer, comes):
    line = comes("phi quan ly", 11_000, direction="out")
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert "/assign/" not in page
    assert "/dismiss/" in page


@pytest.mark.parametrize("query", ["", "?show=over", "?show=today", "?show=all", "?day=2026-03-15", "?day=nonsense"])
def test_every_list_of_lines_opens(treasurer, unclear, query):
    assert treasurer.get(f"/desk/money/{query}").status_code == 200


def test_evidence_about_a_strange_account_is_counted_and_shown(world, treasurer):
    inbox.write_down(
        arrival=arrival("lac duong", 7_000, at=world.now, account="999"), organization=world.organization,
        bank_account=None, source="sepay:live", at=world.now,
    )  # fmt: skip
    assert "1 tin ngân hàng về tài khoản lạ" in body(treasurer.get("/desk/"))
    assert "lac duong 7000" in body(treasurer.get("/desk/money/evidence/"))
