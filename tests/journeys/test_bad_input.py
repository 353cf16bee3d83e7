"""What is refused changes nothing, says what to do, and keeps what was typed. The wrong person finds nothing."""

import io
import re
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import FilePayload, expect

from tests.journeys import walking
from tests.journeys.conftest import NewPhone
from tests.market import Market
from tests.payments.statements.files import HEADER, as_xlsx, movements, with_part

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("full_shelves")]

HONEY, BOTTLE_DONG = "Mật ong hoa nhãn", 165_000
TABLES = ("orders_order", "catalog_product", "catalog_photo", "payments_statementfile", "payments_banktransaction")
STAFF_PAGES = (
    "/desk/",
    "/desk/orders/",
    "/desk/money/",
    "/desk/goods/",
    "/desk/members/",
    "/desk/day/",
    "/biller/",
    "/biller/bills/",
    "/biller/accounts/",
    "/biller/month/",
    "/biller/cash/",
    "/desk/statement/",
)


@pytest.fixture
def nothing_changes(market: Market) -> Any:
    """Fails at the end if any of these tables has grown."""
    before = _sizes(market)
    yield
    assert _sizes(market) == before


def _sizes(market: Market) -> dict[str, int]:
    return {table: market.rows(f"SELECT COUNT(*) FROM {table}")[0][0] for table in TABLES}


@pytest.mark.usefixtures("nothing_changes")
def test_an_empty_basket_leads_back_to_the_goods(new_phone: NewPhone) -> None:
    buyer = new_phone()
    buyer.goto("/checkout/")
    expect(buyer).to_have_url(re.compile("/basket/$"))
    expect(buyer.get_by_text("Giỏ hàng đang trống")).to_be_visible()
    buyer.get_by_role("link", name="Xem hàng đang bán").click()
    expect(buyer.get_by_role("link", name=HONEY, exact=True)).to_be_visible()


@pytest.mark.usefixtures("nothing_changes")
def test_a_quantity_that_cannot_be_read_is_said_beside_its_field(new_phone: NewPhone) -> None:
    buyer = new_phone(scripts=False)
    for typed in ("hai", "2 con", "0", "-1", "1,55", "9" * 20, "1\u202e2"):
        buyer.goto("/p/gao-nep-hat-cau/")
        field = buyer.get_by_label(re.compile("^Lấy "))
        field.fill(typed)
        with buyer.expect_response("**/basket/add/") as answering:
            buyer.get_by_role("button", name="Thêm vào giỏ").click()
        assert answering.value.status in {409, 422}, typed
        expect(field).to_have_value(typed)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(buyer.get_by_role("alert")).to_be_visible()
    buyer.goto("/basket/")
    expect(buyer.get_by_text("Giỏ hàng đang trống")).to_be_visible()


def test_goods_that_somebody_else_took_meanwhile(market: Market, new_phone: NewPhone) -> None:
    slow, quick = new_phone(), new_phone()
    [(left,)] = market.rows(
        "SELECT v.on_hand - v.reserved FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id"
        " WHERE p.name = %s",
        HONEY,
    )
    walking.put_in_basket(slow, HONEY, "3")
    slow.get_by_role("link", name=re.compile("^Đi tới đặt hàng")).click()
    walking.fill_checkout(slow, name="Người chậm", phone="0900000341")
    walking.buy(quick, HONEY, str(left - 1), name="Người nhanh")
    orders = market.rows("SELECT COUNT(*) FROM orders_order")

    slow.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    expect(slow.get_by_text("Chưa đặt được. Những gì đã gõ vẫn còn.")).to_be_visible()
    expect(slow.get_by_role("alert").first).to_contain_text(re.compile("Chỉ còn 1\u00a0chai"))
    expect(slow.get_by_label("Tên người nhận")).to_have_value("Người chậm")
    assert market.rows("SELECT COUNT(*) FROM orders_order") == orders
    slow.get_by_role("link", name="Sửa giỏ hàng").click()
    slow.get_by_role("button", name=re.compile(r"^Lấy 1\schai còn lại$")).click()
    slow.get_by_role("link", name=re.compile("^Đi tới đặt hàng: 165.000")).click()
    walking.fill_checkout(slow, name="Người chậm", phone="0900000341")
    slow.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    slow.wait_for_url("**/pay/**")
    assert walking.dong_in(walking.copied(slow, "amount")) == BOTTLE_DONG


