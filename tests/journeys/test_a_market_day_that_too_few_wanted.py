"""A market day that needs a minimum is opened; too few want it: everybody is told, and owed the money back."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from base.periods import vietnam_day
from tests.journeys import walking
from tests.journeys.bank import Bank
from tests.journeys.conftest import NewPhone
from tests.market import Market

pytestmark = pytest.mark.processes

FISH, BAG, BAG_DONG, NEEDS = "Cá chạch sấy khô", "Gói 200 g", 92_500, "400.000"
NAME = "Chuyến chợ Bút thử"


def test_a_market_day_that_too_few_wanted(market: Market, bank: Bank, new_phone: NewPhone) -> None:
    manager = new_phone()
    walking.sign_in_by_card(manager, "quản lý")
    cycle = _opens_a_market_day(manager)

    paying, on_receipt = new_phone(), new_phone(scripts=False)
    code = _orders_for_it(paying, cycle, by_transfer=True)
    bank.pays(code)
    expect(paying.get_by_role("heading", name="Đã nhận đủ tiền")).to_be_visible()
    paying.get_by_role("link", name="Xem đơn hàng").click()
    _orders_for_it(on_receipt, cycle, by_transfer=False)

    manager.reload()
    expect(manager.get_by_role("definition").filter(has_text="185.000\u00a0₫").first).to_be_visible()
    expect(manager.get_by_role("region", name="Bà con mang gì")).to_contain_text("Nguyễn Thị An")
    walking.readable(manager)

    # Its last hour passes; the worker looks at it by itself.
    now = datetime.now(UTC)
    market.change(
        "UPDATE orders_cycle SET opens_at = %s, closes_at = %s WHERE id = %s",
        f"{now - timedelta(hours=2):%Y-%m-%d %H:%M:%S}", f"{now - timedelta(minutes=1):%Y-%m-%d %H:%M:%S}", cycle,
    )  # fmt: skip
    for buyer in (paying, on_receipt):
        _is_told(buyer)
    expect(paying.get_by_text("92.500\u00a0₫").first).to_be_visible()
    walking.readable(paying)
    manager.reload()
    expect(manager.get_by_role("heading", name=re.compile(f"^{NAME}"))).to_contain_text("không đủ đơn")
    walking.readable(manager)

    [(owed_dong,)] = market.rows(
        "SELECT SUM(f.amount_dong) FROM payments_refund f JOIN orders_order o ON o.id = f.order_id"
        " WHERE o.cycle_id = %s AND f.state = 'to_do'",
        cycle,
    )
    assert owed_dong == BAG_DONG
    assert market.audit()["unexplained_dong"] == 0


def _opens_a_market_day(manager: Page) -> int:
    """With a minimum, a point and one kind of goods; what was forgotten is asked for first. Returns its id."""
    manager.goto("/desk/cycles/")
    manager.get_by_role("link", name="Mở phiên mới").click()
    today = vietnam_day(datetime.now(UTC))
    manager.get_by_label(re.compile("^Tên phiên")).fill(NAME)
    manager.get_by_label("Chốt đơn ngày").fill(f"{today + timedelta(days=1):%Y-%m-%d}")
    manager.get_by_label("Chốt lúc").fill("20:00")
    manager.get_by_label("Ngày nhận hàng").fill(f"{today + timedelta(days=3):%Y-%m-%d}")
    stop = manager.get_by_role("group", name="Cổng chợ Bút")
    stop.get_by_role("checkbox").check()
    manager.get_by_label(re.compile("^Cần ít nhất")).fill(NEEDS)
    manager.get_by_label(FISH).check()
    manager.get_by_role("button", name="Mở phiên").click()
    expect(stop.get_by_text("Hãy điền ô này.").first).to_be_visible()
    walking.readable(manager)
    stop.get_by_role("textbox").first.fill("06:00")
    stop.get_by_role("textbox").last.fill("08:00")
    manager.get_by_role("button", name="Mở phiên").click()
    expect(manager.get_by_role("heading", name=re.compile(f"^{NAME}"))).to_contain_text("đang nhận đơn")
    walking.readable(manager)
    return int(manager.url.rstrip("/").rsplit("/", 1)[-1])


def _orders_for_it(buyer: Page, cycle: int, *, by_transfer: bool) -> str:
    """One bag, to be fetched on that day, from the page that was sent round. Ends on the payment's or order's page."""
    buyer.goto(f"/cycles/{cycle}/")
    expect(buyer.get_by_text("Lúc chốt mà chưa đủ thì phiên không họp")).to_be_visible()
    buyer.get_by_role("link", name=FISH).first.click()
    buyer.get_by_role("region", name=BAG, exact=True).get_by_role("button", name="Thêm vào giỏ").click()
    buyer.get_by_role("link", name=re.compile("^Đi tới đặt hàng")).click()
    buyer.get_by_label("Tên người nhận").fill("Đoàn Văn Phiên")
    buyer.get_by_label("Số điện thoại").fill("0900 000 621" if by_transfer else "0900 000 622")
    buyer.get_by_label(re.compile(f"^{NAME}")).check()
    buyer.get_by_label(re.compile("^Cổng chợ Bút")).check()
    buyer.get_by_label(re.compile("^Chuyển khoản" if by_transfer else "^Trả tiền khi nhận hàng")).check()
    buyer.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    buyer.wait_for_url("**/pay/**" if by_transfer else "**/o/**")
    return buyer.url.rstrip("/").rsplit("/", 1)[-1]


def _is_told(buyer: Page) -> None:
    """On the page of the order, once the worker was there."""
    until = datetime.now(UTC) + timedelta(seconds=60)
    while not buyer.get_by_text("không đủ đơn để họp").count():
        assert datetime.now(UTC) < until, buyer.content()
        buyer.wait_for_timeout(500)
        buyer.reload()
