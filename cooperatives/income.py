"""What a member earned, read from the books: figures and books cannot disagree (docs/books.md §2).

The label is *tiền bán hàng về tay*: money from sales after what the cooperative keeps. Her costs are not known here,
so it is never called income before costs are declared.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from base.periods import month_of, months_between
from cooperatives import ledger
from cooperatives.chart import INCOME_EVENTS, Event, Kind
from cooperatives.models import Member, Organization, Posting
from cooperatives.models.people import MemberQuerySet
from cooperatives.permissions import organizations_where

LABEL = _("tiền bán hàng về tay")

_HERS = (Kind.OWED_TO_MEMBERS, Kind.OWED_BY_MEMBERS)

# The day of the sale: a return or an undoing corrects the month of the entry that it names.
_SOLD_ON = Coalesce("entry__corrects__booked_on", "entry__reverses__booked_on", "entry__booked_on")


@dataclass(frozen=True)
class MonthIncome:
    """``month`` is 2026-03; ``income_dong`` may be negative when more came back than was sold."""

    month: str
    income_dong: int


def readable_by(viewer: Any, *, on: date) -> MemberQuerySet:
    """Members whose income ``viewer`` may read: herself, and all of an organization whose money she may see."""
    if not getattr(viewer, "is_authenticated", False):
        return Member.objects.none()
    return Member.objects.filter(Q(user=viewer) | Q(organization__in=organizations_where(viewer, "see_money", on=on)))


def months(*, member: Member, first: str, last: str) -> list[MonthIncome]:
    """Month by month from ``first`` to ``last`` (``2026-03``, both included); months without sales are 0.

    Raises base.periods.BadPeriod.
    """
    asked = months_between(first, last)
    earned = _by_month(_postings(member.organization, subject=_subject(member.pk)))
    return [MonthIncome(month, earned[_subject(member.pk), month]) for month in asked]


def of_everybody(*, organization: Organization) -> dict[tuple[int, str], int]:
    """(member id, month) → đồng, for every member and month with income events. In two queries."""
    earned = _by_month(_postings(organization))
    return {(int(subject.removeprefix("member:")), month): dong for (subject, month), dong in earned.items()}


def total_dong(*, member: Member) -> int:
    """Everything since she joined."""
    return _by_month(_postings(member.organization, subject=_subject(member.pk))).total()


def owed_dong(*, member: Member) -> int:
    """What the cooperative owes her now."""
    return ledger.balance_dong(organization=member.organization, kind=Kind.OWED_TO_MEMBERS, subject=_subject(member.pk))


def owes_dong(*, member: Member) -> int:
    """What she owes the cooperative: goods came back that she had been paid for. Her next sales are netted with it."""
    return ledger.balance_dong(organization=member.organization, kind=Kind.OWED_BY_MEMBERS, subject=_subject(member.pk))


def borne_dong(*, member: Member) -> int:
    """What she bore of carrying parcels that did not reach their buyers: taken from what she is owed, not income."""
    return _moved_dong(member, Event.DELIVERY_BORNE)


def paid_out_dong(*, member: Member) -> int:
    """What she has been paid."""
    return _moved_dong(member, Event.PAID_IN_CASH)


def _moved_dong(member: Member, event: Event) -> int:
    """What entries of ``event`` took from her account and were not taken back: debits of what she is owed or owes."""
    postings = Posting.objects.filter(
        entry__event=event, entry__reversed_by=None, debit__organization=member.organization,
        debit__kind__in=_HERS, debit__subject=_subject(member.pk),
    )  # fmt: skip
    return postings.aggregate(dong=Sum("amount_dong"))["dong"] or 0


def _subject(member_id: int) -> str:
    return f"member:{member_id}"


def _postings(organization: Organization, *, subject: str | None = None) -> list[tuple[int, QuerySet[Posting], str]]:
    """Income events on what members are owed and owe: (sign, postings, the side that names the member)."""
    events = Q(entry__event__in=INCOME_EVENTS) | Q(
        entry__event=Event.REVERSED, entry__reverses__event__in=INCOME_EVENTS
    )
    sides = []
    for sign, side in ((1, "credit"), (-1, "debit")):
        account = {f"{side}__organization": organization, f"{side}__kind__in": _HERS}
        if subject is not None:
            account[f"{side}__subject"] = subject
        sides.append((sign, Posting.objects.filter(events, **account), side))
    return sides


def _by_month(sides: Iterable[tuple[int, QuerySet[Posting], str]]) -> Counter[tuple[str, str]]:
    earned: Counter[tuple[str, str]] = Counter()
    for sign, postings, side in sides:
        rows = postings.annotate(sold_on=_SOLD_ON).values_list(f"{side}__subject", "sold_on").order_by()
        sold_on: date
        for subject, sold_on, dong in rows.annotate(Sum("amount_dong")):
            earned[subject, month_of(sold_on)] += sign * dong
    return earned
