"""An accountant's first day: from an empty desk and the Excel that she has to slips that a bank's app can read."""

import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import Locator, Page, expect
from vietnam_qr_pay import QRPay

from storefront.demo import cast
from tests.journeys import qr, walking
from tests.journeys.conftest import DESK_SIZE, NewPhone
from tests.journeys.newcomers import SCHOOL, SCHOOL_ACCOUNTANT, Newcomers
from tests.payments.paper.making import Pdf

pytestmark = pytest.mark.processes

MEALS, BOARDING = "Tiền ăn bán trú", "Chăm sóc bán trú"
BASIS = "Nghị quyết số 18/2026/NQ-HĐND ngày 1/7/2026"
MEAL_DONG, MEAL_DAYS, BOARDING_DONG = 25_000, 20, 150_000
EACH_DONG = MEAL_DAYS * MEAL_DONG + BOARDING_DONG

HEAD = ["STT", "Mã HS", "Họ và tên", "Lớp", "Phụ huynh", "Số ĐT"]
AN = [1, "0001", "Nguyễn Văn An", "3A", "Trần Thị Hòa", 912345678]  # Excel has eaten the 0 of the phone
BINH = [2, "0002", "Lê Thị Bình", None, "Phạm Văn Cường", "0987.654.321"]
CHAU = [3, "0003", "Đặng Bảo Châu", None, "Đặng Văn Đức", "+84 935 111 222"]
DUNG = [4, "0004", "Nguyễn Thị Dung", "5B", "Trần Thị Hòa", "0912 345 678"]  # An's sister
EN = [5, "0005", "Vũ Hải Én", None, "Vũ Thị Gấm", 977000111]
GIANG = [6, "0006", "Phạm Văn Giang", None, "Phạm Thị Hiền", "12345"]  # no phone number
PUPILS = {
    "0001": ("Nguyễn Văn An", "3A", "Trần Thị Hòa", "+84912345678"),
    "0002": ("Lê Thị Bình", "3A", "Phạm Văn Cường", "+84987654321"),
    "0003": ("Đặng Bảo Châu", "3A", "Đặng Văn Đức", "+84935111222"),
    "0004": ("Nguyễn Thị Dung", "5B", "Trần Thị Hòa", "+84912345678"),
    "0005": ("Vũ Hải Én", "5B", "Vũ Thị Gấm", "+84977000111"),
}
LIST = "Danh sách lớp 2026 (bản cuối) sửa lần 3.xlsx"


