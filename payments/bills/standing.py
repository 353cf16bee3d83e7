"""Who has paid and who has not: bills counted and summed by class, month, run and item, and who paid too much.

Reads only. ``today`` decides what is overdue: due before that day, and something still to be paid.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Coalesce

from base.text import squeezed
from cooperatives.chart import Kind
from cooperatives.models import LedgerAccount, Organization
from payments import matching
from payments.bills import shares
from payments.models import (
    BankTransaction,
    BillingAccount,
    BillLine,
    FeeItem,
    GivenBack,
    ItemShare,
    KeptDebt,
    PaymentRequest,
    Refund,
    Settlement,
)
from payments.models.billing import BillQuerySet

State, Reason = PaymentRequest.State, BankTransaction.Reason
OPEN = Q(request__state__in=[State.WAITING, State.PART])
STATES = ("overdue", "part", "waiting", "paid", "over", "cancelled")
"""What a list of bills can be narrowed to."""
TOO_LATE = (Reason.ALREADY_PAID, Reason.CANCELLED_ORDER, Reason.LATE)
"""Why a line that names a request waits although the request is closed."""


def in_state(bills: BillQuerySet, state: str, *, today: date) -> BillQuerySet:
    """Those of ``bills`` in one of STATES; ``waiting`` is everything of which nothing has come, overdue or not."""
    if state == "cancelled":
        return bills.exclude(cancelled_at=None)
    live = bills.filter(cancelled_at=None)
    if state == "overdue":
        return live.filter(OPEN, due_on__lt=today)
    wanted = {
        "part": [State.PART], "waiting": [State.WAITING], "paid": [State.PAID, State.OVER], "over": [State.OVER],
    }  # fmt: skip
    return live.filter(request__state__in=wanted[state])


@dataclass(frozen=True, slots=True)
class Tally:
    """So many bills, whole đồng asked and paid (never more than asked). ``bills = paid + part + waiting``; the overdue
    ones are among the last two. Cancelled bills count nowhere."""

    bills: int
    asked_dong: int
    paid_dong: int
    paid: int
    part: int
    waiting: int
    overdue: int
    overdue_dong: int

    @property
    def due_dong(self) -> int:
        return self.asked_dong - self.paid_dong


@dataclass(frozen=True, slots=True)
class Row:
    """One class, month, run or item: its ``key`` in addresses, what people call it, and its sums."""

    key: str
    name: str
    tally: Tally


def tally(bills: BillQuerySet, *, today: date) -> Tally:
    """One query."""
    return Tally(**bills.filter(cancelled_at=None).order_by().aggregate(**_sums(today)))


def by_section(bills: BillQuerySet, *, today: date) -> list[Row]:
    """By class or hamlet as the bills say it, 2A before 10A. One query."""
    rows = bills.filter(cancelled_at=None).order_by().values("section")
    rows = rows.annotate(place=Min("account__section_key"), **_sums(today))
    return [Row(row["section"], row["section"], _tally(row)) for row in rows.order_by("place", "section")]


def by_month(bills: BillQuerySet, *, today: date) -> list[Row]:
    """By the month that was billed, latest first; its name is ``2026-11``. One query."""
    rows = bills.filter(cancelled_at=None).order_by().values("run__month").annotate(**_sums(today))
    return [Row(row["run__month"], row["run__month"], _tally(row)) for row in rows.order_by("-run__month")]


def by_run(bills: BillQuerySet, *, today: date) -> list[Row]:
    """By run, latest first; the key is its id. One query."""
    rows = bills.filter(cancelled_at=None).order_by().values("run", "run__name").annotate(**_sums(today))
    return [Row(str(row["run"]), row["run__name"], _tally(row)) for row in rows.order_by("-run")]


def by_item(bills: BillQuerySet, *, today: date) -> list[Row]:
    """By fee item in the biller's order; a bill counts for an item that it asks something for. Four queries; reads
    every line and share of ``bills``, so it is for one run or one month."""
    live = bills.filter(cancelled_at=None).order_by().values("pk")
    of_bills = ItemShare.objects.filter(bill__in=live).order_by().values_list("bill_id", "fee_item_id")
    paid: defaultdict[tuple[int, int], int] = defaultdict(int)
    for rows, sign in ((of_bills.filter(shares.LIVE), 1), (of_bills.filter(shares.BACK), -1)):
        for bill_id, item_id, dong in rows.annotate(Sum("amount_dong")):
            paid[bill_id, item_id] += sign * dong
    lines = BillLine.objects.filter(bill__in=live).order_by().values_list("bill_id", "fee_item_id", "bill__due_on")
    found: defaultdict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(Tally.__dataclass_fields__, 0))
    for bill_id, item_id, due_on, asked in lines.annotate(Sum("amount_dong")):
        if asked:
            _count(found[item_id], asked, paid[bill_id, item_id], is_late=due_on < today)
    items = FeeItem.objects.filter(pk__in=list(found)).in_billers_order()
    return [Row(str(item.pk), item.name, Tally(**found[item.pk])) for item in items]


def sections(organization: Organization) -> list[str]:
    """Classes and hamlets of its accounts, in order, for choosing one. One query."""
    rows = BillingAccount.objects.filter(organization=organization).exclude(section="").order_by()
    return list(
        rows.values("section")
        .annotate(place=Min("section_key"))
        .order_by("place", "section")
        .values_list("section", flat=True)
    )


def _count(sums: dict[str, int], asked: int, paid: int, *, is_late: bool) -> None:
    sums["bills"] += 1
    sums["asked_dong"] += asked
    sums["paid_dong"] += paid
    sums["paid" if paid >= asked else "part" if paid else "waiting"] += 1
    if is_late and paid < asked:
        sums["overdue"] += 1
        sums["overdue_dong"] += asked - paid


def _sums(today: date) -> dict[str, Any]:
    late = OPEN & Q(due_on__lt=today)
    return {
        "bills": Count("pk"), "asked_dong": Coalesce(Sum("request__asked_dong"), 0),
        "paid_dong": Coalesce(Sum("request__credited_dong"), 0),
        "paid": Count("pk", filter=Q(request__state__in=[State.PAID, State.OVER])),
        "part": Count("pk", filter=Q(request__state=State.PART)),
        "waiting": Count("pk", filter=Q(request__state=State.WAITING)), "overdue": Count("pk", filter=late),
        "overdue_dong": Coalesce(Sum(F("request__asked_dong") - F("request__credited_dong"), filter=late), 0),
    }  # fmt: skip


def _tally(row: Mapping[str, Any]) -> Tally:
    return Tally(**{name: row[name] for name in Tally.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is owed to an account's payer: ``kind`` is ``excess`` (came in one transfer beyond what was
    asked), ``kept`` (came for what was already paid or closed) or ``given_back`` (a bill was corrected)."""

    kind: str
    dong: int
    at: datetime
    code: str
    transaction_id: int | None
    bill_id: int | None


