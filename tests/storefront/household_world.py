"""A household as its pages see it: two children at a school and a water meter at another biller, on three cards."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from cooperatives.models import Organization
from payments.models import Bill, BillingAccount, BillLine, FeeItem, Household, PaymentRequest, Reading, RunItem
from tests import billers, people
from tests.billers import School

TODAY = timezone.localdate()
MONTH = f"{TODAY:%Y-%m}"
STEPS = [[10, 6000], [20, 7500], [None, 9000]]


@dataclass(frozen=True)
class Water:
    """HTX Nước sạch Đồng Văn: one meter of Hạnh's, on a card of its own; its bill shows 14 m³ in two steps."""

    organization: Organization
    household: Household
    meter: BillingAccount
    item: FeeItem
    asked: PaymentRequest


@dataclass(frozen=True)
class Home:
    """What the pages of Hạnh show: everything is due in the days around today."""

    school: School
    water: Water
    overdue: PaymentRequest  # the younger child's, since five days
    coming: PaymentRequest  # the older child's, in ten days: meals and boarding, half of it exempt

    @property
    def path(self) -> str:
        return f"/bills/h/{self.school.household.token}/"


def make_water() -> Water:
    owner = Organization.objects.create(
        slug="nuoc-sach-dong-van", name="HTX Nước sạch Đồng Văn", kind=Organization.Kind.UTILITY, bills=True,
        bills_for="water", opened_on=people.OPENED_ON, created_at=billers.NOW, phone="+84229333444",
    )  # fmt: skip
    account = people.bank_account(owner, number="0451000555666")
    home = billers.household(owner, "Trần Thị Hạnh", phone="+84987654321")
    meter = billers.billing_account(owner, "Trần Thị Hạnh", number="DH0112", section="Xóm 3", of=home, kind="meter")
    item = billers.fee_item(owner, "Nước sạch", price_dong=0, measure="metered", steps=STEPS, unit_name="m³")
    run = billers.bill_run(owner, account, name="Nước tháng này", month=MONTH, due_on=TODAY + timedelta(days=3))
    RunItem.objects.create(run=run, fee_item=item, rate=item.rates.get())
    asked = billers.bill(run, meter, [(item, 90_000)])
    reading = Reading.objects.create(
        account=meter, month="2026-03", read_on=date(2026, 3, 25), old_value=118, new_value=132, used=14,
        recorded_at=billers.NOW,
    )  # fmt: skip
    BillLine.objects.filter(bill=asked.bill).update(reading=reading, quantity=14, unit_price_dong=0)
    return Water(organization=owner, household=home, meter=meter, item=item, asked=asked)


def make_home(school: School) -> Home:
    account = school.bank_account
    late = billers.bill_run(
        school.organization, account, name="Tháng trước", month=MONTH, due_on=TODAY - timedelta(days=5)
    )
    soon = billers.bill_run(
        school.organization, account, name="Tháng này", month=MONTH, due_on=TODAY + timedelta(days=10)
    )
    coming = billers.bill(soon, school.older, [(school.meals, 500_000), (school.boarding, 75_000)])
    line = BillLine.objects.get(bill=coming.bill, fee_item=school.boarding)
    BillLine.objects.filter(pk=line.pk).update(
        full_dong=150_000, reduction_dong=75_000, reduction_name="Hộ cận nghèo", unit_price_dong=150_000
    )
    BillLine.objects.filter(bill=coming.bill, fee_item=school.meals).update(quantity=20, unit_price_dong=25_000)
    return Home(
        school=school, water=make_water(), overdue=billers.bill(late, school.younger, [(school.boarding, 150_000)]),
        coming=coming,
    )  # fmt: skip


def adjusted(asked: PaymentRequest, item: FeeItem, dong: int, reason: str) -> None:
    """A visible correction, as plain rows."""
    assert asked.bill is not None
    BillLine.objects.create(
        bill=asked.bill, fee_item=item, position=item.position, kind=BillLine.Kind.ADJUSTMENT, name=item.name,
        amount_dong=dong, reason=reason, at=billers.NOW,
    )  # fmt: skip
    asked.asked_dong += dong
    asked.save(update_fields=["asked_dong"])


def bill_of(asked: PaymentRequest) -> Bill:
    assert asked.bill is not None
    return asked.bill


@pytest.fixture
def home(school: School) -> Home:
    return make_home(school)