@pytest.mark.usefixtures("nothing_changes")
def test_a_file_that_only_says_it_is_a_photo(new_phone: NewPhone) -> None:
    clerk = new_phone()
    walking.sign_in_by_card(clerk, "nhân viên")
    clerk.goto("/desk/goods/new/")
    clerk.get_by_label("Tên hàng").fill("Bánh gai lá chuối")
    clerk.get_by_label("Bán theo").fill("cái")
    clerk.get_by_label("Giá một đơn vị").fill("12.000")
    clerk.get_by_label("Ảnh").set_input_files(
        FilePayload(name="banh.jpg", mimeType="image/jpeg", buffer=b"<script>alert(1)</script>" * 100)
    )
    clerk.get_by_role("button", name="Đưa lên chợ").click()
    expect(clerk.get_by_text("Tệp này không phải ảnh JPEG, PNG hoặc WebP dùng được")).to_be_visible()
    expect(clerk.get_by_label("Tên hàng")).to_have_value("Bánh gai lá chuối")
    expect(clerk.get_by_label("Giá một đơn vị")).to_have_value("12.000")


@pytest.mark.usefixtures("nothing_changes")
def test_statement_files_that_are_not_to_be_believed(new_phone: NewPhone) -> None:
    treasurer = new_phone()
    walking.sign_in_by_card(treasurer, "thủ quỹ")
    rows = [HEADER, *movements(6)]
    honest = as_xlsx(rows)
    for name, data, why in (
        ("bomb.xlsx", with_part(honest, "xl/worksheets/sheet1.xml", b" " * 120_000_000), "bung ra quá lớn"),
        ("merged.xlsx", as_xlsx(rows, merged=["A2:A4"]), "ô gộp"),
        ("cut.xlsx", as_xlsx([*rows[:3], *rows[4:]]), "số dư"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(500), "Không đọc được chữ"),
        ("empty.xlsx", _empty_workbook(), "Hãy xuất lại"),
    ):
        treasurer.goto("/desk/statement/")
        treasurer.get_by_label(re.compile("^Tệp sao kê")).set_input_files(
            FilePayload(name=name, mimeType="application/octet-stream", buffer=data)
        )
        treasurer.get_by_role("button", name="Đọc tệp và ghi vào sổ").click()
        expect(treasurer.locator(".field__error")).to_contain_text(why)


def _empty_workbook() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


@pytest.mark.usefixtures("nothing_changes")
def test_a_stranger_finds_nothing(market: Market, new_phone: NewPhone) -> None:
    guest, member = new_phone(), new_phone()
    walking.sign_in_by_card(member, "thành viên")
    member.wait_for_url("**/member/")
    [(number,)] = market.rows("SELECT number FROM orders_order WHERE state = 'PLACED' ORDER BY id LIMIT 1")
    [(line,)] = market.rows("SELECT id FROM payments_banktransaction ORDER BY id LIMIT 1")
    for path in (*STAFF_PAGES, f"/desk/orders/{number}/", f"/desk/money/{line}/"):
        assert member.request.get(path).status == 404, path
        unknown = guest.request.get(path, max_redirects=0)
        assert (unknown.status, unknown.headers["location"].split("?")[0]) == (302, "/sign-in/"), path
    token = member.context.cookies()
    [csrf] = [cookie["value"] for cookie in token if cookie["name"] == "csrftoken"]
    for deed in (f"/desk/orders/{number}/pack/", f"/desk/orders/{number}/hand-over/", f"/desk/money/{line}/undo/"):
        said = member.request.post(deed, headers={"X-CSRFToken": csrf, "Referer": market.url}, max_redirects=0)
        assert said.status == 404, deed
    for path in (
        "/pay/CPAAAAAAAA/",
        "/o/not-a-token/",
        "/media/photos/../../market.sqlite3",
        "/bills/h/not-a-token/",
        "/bills/one/CPAAAAAAAA/",
        "/bills/of/not-a-biller/",
        "/admin/",
    ):
        assert guest.request.get(path).status == 404, path
    states = market.rows("SELECT state FROM orders_order WHERE number = %s", number)
    assert states == [("PLACED",)]
