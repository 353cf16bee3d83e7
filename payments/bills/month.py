"""A biller's month, from its documents alone: what was due, billed, received and is due, item by item; how that ties to
the bank's lines and to the cash boxes.

A document counts in the month in which it was made, and against it in the month in which it was undone. The bank's
lines count on their own day. What the documents say is held against the books (``difference_dong``): the two are
counted apart, so a difference is a fault and is shown, never smoothed away.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from base.periods import day_bounds, first_day, month_of
from cooperatives.chart import Event, Kind
from cooperatives.models import Organization, Posting
from payments.models import (
    BankTransaction,
    BillLine,
    CashCount,
    CashHandover,
    CashReceipt,
    Explanation,
    FeeItem,
    ItemShare,
    KeptDebt,
    RefundMovement,
    Settlement,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A month's first moment and the first moment after it, and the same as days."""

    start: datetime
    end: datetime
    first: date
    after: date

    @classmethod
    def of(cls, month: str) -> "Span":
        """``2026-11``. Raises base.periods.BadPeriod."""
        first = first_day(month)
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return cls(day_bounds(first)[0], day_bounds(after)[0], first, after)


@dataclass(frozen=True, slots=True)
class Due:
    """One item's month, or the sum of all, whole đồng. ``adjusted_dong`` has a sign; the others are what is added or
    taken away. Undoing makes a movement smaller, even negative, in the month of the undoing."""

    name: str
    opening_dong: int = 0
    billed_dong: int = 0
    adjusted_dong: int = 0
    cancelled_dong: int = 0
    by_bank_dong: int = 0
    in_cash_dong: int = 0
    by_credit_dong: int = 0
    given_back_dong: int = 0

    @property
    def closing_dong(self) -> int:
        asked = self.opening_dong + self.billed_dong + self.adjusted_dong - self.cancelled_dong
        return asked - self.by_bank_dong - self.in_cash_dong - self.by_credit_dong + self.given_back_dong


@dataclass(frozen=True, slots=True)
class Bank:
    """Where the money went that came into the bank. ``waiting_before_dong`` and ``waiting_after_dong`` are what the
    books hold as of nobody known, at the month's two ends; everything between is from documents."""

    waiting_before_dong: int
    came_dong: int
    to_bills_dong: int
    to_orders_dong: int
    excess_dong: int
    kept_dong: int
    other_receipts_dong: int
    own_transfers_dong: int
    banked_dong: int
    bounced_dong: int
    waiting_after_dong: int

    @property
    def used_dong(self) -> int:
        return (
            self.to_bills_dong + self.to_orders_dong + self.excess_dong + self.kept_dong + self.other_receipts_dong
            + self.own_transfers_dong + self.banked_dong + self.bounced_dong
        )  # fmt: skip

    @property
    def difference_dong(self) -> int:
        """0, or the books and the documents disagree."""
        return self.waiting_before_dong + self.came_dong - self.used_dong - self.waiting_after_dong


@dataclass(frozen=True, slots=True)
class Cash:
    """All cash boxes of the biller together. ``opening_dong`` and ``closing_dong`` are from the books."""

    opening_dong: int
    received_dong: int
    to_bills_dong: int
    moved_dong: int
    banked_dong: int
    short_dong: int
    over_dong: int
    closing_dong: int

    @property
    def difference_dong(self) -> int:
        """0, or the books and the documents disagree. What moved from box to box stays in the boxes."""
        moved = self.received_dong - self.banked_dong - self.short_dong + self.over_dong
        return self.opening_dong + moved - self.closing_dong


@dataclass(frozen=True, slots=True)
class Month:
    """``items`` in the biller's order, without those of which nothing was due and nothing moved."""

    month: str
    items: list[Due]
    total: Due
    bank: Bank
    cash: Cash

    @property
    def difference_dong(self) -> int:
        """The larger of the gaps: to the bank, to the cash boxes, and between what items and lines say was received."""
        by_bank, in_cash = self.total.by_bank_dong - self.bank.to_bills_dong, self.total.in_cash_dong
        gaps = (self.bank.difference_dong, self.cash.difference_dong, by_bank, in_cash - self.cash.to_bills_dong)
        return max(gaps, key=abs)