def messy_book(*, phone_of_giang: str = "12345") -> bytes:
    """As it really comes: titles above, one class cell merged over its pupils, decomposed accents, numbers as text,
    a row that stands there twice, one that is wrong, a total and signatures below."""
    rows: list[list[Any]] = [
        ["TRƯỜNG TIỂU HỌC CẦU TRE"], [], ["DANH SÁCH HỌC SINH BÁN TRÚ NĂM HỌC 2026–2027"], [], HEAD,
        AN, BINH, BINH, CHAU, DUNG, EN, [*GIANG[:5], phone_of_giang],
        ["Tổng cộng:", None, 7], [], [None, None, None, None, "Yên Mô, ngày 5 tháng 9 năm 2026"],
        [None, None, "Người lập biểu", None, "Hiệu trưởng"], [None, None, "Vũ Thị Lan", None, "Đỗ Văn Minh"],
    ]  # fmt: skip
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "DS ban tru"
    for row in rows:
        sheet.append([unicodedata.normalize("NFD", cell) if isinstance(cell, str) else cell for cell in row])
    for cells in ("A1:F1", "A3:F3", "D6:D9", "D10:D12"):
        sheet.merge_cells(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.fixture(autouse=True)
def _the_books_add_up_in_the_evening(newcomers: Newcomers) -> Iterator[None]:
    yield
    newcomers.audited()


def test_from_a_messy_excel_to_published_slips(newcomers: Newcomers, newcomers_phone: NewPhone) -> None:
    page = newcomers_phone(viewport=DESK_SIZE)
    walking.sign_in(page, SCHOOL_ACCOUNTANT.phone, cast.PASSWORD)
    page.wait_for_url("**/biller/")
    _reads(page, "Ba bước để thu được tiền")

    _says_what_it_charges(page)
    _brings_its_list(page, newcomers)
    run = _drafts_and_checks_a_round(page)
    _publishes(page)
    _every_slip_asks_for_its_own_bill(page, newcomers, run)
    _parents_read_the_prices(newcomers_phone())


def _says_what_it_charges(page: Page) -> None:
    """Two items with price, ceiling and basis; the price above its ceiling is not taken, and what was typed stays."""
    page.get_by_role("link", name="1. Mục thu").click()
    _reads(page, "Chưa có mục thu nào")
    page.get_by_role("link", name="Thêm mục thu đầu tiên").click()
    _reads(page, "Thêm mục thu")
    _item(page, MEALS, measure="theo số lượng", unit="suất")
    _rate(page, price="25.000", ceiling="30.000", basis=BASIS)
    expect(page.get_by_text("Đã ghi giá từ ngày")).to_be_visible()
    walking.readable(page)

    page.get_by_role("link", name="Mục thu", exact=True).first.click()
    _reads(page, "Nhóm được giảm")
    page.get_by_role("link", name="Thêm mục thu", exact=True).click()
    _item(page, BOARDING, measure="một mức")
    _rate(page, price="200.000", ceiling="180.000", basis=BASIS)
    expect(page.get_by_text(f"{BOARDING}: mức thu 200.000\u00a0₫ cao hơn mức trần 180.000\u00a0₫.")).to_be_visible()
    expect(page.get_by_label("Giá một đơn vị")).to_have_value("200.000")
    walking.readable(page)
    _rate(page, price="150.000")
    expect(page.get_by_text("Đã ghi giá từ ngày")).to_be_visible()
    page.get_by_role("link", name="Mục thu", exact=True).first.click()
    for item, price in ((MEALS, "25.000\u00a0₫ / suất"), (BOARDING, "150.000\u00a0₫")):
        row = page.get_by_role("listitem").filter(has_text=item)
        expect(row).to_contain_text(price)
        expect(row).to_contain_text(BASIS)


def _reads(page: Page, heading: str) -> None:
    """Once its heading is there: everybody can read the page."""
    expect(page.get_by_role("main").get_by_text(heading, exact=True).first).to_be_visible()
    walking.readable(page)


def _item(page: Page, name: str, *, measure: str, unit: str = "") -> None:
    page.get_by_label("Tên mục thu").fill(name)
    page.get_by_label("tháng", exact=True).check()
    page.get_by_label(re.compile(f"^{measure}")).check()
    page.get_by_label(re.compile("^Đơn vị tính")).fill(unit)
    page.get_by_role("checkbox", name="Bắt buộc").check()
    page.get_by_role("button", name="Thêm, rồi ghi giá").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def _rate(page: Page, *, price: str, ceiling: str | None = None, basis: str | None = None) -> None:
    page.get_by_label("Giá một đơn vị").fill(price)
    if ceiling is not None:
        page.get_by_label("Mức trần cho một đơn vị").fill(ceiling)
    if basis is not None:
        page.get_by_label("Căn cứ").fill(basis)
    page.get_by_role("button", name="Ghi giá này").click()


def _brings_its_list(page: Page, newcomers: Newcomers) -> None:
    """Faulty rows are said with their reasons, the others come in; the same file again changes nothing."""
    page.get_by_role("link", name="Hôm nay", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="1. Mục thu")).to_contain_text("xong")
    page.get_by_role("link", name="2. Danh sách").click()
    _reads(page, "Danh sách còn trống")
    page.get_by_role("main").get_by_role("link", name="Nhập từ Excel").last.click()
    _reads(page, "Nhập từ Excel")
    _looks_at(page, messy_book())
    expect(page.get_by_text("Máy đã đoán như dưới đây.")).to_be_visible()  # no column had to be pointed out
    walking.readable(page)
    _sees_before_anything_is_written(page, added=5, faulty=2)
    assert _on_the_list(newcomers) == {}
    faults = page.get_by_role("table").filter(has_text="Vì sao")
    expect(_row(faults, "Dòng 8 DS ban tru")).to_contain_text("Giống hệt dòng 7")
    expect(_row(faults, "Dòng 12 DS ban tru")).to_contain_text("“12345” không phải số điện thoại đúng.")
    walking.readable(page)
    page.get_by_role("button", name="Nhận 5 dòng tốt").click()
    expect(page.get_by_text("2 dòng chưa nhận vì có lỗi")).to_be_visible()
    walking.readable(page)
    assert _on_the_list(newcomers) == PUPILS

    page.get_by_role("link", name="Gửi tệp khác").click()
    _looks_at(page, messy_book())
    page.get_by_role("button", name="Xem thử, chưa ghi gì").click()
    expect(page.get_by_text("Không có gì mới để nhận.")).to_be_visible()
    page.get_by_role("button", name="Vẫn ghi lại lần nhập này").click()
    expect(page.get_by_role("row").filter(has_text="Giống như đã có")).to_contain_text("5")
    assert _on_the_list(newcomers) == PUPILS
    page.get_by_role("link", name="Xem danh sách").click()
    _reads(page, "Danh sách")
    [(homes,)] = newcomers.market.rows(
        "SELECT COUNT(*) FROM payments_household h JOIN cooperatives_organization o ON o.id = h.organization_id"
        " WHERE o.slug = %s",
        SCHOOL.slug,
    )
    assert homes == 4  # An and Dung have one mother


