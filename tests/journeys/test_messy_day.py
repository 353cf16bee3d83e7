"""A day on which everything comes otherwise than asked, each in its named state; in the evening the books add up."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from payments.providers import sepay
from tests.journeys import books, qr, walking
from tests.journeys.api import Api
from tests.journeys.bank import FEED, Bank
from tests.journeys.conftest import NewPhone
from tests.market import Market

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("full_shelves")]

NOODLES, PRICE_DONG = "mien-dong-phoi-sao", 42_000
TOTAL_DONG = 2 * PRICE_DONG
PAID = ("PLACED", "PAID", "paid")


@pytest.fixture(scope="module", autouse=True)
def _the_books_add_up_in_the_evening(market: Market) -> Iterator[None]:
    yield
    answer = market.audit()
    assert answer["unexplained_dong"] == 0
    assert set(answer["checks"].values()) == {"ok"}


class Buyers:
    """Guests who each order two bundles of noodles for 84,000 đồng, to be paid by transfer."""

    def __init__(self, api: Api) -> None:
        self.api = api
        found = api.ask("query($slug: String!) { product(slug: $slug) { variants { id } } }", slug=NOODLES)
        [self.variant] = found["product"]["variants"]

    def orders(self, name: str) -> str:
        """The code to pay."""
        [order] = self.api.do(
            "orderPlace", lines=[{"variantId": self.variant["id"], "quantity": 2}], payBy="TRANSFER",
            buyer={"name": name, "phone": "0900000330"}, idempotencyKey=f"messy-{name}",
        )["orders"]  # fmt: skip
        assert order["totalDong"] == str(TOTAL_DONG)
        return str(order["paymentRequests"][0]["code"])


@pytest.fixture
def buyers(api: Api) -> Buyers:
    return Buyers(api)


@pytest.fixture
def treasurer(new_phone: NewPhone) -> Page:
    page = new_phone()
    walking.sign_in_by_card(page, "thủ quỹ")
    page.wait_for_url("**/desk/")
    return page


def standing(market: Market, code: str) -> tuple[str, str, str]:
    """The order's state, its payment, and the state of what was asked."""
    order = books.order_of(market, code)
    return order["state"], order["payment"], order["asked_state"]


def test_in_parts_each_told_three_times_and_then_too_much(
    market: Market, bank: Bank, buyers: Buyers, new_phone: NewPhone
) -> None:
    code, buyer = buyers.orders("Trả làm nhiều lần"), new_phone()
    bank.pays(code, 30_000, times=3)
    buyer.goto(f"/pay/{code}/")
    expect(buyer.get_by_role("heading", name="Đã nhận 30.000\u00a0₫, còn thiếu 54.000\u00a0₫")).to_be_visible()
    assert qr.read(buyer.screenshot(full_page=True)).dong == 54_000  # the picture asks for the rest
    assert standing(market, code) == ("PLACED", "PART", "part")
    bank.pays(code, times=3)
    expect(buyer.get_by_role("heading", name="Đã nhận đủ tiền")).to_be_visible()
    assert standing(market, code) == PAID
    assert books.lines_of(market, code) == [("SETTLED", "", 30_000, 30_000, 0), ("SETTLED", "", 54_000, 54_000, 0)]

    generous = buyers.orders("Trả thừa")
    bank.pays(generous, TOTAL_DONG + 5_000)
    buyer.goto(f"/pay/{generous}/")
    expect(buyer.get_by_role("heading", name="Đã nhận đủ tiền, thừa 5.000\u00a0₫")).to_be_visible()
    assert standing(market, generous) == ("PLACED", "PAID", "over")
    assert books.lines_of(market, generous) == [("SETTLED", "OVERPAID", 89_000, 84_000, 5_000)]
    assert books.owed_to_payers_dong(market, f"order:{books.order_of(market, generous)['id']}") == 5_000


def test_a_code_nobody_gave_out_is_assigned_undone_and_assigned_again(
    market: Market, bank: Bank, buyers: Buyers, treasurer: Page
) -> None:
    code = buyers.orders("Ghi nhầm mã")
    [fresh] = market.printed("codes", "new", "--count", "1")
    bank.pays_with_memo(code, dong=TOTAL_DONG, memo=f"MBVCB.1.{fresh['code']}.CT tu 0000")
    line, state, reason = bank.line_of(fresh["code"])
    assert (state, reason) == ("NEEDS_YOU", "UNKNOWN_CODE")
    for _ in range(2):
        _assign_by_search(treasurer, line, code)
        assert standing(market, code) == PAID
        treasurer.get_by_role("button", name="Gỡ khớp").click()
        expect(treasurer.get_by_text("Đã gỡ. Khoản tiền này lại chờ xử lý.")).to_be_visible()
        assert standing(market, code) == ("PLACED", "UNPAID", "waiting")
    _assign_by_search(treasurer, line, code)
    assert standing(market, code) == PAID
    assert bank.line_of(fresh["code"])[1] == "SETTLED"


