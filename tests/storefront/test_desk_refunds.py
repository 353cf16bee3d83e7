"""Money that goes back, as a treasurer does it: asked, ordered by a code to scan, seen leaving, taken back."""

from io import BytesIO

import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone
from PIL import Image

from payments import closing, inbox, refunds, settlement
from payments.models import BankTransaction, Explanation, Refund, RefundMovement
from payments.payees import payload_of
from tests.payments.conftest import arrival, request_of
from tests.storefront.desk_walk import body, order_today, signed_in

PAYEE = {"payee_bin": "970407", "payee_account": "19033445566", "payee_holder": "Nguyễn Thu Hà"}
WHY = {"reason": "khách chuyển nhầm", "key": "k1"}


@pytest.fixture
def treasurer(world):
    return signed_in(world.treasurer)


@pytest.fixture
def stray(comes) -> BankTransaction:
    return comes("NGUYEN THU HA chuyen nham", 150_000)


@pytest.fixture
def ordered(treasurer, stray) -> Refund:
    treasurer.post(f"/desk/money/{stray.pk}/return/", {**WHY, **PAYEE})
    return Refund.objects.get()


def test_a_line_goes_back_in_one_tap_with_a_code_that_a_bank_reads(treasurer, stray, ordered):
    assert (ordered.state, ordered.amount_dong) == ("ordered", 150_000)
    page = body(treasurer.get(f"/desk/refunds/{ordered.code}/"))
    for shown in ("150.000\u00a0₫", "một trăm năm mươi nghìn đồng", "19033445566", "NGUYEN THU HA", "Techcombank"):
        assert shown.lower() in page.lower()
    picture = treasurer.get(f"/desk/refunds/{ordered.code}/qr.png")
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(picture.content)).convert("L"))
    assert read.text == payload_of(ordered)
    saved = treasurer.get(f"/desk/refunds/{ordered.code}/qr.png?download")
    assert saved.headers["Content-Disposition"] == f'attachment; filename="VietQR-{ordered.code}.png"'


def test_without_the_payee_it_is_a_task_that_waits(treasurer, stray):
    treasurer.post(f"/desk/money/{stray.pk}/return/", WHY)
    task = Refund.objects.get()
    assert task.state == "to_do"
    assert treasurer.get(f"/desk/refunds/{task.code}/qr.png").status_code == 404
    assert task.code in body(treasurer.get("/desk/refunds/"))
    assert "1 khoản cần trả lại" in body(treasurer.get("/desk/"))
    missing = treasurer.post(f"/desk/refunds/{task.code}/order/", {"payee_bin": "970407", "key": "k2"})
    assert missing.status_code == 422
    assert "-payee_account_error" in body(missing)
    sent = treasurer.post(f"/desk/refunds/{task.code}/order/", {**PAYEE, "key": "k3"})
    assert sent.status_code == 303
    task.refresh_from_db()
    assert task.state == "ordered"


def test_the_payer_that_a_source_named_is_filled_in_and_a_masked_account_is_not(treasurer, stray):
    named = BankTransaction.objects.filter(pk=stray.pk)
    named.update(payer_name="NGUYEN THU HA", payer_account="19033445566")
    assert 'value="19033445566"' in body(treasurer.get(f"/desk/money/{stray.pk}/"))
    named.update(payer_account="***5566")
    page = body(treasurer.get(f"/desk/money/{stray.pk}/"))
    assert 'value="***5566"' not in page
    assert 'value="NGUYEN THU HA"' in page


def test_a_debit_with_its_code_closes_it_and_undoing_opens_it_again(treasurer, comes, ordered):
    line = comes(f"HOAN TIEN {ordered.code}", 150_000, direction="out")
    ordered.refresh_from_db()
    assert ordered.state == "sent"
    assert "Ngân hàng báo tiền đã đi" in body(treasurer.get(f"/desk/refunds/{ordered.code}/"))
    [movement] = RefundMovement.objects.all()
    assert f'name="refund_movement" value="{movement.pk}"' in body(treasurer.get(f"/desk/money/{line.pk}/"))
    treasurer.post(f"/desk/money/{line.pk}/undo/", {"refund_movement": movement.pk})
    ordered.refresh_from_db()
    assert ordered.state == "ordered"


def test_a_debit_without_its_code_is_one_tap(treasurer, comes, ordered):
    line = comes("chuyen tien", 150_000, direction="out")
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert "Đúng, tiền trả lại đã đi" in page
    typed = {"refund": ordered.code, "reason": "đúng khoản này", "key": "k4"}
    for _tap in range(2):
        assert treasurer.post(f"/desk/money/{line.pk}/match/", typed).status_code == 303
    ordered.refresh_from_db()
    assert ordered.state == "sent"
    assert treasurer.post(f"/desk/money/{line.pk}/match/", {**typed, "refund": "CPXXXXXXXX"}).status_code == 404


