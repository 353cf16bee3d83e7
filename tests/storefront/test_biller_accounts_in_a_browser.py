"""The list and the way in for Excel files in a real Chromium, on a phone and at a desk: scripts on and off."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as shop
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from payments.models import BillingAccount, ExemptGroup, Exemption, Reading, RosterImport
from tests import billers
from tests.billers import School
from tests.payments.bills.roster_files import HEAD, ROWS, xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [(360, 640), (1280, 800)]
FAULTY = [4, "HS-04", "Vũ Văn Dũng", "3A", "", "12345"]
FILE = {"name": "danh sách lớp.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx([HEAD, *ROWS, FAULTY])}


@pytest.fixture(autouse=True)
def uploads_of_their_own(live_server: Any, settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path


def accountants(school: School, browser: Browser, live_server: Any, size: tuple[int, int], *, scripts: bool) -> Page:
    client = Client()
    client.force_login(school.treasurer, backend="allauth.account.auth_backends.AuthenticationBackend")
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, base_url=live_server.url
    )
    name = shop.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


@pytest.fixture(params=SIZES, ids=["phone", "desk"])
def page(request: Any, school: School, browser: Browser, live_server: Any) -> Iterator[Page]:
    page = accountants(school, browser, live_server, request.param, scripts=True)
    yield page
    page.context.close()


@pytest.fixture
def plain(school: School, browser: Browser, live_server: Any) -> Iterator[Page]:
    """Without scripts, on a phone."""
    page = accountants(school, browser, live_server, SIZES[0], scripts=False)
    yield page
    page.context.close()


def assert_readable_by_everybody(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is wider than its window"


def test_every_page_of_the_list_is_readable_by_everybody(page: Page, school: School) -> None:
    group = ExemptGroup.objects.create(organization=school.organization, name="Hộ nghèo")
    today = timezone.localdate()
    Exemption.objects.create(account=school.older, group=group, since=today, recorded_at=school.now)
    billers.fee_item(school.organization, "Câu lạc bộ vẽ", price_dong=50_000, compulsory=False)
    billers.bill(school.run, school.older, [(school.boarding, 150_000)])
    Reading.objects.create(
        account=school.older, month="2026-02", read_on=today, old_value=3, new_value=9, used=6, recorded_at=school.now
    )
    for address in (
        "/biller/accounts/", "/biller/accounts/?q=khong+ai", "/biller/accounts/?section=3A", "/biller/accounts/new/",
        f"/biller/accounts/{school.older.pk}/", "/biller/import/",
    ):  # fmt: skip
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert_readable_by_everybody(page)


def test_a_list_is_taken_in_with_pages_that_everybody_can_read(page: Page) -> None:
    take_in(page, check=assert_readable_by_everybody)


def test_a_list_is_taken_in_without_scripts_on_a_phone(plain: Page) -> None:
    take_in(plain, check=lambda _page: None)


def take_in(page: Page, *, check: Any) -> None:
    page.goto("/biller/import/")
    page.get_by_label("Tệp Excel hoặc CSV đang có").set_input_files(FILE)  # type: ignore[arg-type]
    page.get_by_role("button", name="Xem tệp này, chưa ghi gì").click()
    page.get_by_role("heading", name="Cột nào là gì").wait_for()
    check(page)
    page.get_by_role("button", name="Xem thử, chưa ghi gì").click()
    page.get_by_role("heading", name="Dòng có lỗi").wait_for()
    check(page)
    page.get_by_role("button", name="Nhận 3 dòng tốt").click()
    page.get_by_role("link", name="Xem danh sách").wait_for()
    check(page)
    assert BillingAccount.objects.filter(name="Nguyễn Thị Cúc", section="5B").exists()
    done = RosterImport.objects.get()
    assert (done.added, [fault["code"] for fault in done.faults]) == (3, ["BAD_PHONE"])
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải các dòng lỗi (Excel)").click()
    assert download.value.suggested_filename == f"dong-co-loi-{done.pk}.xlsx"
