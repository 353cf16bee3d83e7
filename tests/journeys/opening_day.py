"""``manage.py shell -c "from tests.journeys import opening_day; opening_day.found()"``: newcomers.py in an empty
database. Each step by the verb that a real biller uses."""

import random
from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from base.periods import VIETNAM_OFFSET, vietnam_day
from cooperatives import phones
from payments.bills import readings
from payments.bills.accounts import NewAccount
from payments.bills.households import NewHousehold
from storefront.demo.billing import Biller, Calendar
from tests.journeys.newcomers import HOMES, SCHOOL, WATER


def found() -> None:
    """The school this month, with nothing but its people and its account; the waterworks two months ago, when all
    meters were read for the first time."""
    now = timezone.now()
    this_month = now.astimezone(VIETNAM_OFFSET).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last_month = _month_before(this_month)
    keys = (f"opening-day-{number}" for number in count())
    dice = random.Random(700)
    Biller(SCHOOL, calendar=Calendar(months=[this_month], now=now), dice=dice, keys=keys)
    first = _month_before(last_month)
    water = Biller(WATER, calendar=Calendar(months=[first, last_month, this_month], now=now), dice=dice, keys=keys)
    since = vietnam_day(first)
    water.enrol(
        [NewHousehold(home.owner, phones.e164(home.phone)) for home in HOMES],
        [(place, NewAccount("meter", one.number, one.owner, one.hamlet, since)) for place, one in enumerate(HOMES)],
    )
    evening = last_month - timedelta(hours=6)
    rows = [
        readings.ReadingRow(
            row=place, number=home.number, month=water.calendar.month(0), read_on=vietnam_day(evening),
            old_value=home.old - home.usual, new_value=home.old,
        )
        for place, home in enumerate(HOMES)
    ]  # fmt: skip
    taken = readings.record_many(
        organization_id=water.organization.pk, rows=rows, actor=water.collector, key=next(keys), at=evening
    )
    assert taken.added == len(HOMES), taken.faults


def _month_before(first: datetime) -> datetime:
    return (first - timedelta(days=1)).replace(day=1)
