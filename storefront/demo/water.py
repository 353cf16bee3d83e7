"""Half a year of the demo's village waterworks: two hundred meters read, billed, collected; one typed wrong."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from base.periods import vietnam_day
from cooperatives import phones
from payments.bills import correcting, readings
from payments.bills.accounts import NewAccount
from payments.bills.households import NewHousehold
from payments.models import Household, Reading
from storefront.demo import billers, names
from storefront.demo.billers import UPKEEP, WATER_USED
from storefront.demo.billing import Biller, Calendar
from storefront.demo.desk_cases import leave_cases
from storefront.demo.paying import Payers

TYPED_WRONG, PLACE_WRONG, TOO_MANY = 57, 4, 40
CHANGED, PLACE_CHANGED = 120, 2
PAY_PART = (33, 88, 161)
"""Places in the list of meters, and of months."""


class Water:
    def __init__(self, *, calendar: Calendar, keys: Iterator[str]) -> None:
        self.calendar, self.dice = calendar, Random(40400)  # noqa: S311  a story, no secret
        self.biller = Biller(billers.WATER, calendar=calendar, dice=self.dice, keys=keys)
        self.payers = Payers(self.biller, by_cash=0.2)
        self._enrol()

    def live_through(self) -> None:
        """Meters are read on the month's last days, bills published early in the next one, then people pay."""
        last = len(self.calendar.months) - 2
        for place in range(last + 1):
            self._a_run(place, is_last=place == last)
        self._leave_today(last)

    @transaction.atomic
    def _a_run(self, place: int, *, is_last: bool) -> None:
        calendar = self.calendar
        self._read(place)
        published = calendar.day(place + 1, 3)
        spoken = calendar.spoken(place)
        run = self.biller.draft(place, f"Tiền nước {spoken}", {WATER_USED: 1, UPKEEP: 1}, at=published)
        self.biller.publish(run, at=published)
        if is_last:
            self.payers.pay(place, published=published, until=max(calendar.ago(hours=5), published))
            return
        self.payers.pay(place, published=published, until=calendar.months[place + 2] + timedelta(hours=6))
        if place == PLACE_WRONG:
            self._put_right(at=calendar.months[place + 2] + timedelta(hours=8))

    @transaction.atomic
    def _leave_today(self, last: int) -> None:
        """What nobody has looked at yet, and the draft of this month."""
        calendar = self.calendar
        leave_cases(self.payers, calendar=calendar)
        self.payers.leave_offer(at=calendar.ago(hours=1))
        spoken = calendar.spoken(last + 1)
        self.biller.draft(last + 1, f"Tiền nước {spoken}", {WATER_USED: 1, UPKEEP: 1}, at=calendar.now)

    def _enrol(self) -> None:
        since = vietnam_day(self.biller.start)
        homes, meters = [], []
        for place in range(len(billers.HAMLETS) * billers.A_HAMLET):
            hamlet = billers.HAMLETS[place // billers.A_HAMLET]
            if place == 0:
                name, phone = billers.FAMILY.name, billers.FAMILY.phone
            else:
                name, phone = names.head_of_household(self.dice), names.phone(2_000 + place)
                if self.dice.random() >= billers.WITH_PHONE:
                    phone = ""
            homes.append(NewHousehold(name, phones.e164(phone) if phone else "", hamlet))
            meters.append((place, NewAccount("meter", f"NL{place + 1:04d}", name, hamlet, since)))
        self.homes, self.accounts = self.biller.enrol(homes, meters)
        self.payers.know(self.accounts)
        self.payers.make(self.accounts[0], "shown")
        self.payers.make(self.accounts[TYPED_WRONG], "exact")
        for place in PAY_PART:
            self.payers.make(self.accounts[place], "part")
        self.shown = {account.pk: self.dice.randint(40, 900) for account in self.accounts}
        self.usual = {
            account.pk: self.dice.choice((5, 7, 8, 9, 10, 11, 12, 14, 16, 19, 24)) for account in self.accounts
        }
        for account in self.accounts[5::23]:
            self.biller.exempt(account, billers.POOR if account.pk % 2 else billers.MERIT)

    @property
    def household(self) -> Household:
        """Of the family that is shown."""
        return self.homes[0]

    def _read(self, place: int) -> None:
        """All meters of a month on its last day but two; one is exchanged, one typed with too many."""
        day = _last_day(self.calendar.months[place]) - timedelta(days=2)
        rows = []
        for number, account in enumerate(self.accounts):
            old = self.shown[account.pk]
            used = max(self.usual[account.pk] + self.dice.randint(-3, 4), 1)
            is_changed = (number, place) == (CHANGED, PLACE_CHANGED)
            new = used if is_changed else old + used
            self.shown[account.pk] = new
            if (number, place) == (TYPED_WRONG, PLACE_WRONG):
                new += TOO_MANY
            rows.append(
                readings.ReadingRow(
                    row=number + 2, number=account.number, month=self.calendar.month(place), read_on=day,
                    new_value=new, old_value=old if place == 0 else None, meter_changed=is_changed,
                    used=used if is_changed else None, sure=True,
                )
            )  # fmt: skip
        taken = readings.record_many(
            organization_id=self.biller.organization.pk, rows=rows, actor=self.biller.collector,
            key=next(self.biller.keys), at=self.calendar.day(place, day.day, hour=17),
        )  # fmt: skip
        assert not taken.faults, taken.faults

    def _put_right(self, *, at: datetime) -> None:
        """The household had paid for forty cubic metres too many when it asked."""
        account = self.accounts[TYPED_WRONG]
        wrong = Reading.objects.get(account=account, month=self.calendar.month(PLACE_WRONG), is_live=True)
        correcting.correct_reading(
            reading_id=wrong.pk, new_value=wrong.new_value - TOO_MANY, reason="đọc lại đồng hồ: ghi nhầm số",
            actor=self.biller.manager, key=next(self.biller.keys), at=at,
        )  # fmt: skip


def _last_day(month: datetime) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1).date() - timedelta(days=1)