@dataclass(frozen=True, slots=True)
class TooMuch:
    """``dong`` owed to the payer of ``account``; of it ``asked_dong`` stand in refund tasks already."""

    account: BillingAccount
    dong: int
    asked_dong: int
    causes: list[Cause] = field(default_factory=list)

    @property
    def free_dong(self) -> int:
        return max(self.dong - self.asked_dong, 0)


def paid_too_much(organization: Organization) -> list[TooMuch]:
    """Accounts whose payers are owed something, by class and name, each with why. Six queries for any number."""
    debts = LedgerAccount.objects.filter(
        organization=organization, kind=Kind.OWED_TO_PAYERS, subject__startswith="account:", credits__gt=F("debits")
    )
    owed = {int(debt.subject.partition(":")[2]): debt.balance_dong for debt in debts}
    tasks = Refund.objects.filter(account__in=list(owed), state=Refund.State.TO_DO).order_by()
    asked = dict(tasks.values_list("account_id").annotate(Sum("amount_dong")))
    causes: defaultdict[int, list[Cause]] = defaultdict(list)
    for one in Settlement.objects.filter(
        payment_request__account__in=list(owed), undone_at=None, excess_dong__gt=0
    ).select_related("payment_request"):
        request = one.payment_request
        assert request.account_id is not None
        causes[request.account_id].append(
            Cause("excess", one.excess_dong, one.at, request.code, one.transaction_id, request.bill_id)
        )
    for debt in KeptDebt.objects.filter(account__in=list(owed), undone_at=None):
        assert debt.account_id is not None
        causes[debt.account_id].append(Cause("kept", debt.amount_dong, debt.at, "", debt.transaction_id, None))
    for back in GivenBack.objects.filter(bill__account__in=list(owed), undone_at=None).select_related("bill__request"):
        said = Cause("given_back", back.amount_dong, back.at, back.bill.request.code, None, back.bill_id)
        causes[back.bill.account_id].append(said)
    accounts = BillingAccount.objects.filter(pk__in=list(owed)).select_related("household").by_name()
    return [
        TooMuch(one, owed[one.pk], asked.get(one.pk, 0), sorted(causes[one.pk], key=lambda cause: cause.at))
        for one in accounts
    ]


@dataclass(frozen=True, slots=True)
class CameAgain:
    """A line that waits for a person, and the closed request (of a bill or a bundle) that its memo names."""

    line: BankTransaction
    request: PaymentRequest


def came_again(organization: Organization) -> list[CameAgain]:
    """Money for bills that were paid or cancelled before it came, latest first. Two queries for any number."""
    waiting = BankTransaction.objects.needs_you().filter(organization=organization, reason__in=TOO_LATE)
    lines = list(waiting.select_related("bank_account").latest_first())
    codes = {line.pk: matching.possible_codes(line.memo) for line in lines}
    every = sorted({code for found in codes.values() for code in found})
    closed = PaymentRequest.objects.filter(organization=organization, code__in=every, order=None).exclude(
        state__in=[State.WAITING, State.PART]
    )
    by_code = {request.code: request for request in closed.select_related("account", "bill__run")}
    return [
        CameAgain(line, by_code[code])
        for line in lines
        for code in codes[line.pk]
        if code in by_code and code in squeezed(line.memo)  # as written, not as a typing error might have been meant
    ]
