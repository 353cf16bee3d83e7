"""The buyer's pages in a real Chromium at 360×640: light enough, readable by everybody, and awake when money comes."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, Response, expect

from catalog.models import Category, Photo
from catalog.photos import add_photo
from cooperatives.models import Organization
from orders.models import Order
from payments.requesting import payload_of
from storefront.demo.pictures import PICTURES, draw
from tests import people
from tests.people import World, make_world
from tests.storefront.making import request_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pictured(world: World, goods: int) -> None:
    """``goods`` published products with a drawn picture each; the first is the cast's own."""
    sweet, _is_new = Category.objects.get_or_create(slug="qua", defaults={"name": "Quà quê", "position": 1})
    for slug, (_ground, _draws, alt) in list(PICTURES.items())[Photo.objects.count() : goods]:
        is_first = not world.product.photos.exists()
        made = world.product if is_first else people.product(world.organization, sweet, slug=slug, name=alt[:40])
        if not is_first:
            people.stock(people.variant_by_piece(made), 5, owner=None)
        file = BytesIO()
        draw(slug, size=640).save(file, "PNG")
        add_photo(product=made, data=file.getvalue(), alt=alt, actor=None, at=world.now, is_drawn=True)


@pytest.fixture
def market(live_server: Any) -> World:
    """The cast, one cooperative alone, two pictured goods."""
    world = make_world()
    Organization.objects.filter(pk=world.other_organization.pk).update(is_open=False)
    pictured(world, 2)
    return world


def order_two_bags(page: Page, live_server: Any) -> Order:
    """What a guest does, from the product to the payment page."""
    page.goto(f"{live_server.url}/p/ca-chach-say-kho/")
    page.locator("[name=quantity]").first.fill("2")
    page.get_by_role("button", name="Thêm vào giỏ").first.click()
    page.get_by_role("link", name="Đi tới đặt hàng").click()
    page.get_by_label("Tên người nhận").fill("Hoàng Văn Dũng")
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_role("button", name="Đặt hàng: 150.000").click()
    page.wait_for_url("**/pay/CP*/")
    return Order.objects.latest("pk")


def weight_of_first_view(page: Page, url: str) -> tuple[int, int]:
    """Bytes as they travel (text compressed as WhiteNoise and a proxy would) and the number of requests."""
    came: list[Response] = []
    page.on("response", lambda response: came.append(response))
    page.goto(url, wait_until="networkidle")
    sizes = []
    for response in came:
        body = response.body() if response.ok else b""
        is_picture = response.headers.get("content-type", "").startswith(("image/webp", "image/jpeg", "image/png"))
        sizes.append(len(body) if is_picture else len(gzip.compress(body, 6)))
    return sum(sizes), len(sizes)


def assert_readable_by_everybody(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, "something is wider than the phone"


def test_first_views_are_light(market: World, live_server: Any, page: Page, browser: Browser) -> None:
    pictured(market, len(PICTURES))
    weight, requests = weight_of_first_view(page, f"{live_server.url}/")
    assert weight <= 170_000
    assert requests <= 20 + 4  # four demo-sized modules come after the page can be used
    order = order_two_bags(page, live_server)
    fresh = browser.new_context(viewport={"width": 360, "height": 640}).new_page()
    weight, requests = weight_of_first_view(fresh, f"{live_server.url}/pay/{request_of(order).code}/")
    fresh.context.close()
    assert weight <= 50_000
    assert requests <= 12


def test_every_page_is_readable_by_everybody(market: World, live_server: Any, page: Page) -> None:
    order = order_two_bags(page, live_server)
    pages = [
        "/",
        "/?q=khong+co",
        "/p/ca-chach-say-kho/",
        "/basket/",
        "/orders/",
        f"/o/{order.token}/",
        "/no-such-page/",
    ]
    for path in [f"/pay/{request_of(order).code}/", *pages]:
        page.goto(live_server.url + path)
        assert_readable_by_everybody(page)
    page.goto(f"{live_server.url}/p/ca-chach-say-kho/")
    page.get_by_role("button", name="Thêm vào giỏ").first.click()
    page.wait_for_url("**/basket/")
    assert_readable_by_everybody(page)
    page.goto(f"{live_server.url}/checkout/")
    assert_readable_by_everybody(page)
    page.get_by_role("button", name="Xóa").click()  # what this phone remembered of Dũng
    page.get_by_role("button", name="Đặt hàng: 75.000").click()
    page.get_by_role("alert").first.wait_for()
    assert_readable_by_everybody(page)


def test_nothing_is_blocked_and_nothing_complains(market: World, live_server: Any, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    order = order_two_bags(page, live_server)
    page.goto(f"{live_server.url}/o/{order.token}/")
    assert complaints == []


def test_money_that_comes_is_shown_within_three_seconds(
    market: World, live_server: Any, page: Page, comes_to: Callable[..., None]
) -> None:
    """By the page's own clock: how busy this machine is has no part in it."""
    page.clock.install()
    order = order_two_bags(page, live_server)
    page.get_by_text("Chưa thấy tiền về").wait_for()
    with page.expect_response("**/status") as asked:
        page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))  # it asks, and has to wait before it asks again
    asked.value.finished()
    comes_to(market, request_of(order).code, 150_000)
    page.clock.run_for(3000)
    page.get_by_role("heading", name="Đã nhận đủ tiền").wait_for()
    expect(page.get_by_text("Lưu ảnh mã QR")).to_have_count(0)
    expect(page.locator("[data-refresh]")).to_have_count(0)


def test_the_code_on_the_screen_is_the_payment(market: World, live_server: Any, page: Page) -> None:
    order = order_two_bags(page, live_server)
    shown = page.locator(".qr svg").screenshot(scale="css")
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(shown)).convert("L"))
    assert read.text == payload_of(request_of(order))


def test_a_copy_button_copies_the_memo(market: World, live_server: Any, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    order = order_two_bags(page, live_server)
    row = page.locator(".copy-row--memo")
    row.get_by_role("button").click()
    row.get_by_text("Đã chép").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == request_of(order).code


def test_without_scripts_a_guest_buys_and_sees_the_money_come(
    market: World, live_server: Any, browser: Browser, comes_to: Callable[..., None]
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    order = order_two_bags(page, live_server)
    asked = request_of(order)
    for said in (asked.bank_account.number, asked.bank_account.holder, asked.code):
        expect(page.get_by_text(said, exact=True).first).to_be_visible()
    expect(page.get_by_text("150.000").first).to_be_visible()
    with page.expect_download() as saving:
        page.get_by_role("link", name="Lưu ảnh mã QR").click()
    assert saving.value.suggested_filename == f"VietQR-{asked.code}.png"
    # The page opens itself again every ten seconds, and has no link any more once it is paid: too quick to be tapped.
    expect(page.get_by_role("link", name="Xem lại tiền đã về chưa")).to_have_attribute("href", "")
    comes_to(market, asked.code, 150_000)
    again = context.new_page()
    again.goto(page.url)
    expect(again.get_by_text("Đã nhận đủ tiền")).to_be_visible()
    context.close()
