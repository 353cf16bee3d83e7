"""The demo's school and waterworks, and the one page on which a family sees both."""

from datetime import datetime, timedelta

from django.db import transaction

from base.periods import VIETNAM_OFFSET
from cooperatives import outbox
from cooperatives.models import Message
from payments.bills import adding_cards
from storefront.demo import billers
from storefront.demo.billing import Calendar
from storefront.demo.school import School
from storefront.demo.water import Water

MONTHS = 6
"""Runs of each; the month of loading comes after them and has a draft."""


def bill_for_half_a_year(*, at: datetime) -> None:
    """Found both and live through six runs of each, up to ``at``."""
    first = at.astimezone(VIETNAM_OFFSET).replace(day=1, hour=8, minute=0, second=0, microsecond=0)
    calendar = Calendar(months=[_months_back(first, back) for back in range(MONTHS, -1, -1)], now=at)
    keys = (f"demo-bills-{number}" for number in range(10**6))
    with transaction.atomic():
        school = School(calendar=calendar, keys=keys)
    with transaction.atomic():
        water = Water(calendar=calendar, keys=keys)
    school.live_through()
    water.live_through()
    _share_a_page(school, water, at=at)


@transaction.atomic
def _share_a_page(school: School, water: Water, *, at: datetime) -> None:
    """One family adds its other card; both collectors have told payers everything up to yesterday."""
    adding_cards.add(
        household=school.household, code=water.household.card_code, second_factor=billers.FAMILY.phone[-4:],
        address="127.0.0.1", at=at,
    )  # fmt: skip
    for biller in (school.biller, water.biller):
        said = Message.objects.waiting().filter(
            organization=biller.organization, created_at__lt=at - timedelta(hours=24)
        )
        for message in said.order_by("id"):
            outbox.mark_said(
                message=message, actor=biller.collector, through="phone", at=message.created_at + timedelta(hours=1)
            )


def _months_back(first: datetime, count: int) -> datetime:
    month = first.year * 12 + first.month - 1 - count
    return first.replace(year=month // 12, month=month % 12 + 1)