def _assign_by_search(treasurer: Page, line: int, code: str) -> None:
    treasurer.goto(f"/desk/money/{line}/?q={code}")
    treasurer.get_by_role("link", name="Chọn khoản này").click()
    form = treasurer.locator("form").filter(has=treasurer.get_by_role("button", name="Khớp như trên"))
    form.get_by_label("Lý do").fill("Người mua gọi điện, đọc đúng tên")
    form.get_by_role("button", name="Khớp như trên").click()
    expect(treasurer.get_by_text("Đã khớp. Nếu nhầm, bấm gỡ ở ngay bên dưới.")).to_be_visible()


def test_one_transfer_for_two_orders_is_split_with_one_tap(
    market: Market, bank: Bank, buyers: Buyers, treasurer: Page
) -> None:
    first, second = buyers.orders("Hai đơn, đơn một"), buyers.orders("Hai đơn, đơn hai")
    bank.pays_with_memo(first, dong=2 * TOTAL_DONG, memo=f"tra tien {first} va {second}")
    line, state, reason = bank.line_of(second)
    assert (state, reason) == ("NEEDS_YOU", "TWO_CODES")
    treasurer.goto(f"/desk/money/{line}/")
    treasurer.get_by_role("button", name=re.compile("^Khớp 168.000.* như gợi ý$")).first.click()
    expect(treasurer.get_by_text("Đã khớp.").first).to_be_visible()
    assert standing(market, first) == standing(market, second) == PAID
    assert bank.line_of(second)[1] == "SETTLED"


def test_money_after_the_deadline_lets_the_order_stand_again(market: Market, bank: Bank, buyers: Buyers) -> None:
    code = buyers.orders("Trả muộn")
    past = (datetime.now(UTC) - timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M:%S")
    market.change("UPDATE orders_order SET expires_at = %s WHERE id = %s", past, books.order_of(market, code)["id"])
    until = time.monotonic() + 60
    while standing(market, code) != ("EXPIRED", "UNPAID", "expired"):  # the worker's next round
        assert time.monotonic() < until, standing(market, code)
        time.sleep(0.2)
    bank.pays(code, TOTAL_DONG)
    assert standing(market, code) == PAID
    assert books.lines_of(market, code) == [("SETTLED", "LATE", TOTAL_DONG, TOTAL_DONG, 0)]
    assert books.told_of(market, code)[:2] == ["order_placed", "order_expired"]


def test_money_for_a_cancelled_order_is_kept_as_a_debt(
    market: Market, bank: Bank, buyers: Buyers, treasurer: Page, new_phone: NewPhone
) -> None:
    code = buyers.orders("Đơn bị hủy")
    order = books.order_of(market, code)
    treasurer.goto(f"/desk/orders/{order['number']}/")
    treasurer.get_by_text("Hủy đơn", exact=True).click()
    treasurer.get_by_label(re.compile("Vì sao hủy")).fill("Khách gọi, không mua nữa")
    treasurer.get_by_role("button", name=f"Hủy đơn {order['number']}").click()
    expect(treasurer.get_by_text(f"Đã hủy đơn {order['number']}, hàng để lại lên kệ.")).to_be_visible()

    bank.pays(code, TOTAL_DONG)
    line, state, reason = bank.line_of(code)
    assert (state, reason) == ("NEEDS_YOU", "CANCELLED_ORDER")
    treasurer.goto(f"/desk/money/{line}/")
    treasurer.get_by_text("Ghi là tiền phải trả lại", exact=True).click()
    form = treasurer.locator("form").filter(has=treasurer.get_by_role("button", name=re.compile("^Ghi nợ lại 84.000")))
    form.get_by_label(re.compile("^Mã chuyển khoản")).fill(code)
    form.get_by_label("Lý do").fill("Tiền về sau khi hủy")
    form.get_by_role("button").click()
    expect(treasurer.get_by_text("Đã ghi là tiền phải trả lại người chuyển.")).to_be_visible()

    assert standing(market, code) == ("CANCELLED", "UNPAID", "cancelled")
    assert books.owed_to_payers_dong(market, f"order:{order['id']}") == TOTAL_DONG
    buyer = new_phone()
    buyer.goto(f"/o/{order['token']}/")
    expect(buyer.get_by_text("đang giữ 84.000\u00a0₫ của đơn này và phải trả lại")).to_be_visible()


def test_a_forged_call_pays_nothing(market: Market, bank: Bank, buyers: Buyers) -> None:
    code = buyers.orders("Kẻ giả ngân hàng")
    [(account,)] = market.rows(
        "SELECT number FROM cooperatives_bankaccount a JOIN cooperatives_organization o ON o.id = a.organization_id"
        " WHERE o.slug = 'yen-hoa'"
    )
    lines = market.rows("SELECT COUNT(*) FROM payments_banktransaction")
    now = datetime.now(UTC)
    body = sepay.call_body(source_id=1, account=account, dong=TOTAL_DONG, memo=code, happened_at=now)
    headers = sepay.signed_call(key="not the cooperative's key", body=body, now=int(now.timestamp()))
    assert bank.post(body, headers).status_code == 403
    assert bank.post(body, {"Content-Type": "application/json"}).status_code == 403
    assert standing(market, code) == ("PLACED", "UNPAID", "waiting")
    assert market.rows("SELECT COUNT(*) FROM payments_banktransaction") == lines
    [(forged,)] = market.rows(FEED.format("forged_calls"))
    assert forged >= 2
