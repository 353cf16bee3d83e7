"""How many of an item each one had, typed class by class on a draft: whose, what is kept, what stands in the way."""

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as shop
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from base.periods import month_of, vietnam_day
from payments.bills import runs
from payments.models import Agreement, BillingAccount, BillRun
from storefront.views.biller import counts
from tests import billers
from tests.storefront.desk_walk import body, signed_in

PICTURES = os.environ.get("BILLER_PICTURES")  # a folder to look at them in
_INPUT = re.compile(r'<input type="(?:text|hidden)" name="((?:initial-)?count_\d+|key)"(?: value="([^"]*)")?')


@pytest.fixture
def run(school) -> BillRun:
    """A draft of this month: twenty meals for everybody, and boarding."""
    today = vietnam_day(timezone.now())
    return runs.create(
        organization_id=school.organization.pk, name="Tháng này", month=month_of(today),
        due_on=today + timedelta(days=10),
        items=[runs.ItemWanted(school.meals.pk, 20), runs.ItemWanted(school.boarding.pk)], actor=school.treasurer,
        key="run", at=timezone.now(),
    )  # fmt: skip


def address(run, section="3A", **more):
    query = "&".join(f"{name}={value}" for name, value in {"section": section, **more}.items())
    return f"/biller/runs/{run.pk}/counts/?{query}"


def shown(client, at) -> dict[str, str]:
    """The form's fields as a browser would send them untouched."""
    return dict(_INPUT.findall(body(client.get(at))))


def field(account):
    return f"count_{account.pk}"


def own(run):
    return dict(run.counts.values_list("account_id", "quantity"))


