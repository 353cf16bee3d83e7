"""Accounts: the pupils, meters and members that bills are made out for. Ended, never erased."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.names import section_key, sort_key
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from base.text import composed, storable
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from payments.bills.account_terms import agree, end_agreement, end_exemption, exempt
from payments.bills.billers import biller
from payments.bills.households import NewHousehold, make_many
from payments.bills.households import checked as household_checked
from payments.models import BillingAccount, Household

__all__ = [
    "NewAccount", "add", "add_many", "agree", "change", "checked", "end", "end_agreement", "end_exemption", "exempt",
    "locked_biller", "made_numbers",
]  # fmt: skip

LONGEST_NUMBER, LONGEST_NAME, LONGEST_SECTION, LONGEST_NOTE = 40, 80, 40, 200
PREFIXES = {BillingAccount.Kind.PUPIL: "HS", BillingAccount.Kind.METER: "DH", BillingAccount.Kind.MEMBER: "HV"}
_MADE_DIGITS = 4


class BadAccountName(Refused):
    code = "BAD_ACCOUNT_NAME"
    sentence = _("Hãy ghi họ và tên, nhiều nhất 80 chữ.")


class BadAccountNumber(Refused):
    code = "BAD_ACCOUNT_NUMBER"
    sentence = _("Mã (mã học sinh, số đồng hồ) nhiều nhất 40 chữ và số.")


class BadSection(Refused):
    code = "BAD_SECTION"
    sentence = _("Tên lớp hoặc thôn, xóm nhiều nhất 40 chữ.")


class BadNote(Refused):
    code = "BAD_NOTE"
    sentence = _("Ghi chú nhiều nhất 200 chữ.")


class BadAccountKind(Refused):
    code = "BAD_ACCOUNT_KIND"
    sentence = _("Hãy chọn học sinh, đồng hồ hoặc hội viên.")


class NumberTaken(Refused):
    code = "NUMBER_TAKEN"
    sentence = _("Mã %(number)s đã có: %(name)s.")


class EndsBeforeItBegins(Refused):
    code = "ENDS_BEFORE_IT_BEGINS"
    sentence = _("Ngày thôi phải từ ngày bắt đầu trở đi.")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """In the form that is stored; ``number`` empty: one is made. ``household_id`` None: none."""

    kind: str
    number: str
    name: str
    section: str
    since: date
    household_id: int | None = None
    note: str = ""


@again_when_locked_out
def add(
    *,
    organization_id: int,
    kind: str,
    name: str,
    number: str = "",
    section: str = "",
    since: date,
    household_id: int | None = None,
    guardian: str = "",
    phone: str = "",
    place: str = "",
    note: str = "",
    actor: User,
    key: str,
    at: datetime,
) -> BillingAccount:
    """One account; without a ``number`` the next free one is made (``HS0001``). The same ``key`` returns the same one.

    Without ``household_id`` it gets a household of its own, named by ``guardian`` or by itself, so that a card can be
    printed for it. Raises NotFound (also for another biller's household); BadAccountName and its kin, NumberTaken,
    households.BadHouseholdName, BadPlace, phones.BadPhone; KeyReused, BadKey.
    """
    with transaction.atomic():
        organization = locked_biller(organization_id, actor=actor, at=at)
        wanted = checked(kind=kind, number=number, name=name, section=section, since=since, note=note)
        if household_id is not None and not organization.households.filter(pk=household_id).exists():
            raise NotFound()

        def do() -> str:
            home = household_id if household_id is not None else _own_household(organization, wanted, home_of, at=at)
            _check_free(organization, wanted.number)
            new = NewAccount(kind, wanted.number, wanted.name, wanted.section, since, home, wanted.note)
            return str(add_many(organization=organization, wanted=[new], at=at)[0].pk)

        home_of = household_checked(name=guardian or wanted.name, phone=phone, place=place)
        meaning = [
            organization_id, kind, wanted.number, wanted.name, wanted.section, since.isoformat(), household_id,
            home_of.name, home_of.phone, home_of.place, wanted.note,
        ]  # fmt: skip
        made, _replayed = done_once(verb="account_add", actor=actor, key=key, meaning=meaning, at=at, do=do)
        return BillingAccount.objects.select_related("household").get(pk=int(made))


def add_many(*, organization: Organization, wanted: Sequence[NewAccount], at: datetime) -> list[BillingAccount]:
    """Accounts in the order asked for; numbers are made where they are empty. Needs an open transaction in which
    ``locked_biller`` holds the organization; what is wanted has been checked and its numbers are free."""
    made = {
        kind: iter(made_numbers(organization, kind, sum(not one.number for one in wanted if one.kind == kind)))
        for kind in {one.kind for one in wanted}
    }
    return BillingAccount.objects.bulk_create(
        [
            BillingAccount(
                organization=organization, household_id=one.household_id, kind=one.kind,
                number=one.number or next(made[one.kind]), name=one.name, name_key=sort_key(one.name),
                section=one.section, section_key=section_key(one.section), since=one.since, note=one.note,
                created_at=at,
            )
            for one in wanted
        ]
    )  # fmt: skip


@again_when_locked_out
def change(
    *,
    account_id: int,
    number: str,
    name: str,
    section: str,
    since: date,
    note: str = "",
    actor: User,
    at: datetime,
) -> BillingAccount:
    """What is known of an account. Bills that are out keep the name and class that they were made out with.

    Raises NotFound, BadAccountName and its kin, NumberTaken, EndsBeforeItBegins.
    """
    with transaction.atomic():
        account = _locked(account_id, actor=actor, at=at)
        wanted = checked(kind=account.kind, number=number, name=name, section=section, since=since, note=note)
        if not wanted.number:
            raise BadAccountNumber(field="number")
        if account.until is not None and account.until < since:
            raise EndsBeforeItBegins(field="since")
        _check_free(account.organization, wanted.number, apart_from=account)
        account.number, account.name, account.section = wanted.number, wanted.name, wanted.section
        account.name_key, account.section_key = sort_key(wanted.name), section_key(wanted.section)
        account.since, account.note = since, wanted.note
        account.save(update_fields=["number", "name", "name_key", "section", "section_key", "since", "note"])
        return account


@again_when_locked_out
def end(*, account_id: int, on: date | None, actor: User, at: datetime) -> BillingAccount:
    """``on`` is the last day on which it is billed; None takes an end back. What it owes stays owed.

    Raises NotFound, EndsBeforeItBegins.
    """
    with transaction.atomic():
        account = _locked(account_id, actor=actor, at=at)
        if on is not None and on < account.since:
            raise EndsBeforeItBegins(field="on")
        account.until = on
        account.save(update_fields=["until"])
        return account


def checked(*, kind: str, number: str, name: str, section: str, since: date, note: str = "") -> NewAccount:
    """In the form that is stored: composed, single blanks. Raises BadAccountName and its kin."""
    number, name, section, note = composed(number), composed(name), composed(section), composed(note)
    if kind not in BillingAccount.Kind.values:
        raise BadAccountKind(field="kind")
    if not 1 <= len(name) <= LONGEST_NAME or not _plain(name) or not any(sign.isalpha() for sign in name):
        raise BadAccountName(field="name")
    if len(number) > LONGEST_NUMBER or not _plain(number):
        raise BadAccountNumber(field="number")
    if len(section) > LONGEST_SECTION or not _plain(section):
        raise BadSection(field="section")
    if len(note) > LONGEST_NOTE or not storable(note):
        raise BadNote(field="note")
    return NewAccount(kind, number, name, section, since, None, note)


def made_numbers(organization: Organization, kind: str, count: int) -> list[str]:
    """The next ``count`` free numbers of our own making: ``HS0001``. Whoever uses them holds the organization's row."""
    prefix = PREFIXES[BillingAccount.Kind(kind)]
    if not count:
        return []
    own = re.compile(rf"{prefix}([0-9]{{{_MADE_DIGITS},9}})")
    taken = organization.billing_accounts.filter(number__startswith=prefix).values_list("number", flat=True)
    last = max((int(found[1]) for number in taken if (found := own.fullmatch(number))), default=0)
    return [f"{prefix}{number:0{_MADE_DIGITS}d}" for number in range(last + 1, last + 1 + count)]


def is_made(number: str) -> bool:
    """Whether a number looks like one of our own making: the biller's own may take its place."""
    return any(re.fullmatch(rf"{prefix}[0-9]{{{_MADE_DIGITS},9}}", number) for prefix in PREFIXES.values())


def locked_biller(organization_id: int, *, actor: User, at: datetime) -> Organization:
    """The biller, held: two who add accounts at once would make the same numbers. Raises NotFound."""
    organization = biller(organization_id, deed="keep_bills", actor=actor, at=at)
    return Organization.objects.held(organization.pk)


def _locked(account_id: int, *, actor: User, at: datetime) -> BillingAccount:
    account = (
        BillingAccount.objects.select_for_update(no_key=True, of=("self",))
        .select_related("organization").filter(pk=account_id).first()
    )  # fmt: skip
    if account is None:
        raise NotFound()
    biller(account.organization_id, deed="keep_bills", actor=actor, at=at)
    return account


def _check_free(organization: Organization, number: str, *, apart_from: BillingAccount | None = None) -> None:
    taken: Iterable[BillingAccount] = organization.billing_accounts.filter(number=number) if number else ()
    for other in taken:
        if other != apart_from:
            raise NumberTaken(field="number", number=number, name=other.name)


def _own_household(organization: Organization, account: NewAccount, home: NewHousehold, *, at: datetime) -> int:
    made: Household = make_many(organization=organization, wanted=[home], at=at)[0]
    return made.pk


def _plain(text: str) -> bool:
    return storable(text) and text.isprintable()
