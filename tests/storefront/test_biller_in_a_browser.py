"""The biller's pages in a real Chromium, on a phone and at a desk: readable by everybody, and done without scripts."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as shop
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from base.periods import month_of, vietnam_day
from payments.bills import correcting, runs
from payments.models import BillRun, ExemptGroup
from tests import billers
from tests.billers import School
from tests.payments.bills.incoming import comes_to
from tests.storefront.desk_walk import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [(360, 640), (1280, 800)]
PICTURES = os.environ.get("BILLER_PICTURES")  # a folder to look at them in


def browse(school: School, browser: Browser, live_server: Any, *, size: tuple[int, int], scripts: bool) -> Page:
    """The accountant's browser, signed in."""
    client = signed_in(school.treasurer)
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, base_url=live_server.url
    )
    name = shop.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


@pytest.fixture(params=SIZES, ids=["phone", "desk"])
def page(request: Any, school: School, browser: Browser, live_server: Any) -> Iterator[Page]:
    page = browse(school, browser, live_server, size=request.param, scripts=True)
    yield page
    page.context.close()


@pytest.fixture
def addresses(school: School) -> list[str]:
    """Every page of the biller's desk with something on it."""
    now = timezone.now()
    today = vietnam_day(now)
    comes = comes_to(school)
    paid = billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)], at=now)
    late = billers.bill(school.run, school.younger, [(school.meals, 400_000)], at=now)
    comes(paid.code, 700_000, at=now)
    comes(f"{paid.code} lan hai", 650_000, at=now)
    comes(late.code, 100_000, at=now)
    correcting.correct(
        bill_id=paid.bill_id, changes=[correcting.Change(school.meals.pk, -50_000)], reason="nghỉ hai ngày",
        actor=school.treasurer, key="k", at=now,
    )  # fmt: skip
    group = ExemptGroup.objects.create(organization=school.organization, name="Hộ nghèo", legal_basis="NĐ 238/2025")
    group.shares.create(fee_item=school.meals, reduction_bp=5_000)
    water = billers.fee_item(
        school.organization, "Nước uống", price_dong=0, measure="metered", unit_name="m³",
        steps=[[10, 6_000], [20, 7_500], [None, 9_000]],
    )  # fmt: skip
    draft = runs.create(
        organization_id=school.organization.pk, name="Tháng này", month=month_of(today),
        due_on=today + timedelta(days=9), items=[runs.ItemWanted(school.meals.pk, 20)], actor=school.treasurer,
        key="k", at=now,
    )  # fmt: skip
    hindered = runs.create(
        organization_id=school.organization.pk, name="Bảo hiểm", month="2026-01", due_on=today + timedelta(days=9),
        items=[runs.ItemWanted(school.insurance.pk)], actor=school.treasurer, key="k2", at=now,
    )  # fmt: skip
    school.insurance.rates.update(legal_basis="")
    return [
        "/biller/", "/biller/runs/", "/biller/runs/new/", f"/biller/runs/{draft.pk}/", f"/biller/runs/{hindered.pk}/",
        f"/biller/runs/{school.run.pk}/", "/biller/bills/", "/biller/bills/?state=over", "/biller/bills/?q=khong",
        f"/biller/bills/{paid.bill_id}/", f"/biller/bills/{late.bill_id}/", "/biller/too-much/", "/biller/fees/",
        "/biller/fees/new/", f"/biller/fees/{water.pk}/", "/biller/groups/", "/biller/settings/", "/biller/month/",
        "/biller/reminders/", "/desk/money/",
    ]  # fmt: skip


def test_every_page_can_be_read_by_everybody(page: Page, addresses: list[str]) -> None:
    width = page.viewport_size["width"]  # type: ignore[index]
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than the screen"
        if PICTURES:
            name = address.strip("/").replace("/", "-").replace("?", "-") or "home"
            page.screenshot(path=Path(PICTURES) / f"{width}-{name}.png", full_page=True)


def test_from_a_price_to_published_bills_without_scripts(school: School, browser: Browser, live_server: Any) -> None:
    """On a phone: a price with its basis, a draft, its check, one button."""
    page = browse(school, browser, live_server, size=SIZES[0], scripts=False)
    page.goto(f"/biller/fees/{school.boarding.pk}/")
    page.get_by_label("Giá một đơn vị").fill("160.000")
    page.get_by_label("Căn cứ").fill("Biên bản họp phụ huynh ngày 5/9/2026")
    page.get_by_role("button", name="Ghi giá này").click()
    expect(page.get_by_text("Đã ghi giá từ ngày")).to_be_visible()
    page.get_by_role("link", name="Đợt thu", exact=True).click()
    page.get_by_role("link", name="Mở đợt thu").click()
    page.get_by_label("Tên đợt thu").fill("Chăm sóc bán trú")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_label("Chăm sóc bán trú").check()
    next_month = vietnam_day(timezone.now()).replace(day=28) + timedelta(days=5)
    page.get_by_label("Thu cho tháng").select_option(month_of(next_month))
    page.get_by_label("Hạn trả").fill(f"{next_month:%Y-%m-%d}")
    page.get_by_role("button", name="Xem lại trước khi phát hành").click()
    page.get_by_role("button", name="Phát hành 2 khoản: 320.000").click()
    expect(page.get_by_text("Đã phát hành “Chăm sóc bán trú”")).to_be_visible()
    run = BillRun.objects.get(name="Chăm sóc bán trú")
    assert run.state == "published"
    page.context.close()
