"""Receipts: number, keeper, items, figures and words, on A5 and on a strip of 58 mm; a void one says so."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from reportlab.lib.units import mm

from payments.paper.receipts import CASH, TRANSFER, VOID, Receipt, Taken, receipt
from tests.payments.paper.making import LONG_NAME, Pdf

CASH_FOR_AN = Receipt(
    title=CASH, biller="Trường Tiểu học Yên Hòa", address="Thôn Nộn Khê, Yên Mô, Ninh Bình", phone="0229 386 1234",
    number="000123", at=datetime(2026, 11, 22, 2, 5, tzinfo=UTC), payers=("Nguyễn Văn An · Lớp 3A · HS-0001",),
    items=(Taken("Tiền ăn bán trú", 550_000, "Tháng 11/2026"), Taken("Nước uống", 15_300, "Tháng 11/2026")),
    amount_dong=565_000, how="tiền mặt", keeper="Vũ Thị Lan", rounding_dong=-300, left_dong=50_000, code="CP7K2M9Q9M",
)  # fmt: skip
SIZES = ["a5", "58mm"]


@pytest.mark.parametrize("size", SIZES)
def test_a_receipt_says_who_what_and_how_much(size):
    made = Pdf(receipt(CASH_FOR_AN, size=size))
    text = made.text.replace("\u00a0", " ")
    for said in (
        "Trường Tiểu học Yên Hòa", "PHIẾU THU", "Số 000123", "09:05 ngày 22/11/2026", "Nguyễn Văn An", "HS-0001",
        "Tiền ăn bán trú", "550.000 ₫", "15.300 ₫", "–300 ₫", "565.000 ₫", "tiền mặt", "Vũ Thị Lan", "50.000 ₫",
    ):  # fmt: skip
        assert said in text
    assert "năm trăm sáu mươi lăm nghìn đồng" in text
    assert "hóa đơn" not in text.lower()
    assert VOID not in text
    assert "An" not in str(made.metadata)


@pytest.mark.parametrize("size", SIZES)
def test_a_void_one_is_marked_and_still_readable(size):
    void = replace(CASH_FOR_AN, void=True, void_reason="ghi nhầm em cùng tên", left_dong=0)
    text = Pdf(receipt(void, size=size)).text
    assert text.count(VOID) == 2
    assert "ghi nhầm em cùng tên" in text
    assert "550.000" in text


@pytest.mark.parametrize("size", SIZES)
def test_long_ones_are_cut_nowhere(size):
    items = tuple(Taken(f"Mục thu số {place} với một tên rất dài", 1_000, LONG_NAME) for place in range(45))
    payers = tuple(f"{LONG_NAME} · Lớp {place}A · HS-{place:04d}" for place in range(3))
    long = replace(CASH_FOR_AN, items=items, payers=payers, demo=True, biller=LONG_NAME * 2)
    made = Pdf(receipt(long, size=size))
    for page in made.pages:
        edge = 4.9 * mm
        assert all(letter.left >= edge and letter.right <= page.width - edge for letter in page.letters)
        assert all(letter.bottom >= edge and letter.top <= page.height - 3 * mm for letter in page.letters)
    squeezed = made.text.replace(" ", "")
    for place in range(45):
        assert f"Mụcthusố{place}với" in squeezed
    assert squeezed.count(LONG_NAME.replace(" ", "")) >= 45 + 3
    assert made.text.count("Đã nhận") == 1
    assert "DEMO" in made.text
    if size == "a5":
        assert len(made.pages) > 1
        assert all("Số 000123" in page.text for page in made.pages)
    else:
        assert made.pages[0].width == pytest.approx(58 * mm)


def test_money_at_the_bank_has_a_bien_nhan_without_a_keeper():
    text = Pdf(receipt(replace(CASH_FOR_AN, title=TRANSFER, keeper="", notes=("Chuyển thừa 5.000 ₫",)), size="a5")).text
    assert "BIÊN NHẬN" in text
    assert "Chuyển thừa 5.000" in text
    assert "Người thu" not in text
