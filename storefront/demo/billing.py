"""How a biller of the demo begins and bills: people, account, price list, families and runs, each by the real verb."""

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from base.periods import month_of, vietnam_day
from cooperatives import joining
from cooperatives.models import BankAccount, Organization, RoleGrant, User
from payments import feeds, opening
from payments.bills import account_terms, accounts, catalogue, households, publishing, rates, runs
from payments.bills.accounts import NewAccount
from payments.bills.households import NewHousehold
from payments.models import BillingAccount, BillRun, ExemptGroup, Feed, FeeItem, Household
from storefront.demo import billers
from storefront.demo.enrolling import enrolled


@dataclass(frozen=True)
class Calendar:
    """``months``: the first day, 8 o'clock, of each month billed and of the one now; ``now``: the moment of loading."""

    months: Sequence[datetime]
    now: datetime

    def day(self, place: int, day: int, hour: int = 9) -> datetime:
        """That day of a month, or now where it has not come yet."""
        return min(self.months[place].replace(day=day, hour=hour), self.now)

    def ago(self, *, hours: float) -> datetime:
        return self.now - timedelta(hours=hours)

    def month(self, place: int) -> str:
        return month_of(self.months[place].date())

    def spoken(self, place: int) -> str:
        """``tháng 10/2026``, as runs are called."""
        return f"tháng {self.months[place]:%-m/%Y}"


class Biller:
    """One biller from its first day on. ``keys``: idempotency keys, one for each thing done."""

    def __init__(self, who: billers.Biller, *, calendar: Calendar, dice: random.Random, keys: Iterator[str]) -> None:
        self.who, self.calendar, self.dice, self.keys = who, calendar, dice, keys
        self.start = calendar.months[0]
        self._found()
        self._price()

    def _found(self) -> None:
        who, start = self.who, self.start
        self.organization = Organization.objects.create(
            slug=who.slug, name=who.name, kind=Organization.Kind(who.kind), sells=False, bills=True,
            bills_for=who.bills_for, is_demo=True, about=who.about, representative=who.representative,
            tax_code="0000000000", phone=who.phone, address=who.address, commune_name="Yên Mô",
            province_name="Ninh Bình", carries_credit=who.carries_credit, opened_on=vietnam_day(start),
            created_at=start,
        )  # fmt: skip
        self.bank_account = BankAccount.objects.create(
            organization=self.organization, bin=who.bin, bank_name=who.bank_name, number=who.account,
            holder=who.holder, is_default=True, created_at=start,
        )  # fmt: skip
        opening.open_account(bank_account=self.bank_account, amount_dong=who.opening_dong, actor=None, at=start)
        feeds.connect(
            bank_account=self.bank_account, provider=Feed.Provider.SEPAY, auth=Feed.Auth.HMAC,
            key=secrets.token_urlsafe(24), actor=None, at=start,
        )  # fmt: skip
        self.people: dict[str, User] = {}
        for person, roles in who.people:
            self.people |= dict.fromkeys(roles, enrolled(person))
            for role in roles:
                joining.grant_role(
                    person=self.people[role], organization=self.organization, role=RoleGrant.Role(role),
                    since=vietnam_day(start), actor=None, at=start,
                )  # fmt: skip

    @property
    def manager(self) -> User:
        return self.people["manager"]

    @property
    def treasurer(self) -> User:
        return self.people["treasurer"]

    @property
    def collector(self) -> User:
        """Who reads meters and takes cash."""
        return self.people["clerk"]

    def _price(self) -> None:
        """Items with their rates and bases, and who pays less."""
        at, self.items = self.start + timedelta(hours=1), dict[str, FeeItem]()
        for one in self.who.items:
            item = catalogue.item_create(
                organization_id=self.organization.pk, name=one.name, period=one.period, measure=one.measure,
                unit_name=one.unit_name, compulsory=not one.voluntary, refundable=one.refundable, note=one.note,
                actor=self.manager, key=next(self.keys), at=at,
            )  # fmt: skip
            rates.rate_set(
                fee_item_id=item.pk, since=vietnam_day(self.start), price_dong=one.price_dong,
                steps=[list(step) for step in one.steps], ceiling_dong=one.ceiling_dong, legal_basis=billers.BASIS,
                actor=self.manager, key=next(self.keys), at=at,
            )  # fmt: skip
            self.items[one.name] = item
        self.groups: dict[str, ExemptGroup] = {
            name: catalogue.group_set(
                organization_id=self.organization.pk, name=name, legal_basis=billers.BASIS,
                shares={self.items[item].pk: bp for item, bp in less.items()}, actor=self.manager,
                key=next(self.keys), at=at,
            )
            for name, less in self.who.reductions.items()
        }  # fmt: skip

    def enrol(
        self, homes: list[NewHousehold], of_homes: Sequence[tuple[int, NewAccount]]
    ) -> tuple[list[Household], list[BillingAccount]]:
        """The list of the first day: households, and accounts with the place of their household."""
        at = self.start + timedelta(hours=2)
        with transaction.atomic():
            biller = accounts.locked_biller(self.organization.pk, actor=self.manager, at=at)
            made = households.make_many(organization=biller, wanted=homes, at=at)
            wanted = [
                NewAccount(one.kind, one.number, one.name, one.section, one.since, made[place].pk)
                for place, one in of_homes
            ]
            return made, accounts.add_many(organization=biller, wanted=wanted, at=at)

    def agree(self, wanted: Sequence[tuple[BillingAccount, str]]) -> None:
        """The forms of the first school day, read off together: which account wants which voluntary item."""
        at = self.start + timedelta(hours=3)
        with transaction.atomic():
            biller = accounts.locked_biller(self.organization.pk, actor=self.manager, at=at)
            account_terms.agree_many(
                organization=biller, wanted=[(account, self.items[item]) for account, item in wanted],
                how="phiếu đăng ký đầu năm học", actor=self.manager, at=at,
            )  # fmt: skip

    def exempt(self, account: BillingAccount, group: str) -> None:
        accounts.exempt(
            account_id=account.pk, group_id=self.groups[group].pk, since=account.since,
            evidence="sổ hộ, bản sao (dữ liệu mẫu)", actor=self.manager, key=next(self.keys),
            at=self.start + timedelta(hours=3),
        )  # fmt: skip

    def draft(
        self, place: int, name: str, items: dict[str, int], *, sections: Sequence[str] = (), at: datetime
    ) -> BillRun:
        """The run of the month at ``place``: due on the 20th of the next. ``items``: how many for everybody."""
        due = self.calendar.months[place].replace(day=28) + timedelta(days=7)
        return runs.create(
            organization_id=self.organization.pk, name=name, month=self.calendar.month(place),
            due_on=due.replace(day=20).date(), sections=sections,
            items=[runs.ItemWanted(self.items[item].pk, quantity) for item, quantity in items.items()],
            actor=self.manager, key=next(self.keys), at=at,
        )  # fmt: skip

    def publish(self, run: BillRun, *, at: datetime) -> None:
        publishing.publish(run_id=run.pk, actor=self.manager, key=next(self.keys), at=at)
