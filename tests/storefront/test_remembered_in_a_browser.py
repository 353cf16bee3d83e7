"""What a phone remembers of its owner and what it is offered, in Chromium and in what calls itself Zalo or Facebook."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.people import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
ANDROID = "Mozilla/5.0 (Linux; Android 13; SM-A245F) AppleWebKit/537.36 (KHTML, like Gecko) "
CHROME = ANDROID + "Chrome/131.0.0.0 Mobile Safari/537.36"
IN_APP = {
    "Zalo": ANDROID + "Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36 Zalo android/24120187 ZaloTheme/light",
    "Zalo on iOS": IPHONE + "Mobile/15E148 Zalo iOS/586",
    "Facebook": ANDROID + "Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/492.0.0.66.71;]",
    "Facebook on iOS": IPHONE + "[FBAN/FBIOS;FBAV/492.0]",
    "Messenger": ANDROID + "Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36 [FB_IAB/Orca-Android;FBAV/488.0]",
    "a web view": ANDROID.replace("SM-A245F", "SM-A245F; wv") + "Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36",
}  # fmt: skip
# What Chromium sends where a site could be put on the home screen.
OFFER = """() => {
  const offer = new Event("beforeinstallprompt", { cancelable: true });
  offer.prompt = async () => { window.isAsked = true; };
  window.dispatchEvent(offer);
  return offer.defaultPrevented;
}"""


@pytest.fixture
def opened(live_server: Any, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """``opened(user_agent=…)``: a phone that comes to the market for the second time."""
    make_world()

    def comes_again(**more: Any) -> Page:
        context = new_context(base_url=live_server.url, service_workers="block", **more)
        for _visit in range(2):
            page = context.new_page()
            page.goto("/", wait_until="networkidle")
        return page

    return comes_again


def test_who_comes_back_is_offered_the_home_screen_once(opened: Callable[..., Page]) -> None:
    page = opened(user_agent=CHROME)
    offer = page.get_by_role("button", name="Đặt lên màn hình chính")
    expect(offer).to_be_hidden()
    assert page.evaluate(OFFER)  # the browser's own bar stays away
    offer.click()
    assert page.evaluate("window.isAsked")
    expect(offer).to_be_hidden()
    page.reload(wait_until="networkidle")
    page.evaluate(OFFER)
    page.get_by_role("button", name="Để sau").click()
    page.reload(wait_until="networkidle")
    page.evaluate(OFFER)
    expect(offer).to_be_hidden()


@pytest.mark.parametrize("name", IN_APP)
def test_inside_a_chat_app_nothing_is_offered(opened: Callable[..., Page], name: str) -> None:
    page = opened(user_agent=IN_APP[name])
    assert page.evaluate(OFFER)
    expect(page.get_by_role("button", name="Đặt lên màn hình chính")).to_be_hidden()


def test_a_first_visit_is_offered_nothing(
    live_server: Any, new_context: Callable[..., BrowserContext], world: World
) -> None:
    page = new_context(base_url=live_server.url, user_agent=CHROME, service_workers="block").new_page()
    page.goto("/", wait_until="networkidle")
    page.evaluate(OFFER)
    expect(page.get_by_role("button", name="Đặt lên màn hình chính")).to_be_hidden()


def fill_basket(page: Page) -> None:
    page.goto("/p/ca-chach-say-kho/")
    page.get_by_role("button", name="Thêm vào giỏ").first.click()
    page.wait_for_url("**/basket/")  # whoever goes on at once never put it there
    page.goto("/checkout/", wait_until="networkidle")


def test_checkout_remembers_on_the_phone_and_forgets_when_told(opened: Callable[..., Page]) -> None:
    page = opened(user_agent=CHROME)
    fill_basket(page)
    expect(page.locator("[data-remembered]")).to_be_hidden()
    typed = {
        "name": "Hoàng Văn Dũng", "phone": "0912 345 678", "commune_typed": "xã Yên Mô, tỉnh Ninh Bình",
        "hamlet": "Số 8 ngõ 120", "landmark": "cạnh chợ",
    }  # fmt: skip
    page.get_by_label("Người trong xã mang đến").check()
    for field, value in typed.items():
        page.locator(f"[name={field}]").fill(value)
    page.get_by_role("button", name="Đặt hàng:").click()
    page.wait_for_url("**/pay/CP*/")
    fill_basket(page)
    for field, value in typed.items():
        expect(page.locator(f"[name={field}]")).to_have_value(value)
    page.locator("[data-forget]").click()
    page.reload(wait_until="networkidle")
    for field in typed:
        expect(page.locator(f"[name={field}]")).to_have_value("")


def test_a_phone_that_may_not_store_anything_orders_too(opened: Callable[..., Page]) -> None:
    page = opened(user_agent=IN_APP["Zalo"])
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } })")
    fill_basket(page)
    page.get_by_label("Tên người nhận").fill("Hoàng Văn Dũng")
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_role("button", name="Đặt hàng:").click()
    page.wait_for_url("**/pay/CP*/")
    assert wrong == []
