"""The biller's desk: what waits, reminders, months; each page for those who work with it, at the same cost for many."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from base.periods import vietnam_day
from cooperatives.models import Message
from payments import cash, cash_boxes
from payments.models import Bill, BillingAccount, BillRun, Settlement
from tests import billers
from tests.payments.bills.incoming import comes_to
from tests.people import grant
from tests.storefront.desk_walk import body, signed_in

pytestmark = pytest.mark.django_db
STAFF = {"manager", "treasurer", "clerk"}
PAGES = {
    "/biller/": STAFF, "/biller/runs/": STAFF, "/biller/runs/new/": {"manager", "treasurer"}, "/biller/bills/": STAFF,
    "/biller/fees/": STAFF, "/biller/fees/new/": {"manager", "treasurer"}, "/biller/groups/": {"manager", "treasurer"},
    "/biller/settings/": {"manager", "treasurer"}, "/biller/month/": {"manager", "treasurer"},
    "/biller/too-much/": {"manager", "treasurer"}, "/biller/reminders/": STAFF,
}  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_for_those_who_work_with_it(school, world, address):
    for who in sorted(STAFF):
        answer = signed_in(getattr(school, who)).get(address)
        assert answer.status_code == (200 if who in PAGES[address] else 404), who
    for stranger in (world.treasurer, world.buyer):
        assert signed_in(stranger).get(address).status_code == 404
    assert Client().get(address).headers["Location"].startswith("/sign-in/?next=")


def test_a_new_biller_is_shown_three_steps_and_which_is_next(school):
    school.run.delete()
    BillingAccount.objects.all().delete()
    page = body(signed_in(school.manager).get("/biller/"))
    assert "Ba bước để thu được tiền" in page
    first, second, third = re.findall(
        r"<li(?: class=\"(done)\"| aria-current=\"(step)\")?><span class=\"timeline__what\">", page
    )
    assert (first, second, third) == (("done", ""), ("", "step"), ("", ""))
    assert 'href="/biller/accounts/"' in page


def test_home_says_what_waits(school):
    overdue = billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    comes = comes_to(school)
    line = comes("ung ho", 123_456)
    cash.receive(code=overdue.code, amount_dong=30_000, actor=school.clerk, key="k", at=school.now)
    cash_boxes.offer(
        organization_id=school.organization.pk, to_keeper_id=school.treasurer.pk, amount_dong=20_000,
        actor=school.clerk, key="o", at=school.now,
    )  # fmt: skip
    BillRun.objects.create(
        organization=school.organization, name="Tháng sau", month="2026-04", due_on=date(2026, 4, 30),
        bank_account=school.bank_account, created_at=school.now,
    )  # fmt: skip
    page = body(signed_in(school.treasurer).get("/biller/"))
    for said in ("123.456\u00a0₫", "Còn 370.000\u00a0₫ quá hạn", "Tháng sau", "Tâm bàn giao 20.000\u00a0₫, chờ đếm"):
        assert said in page, said
    clerk = body(signed_in(school.clerk).get("/biller/"))
    assert f"/desk/money/{line.pk}/" not in clerk
    assert "30.000\u00a0₫" in clerk  # her own box


def test_a_reminder_is_written_down_once_and_nobody_else_is_named(school):
    asked = billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    tam = signed_in(school.clerk)
    page = body(tam.get("/biller/reminders/"))
    assert "Trần Thị Hạnh" in page
    assert asked.code in page
    assert "N.T.B. (1B)" in page
    key = f"household:{school.household.pk}"
    for _tap in range(2):
        assert tam.post("/biller/reminders/said/", {"payer": key}).status_code == 303
    message = Message.objects.get()
    assert (message.kind, message.state, message.said_by) == ("bill_due", "said", school.clerk)
    assert "hôm nay đã nhắc" in body(tam.get("/biller/reminders/"))


def test_reminders_of_a_page_wait_in_the_outbox(school):
    billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    alone = billers.billing_account(school.organization, "Lê Văn Chung", section="2A")
    billers.bill(school.run, alone, [(school.meals, 100_000)])
    nga = signed_in(school.treasurer)
    page = body(nga.get("/biller/reminders/"))
    assert "Đưa 1 lời nhắc" in page
    keys = [f"household:{school.household.pk}", f"account:{alone.pk}", "household:x", "nonsense"]
    assert nga.post("/biller/reminders/said/", {"payer": keys, "wait": "1"}).status_code == 303
    assert Message.objects.get().state == "waiting"
    assert "Trần Thị Hạnh" in body(nga.get("/desk/messages/"))


def test_reminders_are_narrowed(school):
    billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    nga = signed_in(school.treasurer)
    assert "Không có ai quá hạn" in body(nga.get("/biller/reminders/?section=3A"))
    assert "Trần Thị Hạnh" in body(nga.get("/biller/reminders/?section=9Z&days=mười"))
    yesterday = vietnam_day(timezone.now()) - timedelta(days=1)
    Bill.objects.update(due_on=yesterday)
    assert "Không có ai quá hạn" in body(nga.get("/biller/reminders/?days=7"))


def test_a_month_says_that_it_ties_to_the_bank(school):
    asked = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    comes_to(school)(asked.code, 300_000)
    nga = signed_in(school.treasurer)
    page = body(nga.get("/biller/month/?month=2026-03"))
    assert "Khớp từng đồng: chênh lệch 0\u00a0₫" in page
    assert "200.000\u00a0₫" in page
    for nonsense in ("2025-12", "2026-13", "x", "2099-01"):
        assert nga.get(f"/biller/month/?month={nonsense}").status_code == 404
    assert nga.get("/biller/month/").status_code == 200


def test_a_month_that_does_not_tie_says_how_much(school):
    asked = billers.bill(school.run, school.older, [(school.meals, 500_000)])
    line = comes_to(school)("khong ro", 300_000)
    Settlement.objects.create(
        transaction=line, payment_request=asked, credited_dong=300_000, at=school.now, actor=school.treasurer
    )
    page = body(signed_in(school.treasurer).get("/biller/month/?month=2026-03"))
    assert "Chứng từ và sổ lệch nhau −300.000\u00a0₫" in page


COSTS = {
    "/biller/": 22, "/biller/runs/": 8, "/biller/bills/": 10, "/biller/bills/?state=overdue&q=B": 11,
    "/biller/fees/": 7, "/biller/reminders/": 12, "/biller/month/?month=2026-03": 29, "/biller/too-much/": 12,
}  # fmt: skip


def test_lists_of_one_and_of_three_cost_the_same(school):
    nga, comes = signed_in(school.treasurer), comes_to(school)

    def grow(number: int) -> None:
        run = billers.bill_run(school.organization, school.bank_account, name=f"Đợt {number}0")
        billers.fee_item(school.organization, f"Mục {number}", price_dong=1_000)
        for few in range(2):
            parent = billers.household(school.organization, f"Nhà {number}{few}", phone=f"+8491234{number}{few}78")
            child = billers.billing_account(school.organization, f"Bạn {number}{few}", section=f"{number}B", of=parent)
            asked = billers.bill(run, child, [(school.meals, 100_000), (school.boarding, 50_000)])
            comes(asked.code, 160_000 if few else 20_000)
            comes(f"{asked.code} lan hai", 150_000)
            comes(f"ung ho {number}{few}", 50_000)
        other = billers.household(school.organization, f"Nhà {number}9", phone=f"+8491234{number}978")
        late = billers.billing_account(school.organization, f"Bạn {number}9", section=f"{number}B", of=other)
        billers.bill(run, late, [(school.meals, 100_000)])

    grow(1)
    one = {address: _queries(nga, address) for address in COSTS}
    grow(2)
    grow(3)
    assert {address: _queries(nga, address) for address in COSTS} == one == COSTS


def test_a_run_of_one_and_of_three_costs_the_same(school):
    nga = signed_in(school.treasurer)
    billers.bill(school.run, school.older, [(school.meals, 500_000)])
    one = _queries(nga, f"/biller/runs/{school.run.pk}/")
    billers.bill(school.run, school.younger, [(school.meals, 500_000), (school.boarding, 1_000)])
    assert _queries(nga, f"/biller/runs/{school.run.pk}/") == one == 12


def test_the_page_of_a_bill_costs_the_same_for_much_money(school):
    nga, comes = signed_in(school.treasurer), comes_to(school)
    asked = billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 100_000)])
    comes(asked.code, 10_000)
    one = _queries(nga, f"/biller/bills/{asked.bill_id}/")
    for dong in (20_000, 30_000):
        comes(asked.code, dong)
        cash.receive(code=asked.code, amount_dong=dong, actor=school.clerk, key=f"k{dong}", at=school.now)
    assert _queries(nga, f"/biller/bills/{asked.bill_id}/") == one == 16


def test_a_person_of_two_billers_switches(school, world):
    world.organization.bills = True
    world.organization.save()
    grant(school.treasurer, world.organization, "treasurer")
    nga = signed_in(school.treasurer)
    page = body(nga.get("/biller/"))
    assert "Sang " in page
    answer = nga.post("/desk/switch/", {"organization": school.organization.slug}, follow=True)
    assert answer.request["PATH_INFO"] == "/biller/"


def _queries(client, address: str) -> int:
    """The page's own: the verdict on the books stands in the cache."""
    cache.clear()
    client.get(address)
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200
    return len(made)
