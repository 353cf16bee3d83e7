"""A round of billing while it is a draft: made, changed, counted, checked, dropped. Publishing: publishing.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import first_day, vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once
from cooperatives.models import BankAccount, Organization, User
from orders.buyers import one_line
from payments.bills.billers import biller, checked_name, checked_note
from payments.bills.catalogue import NameTaken
from payments.bills.checking import Check, NotDraft, check
from payments.bills.drawing_up import DuePassed, NoBankAccount
from payments.models import BillingAccount, BillRun, FeeItem, RunCount, RunItem

__all__ = [
    "BadCount",
    "Check",
    "Count",
    "ItemTwice",
    "ItemWanted",
    "NotDraft",
    "RunNameTaken",
    "UnknownSection",
    "change",
    "check",
    "create",
    "drop",
    "locked_run",
    "set_counts",
]

State = BillRun.State
MOST_OF_ONE = 10_000
"""Meals, lessons or heads of one item on one bill: beyond that it is a typing error."""


class RunNameTaken(NameTaken):
    sentence = _("Đã có đợt thu mang tên này.")


class ItemTwice(Refused):
    code = "ITEM_TWICE"
    sentence = _("Một khoản chỉ chọn một lần trong đợt thu.")


class BadCount(Refused):
    code = "BAD_COUNT"
    sentence = _("Số lượng phải từ 0 đến 10.000; khoản theo đồng hồ chỉ ghi 0 để không thu.")


class UnknownSection(Refused):
    code = "UNKNOWN_SECTION"
    sentence = _("Không có ai ở %(section)s.")


@dataclass(frozen=True, slots=True)
class ItemWanted:
    """An item of the run; ``quantity`` is for everybody who has no count of his own (0: only who has one)."""

    fee_item_id: int
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    """So many of an item for one account; 0: not this time; None: no count of his own any more, as for everybody."""

    account_id: int
    fee_item_id: int
    quantity: int | None


@again_when_locked_out
def create(
    *,
    organization_id: int,
    name: str,
    month: str,
    due_on: date,
    items: Sequence[ItemWanted],
    sections: Sequence[str] = (),
    carries_arrears: bool = True,
    bank_account_id: int | None = None,
    note: str = "",
    actor: User,
    key: str,
    at: datetime,
) -> BillRun:
    """A draft. No ``sections``: everybody; no ``bank_account_id``: the biller's default account. The same ``key``
    returns the same run.

    Raises NotFound (also for items and accounts of others), NameMissing, RunNameTaken, BadPeriod, DuePassed, ItemTwice,
    BadCount, UnknownSection, NoBankAccount, NoteTooLong; KeyReused.
    """
    organization = biller(organization_id, deed="keep_bills", actor=actor, at=at)
    run = BillRun(
        organization=organization, name=checked_name(name), month=_checked_month(month),
        due_on=_checked_due(due_on, at=at), bank_account=_bank_account(organization, bank_account_id),
        sections=_checked_sections(organization, sections), carries_arrears=carries_arrears,
        note=checked_note(note), created_at=at, created_by=actor,
    )  # fmt: skip
    _check_items(organization, items)

    def make() -> str:
        _check_free(run)
        run.save(force_insert=True)
        _write_items(run, items)
        return str(run.pk)

    meaning = [
        organization_id, run.name, month, due_on.isoformat(), [[one.fee_item_id, one.quantity] for one in items],
        run.sections, carries_arrears, bank_account_id, run.note,
    ]  # fmt: skip
    with transaction.atomic():
        made, _replayed = done_once(verb="bill_run_create", actor=actor, key=key, meaning=meaning, at=at, do=make)
        return BillRun.objects.select_related("organization", "bank_account").get(pk=int(made))


@again_when_locked_out
def change(
    *,
    run_id: int,
    name: str | None = None,
    month: str | None = None,
    due_on: date | None = None,
    items: Sequence[ItemWanted] | None = None,
    sections: Sequence[str] | None = None,
    carries_arrears: bool | None = None,
    bank_account_id: int | None = None,
    note: str | None = None,
    actor: User,
    at: datetime,
) -> BillRun:
    """Change a draft; None leaves it. Counts of items that are no longer in it go.

    Raises NotDraft and what create raises.
    """
    with transaction.atomic():
        run = _locked_draft(run_id, deed="keep_bills", actor=actor, at=at)
        run.name = run.name if name is None else checked_name(name)
        run.month = run.month if month is None else _checked_month(month)
        run.due_on = run.due_on if due_on is None else _checked_due(due_on, at=at)
        run.note = run.note if note is None else checked_note(note)
        run.carries_arrears = run.carries_arrears if carries_arrears is None else carries_arrears
        if sections is not None:
            run.sections = _checked_sections(run.organization, sections)
        if bank_account_id is not None:
            run.bank_account = _bank_account(run.organization, bank_account_id)
        _check_free(run)
        run.save()
        if items is not None:
            _check_items(run.organization, items)
            run.items.all().delete()
            _write_items(run, items)
            run.counts.exclude(fee_item__in=[one.fee_item_id for one in items]).delete()
        return run


@again_when_locked_out
def drop(*, run_id: int, actor: User, at: datetime) -> None:
    """A draft goes, with its items and counts. Raises NotFound, NotDraft."""
    with transaction.atomic():
        _locked_draft(run_id, deed="keep_bills", actor=actor, at=at).delete()


@again_when_locked_out
def set_counts(*, run_id: int, counts: Sequence[Count], actor: User, at: datetime) -> BillRun:
    """How many of an item single accounts have in a draft; what is not named stays. All or nothing.

    A fixed number of queries. Raises NotFound (an account of others, an item that the run does not bill), BadCount,
    NotDraft.
    """
    with transaction.atomic():
        run = _locked_draft(run_id, deed="keep_bills", actor=actor, at=at)
        measures = dict(run.items.values_list("fee_item_id", "fee_item__measure"))
        theirs = set(BillingAccount.objects.filter(organization=run.organization).values_list("pk", flat=True))
        for count in counts:
            if count.fee_item_id not in measures or count.account_id not in theirs:
                raise NotFound(field="counts")
            most = 0 if measures[count.fee_item_id] == FeeItem.Measure.METERED else MOST_OF_ONE
            if count.quantity is not None:
                _check_quantity(count.quantity, most=most, field="counts")
        last_said = {(count.account_id, count.fee_item_id): count.quantity for count in counts}
        if None in last_said.values():
            _take_back(run, {of for of, quantity in last_said.items() if quantity is None})
        RunCount.objects.bulk_create(
            [
                RunCount(run=run, account_id=account_id, fee_item_id=fee_item_id, quantity=quantity)
                for (account_id, fee_item_id), quantity in last_said.items()
                if quantity is not None
            ],
            batch_size=500, update_conflicts=True, unique_fields=["run", "account", "fee_item"],
            update_fields=["quantity"],
        )  # fmt: skip
        return run


def _take_back(run: BillRun, named: set[tuple[int, int]]) -> None:
    """The own counts of these accounts and items. Two queries."""
    there = run.counts.values_list("pk", "account_id", "fee_item_id")
    gone = [pk for pk, account_id, fee_item_id in there if (account_id, fee_item_id) in named]
    run.counts.filter(pk__in=gone).delete()


def locked_run(run_id: int, *, deed: str, actor: User, at: datetime) -> BillRun:
    """The run, locked, with its organization and bank account. Needs an open transaction. Raises NotFound."""
    locked = BillRun.objects.select_for_update(of=("self",), no_key=True).select_related("organization", "bank_account")
    run = locked.filter(pk=run_id).first()
    if run is None:
        raise NotFound()
    biller(run.organization_id, deed=deed, actor=actor, at=at)
    return run


def _locked_draft(run_id: int, *, deed: str, actor: User, at: datetime) -> BillRun:
    """The same; raises NotDraft too."""
    run = locked_run(run_id, deed=deed, actor=actor, at=at)
    if run.state != State.DRAFT:
        raise NotDraft()
    return run


def _checked_month(month: str) -> str:
    first_day(month)
    return month


def _checked_due(due_on: date, *, at: datetime) -> date:
    if due_on < vietnam_day(at):
        raise DuePassed(field="due_on")
    return due_on


def _checked_sections(organization: Organization, sections: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(one_line(section) for section in sections))
    known = set(BillingAccount.objects.filter(organization=organization).values_list("section", flat=True).distinct())
    for section in wanted:
        if section not in known:
            raise UnknownSection(field="sections", section=section)
    return wanted


def _bank_account(organization: Organization, bank_account_id: int | None) -> BankAccount:
    usable = BankAccount.objects.filter(organization=organization, kind=BankAccount.Kind.BANK, is_active=True)
    if bank_account_id is None:
        account = usable.filter(is_default=True).first()
        if account is None:
            raise NoBankAccount(field="bank_account_id")
        return account
    account = usable.filter(pk=bank_account_id).first()
    if account is None:
        raise NotFound(field="bank_account_id")
    return account


def _check_items(organization: Organization, items: Sequence[ItemWanted]) -> None:
    wanted = {one.fee_item_id for one in items}
    if len(wanted) < len(items):
        raise ItemTwice(field="items")
    if FeeItem.objects.filter(organization=organization, pk__in=wanted).count() < len(wanted):
        raise NotFound(field="items")
    for one in items:
        _check_quantity(one.quantity, most=MOST_OF_ONE, field="items")


def _check_quantity(quantity: object, *, most: int, field: str) -> None:
    if type(quantity) is not int or not 0 <= quantity <= most:
        raise BadCount(field=field)


def _check_free(run: BillRun) -> None:
    Organization.objects.held(run.organization_id)  # one name after the other
    same = BillRun.objects.filter(organization=run.organization, name=run.name).exclude(state=State.CANCELLED)
    if same.exclude(pk=run.pk).exists():
        raise RunNameTaken(field="name")


def _write_items(run: BillRun, items: Sequence[ItemWanted]) -> None:
    RunItem.objects.bulk_create(RunItem(run=run, fee_item_id=one.fee_item_id, quantity=one.quantity) for one in items)