def statement(organization: Organization, month: str) -> Month:
    """The statement of ``2026-11``. A fixed number of queries. Raises base.periods.BadPeriod."""
    span = Span.of(month)
    items = _items(organization, span)
    total = Due("", **{name: sum(getattr(item, name) for item in items) for name in _AMOUNTS})
    return Month(month, items, total, _bank(organization, span), _cash(organization, span))


def months(organization: Organization, *, today: date) -> list[str]:
    """The months from the organization's opening to today, latest first."""
    first, last = organization.opened_on, today
    count = (last.year - first.year) * 12 + last.month - first.month
    found = []
    for back in range(max(count, 0) + 1):
        year, number = divmod(last.year * 12 + last.month - 1 - back, 12)
        found.append(month_of(date(year, number + 1, 1)))
    return found


_AMOUNTS = [one.name for one in fields(Due) if one.name != "name"]
_WAYS = {
    "settlement": "by_bank_dong", "cash_receipt": "in_cash_dong", "credit_use": "by_credit_dong",
    "given_back": "given_back_dong",
}  # fmt: skip


def _items(organization: Organization, span: Span) -> list[Due]:
    sums: dict[int, dict[str, int]] = {}

    def add(rows: Any, **signed: tuple[str, int]) -> None:
        for row in rows:
            of_item = sums.setdefault(row["fee_item"], dict.fromkeys(_AMOUNTS, 0))
            for column, (name, sign) in signed.items():
                of_item[name] += sign * row[column]

    lines = BillLine.objects.filter(bill__organization=organization, at__lt=span.end).order_by().values("fee_item")
    within = Q(at__gte=span.start)
    add(
        lines.annotate(
            before=_sum(~within), billed=_sum(within, kind=BillLine.Kind.CHARGE),
            adjusted=_sum(within, kind=BillLine.Kind.ADJUSTMENT),
        ),
        before=("opening_dong", 1), billed=("billed_dong", 1), adjusted=("adjusted_dong", 1),
    )  # fmt: skip
    cancelled = Q(bill__cancelled_at__gte=span.start)
    add(
        lines.filter(bill__cancelled_at__lt=span.end).annotate(before=_sum(~cancelled), now=_sum(cancelled)),
        before=("opening_dong", -1), now=("cancelled_dong", 1),
    )  # fmt: skip
    every = ItemShare.objects.filter(bill__organization=organization).order_by().values("fee_item")
    for document, name in _WAYS.items():
        made, undone = (f"{document}__{moment}" for moment in ("at", "undone_at"))
        sign = 1 if document == "given_back" else -1
        add(
            every.filter(**{f"{made}__lt": span.end}).annotate(
                before=_sum(Q(**{f"{made}__lt": span.start})), before_undone=_sum(Q(**{f"{undone}__lt": span.start})),
                now=_sum(Q(**{f"{made}__gte": span.start})),
                now_undone=_sum(Q(**{f"{undone}__gte": span.start, f"{undone}__lt": span.end})),
            ),
            before=("opening_dong", sign), before_undone=("opening_dong", -sign), now=(name, 1),
            now_undone=(name, -1),
        )  # fmt: skip
    named = FeeItem.objects.filter(organization=organization).in_billers_order()
    return [Due(item.name, **sums[item.pk]) for item in named if item.pk in sums and any(sums[item.pk].values())]


def _sum(*conditions: Q, of: str = "amount_dong", **more: Any) -> Any:
    return Coalesce(Sum(of, filter=Q(*conditions, **more)), 0)


def _moved(rows: QuerySet[Any], span: Span, of: str = "amount_dong", **also: Any) -> int:
    """Made within the month less undone within it."""
    found = rows.aggregate(
        made=_sum(of=of, at__gte=span.start, at__lt=span.end, **also),
        undone=_sum(of=of, undone_at__gte=span.start, undone_at__lt=span.end, **also),
    )
    return int(found["made"] - found["undone"])


