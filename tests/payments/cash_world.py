"""A school that bills, for the tests of cash: two brothers of one household, another pupil, bills that are due.

Rows are made plainly, as in tests/people.py: what the verbs of bills do is for their own tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest

from base.codes import new_code
from base.text import folded
from cooperatives.models import Organization, RoleGrant, User
from payments.models import Bill, BillingAccount, BillLine, BillRun, FeeItem, Household, PaymentRequest
from tests.people import NOW, World, grant, user

_numbers = count(1)


@dataclass(frozen=True)
class School:
    """The world's cooperative, which bills too: meals before fees. ``lan`` and ``nga`` collect, ``binh`` keeps all."""

    world: World
    organization: Organization
    lan: User
    nga: User
    binh: User
    meals: FeeItem
    fees: FeeItem
    household: Household
    an: BillingAccount
    brother: BillingAccount
    khanh: BillingAccount


def pupil(
    owner: Organization, name: str, *, number: str, section: str = "3A", household: Household | None = None
) -> BillingAccount:
    return BillingAccount.objects.create(
        organization=owner, household=household, kind=BillingAccount.Kind.PUPIL, number=number, name=name,
        name_key=folded(name), section=section, section_key=section, since=date(2026, 1, 1), created_at=NOW,
    )  # fmt: skip


def fee_item(owner: Organization, name: str, *, position: int) -> FeeItem:
    return FeeItem.objects.create(
        organization=owner, name=name, period=FeeItem.Period.MONTH, position=position, created_at=NOW
    )


def bill(account: BillingAccount, asked: Mapping[FeeItem, int], *, due_on: date = date(2026, 3, 31)) -> PaymentRequest:
    """A published bill in a run of its own, and what is asked for it."""
    owner, number = account.organization, next(_numbers)
    bank_account = owner.bank_accounts.get(is_default=True)
    run = BillRun.objects.create(
        organization=owner, name=f"Đợt {number}", month="2026-03", due_on=due_on, bank_account=bank_account,
        state=BillRun.State.PUBLISHED, created_at=NOW, published_at=NOW,
    )  # fmt: skip
    made = Bill.objects.create(
        organization=owner, run=run, account=account, account_name=account.name, section=account.section,
        due_on=due_on, created_at=NOW,
    )  # fmt: skip
    for item, dong in asked.items():
        BillLine.objects.create(
            bill=made, fee_item=item, position=item.position, name=item.name, unit_price_dong=dong, full_dong=dong,
            amount_dong=dong, at=NOW,
        )  # fmt: skip
    return PaymentRequest.objects.create(
        organization=owner, bill=made, account=account, bank_account=bank_account, code=new_code(),
        asked_dong=sum(asked.values()), created_at=NOW,
    )  # fmt: skip


def make_school(world: World) -> School:
    owner = world.organization
    owner.bills = True
    owner.save(update_fields=["bills"])
    nga = user("Đinh Thị Nga", "+84912000007")
    grant(nga, owner, RoleGrant.Role.CLERK)
    home = Household.objects.create(
        organization=owner, name="Nguyễn Văn Hải", phone="+84977123456", token="t" * 32, card_code="ABCDEFGH23",
        card_made_at=NOW, created_at=NOW,
    )  # fmt: skip
    return School(
        world=world, organization=owner, lan=world.clerk, nga=nga, binh=world.treasurer,
        meals=fee_item(owner, "Tiền ăn", position=1), fees=fee_item(owner, "Quỹ lớp", position=2), household=home,
        an=pupil(owner, "Nguyễn Thị Ánh", number="HS001", household=home),
        brother=pupil(owner, "Nguyễn Văn Bảo", number="HS002", section="1B", household=home),
        khanh=pupil(owner, "Trần Quốc Khánh", number="HS003"),
    )  # fmt: skip


@pytest.fixture
def school(world: World) -> School:
    return make_school(world)
