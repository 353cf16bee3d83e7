"""Half a year of the demo's primary school: meals by the day, boarding, voluntary items, insurance once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from base.periods import vietnam_day
from cooperatives import phones
from payments.bills import correcting, runs
from payments.bills.accounts import NewAccount
from payments.bills.households import NewHousehold
from payments.models import Agreement, Bill, BillingAccount, BillRun, Household
from storefront.demo import billers, names
from storefront.demo.billers import BOARDING, ENGLISH, INSURANCE, MEALS, MILK
from storefront.demo.billing import Biller, Calendar
from storefront.demo.desk_cases import leave_cases
from storefront.demo.paying import Payers

SUMMER = (6, 7, 8)
SUMMER_CLASSES = ("1A", "2A", "3A", "4A")


class School:
    def __init__(self, *, calendar: Calendar, keys: Iterator[str]) -> None:
        self.calendar, self.dice = calendar, Random(30300)  # noqa: S311  a story, no secret
        self.biller = Biller(billers.SCHOOL, calendar=calendar, dice=self.dice, keys=keys)
        self.payers = Payers(self.biller, by_cash=0.04)
        self._enrol()

    def live_through(self) -> None:
        """A run a month, published early in the next one; then people pay until the next run, or until now."""
        last = len(self.calendar.months) - 2
        for place in range(last + 1):
            self._a_run(place, is_last=place == last)
        self._leave_today(last)

    @transaction.atomic
    def _a_run(self, place: int, *, is_last: bool) -> None:
        calendar = self.calendar
        published = calendar.day(place + 1, 2)
        run = self._draft(place, at=published, with_insurance=place == self._insured_at())
        self.biller.publish(run, at=published)
        if is_last:
            self.payers.pay(place, published=published, until=max(calendar.ago(hours=5), published))
            return
        until = calendar.months[place + 2]
        self.payers.pay(place, published=published, until=until)
        if place == 3:
            self._meals_not_eaten(run, at=until)

    @transaction.atomic
    def _leave_today(self, last: int) -> None:
        """What nobody has looked at yet, and the draft of this month."""
        leave_cases(self.payers, calendar=self.calendar)
        self.payers.leave_offer(at=self.calendar.ago(hours=1))
        self._draft(last + 1, at=self.calendar.now, with_insurance=False)

    # -- The list -----------------------------------------------------------------------------------------------

    def _enrol(self) -> None:
        """Thirty a class, some with a brother or sister in another; the family that is shown stands among them."""
        homes: list[NewHousehold] = []
        pupils: list[tuple[int, NewAccount]] = []
        since = vietnam_day(self.biller.start)

        def home(parent: str, phone: str) -> int:
            homes.append(NewHousehold(parent, phones.e164(phone) if phone else ""))
            return len(homes) - 1

        def pupil(name: str, section: str, place: int) -> None:
            number = f"LV{len(pupils) + 1:04d}"
            pupils.append((place, NewAccount("pupil", number, name, section, since)))

        shown = home(billers.FAMILY.name, billers.FAMILY.phone)
        for name, section in billers.FAMILY.children:
            pupil(name, section, shown)
        free = dict.fromkeys(billers.CLASSES, billers.A_CLASS)
        for _name, section in billers.FAMILY.children:
            free[section] -= 1
        while any(free.values()):
            first = next(section for section in billers.CLASSES if free[section])
            phone = names.phone(1_000 + len(homes)) if self.dice.random() < billers.WITH_PHONE else ""
            place, father = home(names.mother(self.dice), phone), names.family(self.dice)
            sections = [first]
            others = [section for section in billers.CLASSES if section[0] != first[0] and free[section]]
            if others and self.dice.random() < 0.14:
                sections.append(self.dice.choice(others))
            for section in sections:
                free[section] -= 1
                pupil(names.child(self.dice, father), section, place)
        self.homes, self.accounts = self.biller.enrol(homes, pupils)
        self.payers.know(self.accounts)
        self.payers.make(self.accounts[0], "shown")
        self._agreements()
        boarding = Agreement.objects.filter(fee_item=self.biller.items[MEALS], account__section="4A").order_by("id")
        self.ill = [agreed.account for agreed in boarding.select_related("account")[4:6]]
        for account in self.ill:
            self.payers.make(account, "exact")
        for agreed in boarding.filter(account__pk__gt=self.ill[-1].pk)[:3]:
            self.payers.make(agreed.account, "part")

    @property
    def household(self) -> Household:
        """Of the family that is shown."""
        return self.homes[0]

    def _agreements(self) -> None:
        children = len(billers.FAMILY.children)
        agreed: list[tuple[BillingAccount, str]] = []
        for place, account in enumerate(self.accounts):
            boards = place < children or self.dice.random() < 0.6
            wanted = [MEALS, BOARDING] if boards else []
            wanted += [MILK] if self.dice.random() < 0.18 else []
            wanted += [ENGLISH] if self.dice.random() < 0.1 else []
            agreed += [(account, item) for item in wanted]
            luck = self.dice.random()
            if place >= children and luck < 0.06:
                self.biller.exempt(account, billers.POOR if luck < 0.02 else billers.NEARLY_POOR)
        self.biller.agree(agreed)

    # -- Runs ---------------------------------------------------------------------------------------------------

    def _insured_at(self) -> int:
        """Insurance is collected once, in the autumn where the half year has one."""
        autumn = [
            place for place in range(len(self.calendar.months) - 1) if self.calendar.months[place].month in (9, 10)
        ]
        return autumn[0] if autumn else 1

    def _draft(self, place: int, *, at: datetime, with_insurance: bool) -> BillRun:
        month = self.calendar.months[place]
        summer = month.month in SUMMER
        days = _school_days(month.date())
        items = {MEALS: days, BOARDING: 1}
        if not summer:
            items |= {MILK: days, ENGLISH: 8}
        if with_insurance:
            items[INSURANCE] = 1
        spoken = self.calendar.spoken(place)
        run = self.biller.draft(
            place, f"Bán trú hè {spoken}" if summer else spoken.capitalize(), items,
            sections=SUMMER_CLASSES if summer and not with_insurance else (), at=at,
        )  # fmt: skip
        meals = self.biller.items[MEALS].pk
        absent = [account for account in self.accounts if self.dice.random() < 0.3]
        counts = [runs.Count(one.pk, meals, days - self.dice.choice((1, 1, 2, 3, 5))) for one in absent]
        return runs.set_counts(run_id=run.pk, counts=counts, actor=self.biller.treasurer, at=at)

    def _meals_not_eaten(self, run: BillRun, *, at: datetime) -> None:
        """Two children were ill and had told it: five meals less, on bills that their families have paid."""
        meals = self.biller.items[MEALS]
        price = next(item.price_dong for item in billers.SCHOOL.items if item.name == MEALS)
        ill = Bill.objects.filter(run=run, account__in=self.ill, lines__fee_item=meals).order_by("id")
        for bill in ill:
            correcting.correct(
                bill_id=bill.pk, changes=[correcting.Change(meals.pk, -5 * price)],
                reason="nghỉ ốm 5 ngày, đã báo trước", actor=self.biller.treasurer, key=next(self.biller.keys), at=at,
            )  # fmt: skip


def _school_days(first: date) -> int:
    """Mondays to Fridays of the month."""
    days = (first + timedelta(days=n) for n in range(31))
    return sum(day.month == first.month and day.weekday() < 5 for day in days)
