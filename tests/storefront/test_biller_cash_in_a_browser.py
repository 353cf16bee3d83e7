"""The collector's day on a phone, scripts off, in a real Chromium: readable by everybody, never wider than it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as shop
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from cooperatives.models import User
from payments import cash, cash_boxes
from payments.models import CashReceipt
from tests.payments.cash_world import School, bill, make_school
from tests.people import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [(360, 640), (1280, 800)]
Opens = Callable[..., Page]


@pytest.fixture
def school(live_server: Any, settings: Any, tmp_path: Any) -> School:
    settings.VAR_DIR = tmp_path
    made = make_school(make_world())
    bill(made.an, {made.meals: 450_000, made.fees: 50_401}, due_on=date(2026, 3, 31))
    bill(made.brother, {made.meals: 120_000}, due_on=date(2027, 4, 30))
    bill(made.khanh, {made.meals: 300_000})
    return made


@pytest.fixture
def opens(browser: Browser, live_server: Any) -> Iterator[Opens]:
    pages: list[Page] = []

    def open_as(person: User, *, size: tuple[int, int] = SIZES[0], scripts: bool = False) -> Page:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, base_url=live_server.url
        )
        name = shop.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        pages.append(context.new_page())
        return pages[-1]

    yield open_as
    for page in pages:
        page.context.close()


def assert_readable_by_everybody(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is wider than its window"


def test_from_a_few_letters_to_the_receipt_and_back_without_scripts(school, opens):
    page = opens(school.lan)
    page.goto("/biller/cash/")
    page.get_by_role("searchbox").fill("anh 3a")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_role("heading", name="Nguyễn Thị Ánh")).to_be_visible()
    assert page.get_by_role("checkbox").count() == 2
    page.get_by_role("button", name="Thu 620.000").click()
    expect(page.get_by_role("heading", name="Phiếu thu số 1")).to_be_visible()
    page.get_by_role("link", name="Người tiếp theo").click()
    expect(page.get_by_text("620.000").first).to_be_visible()
    page.get_by_role("link", name="Số 1,").click()
    page.get_by_text("Hủy phiếu này", exact=True).click()
    page.get_by_label("Vì sao hủy phiếu này?").fill("ghi nhầm cháu")
    page.get_by_role("button", name="Hủy phiếu thu số 1").click()
    expect(page.get_by_text("ghi nhầm cháu")).to_be_visible()
    assert not CashReceipt.objects.get().is_live


def test_less_is_read_back_without_scripts(school, opens):
    page = opens(school.lan)
    page.goto(f"/biller/cash/of/{school.khanh.pk}/")
    page.get_by_text("Bỏ bớt khoản, hoặc nhận ít hơn").click()
    page.get_by_label("Nhận ít hơn").fill("200.000")
    page.get_by_label("Nhận ít hơn").press("Enter")
    expect(page.get_by_text("Hai trăm nghìn đồng", exact=False)).to_be_visible()
    page.get_by_role("button", name="Thu 200.000").click()
    expect(page.get_by_text("còn phải trả 100.000")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
def test_every_page_of_cash_is_readable_by_everybody(school, opens, size):
    now, today = timezone.now(), timezone.localdate()
    for key, pupil_bill, keeper in (("1", school.an, school.lan), ("2", school.khanh, school.lan)):
        [asked] = pupil_bill.payment_requests.all()
        cash.receive(code=asked.code, amount_dong=200_000, actor=keeper, key=key, at=now)
    cash.void(receipt_id=CashReceipt.objects.get(number=2).pk, reason="ghi nhầm cháu", actor=school.lan, at=now)
    for number, dong in enumerate((50_000, 20_000)):
        cash_boxes.offer(
            organization_id=school.organization.pk, to_keeper_id=school.binh.pk, amount_dong=dong, note="buổi chiều",
            actor=school.lan, key=f"o{number}", at=now,
        )  # fmt: skip
    cash_boxes.count(
        organization_id=school.organization.pk, counted_dong=199_000, note="thiếu một tờ", actor=school.lan, key="c",
        at=now,
    )  # fmt: skip
    hers, his = opens(school.lan, size=size, scripts=True), opens(school.binh, size=size, scripts=True)
    for page, addresses in (
        (hers, ["", "?q=nguyen", "?q=zzz", f"of/{school.an.pk}/", f"of/{school.an.pk}/?part=900000", "receipts/1/",
                "receipts/2/", "box/", "count/", f"days/{school.lan.pk}/{today}/"]),
        (his, ["box/", "boxes/"]),
    ):  # fmt: skip
        for address in addresses:
            answer = page.goto(f"/biller/cash/{address}")
            assert answer is not None
            assert answer.status == 200, address
            assert_readable_by_everybody(page)
