"""What a cash box tells: the sheet of one keeper's day, and all boxes of an organization. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import BigIntegerField, Case, F, Max, Q, Sum, When

from cooperatives.chart import Kind
from cooperatives.models import LedgerAccount, Organization, Posting, RoleGrant, User
from cooperatives.permissions import DEEDS
from payments.models import CashCount, CashHandover, CashReceipt, CashVoucher, Explanation, RemittancePayment


class What(StrEnum):
    RECEIVED = "received"
    VOIDED = "voided"
    TAKEN = "taken"
    GIVEN = "given"
    BANKED = "banked"
    NOT_BANKED = "not_banked"
    REMITTED = "remitted"
    NOT_REMITTED = "not_remitted"
    PAID_OUT = "paid_out"
    PAYMENT_VOIDED = "payment_voided"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Movement:
    """What changed a box: ``dong`` signed; ``document`` the row behind it. A count that fitted changed it by 0."""

    at: datetime
    what: What
    dong: int
    document: Any


@dataclass(frozen=True, slots=True)
class DaySheet:
    """One keeper's Vietnamese day: opening + Σ movements = closing, both by the ledger."""

    organization: Organization
    keeper: User
    day: date
    opening_dong: int
    movements: tuple[Movement, ...]
    closing_dong: int

    @property
    def unexplained_dong(self) -> int:
        """0 unless the ledger moved the box without one of these documents."""
        return self.closing_dong - self.opening_dong - sum(movement.dong for movement in self.movements)

    @property
    def sums(self) -> dict[str, int]:
        """Signed đồng by what happened, only of what did: for the head of the sheet."""
        found: dict[str, int] = {}
        for movement in self.movements:
            found[movement.what.value] = found.get(movement.what.value, 0) + movement.dong
        return found

    @property
    def last_count(self) -> CashCount | None:
        counts = [movement.document for movement in self.movements if movement.what is What.COUNTED]
        return counts[-1] if counts else None


@dataclass(frozen=True, slots=True)
class Box:
    """What one keeper holds; ``waiting_dong`` of it is offered to somebody who has not counted it yet."""

    keeper: User
    dong: int
    waiting_dong: int
    counted_at: datetime | None


def day_sheet(*, organization: Organization, keeper: User, day: date) -> DaySheet:
    """Thirteen queries, whatever the day held. A slip that was voided stands on the day of the money, and the voiding
    on its own day."""
    hers = {"organization": organization, "keeper": keeper}
    receipts = CashReceipt.objects.filter(**hers).select_related(
        "payment_request__order", "payment_request__account", "undone_by"
    )
    banked = Explanation.objects.filter(
        kind=Explanation.Kind.BANKED, keeper=keeper, transaction__organization=organization
    ).select_related("transaction__bank_account")
    moved = CashHandover.objects.filter(organization=organization, entry__booked_on=day).select_related(
        "from_keeper", "to_keeper"
    )
    vouchers = CashVoucher.objects.filter(**hers).select_related("undone_by")
    remitted = RemittancePayment.objects.filter(remittance__organization=organization, keeper=keeper).select_related(
        "remittance"
    )
    counts = CashCount.objects.filter(**hers, day=day).order_by("number")
    movements = [
        *_of(What.RECEIVED, receipts.filter(entry__booked_on=day), +1),
        *_undone(What.VOIDED, receipts.filter(entry__reversed_by__booked_on=day), -1),
        *_of(What.TAKEN, moved.filter(to_keeper=keeper), +1),
        *_of(What.GIVEN, moved.filter(from_keeper=keeper), -1),
        *_of(What.BANKED, banked.filter(entry__booked_on=day), -1),
        *_undone(What.NOT_BANKED, banked.filter(entry__reversed_by__booked_on=day), +1),
        *_of(What.REMITTED, remitted.filter(entry__booked_on=day), +1),
        *_undone(What.NOT_REMITTED, remitted.filter(entry__reversed_by__booked_on=day), -1),
        *_of(What.PAID_OUT, vouchers.filter(entry__booked_on=day), -1),
        *_undone(What.PAYMENT_VOIDED, vouchers.filter(entry__reversed_by__booked_on=day), +1),
        *(Movement(one.at, What.COUNTED, one.counted_dong - one.expected_dong, one) for one in counts),
    ]
    opening, closing = _balances(organization, keeper, day)
    movements.sort(key=lambda movement: (movement.at, movement.what is What.COUNTED))
    return DaySheet(
        organization=organization, keeper=keeper, day=day, opening_dong=opening, movements=tuple(movements),
        closing_dong=closing,
    )  # fmt: skip


def boxes(organization: Organization, *, on: date) -> list[Box]:
    """The boxes of everybody who may take cash, and of whoever still holds some. Five queries."""
    accounts = LedgerAccount.objects.filter(organization=organization, kind=Kind.CASH)
    holds = {int(one.subject.removeprefix("keeper:")): one.balance_dong for one in accounts}
    may = {keeper.pk for keeper in keepers(organization, on=on)}
    ids = may | {pk for pk, dong in holds.items() if dong}
    offers = CashHandover.objects.filter(organization=organization, state=CashHandover.State.OFFERED).order_by()
    waiting = dict(offers.values_list("from_keeper").annotate(Sum("amount_dong")))
    counts = CashCount.objects.filter(organization=organization, keeper__in=ids).order_by()
    counted = dict(counts.values_list("keeper").annotate(Max("at")))
    return [
        Box(keeper, holds.get(keeper.pk, 0), waiting.get(keeper.pk, 0), counted.get(keeper.pk))
        for keeper in User.objects.filter(pk__in=ids).order_by("name", "pk")
    ]


def keepers(organization: Organization, *, on: date) -> list[User]:
    """Whoever may take cash there on a day; treasurers first, to whom it goes in the evening."""
    granted = RoleGrant.objects.filter(organization=organization, role__in=DEEDS["receive_cash"]).live(on=on)
    roles = set(granted.values_list("user_id", "role"))
    treasurers = {user_id for user_id, role in roles if role in DEEDS["settle_money"]}
    users = User.objects.filter(pk__in={user_id for user_id, _role in roles}).order_by("name", "pk")
    return sorted(users, key=lambda user: user.pk not in treasurers)


def _of(what: What, documents: Iterable[Any], sign: int) -> list[Movement]:
    """By the moment it was booked: a hand-over counts when it was accepted."""
    return [
        Movement(getattr(one, "decided_at", None) or one.at, what, sign * one.amount_dong, one) for one in documents
    ]


def _undone(what: What, documents: Iterable[Any], sign: int) -> list[Movement]:
    return [Movement(one.undone_at, what, sign * one.amount_dong, one) for one in documents]


def _balances(organization: Organization, keeper: User, day: date) -> tuple[int, int]:
    """What the box held before ``day`` and after it, by the ledger."""
    box = LedgerAccount.objects.filter(organization=organization, kind=Kind.CASH, subject=f"keeper:{keeper.pk}").first()
    if box is None:
        return 0, 0
    signed = Case(When(debit=box, then=F("amount_dong")), default=-F("amount_dong"), output_field=BigIntegerField())
    booked = Posting.objects.filter(Q(debit=box) | Q(credit=box), entry__booked_on__lte=day)
    sums = booked.aggregate(before=Sum(signed, filter=Q(entry__booked_on__lt=day)), after=Sum(signed))
    return sums["before"] or 0, sums["after"] or 0
