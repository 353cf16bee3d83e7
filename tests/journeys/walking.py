"""What a visitor does on the pages, by what is written on them: roles, labels and words, never class names."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

_HOME = re.compile(r"/(desk|biller|member)/$")  # where people of the market and of billers land
DONG = re.compile(r"(\d{1,3}(?:\.\d{3})*)\s*₫")


def dong_in(text: str) -> int:
    """The one amount written in ``text``, whole đồng."""
    [written] = DONG.findall(text)
    return int(written.replace(".", ""))


def put_in_basket(page: Page, product: str, quantity: str, *, variant: str | None = None) -> None:
    """From the start page to the basket."""
    page.goto("/")
    page.get_by_role("link", name=product, exact=True).click()
    form: Page | Locator = page
    if variant:
        form = page.get_by_role("region", name=variant, exact=True)
    form.get_by_label(re.compile("^Lấy ")).fill(quantity)
    form.get_by_role("button", name=re.compile("Thêm vào giỏ|Đổi số lượng")).click()
    expect(page.get_by_role("heading", name="Giỏ hàng", exact=True)).to_be_visible()


def check_out(page: Page, *, name: str, phone: str, note: str = "") -> str:
    """From the basket to the payment page; the goods are fetched. Returns the code."""
    page.get_by_role("link", name=re.compile("^Đi tới đặt hàng")).click()
    fill_checkout(page, name=name, phone=phone, note=note)
    page.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    page.wait_for_url("**/pay/**")
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def fill_checkout(page: Page, *, name: str, phone: str, note: str = "") -> None:
    page.get_by_label("Tên người nhận").fill(name)
    page.get_by_label("Số điện thoại").fill(phone)
    page.get_by_label("Lời nhắn").fill(note)
    page.get_by_label(re.compile("^Chuyển khoản")).check()


def buy(page: Page, product: str, quantity: str, *, name: str, variant: str | None = None) -> str:
    """One kind of goods, ordered as a guest and to be paid by transfer; returns the code."""
    put_in_basket(page, product, quantity, variant=variant)
    return check_out(page, name=name, phone="0900 000 321")


def sign_in_by_card(page: Page, role: str) -> None:
    """``role``: as its card on the start page says: thủ quỹ, thành viên …"""
    page.goto("/")
    page.get_by_role("button", name=f"Vào xem với vai {role}", exact=True).click()
    page.wait_for_url(_HOME)  # whoever goes on at once is not signed in yet


def copied(page: Page, row: str) -> str:
    """What stands in one row of the payment page: account, bank, holder, amount or memo."""
    return page.locator(f"#copy-{row}").inner_text().strip()


def sign_in(page: Page, phone: str, password: str) -> None:
    """By the form, as everybody who works here."""
    page.goto("/sign-in/")
    page.get_by_label("Số điện thoại").fill(phone)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(_HOME)


def readable(page: Page) -> None:
    """By everybody: axe finds nothing, and nothing is wider than the screen. Needs scripts: axe is one."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} is wider than the screen"


def open_bills(page: Page, code: str, second_factor: str) -> None:
    """From the page where households come in, with what stands on their card or slip."""
    page.goto("/bills/")
    page.get_by_label("Mã trên phiếu hoặc trên thẻ").fill(code)
    page.get_by_label("4 số cuối điện thoại đã đăng ký").fill(second_factor)
    page.get_by_role("button", name="Xem các khoản cần đóng").click()
