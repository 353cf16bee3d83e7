"""The market with the network cut, with the server stopped, and with a server that says nothing: real Chromium, real
processes.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from storefront.demo import cast
from tests.market import Market, OpenMarket

pytestmark = pytest.mark.browser
FISH = "/p/ca-chach-say-kho/"
READY = "navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
KEPT = "caches.open('pages').then((pages) => pages.keys()).then((all) => all.map((one) => new URL(one.url)))"
KEPT_PATHS = f"{KEPT}.then((all) => all.map((one) => one.pathname + one.search))"


@pytest.fixture(scope="module")
def market(open_market: OpenMarket) -> Iterator[Market]:
    """One that may be stopped and frozen: nobody else trades on it."""
    with open_market(worker=False) as market:
        yield market


@pytest.fixture
def context(market: Market, new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context(base_url=market.url)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A phone that has opened the market once, long enough for its service worker to start."""
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto("/")
    until(page, READY)
    wait_until_kept(page, "/")
    return page


def until(page: Page, question: str, about: object = None) -> None:
    """Asks until the answer is true. (``wait_for_function`` takes a promise itself for a true answer.)"""
    give_up = time.monotonic() + 15
    while not page.evaluate(question, about):
        assert time.monotonic() < give_up, question
        time.sleep(0.05)


def freeze(group: int) -> None:
    """Stops every process of the group. The signal is only on its way when killpg returns: a thread that runs may still
    answer whoever asks at once."""
    os.killpg(group, signal.SIGSTOP)
    give_up = time.monotonic() + 15
    while any(state not in "TtZ" for state in states(group)):
        assert time.monotonic() < give_up, "it does not stop"
        time.sleep(0.01)


def states(group: int) -> list[str]:
    """Of each thread of each process in the group, as the kernel has it: R, S, T …"""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if int(stat.read_text().rpartition(")")[2].split()[2]) == group:
                threads = stat.parent.glob("task/*/stat")
                found += [thread.read_text().rpartition(")")[2].split()[0] for thread in threads]
    assert found, "nobody is in this group"
    return found


def wait_until_kept(page: Page, path: str) -> None:
    until(page, f"(path) => {KEPT_PATHS}.then((all) => all.includes(path))", path)


def kept(page: Page) -> list[str]:
    paths: list[str] = page.evaluate(KEPT_PATHS)
    return [path for path in paths if not path.startswith("/~")]


def put_in_basket(page: Page) -> None:
    page.goto(FISH)
    page.get_by_role("button", name="Thêm vào giỏ").first.click()
    page.wait_for_url("**/basket/")
    wait_until_kept(page, "/basket/")


def order(page: Page) -> str:
    """A guest orders one bag; returns the payment page's path."""
    put_in_basket(page)
    page.goto("/checkout/")
    page.get_by_label("Tên người nhận").fill("Hoàng Văn Dũng")
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_role("button", name="Đặt hàng:").click()
    page.wait_for_url("**/pay/CP*/")
    return page.url[page.url.index("/pay/") :]


def is_drawn(page: Page) -> None:
    """Style sheet and icons came too: the page looks as it always does."""
    assert page.evaluate("getComputedStyle(document.querySelector('.woven')).height") == "10px"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 247, 239)"


def test_a_page_seen_before_opens_without_network_and_says_of_when_it_is(page: Page) -> None:
    page.goto(FISH)
    wait_until_kept(page, FISH)
    page.context.set_offline(True)
    page.goto(FISH)
    expect(page.get_by_role("heading", level=1)).to_have_text("Cá chạch sấy khô")
    note = page.locator("[data-copy-note]")
    expect(note).to_be_visible()
    expect(note.locator("[data-time]")).to_have_text(re.compile(r"\d{2}:\d{2}"))
    expect(page.locator("[data-offline-notice]")).to_be_hidden()  # one bar, not two
    is_drawn(page)
    assert page.locator(".gallery img").first.evaluate("(image) => image.complete && image.naturalWidth > 0")
    page.context.set_offline(False)
    page.goto(FISH)
    expect(page.locator("[data-copy-note]")).to_be_hidden()


def test_a_stopped_server_is_no_network_either(page: Page, market: Market) -> None:
    market.stop_server()
    try:
        page.goto("/")
        expect(page.locator("[data-copy-note]")).to_be_visible()
        is_drawn(page)
        page.goto("/p/mat-ong-hoa-nhan/")  # never opened here
        expect(page.get_by_role("heading", level=1)).to_have_text("Chưa có mạng")
        expect(page.get_by_text("chưa có bản lưu")).to_be_visible()
        expect(page.get_by_text("Lần cuối tới được chợ:")).to_be_visible()
        page.get_by_role("link", name="Chợ Phiên").first.click()
        expect(page.locator("[data-copy-note]")).to_be_visible()
    finally:
        market.start_server()


def test_who_waits_four_seconds_sees_the_copy_and_is_told_when_the_page_comes(page: Page, market: Market) -> None:
    assert market._server is not None
    freeze(market._server.pid)
    try:
        page.goto("/", wait_until="commit")
        expect(page.locator("[data-copy-note]")).to_be_visible()
        fresh = page.get_by_role("link", name="Đã có bản mới, xem ngay")
        expect(fresh).to_be_hidden()
    finally:
        os.killpg(market._server.pid, signal.SIGCONT)
    fresh.click()
    expect(page.locator("[data-copy-note]")).to_be_hidden()


