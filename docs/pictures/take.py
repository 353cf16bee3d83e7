"""Take the README's pictures anew: ``.venv/bin/python -m docs.pictures.take`` (needs Chromium and dev requirements).

A market of its own with the demo inside, an order by a guest, and its pages on a phone of 360×640 at twice the
density, one of them by night, and the desk on a screen of 1280×800; kept as WebP. Run it after a page has changed its
face.
"""

import io
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import django
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup()

from tests.conftest import CHROMIUM, CHROMIUM_FLAGS, NO_CHROMIUM  # noqa: E402  Django first
from tests.journeys import walking  # noqa: E402
from tests.journeys.bank import Bank  # noqa: E402
from tests.market import Market, Template, running  # noqa: E402

FOLDER = Path(__file__).resolve().parent
MOST_BYTES = 60_000


def main() -> None:
    if CHROMIUM is None:
        raise SystemExit(NO_CHROMIUM)
    with tempfile.TemporaryDirectory(prefix="chophien-pictures-") as scratch:
        template = Template(Path(scratch) / "template")
        try:
            with running(template, Path(scratch) / "market") as market, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
                take_all(browser, market)
                browser.close()
        finally:
            template.drop()


def take_all(browser: Browser, market: Market) -> None:
    buyer = phone(browser, market)
    buyer.goto("/")
    keep(buyer, "shop")
    buyer.goto("/search/?q=ca+chach")
    keep(buyer, "search")
    buyer.goto("/p/ca-chach-say-kho/")
    keep(buyer, "product")
    night = phone(browser, market, by_night=True)
    night.goto("/p/ca-chach-say-kho/")
    keep(night, "night", first=".product__text")
    keep_address(buyer)
    buyer.goto("/")
    code = walking.buy(buyer, "Cá chạch sấy khô", "2", variant="Gói 200 g", name="Nguyễn Văn Thử")
    keep(buyer, "pay", last=".qr")
    Bank(market).pays(code)
    [[token]] = market.rows(
        "SELECT o.token FROM orders_shipment s JOIN orders_order o ON o.id = s.order_id WHERE s.state = 'failed'"
    )
    buyer.goto(f"/o/{token}/")
    keep(buyer, "parcel", first=".timeline")

    treasurer = phone(browser, market)
    walking.sign_in_by_card(treasurer, "thủ quỹ")
    expect(treasurer.get_by_text("Chênh lệch chưa giải thích")).to_be_visible()
    keep(treasurer, "desk")
    treasurer.goto("/desk/cod/?show=all")
    keep(treasurer, "cod", first="h1")
    screen = opened(browser, market, viewport={"width": 1280, "height": 800})
    walking.sign_in_by_card(screen, "thủ quỹ")
    keep(screen, "desk-wide")

    member = phone(browser, market)
    walking.sign_in_by_card(member, "thành viên")
    expect(member.get_by_text(re.compile("Mức trước khi tham gia")).first).to_be_visible()
    keep(member, "member", last=".bars-key")


def keep_address(buyer: Page) -> None:
    """A commune of before July 2025, typed without accents, and the one that it belongs to now."""
    walking.put_in_basket(buyer, "Chuối tây sấy dẹt", "1", variant="Gói 300 g")
    buyer.goto("/checkout/")
    buyer.get_by_label("Gửi bưu điện").check()
    commune = buyer.get_by_role("combobox", name="Xã, phường")
    commune.press_sequentially("yen hoa yen mo")
    buyer.get_by_role("option", name="xã Yên Mô").click()
    expect(buyer.get_by_text("trước 7/2025: xã Yên Hòa")).to_be_visible()
    keep(buyer, "address", first="#where")
    buyer.context.clear_cookies()


def phone(browser: Browser, market: Market, *, by_night: bool = False) -> Page:
    return opened(
        browser, market, viewport={"width": 360, "height": 640}, device_scale_factor=2,
        color_scheme="dark" if by_night else "light",
    )  # fmt: skip


def opened(browser: Browser, market: Market, **looks: Any) -> Page:
    """A page of a browser that nobody has used before."""
    context = browser.new_context(
        base_url=market.url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce", **looks
    )
    return context.new_page()


def keep(page: Page, name: str, *, first: str = "", last: str = "") -> None:
    """One screen as ``name``.webp, as sharp as fits into MOST_BYTES: from the top, or scrolled until the element
    ``first`` stands at its top or ``last`` at its foot.
    """
    page.wait_for_load_state("networkidle")
    if first or last:
        far = "e.getBoundingClientRect().top - 12" if first else "e.getBoundingClientRect().bottom + 12 - innerHeight"
        page.locator(first or last).first.evaluate(f"e => scrollBy({{top: {far}, behavior: 'instant'}})")
        page.wait_for_load_state("networkidle")  # pictures that load when they are seen
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for quality in (88, 80, 72, 64, 56):
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MOST_BYTES:
            break
    assert out.tell() <= MOST_BYTES, f"{name}: {out.tell()} bytes"
    (FOLDER / f"{name}.webp").write_bytes(out.getvalue())


if __name__ == "__main__":
    main()