@pytest.mark.django_db
class TestCounts:
    def test_a_class_is_typed_changed_and_taken_back(self, school, run):
        nga, an = signed_in(school.treasurer), school.older
        binh = billers.billing_account(school.organization, "Lê Thị Bình", section="3A")
        chi = billers.billing_account(school.organization, "Vũ Chi", section="3A")
        page = body(nga.get(address(run)))
        assert page.index("Nguyễn Văn An") < page.index("Lê Thị Bình") < page.index("Vũ Chi")
        assert "Nguyễn Thị Bình" not in page  # of 1B
        assert page.count('placeholder="20"') == 3
        typed = shown(nga, address(run)) | {field(an): "18", field(chi): "0"}
        answer = nga.post(address(run), typed)
        assert answer.status_code == 303
        assert own(run) == {an.pk: 18, chi.pk: 0}
        page = body(nga.get(answer.url))
        assert "Đã ghi cho lớp 3A: đổi 2 người." in page
        assert "Ghi cho lớp 3A" in page
        typed = shown(nga, address(run)) | {field(an): "", field(binh): " 7 "}
        assert nga.post(address(run), typed).status_code == 303
        assert own(run) == {binh.pk: 7, chi.pk: 0}
        assert nga.post(address(run), typed).status_code == 303  # sent twice
        assert own(run) == {binh.pk: 7, chi.pk: 0}

    def test_the_next_class_follows(self, school, run):
        nga = signed_in(school.treasurer)
        page = body(nga.get(f"/biller/runs/{run.pk}/counts/"))  # the first class, the first counted item
        assert "Ghi cho lớp 1B" in page
        assert "Ghi, sang lớp 3A" in page
        at = address(run, "1B", item=school.meals.pk)
        answer = nga.post(at, shown(nga, at) | {field(school.younger): "5", "go_on": "1"})
        assert answer.url == f"/biller/runs/{run.pk}/counts/?item={school.meals.pk}&section=3A"
        page = body(nga.get(answer.url))
        assert "Ghi, sang" not in page
        assert "lớp 1B (1/1 ghi riêng)" in page
        assert own(run) == {school.younger.pk: 5}

    @pytest.mark.parametrize("wrong", ["-1", "1,5", "1.000", "mười", "10001", "٣", "9" * 5000])
    def test_what_is_no_figure_is_said_beside_it_and_nothing_is_lost(self, school, run, wrong):
        nga = signed_in(school.treasurer)
        chi = billers.billing_account(school.organization, "Vũ Chi", section="3A")
        typed = shown(nga, address(run)) | {field(school.older): wrong, field(chi): "12"}
        answer = nga.post(address(run), typed)
        page = body(answer)
        assert answer.status_code == 422
        assert not run.counts.exists()
        row = page[page.index("Nguyễn Văn An") : page.index("Vũ Chi")]
        assert "field__error" in row
        assert f'value="{wrong}"' in row
        assert "field__error" not in page[page.index("Vũ Chi") :]
        again = dict(_INPUT.findall(page))
        assert again == typed  # the hidden halves too: what was changed is still known
        assert nga.post(address(run), again | {field(school.older): "11"}).status_code == 303
        assert own(run) == {school.older.pk: 11, chi.pk: 12}

    def test_what_somebody_else_wrote_meanwhile_stays(self, school, run):
        nga, an = signed_in(school.treasurer), school.older
        chi = billers.billing_account(school.organization, "Vũ Chi", section="3A")
        typed = shown(nga, address(run))
        runs.set_counts(
            run_id=run.pk, counts=[runs.Count(an.pk, school.meals.pk, 9)], actor=school.manager, at=timezone.now()
        )
        BillingAccount.objects.filter(pk=chi.pk).update(section="3B", section_key="x")
        assert nga.post(address(run), typed | {field(chi): "4"}).status_code == 303
        assert own(run) == {an.pk: 9, chi.pk: 4}
        assert "Không có gì đổi" in body(nga.get(nga.post(address(run), typed).url))

    def test_who_left_or_did_not_agree(self, school, run):
        nga, first = signed_in(school.treasurer), date.fromisoformat(f"{run.month}-01")
        BillingAccount.objects.filter(pk=school.older.pk).update(until=first)
        page = body(nga.get(address(run)))
        assert 'placeholder="0"' in page  # gone within the month: nothing unless it is counted
        assert f"đến ngày {first:%d/%m/%Y}" in page
        english = billers.fee_item(
            school.organization, "Tiếng Anh", price_dong=60_000, measure="counted", unit_name="buổi", compulsory=False
        )
        run.items.create(fee_item=english, quantity=0)
        page = body(nga.get(f"/biller/runs/{run.pk}/counts/?item={english.pk}"))
        assert "Không có ai trong đợt này" in page
        Agreement.objects.create(
            account=school.younger, fee_item=english, since=first, recorded_at=school.now, recorded_by=school.manager
        )
        page = body(nga.get(f"/biller/runs/{run.pk}/counts/?item={english.pk}"))
        assert "Nguyễn Thị Bình" in page
        assert "Nguyễn Văn An" not in page
        assert "Để trống hoặc ghi 0: không thu." in page

    def test_a_large_hamlet_comes_in_pieces(self, school, run, monkeypatch):
        monkeypatch.setattr(counts, "PER_PAGE", 2)
        names = ("An", "Bình", "Chi")
        made = [billers.billing_account(school.organization, f"Vũ {name}", section="Xóm 2") for name in names]
        billers.billing_account(school.organization, "Không Lớp")
        nga = signed_in(school.treasurer)
        page = body(nga.get(address(run, "Xóm 2~1")))
        assert "Vũ Bình" in page
        assert "Vũ Chi" not in page
        assert "Ghi, sang Xóm 2, trang 2" in page
        at = address(run, "Xóm 2~2")
        assert nga.post(at, shown(nga, at) | {field(made[2]): "3"}).status_code == 303
        assert own(run) == {made[2].pk: 3}
        assert "Ghi cho người không ghi lớp" in body(nga.get(address(run, "")))

    def test_only_for_who_keeps_bills_and_only_while_it_is_a_draft(self, school, world, run):
        at = address(run)
        typed = shown(signed_in(school.manager), at) | {field(school.older): "3"}
        for stranger in (school.clerk, world.treasurer, world.buyer):
            assert signed_in(stranger).get(at).status_code == 404
            assert signed_in(stranger).post(at, typed).status_code == 404
        assert Client().get(at).headers["Location"].startswith("/sign-in/?next=")
        nga = signed_in(school.treasurer)
        for nowhere in (
            address(run, "9Z"), address(run, item=school.boarding.pk), address(run, item="x"), address(run, "%00"),
            address(school.run), address(billers.bill_run(world.organization, world.bank_account)),
        ):  # fmt: skip
            assert nga.get(nowhere).status_code == 404, nowhere
        BillRun.objects.filter(pk=run.pk).update(state="published")
        assert nga.get(at).status_code == 404
        assert nga.post(at, typed).status_code == 404
        assert not run.counts.exists()

    def test_a_stranger_named_in_the_form_is_passed_over(self, school, world, run):
        foreign = billers.billing_account(world.organization, "Ai Đó")
        nga = signed_in(school.treasurer)
        typed = shown(nga, address(run)) | {field(foreign): "3", "count_x": "1", field(school.older): "2"}
        assert nga.post(address(run), typed).status_code == 303
        assert own(run) == {school.older.pk: 2}

    def test_the_draft_leads_to_it(self, school, run):
        at = f"/biller/runs/{run.pk}/counts/"
        page = body(signed_in(school.treasurer).get(f"/biller/runs/{run.pk}/"))
        assert f'href="{at}"' in page
        assert f'href="{at}?item={school.meals.pk}"' in page
        assert f"item={school.boarding.pk}" not in page
        assert at not in body(signed_in(school.clerk).get(f"/biller/runs/{run.pk}/"))
        run.items.filter(fee_item=school.boarding).delete()
        run.items.update(quantity=0)  # nothing to bill until somebody is counted
        page = body(signed_in(school.treasurer).get(f"/biller/runs/{run.pk}/"))
        assert page.count(f'href="{at}"') == 2

    def test_it_costs_as_many_queries_with_three_as_with_one(self, school, run):
        nga = signed_in(school.treasurer)

        def queries():
            nga.get(address(run))  # after a deed the books are judged anew, once
            with CaptureQueriesContext(connection) as seen:
                assert nga.get(address(run)).status_code == 200
            return len(seen)

        def queries_of_saving(text):
            typed = shown(nga, address(run))
            typed |= {name: text for name in typed if name.startswith("count_")}
            with CaptureQueriesContext(connection) as seen:
                assert nga.post(address(run), typed).status_code == 303
            return len(seen)

        with_one = queries(), queries_of_saving("7"), queries_of_saving("")
        for name in ("Lê Bách", "Vũ Chi"):
            billers.billing_account(school.organization, name, section="3A")
        assert (queries(), queries_of_saving("7"), queries_of_saving("")) == with_one
        assert with_one == (13, 21, 22)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestInABrowser:
    @pytest.fixture(params=[(360, 640), (1280, 800)], ids=["phone", "desk"])
    def page(self, request: Any, school: Any, browser: Browser, live_server: Any) -> Iterator[Page]:
        session = signed_in(school.treasurer).cookies[shop.SESSION_COOKIE_NAME].value
        context = browser.new_context(
            viewport={"width": request.param[0], "height": request.param[1]}, base_url=live_server.url
        )
        context.add_cookies([{"name": shop.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        yield context.new_page()
        context.close()

    def test_enter_goes_down_the_class(self, page: Page, school: Any, run: Any) -> None:
        for name in ("Hoàng Nguyễn Thị Phương Thảo Nguyên", "Vũ Chi"):
            billers.billing_account(school.organization, name, section="3A")
        page.goto(address(run))
        assert Axe().run(page).violations_count == 0
        page.wait_for_load_state("networkidle")
        page.get_by_label("Nguyễn Văn An").fill("x")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Vũ Chi")).to_be_focused()
        page.keyboard.type("12")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Hoàng Nguyễn")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Ghi cho lớp 3A")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Ghi số lượng bằng chữ số")).to_be_visible()
        expect(page.get_by_label("Vũ Chi")).to_have_value("12")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        width = page.viewport_size["width"]  # type: ignore[index]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = "[...document.querySelectorAll('main form :is(input:not([type=hidden]), select, button)')]"
        assert page.evaluate(f"Math.min(...{small}.map(one => one.getBoundingClientRect().height))") >= 48
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{width}-counts.png", full_page=True)
        page.get_by_label("Nguyễn Văn An").fill("18")
        page.get_by_role("button", name="Ghi cho lớp 3A").click()
        expect(page.get_by_text("Đã ghi cho lớp 3A: đổi 2 người.")).to_be_visible()
        assert own(run)[school.older.pk] == 18
