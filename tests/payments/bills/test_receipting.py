"""Receipts from the rows: cash for bills, bundles and orders; a biên nhận for what came to the bank."""

import pytest

from base.refusals import NotFound
from payments import bundles, cash
from payments.bills import correcting, receipting
from payments.bills.correcting import Change
from payments.models import Bill, CashReceipt
from tests import billers
from tests.payments.bills.incoming import comes_to
from tests.payments.conftest import order_bags, request_of
from tests.payments.paper.making import Pdf

pytestmark = pytest.mark.django_db


def said_on(made: bytes) -> str:
    return Pdf(made).text.replace("\u00a0", " ")


def test_cash_for_two_children_is_one_phieu_thu(school):
    mine = billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)])
    hers = billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    bundle = bundles.make(codes=[mine.code, hers.code], at=school.now)
    receipt = cash.receive(code=bundle.code, amount_dong=1_000_000, actor=school.clerk, key="k", at=school.now)
    for size in ("a5", "58mm"):
        text = said_on(receipting.receipt_pdf(CashReceipt.objects.get(pk=receipt.pk), size=size))
        for words in ("PHIẾU THU", "Số 000001", "Nguyễn Văn An", "Nguyễn Thị Bình", "1.000.000 ₫", "Tâm", bundle.code):
            assert words in text
        assert "một triệu đồng" in text
        assert "Còn phải trả lúc in phiếu 50.000 ₫" in text.replace("phiếu\n", "phiếu ") or size == "58mm"


def test_cash_for_an_order_has_a_receipt_too(world):
    order = order_bags(world, 2, pay_by="CASH")
    asked = request_of(order)
    receipt = cash.receive(code=asked.code, amount_dong=asked.due_dong, actor=world.clerk, key="k", at=world.now)
    text = said_on(receipting.receipt_pdf(receipt, size="a5"))
    for words in (f"Đơn hàng {order.number}", order.buyer_name, "150.000 ₫", world.clerk.name):
        assert words in text


def test_a_voided_receipt_says_so(school):
    asked = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    receipt = cash.receive(code=asked.code, amount_dong=500_000, actor=school.clerk, key="k", at=school.now)
    CashReceipt.objects.filter(pk=receipt.pk).update(undone_at=school.now, void_reason="ghi nhầm em")
    text = said_on(receipting.receipt_pdf(CashReceipt.objects.get(pk=receipt.pk), size="a5"))
    assert "ĐÃ HỦY: ghi nhầm em" in text


def test_what_came_to_the_bank_has_a_bien_nhan(school):
    asked = billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)])
    bill = Bill.objects.preloaded().get(pk=asked.bill_id)
    with pytest.raises(NotFound):
        receipting.paid_receipt(bill)
    comes = comes_to(school)
    comes(asked.code, 520_000)
    comes(asked.code, 135_000)
    text = said_on(receipting.paid_receipt(Bill.objects.preloaded().get(pk=asked.bill_id)))
    for words in (
        "BIÊN NHẬN", f"Số {asked.code}", "Tiền ăn bán trú", "500.000 ₫", "150.000 ₫", "650.000 ₫",
        "chuyển khoản 520.000 ₫ ngày 15/03/2026", "chuyển khoản 130.000 ₫", "Chuyển thừa 5.000 ₫",
        "sáu trăm năm mươi nghìn đồng",
    ):  # fmt: skip
        assert words in text
    assert "Người thu" not in text


def test_a_bien_nhan_of_a_bill_in_a_bundle_is_for_that_bill_alone(school):
    mine = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    hers = billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    bundle = bundles.make(codes=[mine.code, hers.code], at=school.now)
    comes_to(school)(bundle.code, 900_000)
    text = said_on(receipting.paid_receipt(Bill.objects.preloaded().get(pk=hers.bill_id)))
    assert "chuyển khoản 400.000 ₫" in text
    assert "Nguyễn Văn An" not in text


def test_cash_is_not_on_the_bien_nhan(school):
    asked = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    cash.receive(code=asked.code, amount_dong=500_000, actor=school.clerk, key="k", at=school.now)
    with pytest.raises(NotFound):
        receipting.paid_receipt(Bill.objects.preloaded().get(pk=asked.bill_id))


@pytest.mark.parametrize(
    ("transfer", "cash_dong", "total"), [(100_000, 0, "100.000 ₫"), (0, 100_000, ""), (40_000, 60_000, "40.000 ₫")]
)
def test_what_a_correction_moved_to_another_item_is_not_said_twice(school, transfer, cash_dong, total):
    """Meals 100,000 were paid, 30,000 of them given back and used at once for boarding: no đồng more has come."""
    asked = billers.bill(school.run, school.older, [(school.meals, 100_000), (school.boarding, 50_000)])
    if transfer:
        comes_to(school)(asked.code, transfer)
    if cash_dong:
        cash.receive(code=asked.code, amount_dong=cash_dong, actor=school.clerk, key="c", at=school.now)
    correcting.correct(
        bill_id=asked.bill_id, changes=[Change(school.meals.pk, -30_000)], reason="nghỉ ốm", actor=school.treasurer,
        key="k", at=school.now,
    )  # fmt: skip
    bill = Bill.objects.preloaded().get(pk=asked.bill_id)
    assert bill.request.credited_dong == 100_000
    if not total:
        with pytest.raises(NotFound):
            receipting.paid_receipt(bill)
        return
    text = said_on(receipting.paid_receipt(bill))
    assert "130.000" not in text
    assert "70.000 ₫" not in text if cash_dong else "70.000 ₫" in text
    assert total in text
    assert "Đã điều chỉnh giảm" not in text