def test_an_order_is_cancelled_and_the_debt_kept_when_it_is_taken_back(treasurer, ordered):
    without = treasurer.post(f"/desk/refunds/{ordered.code}/cancel/", {"reason": "", "key": "k"})
    assert without.status_code == 422
    assert "-reason_error" in body(without)
    treasurer.post(f"/desk/refunds/{ordered.code}/cancel/", {"reason": "chưa chuyển", "key": "k"})
    ordered.refresh_from_db()
    assert ordered.state == "cancelled"
    page = body(treasurer.get("/desk/refunds/"))
    assert "Còn nợ, chưa ai bắt đầu trả" in page
    assert f"/desk/refunds/new/?line={ordered.transaction_id}" in page


def test_what_was_paid_too_much_is_asked_back_from_the_line_and_from_the_order(world, treasurer, comes):
    order = order_today(world)
    line = comes(request_of(order).code, order.total_dong + 20_000)
    assert f"Còn phải trả lại 20.000\u00a0₫ của đơn {order.number}" in body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert f"/desk/refunds/new/?order={order.number}" in body(treasurer.get(f"/desk/orders/{order.number}/"))
    address = f"/desk/refunds/new/?order={order.number}&line={line.pk}"
    assert 'value="20000"' in body(treasurer.get(address)).replace(".", "")
    more = treasurer.post(address, {**WHY, "amount_dong": "20.001"})
    assert more.status_code == 422
    assert "-amount_dong_error" in body(more)
    assert treasurer.post(address, {**WHY, "amount_dong": "20.000", "key": "k5"}).status_code == 303
    assert Refund.objects.get().order == order
    assert "Không còn gì phải trả" in body(treasurer.get(address))


def test_a_cancelled_orders_money_is_offered_back_first(world, treasurer, comes):
    order = order_today(world)
    closing.cancel(order_id=order.pk, actor=None, reason="khách gọi hủy", at=timezone.now())
    line = comes(request_of(order).code, order.total_dong)
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert page.index("Trả lại 150.000") < page.index("Tự xử lý")
    treasurer.post(f"/desk/money/{line.pk}/return/", {**WHY, **PAYEE})
    assert Refund.objects.get().order == order


def test_every_list_of_refunds_opens_and_a_strange_one_does_not(treasurer, ordered):
    for show in ("todo", "ordered", "done"):
        assert treasurer.get(f"/desk/refunds/?show={show}").status_code == 200
    assert treasurer.get("/desk/refunds/?show=all").status_code == 404
    assert treasurer.get("/desk/refunds/new/").status_code == 404
    assert treasurer.get("/desk/refunds/CP2222222Y/").status_code == 404
    assert treasurer.get("/desk/refunds/new/?order=%00").status_code == 404


def test_a_manager_sees_a_refund_and_has_no_code_to_send_it_by(world, ordered):
    manager = signed_in(world.manager)
    page = body(manager.get(f"/desk/refunds/{ordered.code}/"))
    assert "150.000" in page
    assert "qr.png" not in page
    assert manager.get(f"/desk/refunds/{ordered.code}/qr.png").status_code == 404


def test_another_organizations_refund_is_not_there(world, ordered):
    stranger = signed_in(world.other_treasurer)
    assert stranger.get(f"/desk/refunds/{ordered.code}/").status_code == 404
    assert stranger.post(f"/desk/refunds/{ordered.code}/cancel/", {"reason": "xóa đi", "key": "k"}).status_code == 404
    assert refunds.visible(ordered.pk, actor=world.treasurer, at=world.now).state == "ordered"


# -- What else a line was for ----------------------------------------------------------------------------------


def test_a_fee_is_said_to_be_one_and_taken_back(treasurer, comes):
    line = comes("PHI QUAN LY TK", 11_000, direction="out")
    typed = {"kind": "bank_fee", "reason": "phí tháng 3", "key": "k"}
    assert treasurer.post(f"/desk/money/{line.pk}/explain/", typed).status_code == 303
    [explained] = Explanation.objects.all()
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert "Phí ngân hàng" in page
    assert f'name="explanation" value="{explained.pk}"' in page
    treasurer.post(f"/desk/money/{line.pk}/undo/", {"explanation": explained.pk})
    line.refresh_from_db()
    assert (line.state, line.used_dong) == ("NEEDS_YOU", 0)


