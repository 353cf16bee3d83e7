"""Writing down what meters showed, one by one or a list at a time. What it means is judged in meters.py."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from orders.buyers import one_line
from payments.bills import meters
from payments.bills.billers import biller
from payments.bills.meters import Shown, Verdict
from payments.models import BillingAccount, BillLine, Reading

MOST_AT_ONCE = 20_000


class NotAMeter(Refused):
    code = "NOT_A_METER"
    sentence = _("%(number)s không phải là đồng hồ.")


class UnknownNumber(Refused):
    code = "UNKNOWN_NUMBER"
    sentence = _("Không có đồng hồ số %(number)s.")


class TwiceInList(Refused):
    code = "TWICE_IN_LIST"
    sentence = _("Đồng hồ số %(number)s có hai dòng cho cùng một tháng.")


class TooManyRows(Refused):
    code = "TOO_MANY_ROWS"
    sentence = _("Nhiều nhất %(most)s dòng một lần.")


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One line of a list: ``number`` is the meter's own, ``row`` where it stood."""

    row: int
    number: str
    month: str
    read_on: date
    new_value: int
    old_value: int | None = None
    meter_changed: bool = False
    used: int | None = None
    sure: bool = False

    @property
    def shown(self) -> Shown:
        return Shown(
            month=self.month, read_on=self.read_on, new_value=self.new_value, old_value=self.old_value,
            meter_changed=self.meter_changed, used=self.used, sure=self.sure,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """How many readings a list added, changed, and found the same; ``faults`` as in RosterImport.faults."""

    added: int
    changed: int
    same: int
    faults: list[dict[str, Any]] = field(default_factory=list)


@again_when_locked_out
def record(
    *,
    account_id: int,
    month: str,
    read_on: date,
    new_value: int,
    old_value: int | None = None,
    meter_changed: bool = False,
    used: int | None = None,
    sure: bool = False,
    actor: User,
    key: str,
    at: datetime,
) -> Reading:
    """The account's reading of ``month``; one of the same month that no bill holds is replaced by a new row.

    The same ``key`` returns the same reading, and so do the same figures without one. ``old_value`` None: what the
    last month showed. A changed meter needs ``used``. Raises NotFound, NotAMeter and what meters.judged raises.
    """
    account = BillingAccount.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound()
    organization = biller(account.organization_id, deed="read_meters", actor=actor, at=at)
    if account.kind != BillingAccount.Kind.METER:
        raise NotAMeter(field="account_id", number=account.number)
    shown = Shown(month, read_on, new_value, old_value, meter_changed, used, sure)

    def write() -> str:
        _one_after_the_other(organization)
        live = _live_of([account.pk], months={month})[account.pk]
        is_billed = (account.pk, month) in _billed([account.pk], months={month})
        verdict = meters.judged(shown, live=live, is_billed=is_billed, today=vietnam_day(at))
        if verdict.same:
            return str(next(reading.pk for reading in live if reading.month == month))
        return str(_write([(account.pk, shown, verdict)], actor=actor, at=at)[0].pk)

    meaning = [account_id, *_meaning(shown)]
    with transaction.atomic():
        made, _replayed = done_once(verb="reading_record", actor=actor, key=key, meaning=meaning, at=at, do=write)
        return Reading.objects.select_related("account").get(pk=int(made))


@again_when_locked_out
def record_many(*, organization_id: int, rows: Sequence[ReadingRow], actor: User, key: str, at: datetime) -> Taken:
    """Every good row of a list is written down, every other one is said with its reason; repeating it adds nothing.

    About ten queries for any number of rows. Raises NotFound, TooManyRows, KeyReused.
    """
    organization = biller(organization_id, deed="read_meters", actor=actor, at=at)
    if len(rows) > MOST_AT_ONCE:
        raise TooManyRows(field="rows", most=MOST_AT_ONCE)
    taken: list[Taken] = []

    def write() -> str:
        _one_after_the_other(organization)
        good, same, faults = _sorted_out(organization, rows, actor=actor, at=at)
        _write(good, actor=actor, at=at)
        changed = sum(verdict.replaces is not None for _account, _shown, verdict in good)
        taken.append(Taken(added=len(good) - changed, changed=changed, same=same, faults=faults))
        return f"{len(good) - changed},{changed},{same}"

    meaning = [organization_id, [[row.number, *_meaning(row.shown)] for row in rows]]
    with transaction.atomic():
        done, _replayed = done_once(verb="reading_record_many", actor=actor, key=key, meaning=meaning, at=at, do=write)
        if taken:
            return taken[0]
        added, changed, same = map(int, done.split(","))
        return Taken(added, changed, same, _sorted_out(organization, rows, actor=actor, at=at)[2])


Good = tuple[int, Shown, Verdict]


def _sorted_out(
    organization: Organization, rows: Sequence[ReadingRow], *, actor: User, at: datetime
) -> tuple[list[Good], int, list[dict[str, Any]]]:
    """(what is to be written, how many say what is there, faults)."""
    meters_of = dict[str, BillingAccount]()
    for account in BillingAccount.objects.filter(organization=organization):
        meters_of[account.number] = account
    ids = {meters_of[row.number].pk for row in rows if row.number in meters_of}
    months = {row.month for row in rows}
    live = _live_of(ids, months=months)
    billed = _billed(ids, months=months)
    good, same, faults, seen = list[Good](), 0, list[dict[str, Any]](), set[tuple[int, str]]()
    # Months in their order: the second month of a list starts from what the first one showed.
    for row in sorted(rows, key=lambda row: (row.month, row.row)):
        try:
            account = _meter(meters_of, row.number)
            if (account.pk, row.month) in seen:
                raise TwiceInList(field="number", number=row.number)
            seen.add((account.pk, row.month))
            there = live[account.pk]
            is_billed = (account.pk, row.month) in billed
            verdict = meters.judged(row.shown, live=there, is_billed=is_billed, today=vietnam_day(at))
        except Refused as refused:
            faults.append({"row": row.row, "code": refused.code, "said": refused.message})
            continue
        if verdict.same:
            same += 1
            continue
        good.append((account.pk, row.shown, verdict))
        live[account.pk] = [one for one in there if one.month != row.month] + [_made(good[-1], actor=actor, at=at)]
    return good, same, sorted(faults, key=lambda fault: fault["row"])


def _meter(meters_of: dict[str, BillingAccount], number: str) -> BillingAccount:
    account = meters_of.get(one_line(number))
    if account is None:
        raise UnknownNumber(field="number", number=number)
    if account.kind != BillingAccount.Kind.METER:
        raise NotAMeter(field="number", number=number)
    return account


def _one_after_the_other(organization: Organization) -> None:
    """Whoever writes down readings of a biller waits for the others, so that a month has one."""
    Organization.objects.held(organization.pk)


def _live_of(account_ids: Collection[int], *, months: Collection[str]) -> defaultdict[int, list[Reading]]:
    """Live readings by account. Those of ``months`` are locked: a run that is being published holds what it bills."""
    found: defaultdict[int, list[Reading]] = defaultdict(list)
    live = Reading.objects.filter(account__in=account_ids, is_live=True)
    list(live.select_for_update(no_key=True).filter(month__in=months).order_by("id").values_list("pk"))
    for reading in live.order_by("month"):
        found[reading.account_id].append(reading)
    return found


def _billed(account_ids: Collection[int], *, months: Collection[str]) -> set[tuple[int, str]]:
    """(account, month) of which a standing bill holds a reading, be it one that was corrected since."""
    lines = BillLine.objects.filter(
        reading__account__in=account_ids, reading__month__in=months, bill__cancelled_at=None
    )
    return set(lines.values_list("reading__account_id", "reading__month"))


def _made(good: Good, *, actor: User, at: datetime) -> Reading:
    account_id, shown, verdict = good
    return Reading(
        account_id=account_id, month=shown.month, read_on=shown.read_on, old_value=verdict.old_value,
        new_value=shown.new_value, used=verdict.used, meter_changed=shown.meter_changed, replaces=verdict.replaces,
        recorded_by=actor, recorded_at=at,
    )  # fmt: skip


def _write(good: Sequence[Good], *, actor: User, at: datetime) -> list[Reading]:
    replaced = [verdict.replaces.pk for _account, _shown, verdict in good if verdict.replaces is not None]
    if replaced:
        Reading.objects.filter(pk__in=replaced).update(is_live=False)
    return Reading.objects.bulk_create([_made(one, actor=actor, at=at) for one in good], batch_size=500)


def _meaning(shown: Shown) -> list[Any]:
    """``sure`` belongs in it: whoever confirms says something else than before."""
    return [value.isoformat() if isinstance(value, date) else value for value in asdict(shown).values()]
