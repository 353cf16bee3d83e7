"""The pages of households in a real Chromium at 360×640: readable, light, and whole without scripts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from payments.bills import looking_up
from payments.models import PaymentRequest
from tests.storefront.household_world import Home, adjusted, home
from tests.storefront.test_pages_in_a_browser import assert_readable_by_everybody, weight_of_first_view

__all__ = ["home"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 640}


def open_by_code(page: Page, live_server: Any, code: str, factor: str = "4321") -> None:
    page.goto(f"{live_server.url}/bills/")
    page.get_by_label("Mã trên phiếu hoặc trên thẻ").fill(code)
    page.get_by_label("4 số cuối").fill(factor)
    page.get_by_role("button", name="Xem các khoản cần đóng").click()


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_every_page_is_readable_by_everybody(home: Home, live_server: Any, page: Page) -> None:
    adjusted(home.coming, home.school.meals, -50_000, "Nghỉ ốm 2 ngày")
    open_by_code(page, live_server, home.coming.code, "0000")
    page.get_by_role("alert").wait_for()
    assert_readable_by_everybody(page)
    open_by_code(page, live_server, home.coming.code)
    page.get_by_role("heading", name="Nhà mình cần đóng").wait_for()
    for closed in page.locator("details > summary").all():
        closed.click()
    assert_readable_by_everybody(page)
    paths = [
        "/bills/", f"{home.path}receipt/{home.coming.bill_id}/", f"/pay/{home.coming.code}/",
        f"/bills/h/{home.water.household.token}/", "/bills/of/tieu-hoc-hoa-sen/", "/bills/of/nuoc-sach-dong-van/",
    ]  # fmt: skip
    for path in paths:
        page.goto(live_server.url + path)
        assert_readable_by_everybody(page)


def test_first_views_are_light(home: Home, live_server: Any, browser: Browser) -> None:
    for path in ("/bills/", home.path, "/bills/of/tieu-hoc-hoa-sen/"):
        fresh = browser.new_context(viewport=PHONE).new_page()
        weight, _requests = weight_of_first_view(fresh, live_server.url + path)
        fresh.context.close()
        assert weight <= 50_000, path


def test_without_scripts_a_parent_pays_two_children_with_one_code(
    home: Home, live_server: Any, without_scripts: Page
) -> None:
    page = without_scripts
    open_by_code(page, live_server, home.coming.code)
    page.get_by_label(home.school.older.number).check()
    page.get_by_label(home.school.younger.number).check()
    page.get_by_role("button", name="Trả các khoản đã đánh dấu").click()
    page.wait_for_url("**/pay/CP*/")
    bundle = PaymentRequest.objects.get(is_bundle=True)
    assert page.url == f"{live_server.url}/pay/{bundle.code}/"
    expect(page.get_by_text("725.000").first).to_be_visible()
    page.get_by_role("link", name="Về trang của nhà mình").click()
    expect(page).to_have_url(live_server.url + home.path)


def test_forms_of_the_page_are_taken_by_the_check_against_forged_ones(home: Home, live_server: Any, page: Page) -> None:
    """With ``Referrer-Policy: no-referrer`` Chromium says ``Origin: null``, and the form would be refused."""
    page.goto(live_server.url + home.path)
    page.get_by_role("button", name="Trả tất cả 725.000").click()
    page.wait_for_url("**/pay/CP*/")


@pytest.mark.parametrize("scripts", [True, False])
def test_who_has_to_wait_gets_in_afterwards(
    home: Home, live_server: Any, page: Page, without_scripts: Page, monkeypatch: pytest.MonkeyPatch, scripts: bool
) -> None:
    seconds = 2 if scripts else 4  # long enough for a slow machine to press too early
    monkeypatch.setattr(looking_up, "BY_CODE", replace(looking_up.BY_CODE, first_s=seconds, free=1))
    tab = page if scripts else without_scripts
    open_by_code(tab, live_server, home.coming.code, "0000")
    tab.get_by_role("alert").wait_for()
    open_by_code(tab, live_server, home.coming.code)
    tab.get_by_text(f"Đợi {seconds} giây", exact=True).wait_for()
    if scripts:
        assert_readable_by_everybody(tab)
        tab.wait_for_url(f"**{home.path}")
    else:
        with tab.expect_response("**/bills/"):
            tab.get_by_role("button", name="Mở ra").click()  # too early: it still waits
        expect(tab).to_have_url(f"{live_server.url}/bills/")
        tab.wait_for_timeout(seconds * 1000 + 100)
        tab.get_by_role("button", name="Mở ra").click()
        expect(tab).to_have_url(live_server.url + home.path)