def test_a_transfer_between_own_accounts_names_its_other_side(world, treasurer, comes):
    second = world.bank_account.__class__.objects.create(
        organization=world.organization, bin="970407", bank_name="Techcombank", number="1903", holder="HTX",
        created_at=world.now,
    )  # fmt: skip
    left = comes("chuyen qua TCB", 500_000, direction="out")
    came = comes("nhan tu VCB", 500_000, account=second)
    assert f'value="{came.pk}"' in body(treasurer.get(f"/desk/money/{left.pk}/"))
    without = treasurer.post(f"/desk/money/{left.pk}/explain/", {**WHY, "kind": "own_transfer"})
    assert without.status_code == 422
    assert "-counterpart_id_error" in body(without)
    typed = {**WHY, "kind": "own_transfer", "counterpart_id": came.pk, "key": "k7"}
    assert treasurer.post(f"/desk/money/{left.pk}/explain/", typed).status_code == 303
    [explained] = Explanation.objects.all()
    assert f'name="explanation" value="{explained.pk}"' in body(treasurer.get(f"/desk/money/{came.pk}/"))
    assert treasurer.post(f"/desk/money/{came.pk}/undo/", {"explanation": explained.pk}).status_code == 303
    came.refresh_from_db()
    assert came.used_dong == 0


@pytest.mark.parametrize(("direction", "kind"), [("in", "bank_fee"), ("out", "other_receipt"), ("out", "disputed")])
def test_what_cannot_be_is_not_offered_and_refused(treasurer, comes, direction, kind):
    line = comes("gi do", 11_000, direction=direction)
    assert f'value="{kind}"' not in body(treasurer.get(f"/desk/money/{line.pk}/"))
    answer = treasurer.post(f"/desk/money/{line.pk}/explain/", {**WHY, "kind": kind})
    assert answer.status_code == 422
    assert not Explanation.objects.exists()


def test_interest_is_another_receipt(treasurer, comes):
    line = comes("TRA LAI TIEN GUI", 1_234)
    typed = {**WHY, "kind": "other_receipt"}
    assert treasurer.post(f"/desk/money/{line.pk}/explain/", typed).status_code == 303
    line.refresh_from_db()
    assert line.state == "SETTLED"


# -- What only a text message tells ------------------------------------------------------------------------------


@pytest.fixture
def by_text(world) -> BankTransaction:
    asked = request_of(order_today(world))
    written = inbox.write_down(
        arrival=arrival(asked.code, asked.asked_dong, at=world.now), organization=world.organization,
        bank_account=world.bank_account, source="sms", at=world.now,
    )  # fmt: skip
    assert written.transaction is not None
    return settlement.settle(transaction_id=written.transaction.pk, at=world.now)


def test_a_text_alone_is_told_to_be_one_and_is_one_tap_from_the_books(world, treasurer, by_text):
    assert (by_text.state, by_text.reason, by_text.booked_at) == ("NEEDS_YOU", "SMS_ONLY", None)
    page = body(treasurer.get(f"/desk/money/{by_text.pk}/"))
    assert "Mới có tin nhắn, chưa có ngân hàng xác nhận" in page
    assert "làm giả" in page
    assert "Đúng, tiền đã về: khớp 150.000\u00a0₫" in page
    typed = {"code": by_text.memo, "dong": "150000", "reason": "Đã xem ứng dụng ngân hàng", "key": "k8"}
    assert treasurer.post(f"/desk/money/{by_text.pk}/assign/", typed).status_code == 303
    by_text.refresh_from_db()
    assert (by_text.state, by_text.declared_by) == ("SETTLED", world.treasurer)
    assert "xác nhận tiền đã về, khi mới có tin nhắn" in body(treasurer.get(f"/desk/money/{by_text.pk}/"))


def test_a_faked_text_is_dismissed_without_a_debt(treasurer, by_text):
    assert "Sổ không ghi gì" in body(treasurer.get(f"/desk/money/{by_text.pk}/"))
    treasurer.post(f"/desk/money/{by_text.pk}/dismiss/", {"reason": "tin giả", "key": "k"})
    by_text.refresh_from_db()
    assert (by_text.state, by_text.used_dong, by_text.booked_at) == ("NOT_OURS", 0, None)


def test_the_buyer_reads_where_the_money_of_a_cancelled_order_is(world, treasurer, comes):
    order = order_today(world, 2)
    comes(request_of(order).code, 150_000)
    closing.cancel(order_id=order.pk, actor=None, reason="khách gọi hủy", at=timezone.now())
    page = f"/o/{order.token}/"
    assert "Thủ quỹ sẽ liên hệ theo số điện thoại của đơn" in body(Client().get(page))
    treasurer.post(f"/desk/refunds/new/?order={order.number}", {**WHY, **PAYEE, "amount_dong": "150000"})
    refund = Refund.objects.get()
    treasurer.post(f"/desk/refunds/{refund.code}/order/", {**PAYEE, "key": "k2"})
    on_its_way = body(Client().get(page))
    assert "Đang trả lại 150.000\u00a0₫" in on_its_way
    assert "Đừng chuyển tiền nữa" not in on_its_way
    assert PAYEE["payee_account"] not in on_its_way, "the link may be in other hands"
    comes(f"HOAN TIEN {refund.code}", 150_000, direction="out")
    assert "Đã trả lại 150.000\u00a0₫" in body(Client().get(page))
