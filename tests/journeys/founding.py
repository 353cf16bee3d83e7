"""The school of the journeys, in an empty database and up to its published bills, each step by the verb that a real
school uses: ``manage.py shell -c "from tests.journeys import founding; founding.found()"``.
"""

import random
from datetime import timedelta

from django.utils import timezone

from base.periods import VIETNAM_OFFSET, vietnam_day
from cooperatives import phones
from payments.bills import runs
from payments.bills.accounts import NewAccount
from payments.bills.households import NewHousehold
from storefront.demo.billing import Biller, Calendar
from tests.journeys.primary_school import BOARDING, FAMILIES, MEALS, SCHOOL, SCHOOL_DAYS


def found() -> None:
    """Opened last month; this month's bills are due on the 20th of the next one and were published just now."""
    now = timezone.now()
    this_month = now.astimezone(VIETNAM_OFFSET).replace(day=1, hour=8, minute=0, second=0, microsecond=0)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    keys = (f"school-{number}" for number in range(100))
    calendar = Calendar(months=[last_month, this_month], now=now)
    school = Biller(SCHOOL, calendar=calendar, dice=random.Random(600), keys=keys)
    homes = [NewHousehold(one.parent, phones.e164(one.phone) if one.phone else "") for one in FAMILIES]
    since = vietnam_day(last_month)
    children = [(place, child) for place, family in enumerate(FAMILIES) for child in family.children]
    _households, accounts = school.enrol(
        homes, [(place, NewAccount("pupil", one.number, one.name, one.section, since)) for place, one in children]
    )
    run = school.draft(1, calendar.spoken(1).capitalize(), {MEALS: SCHOOL_DAYS, BOARDING: 1}, at=now)
    meals = school.items[MEALS].pk
    counts = [
        runs.Count(account.pk, meals, child.meals)
        for account, (_place, child) in zip(accounts, children, strict=True)
        if child.meals != SCHOOL_DAYS
    ]
    runs.set_counts(run_id=run.pk, counts=counts, actor=school.treasurer, at=now)
    school.publish(run, at=now)