def test_nothing_about_money_is_ever_shown_from_a_copy(page: Page, market: Market) -> None:
    pay = order(page)
    for path in (pay, "/orders/", "/checkout/", "/bills/", "/sign-in/"):
        page.goto(path)
    page.context.set_offline(True)
    for path in (pay, "/orders/", "/checkout/", "/bills/", "/sign-in/"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 503
        expect(page.get_by_role("heading", level=1)).to_have_text("Chưa có mạng")
        expect(page.get_by_text("Trang này chỉ xem khi có mạng")).to_be_visible()
        assert "VietQR" not in page.content()
        is_drawn(page)
    assert [path for path in kept(page) if path.split("/")[1] not in {"", "p", "c", "policies", "basket"}] == []


def test_the_basket_is_kept_and_goes_with_all_that_was_looked_at_when_she_signs_out(page: Page, market: Market) -> None:
    put_in_basket(page)
    page.goto("/search/?q=mat+ong")
    wait_until_kept(page, "/search/?q=mat+ong")
    page.context.set_offline(True)
    page.goto("/basket/")
    expect(page.locator("[data-copy-note]")).to_be_visible()
    expect(page.get_by_text("Cá chạch sấy khô").first).to_be_visible()
    page.context.set_offline(False)
    page.goto("/sign-in/")
    page.get_by_label("Số điện thoại").fill(cast.MEMBER.phone)
    page.get_by_label("Mật khẩu").fill(cast.PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/member/")
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(f"{market.url}/")
    wait_until_kept(page, "/")  # what is opened afterwards is kept as ever
    assert kept(page) == ["/"]
    page.context.set_offline(True)
    page.goto(FISH)
    expect(page.get_by_role("heading", level=1)).to_have_text("Chưa có mạng")


def test_twenty_pages_are_kept_and_the_basket_beside_them(page: Page) -> None:
    put_in_basket(page)
    for word in range(23):
        page.goto(f"/search/?q=ca+{word}")
    wait_until_kept(page, "/search/?q=ca+22")
    assert len(kept(page)) == 21
    assert "/basket/" in kept(page)
    assert "/search/?q=ca+0" not in kept(page)


def test_the_offline_page_lists_what_can_still_be_seen(page: Page) -> None:
    page.goto(FISH)
    wait_until_kept(page, FISH)
    page.context.set_offline(True)
    page.goto("/orders/")
    page.get_by_role("link", name="Cá chạch sấy khô").click()
    expect(page.locator("[data-copy-note]")).to_be_visible()


def test_an_order_sent_into_no_network_is_sent_again_and_counts_once(page: Page, market: Market) -> None:
    [(before,)] = market.rows("SELECT COUNT(*) FROM orders_order")
    put_in_basket(page)
    page.goto("/checkout/")
    page.get_by_label("Tên người nhận").fill("Lê Minh Châu")
    page.get_by_label("Số điện thoại").fill("0987 654 321")
    page.context.set_offline(True)
    page.get_by_role("button", name="Đặt hàng:").click()
    expect(page.get_by_text("Chưa biết đã gửi tới nơi chưa")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Quay về trang trước").click()
    expect(page.get_by_label("Tên người nhận")).to_have_value("Lê Minh Châu")
    page.get_by_role("button", name="Đặt hàng:").click()
    page.wait_for_url("**/pay/CP*/")
    assert market.rows("SELECT COUNT(*) FROM orders_order") == [(before + 1,)]


def test_a_form_of_a_strangers_page_does_not_become_one_of_ours(page: Page, market: Market) -> None:
    """What the worker passes on carries our cookies: it must not touch what it did not come from."""
    page.goto("/basket/")
    [(variant,)] = market.rows("SELECT MIN(id) FROM catalog_variant")
    fields = f"<input name=variant value={variant}><input name=quantity value=1>"
    page.goto(f"data:text/html,<form method=post action='{market.url}/basket/add/'>{fields}<button>x</button></form>")
    page.get_by_role("button").click()
    page.wait_for_url("**/basket/add/")
    expect(page.locator("main form")).to_be_visible()  # asks the visitor, and has done nothing
    page.goto("/basket/")
    expect(page.locator(".empty")).to_be_visible()


def test_the_offline_page_speaks_the_language_last_read(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Tiếng Việt")).to_be_visible()
    offline = "caches.match('/offline/').then((page) => page.headers.get('Content-Language'))"
    until(page, f"{offline}.then((language) => language === 'en')")


def test_a_new_version_comes_without_a_reload_and_leaves_the_open_page_its_files(page: Page, market: Market) -> None:
    """The offline page names whom to call; another number is another version."""
    shells = "caches.keys().then((all) => all.filter((name) => name.startsWith('shell-')))"
    [first] = page.evaluate(shells)
    page.evaluate("window.isSameDocument = true")
    seen = [first]
    for phone in ("+84912000001", "+84912000002"):
        market.change("UPDATE cooperatives_organization SET phone = %s WHERE slug = %s", phone, cast.SLUG)
        page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
        until(page, f"(known) => {shells}.then((all) => all.some((name) => !known.includes(name)))", seen)
        until(page, "navigator.serviceWorker.ready.then((one) => !one.installing && !one.waiting)")
        seen = [*seen, *(name for name in page.evaluate(shells) if name not in seen)]
    # the newest and the one before it
    until(page, f"(left) => {shells}.then((all) => all.join() === left)", ",".join(seen[1:]))
    assert page.evaluate("window.isSameDocument")


def test_without_a_service_worker_everything_is_as_before(
    market: Market, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(base_url=market.url, service_workers="block")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(FISH)
    page.get_by_role("button", name="Thêm vào giỏ").first.click()
    page.wait_for_url("**/basket/")
    page.goto("/checkout/")
    page.get_by_label("Tên người nhận").fill("Hoàng Văn Dũng")
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_role("button", name="Đặt hàng:").click()
    page.wait_for_url("**/pay/CP*/")
    assert wrong == []