def _bank(organization: Organization, span: Span) -> Bank:
    came = BankTransaction.objects.booked().filter(
        organization=organization, direction=BankTransaction.Direction.IN, day__gte=span.first, day__lt=span.after
    )
    settled = Settlement.objects.filter(transaction__organization=organization)
    explained = Explanation.objects.filter(transaction__organization=organization)
    bounced = RefundMovement.objects.filter(
        refund__organization=organization, kind=RefundMovement.Kind.BOUNCED
    )  # fmt: skip
    kinds = Explanation.Kind
    return Bank(
        waiting_before_dong=_waiting_dong(organization, span.first),
        came_dong=came.aggregate(dong=_sum())["dong"],
        to_bills_dong=_moved(settled, span, "credited_dong", payment_request__order=None),
        to_orders_dong=_moved(settled, span, "credited_dong", payment_request__order__isnull=False),
        excess_dong=_moved(settled, span, "excess_dong"),
        kept_dong=_moved(KeptDebt.objects.filter(transaction__organization=organization), span),
        other_receipts_dong=_moved(explained, span, kind=kinds.OTHER_RECEIPT),
        own_transfers_dong=_moved(explained, span, kind=kinds.OWN_TRANSFER),
        banked_dong=_moved(explained, span, kind=kinds.BANKED),
        bounced_dong=_moved(bounced, span),
        waiting_after_dong=_waiting_dong(organization, span.after),
    )


def _waiting_dong(organization: Organization, before: date) -> int:
    """What the books held as unmatched arrivals before that day. A line that was taken out of the books again (it was
    found to be another one) counts as if it had never been in them, as it does among the lines."""
    taken_out = Q(entry__event=Event.ARRIVED, entry__reversed_by__isnull=False) | Q(
        entry__reverses__event=Event.ARRIVED
    )  # fmt: skip
    booked = Posting.objects.exclude(taken_out)
    return -_balance_dong(booked, organization, Kind.UNMATCHED_ARRIVALS, before)


def _balance_dong(rows: Any, organization: Organization, kind: Kind, before: date) -> int:
    """Debits less credits of all accounts of a kind, by the days on which they were booked."""
    found = rows.filter(entry__organization=organization, entry__booked_on__lt=before).aggregate(
        debits=_sum(debit__kind=kind), credits=_sum(credit__kind=kind)
    )
    return int(found["debits"] - found["credits"])


def _cash(organization: Organization, span: Span) -> Cash:
    receipts = CashReceipt.objects.filter(organization=organization)
    banked = Explanation.objects.filter(transaction__organization=organization, kind=Explanation.Kind.BANKED)
    moved = CashHandover.objects.filter(
        organization=organization, state=CashHandover.State.ACCEPTED, decided_at__gte=span.start,
        decided_at__lt=span.end,
    )  # fmt: skip
    counts = CashCount.objects.filter(organization=organization, at__gte=span.start, at__lt=span.end).aggregate(
        short=Coalesce(
            Sum(F("expected_dong") - F("counted_dong"), filter=Q(counted_dong__lt=F("expected_dong"))), 0
        ),
        over=Coalesce(
            Sum(F("counted_dong") - F("expected_dong"), filter=Q(counted_dong__gt=F("expected_dong"))), 0
        ),
    )  # fmt: skip
    return Cash(
        opening_dong=_balance_dong(Posting.objects.all(), organization, Kind.CASH, span.first),
        received_dong=_moved(receipts, span),
        to_bills_dong=_moved(receipts, span, "credited_dong", payment_request__order=None),
        moved_dong=moved.aggregate(dong=_sum())["dong"],
        banked_dong=_moved(banked, span),
        short_dong=counts["short"], over_dong=counts["over"],
        closing_dong=_balance_dong(Posting.objects.all(), organization, Kind.CASH, span.after),
    )  # fmt: skip