def _looks_at(page: Page, book: bytes) -> None:
    page.get_by_label("Danh sách học sinh").check()
    page.get_by_label("Tệp Excel hoặc CSV đang có").set_input_files(
        {"name": LIST, "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "buffer": book}
    )
    page.get_by_role("button", name="Xem tệp này, chưa ghi gì").click()
    expect(page.get_by_role("heading", name="Cột nào là gì")).to_be_visible()


def _sees_before_anything_is_written(page: Page, *, added: int, faulty: int) -> None:
    page.get_by_role("button", name="Xem thử, chưa ghi gì").click()
    expect(page.get_by_role("heading", name="Nếu nhập")).to_be_visible()
    for said, count in (("Thêm mới", added), ("Dòng có lỗi, chưa nhận", faulty)):
        expect(page.get_by_role("row").filter(has_text=said)).to_contain_text(str(count))


def _row(table: Locator, head: str) -> Locator:
    return table.get_by_role("row").filter(has=table.page.get_by_role("rowheader", name=head, exact=True))


def _on_the_list(newcomers: Newcomers) -> dict[str, tuple[str, str, str, str]]:
    """By number: name, class, parent and phone of every pupil of the school."""
    found = newcomers.market.rows(
        "SELECT a.number, a.name, a.section, h.name, h.phone FROM payments_billingaccount a"
        " JOIN payments_household h ON h.id = a.household_id JOIN cooperatives_organization o"
        " ON o.id = a.organization_id WHERE o.slug = %s",
        SCHOOL.slug,
    )
    return {number: tuple(said) for number, *said in found}


def _drafts_and_checks_a_round(page: Page) -> int:
    """Returns the run's id, its check page read to the đồng."""
    page.get_by_role("link", name="Hôm nay", exact=True).click()
    page.get_by_role("link", name="3. Đợt thu").click()
    page.get_by_role("link", name="Mở đợt thu đầu tiên").click()
    _reads(page, "Mở đợt thu")
    page.get_by_label(MEALS, exact=True).check()
    page.get_by_label(f"{MEALS}: mỗi người mấy suất").fill(str(MEAL_DAYS))
    page.get_by_label(BOARDING, exact=True).check()
    page.get_by_role("button", name="Xem lại trước khi phát hành").click()
    expect(page.get_by_text("Đã lập bản nháp.")).to_be_visible()
    expect(page.get_by_text("Cần làm trước khi phát hành")).to_have_count(0)
    by_item = page.get_by_role("table", name="Theo mục thu")
    by_class = page.get_by_role("table", name="Theo lớp, thôn")
    for table, head, bills, dong in (
        (by_item, MEALS, 5, 5 * MEAL_DAYS * MEAL_DONG), (by_item, BOARDING, 5, 5 * BOARDING_DONG),
        (by_class, "3A", 3, 3 * EACH_DONG), (by_class, "5B", 2, 2 * EACH_DONG),
    ):  # fmt: skip
        cells = _row(table, head).get_by_role("cell").all_inner_texts()
        assert cells[0].strip() == str(bills), cells
        assert walking.dong_in(cells[-1]) == dong, cells
    walking.readable(page)
    return int(page.url.rstrip("/").rsplit("/", 1)[-1])


def _publishes(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Phát hành 5 khoản: 3.250.000")).click()
    expect(page.get_by_text("Đã phát hành “")).to_be_visible()
    walking.readable(page)


def _every_slip_asks_for_its_own_bill(page: Page, newcomers: Newcomers, run: int) -> None:
    """The QR in the pixels of the printed pages, read by programs that are not ours, against the rows of the bills."""
    bills = newcomers.market.rows(
        "SELECT r.code, r.asked_dong - r.credited_dong, b.account_name FROM payments_bill b"
        " JOIN payments_paymentrequest r ON r.bill_id = b.id WHERE b.run_id = %s",
        run,
    )
    assert {(name, int(dong)) for _code, dong, name in bills} == {(one[0], EACH_DONG) for one in PUPILS.values()}
    page.get_by_label("Mấy phiếu một trang A4").select_option("4")
    with page.expect_download() as saving:
        page.get_by_role("button", name="In phiếu báo thu").click()
    paper = Pdf(saving.value.path().read_bytes())
    assert len(paper.pages) == 2
    printed = [_transfer(payload) for sheet in paper.pages for payload, _across, _up in sheet.codes()]
    assert sorted(printed, key=lambda one: one.memo) == [
        qr.Transfer(bin=SCHOOL.bin, account=SCHOOL.account, dong=int(dong), memo=code)
        for code, dong, _name in sorted(bills)
    ]
    for code, _dong, name in bills:
        assert name in paper.text
        assert code in paper.text.replace(" ", "")


def _transfer(payload: str) -> qr.Transfer:
    parsed = QRPay(payload)
    assert parsed.is_valid, payload
    return qr.Transfer(
        bin=parsed.consumer.bank_bin, account=parsed.consumer.bank_number, dong=int(parsed.amount),
        memo=parsed.additional_data.purpose,
    )  # fmt: skip


def _parents_read_the_prices(parent: Page) -> None:
    """Anybody may see what is charged on what basis; not who owes it."""
    parent.goto(f"/bills/of/{SCHOOL.slug}/")
    for said in (MEALS, BOARDING, BASIS):
        expect(parent.get_by_text(said).first).to_be_visible()
    for name, _section, guardian, _phone in PUPILS.values():
        assert name not in parent.content()
        assert guardian not in parent.content()
    walking.readable(parent)
