"""The demo's school and waterworks: what a visitor finds there, and that its books are as clean as anybody's."""

from collections import Counter
from datetime import datetime

import pytest

from base.periods import VIETNAM_OFFSET
from cooperatives import phones
from cooperatives.models import Message, Organization
from payments.bills import household_page
from payments.models import (
    BankTransaction,
    Bill,
    BillingAccount,
    BillRun,
    CashCount,
    CashHandover,
    Household,
    Reading,
    Refund,
)
from storefront.demo import billers
from storefront.demo.half_a_year_of_bills import bill_for_half_a_year
from tests.payments.conftest import is_clean

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=VIETNAM_OFFSET)


def test_half_a_year_of_bills():
    """One load for all that is asked of it: it takes some seconds."""
    bill_for_half_a_year(at=NOW)
    school, water = (Organization.objects.get(slug=who.slug) for who in (billers.SCHOOL, billers.WATER))

    classes = Counter(BillingAccount.objects.filter(organization=school).values_list("section", flat=True))
    assert classes == dict.fromkeys(billers.CLASSES, 30)
    assert BillingAccount.objects.filter(organization=water, kind="meter").count() == 200
    for biller in (school, water):
        runs = BillRun.objects.filter(organization=biller).order_by("month")
        assert [(run.month, run.state) for run in runs] == [
            (f"2026-{month:02d}", "published" if month < 11 else "draft") for month in range(5, 12)
        ]
        bills = Bill.objects.filter(organization=biller)
        states = Counter(bills.values_list("request__state", flat=True))
        assert states["paid"] > states["waiting"] > 100, "most paid, real arrears"
        assert states["part"]
        waiting = BankTransaction.objects.filter(organization=biller, state=BankTransaction.State.NEEDS_YOU)
        assert sorted(waiting.values_list("reason", flat=True)) == [
            "ALREADY_PAID", "MISTYPED_CODE", "NO_CODE", "TWO_CODES",
        ]  # fmt: skip
        assert CashHandover.objects.filter(organization=biller, state="accepted").exists()
        assert CashCount.objects.filter(organization=biller).exists()
        said = Message.objects.filter(organization=biller)
        assert said.exists()
        assert not said.waiting().filter(created_at__lt=NOW.replace(day=20)).exists()
        assert is_clean(biller, at=NOW)

    replaced = Reading.objects.get(is_live=False, account__organization=water)
    assert replaced.replaced_by.new_value == replaced.new_value - 40
    [line] = Bill.objects.get(account=replaced.account, run__month=replaced.month).lines.filter(kind="adjustment")
    refund = Refund.objects.get(account=replaced.account)
    assert line.amount_dong == -refund.amount_dong, "paid before it was put right, so it goes back"

    home = Household.objects.get(organization=school, phone=phones.e164(billers.FAMILY.phone))
    page = household_page.page_of(home, at=NOW)
    assert [(shown.account.kind, shown.is_added) for shown in page.accounts].count(("pupil", False)) == 2
    assert ("meter", True) in [(shown.account.kind, shown.is_added) for shown in page.accounts]
    assert {payee.organization for payee in page.payees} == {school, water}
    assert page.done, "what was paid in the months before"


def test_accounts_of_the_demo_cannot_exist():
    for who in (billers.SCHOOL, billers.WATER):
        assert who.account.startswith("0000000000")
        assert not any("học phí" in item.name.lower() for item in who.items), "waived since 2025"
