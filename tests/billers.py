"""A school beside the standing cast: two children of one parent, items, and published bills as plain rows.

Rows are made plainly, as in tests/people.py; what the verbs of bills do is for the tests of the verbs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

import pytest

from base.codes import new_code
from base.names import section_key, sort_key
from cooperatives.models import BankAccount, Organization, User
from payments.models import Bill, BillingAccount, BillLine, BillRun, FeeItem, FeeRate, Household, PaymentRequest
from tests import people

NOW = people.NOW
DUE = date(2026, 3, 31)
_numbers = count(1)


@dataclass(frozen=True)
class School:
    """Trường Tiểu học Hoa Sen: meals first, then boarding, then insurance, in the biller's order."""

    now: datetime
    organization: Organization
    bank_account: BankAccount
    manager: User  # Thu
    treasurer: User  # Nga, the accountant
    clerk: User  # Tâm, the collector
    household: Household  # of Hạnh, phone 0987 654 321
    older: BillingAccount  # Nguyễn Văn An, 3A
    younger: BillingAccount  # Nguyễn Thị Bình, 1B
    meals: FeeItem
    boarding: FeeItem
    insurance: FeeItem
    run: BillRun


def fee_item(
    owner: Organization, name: str, *, price_dong: int, measure: str = "flat", steps: Sequence[object] = (),
    position: int = 0, compulsory: bool = True, period: str = "month", unit_name: str = "", at: datetime = NOW,
) -> FeeItem:  # fmt: skip
    """An active item with one rate since the opening day, with a basis and no ceiling."""
    item = FeeItem.objects.create(
        organization=owner, name=name, period=period, measure=measure, unit_name=unit_name, compulsory=compulsory,
        position=position or owner.fee_items.count() + 1, created_at=at,
    )  # fmt: skip
    FeeRate.objects.create(
        fee_item=item, since=owner.opened_on, price_dong=price_dong, steps=list(steps),
        legal_basis="Nghị quyết 18/NQ-HĐND ngày 1/7/2025", recorded_at=at,
    )  # fmt: skip
    return item


def household(owner: Organization, name: str, *, phone: str = "", at: datetime = NOW) -> Household:
    number = next(_numbers)
    return Household.objects.create(
        organization=owner, name=name, phone=phone, token=f"token-of-a-household-{number:08d}",
        card_code=f"CARD{number:06d}".translate(str.maketrans("01", "ZY")), card_made_at=at, created_at=at,
    )  # fmt: skip


def billing_account(
    owner: Organization, name: str, *, number: str = "", section: str = "", of: Household | None = None,
    kind: str = "pupil", since: date = people.OPENED_ON, at: datetime = NOW,
) -> BillingAccount:  # fmt: skip
    return BillingAccount.objects.create(
        organization=owner, household=of, kind=kind, number=number or f"HS{next(_numbers):04d}", name=name,
        name_key=sort_key(name), section=section, section_key=section_key(section), since=since, created_at=at,
    )  # fmt: skip


def bill_run(
    owner: Organization, account: BankAccount, *, name: str = "", month: str = "2026-03", due_on: date = DUE,
    at: datetime = NOW,
) -> BillRun:  # fmt: skip
    return BillRun.objects.create(
        organization=owner, name=name or f"Đợt {next(_numbers)}", month=month, due_on=due_on, bank_account=account,
        state=BillRun.State.PUBLISHED, created_at=at, published_at=at,
    )  # fmt: skip


def bill(
    run: BillRun, account: BillingAccount, amounts: Sequence[tuple[FeeItem, int]], *, due_on: date | None = None,
    at: datetime = NOW,
) -> PaymentRequest:  # fmt: skip
    """A published bill of ``account`` with one charge an item; returns its request."""
    made = Bill.objects.create(
        organization=run.organization, run=run, account=account, account_name=account.name, section=account.section,
        due_on=due_on or run.due_on, created_at=at,
    )  # fmt: skip
    for item, dong in amounts:
        BillLine.objects.create(
            bill=made, fee_item=item, position=item.position, name=item.name, unit_price_dong=dong, full_dong=dong,
            amount_dong=dong, at=at,
        )  # fmt: skip
    asked = sum(dong for _item, dong in amounts)
    return PaymentRequest.objects.create(
        organization=run.organization, bill=made, account=account, bank_account=run.bank_account, code=new_code(),
        asked_dong=asked, created_at=at, state="waiting" if asked else "paid",
    )  # fmt: skip


@pytest.fixture
def school(db: None) -> School:
    owner = Organization.objects.create(
        slug="tieu-hoc-hoa-sen", name="Trường Tiểu học Hoa Sen", kind=Organization.Kind.SCHOOL, bills=True,
        bills_for="school", opened_on=people.OPENED_ON, created_at=NOW, phone="+84229111222", commune_name="Yên Mô",
        province_name="Ninh Bình",
    )  # fmt: skip
    account = people.bank_account(owner, number="0451000777888")
    staff = {
        role: people.user(name, phone)
        for role, name, phone in (
            ("manager", "Thu", "+84911000001"), ("treasurer", "Nga", "+84911000002"), ("clerk", "Tâm", "+84911000003"),
        )
    }  # fmt: skip
    for role, person in staff.items():
        people.grant(person, owner, role)
    parent = household(owner, "Trần Thị Hạnh", phone="+84987654321")
    return School(
        now=NOW, organization=owner, bank_account=account, **staff, household=parent,
        older=billing_account(owner, "Nguyễn Văn An", section="3A", of=parent),
        younger=billing_account(owner, "Nguyễn Thị Bình", section="1B", of=parent),
        meals=fee_item(owner, "Tiền ăn bán trú", price_dong=25_000, measure="counted", unit_name="suất"),
        boarding=fee_item(owner, "Chăm sóc bán trú", price_dong=150_000),
        insurance=fee_item(owner, "Bảo hiểm y tế", price_dong=631_800, period="year"),
        run=bill_run(owner, account, name="Tháng 3/2026"),
    )  # fmt: skip
