"""Settling by the hundred what no memo can prove: the lines of a large statement file, booked and put before a person.

Whatever might need more than that goes the ordinary way, one by one (``payments/settlement.py``).
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from base.many_rows import in_parts
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.models import Organization
from payments import matching, postings, remittance_lines
from payments.models import BankTransaction, PaymentRequest, Refund, Remittance, Sighting
from payments.telling import SMS

log = logging.getLogger(__name__)

State = BankTransaction.State

FEWEST = 20
"""Fewer lines than this are not worth a second way of settling them."""
_AT_ONCE = 500
"""Lines of one transaction: its locks are held for a fraction of a second."""


class _Read(NamedTuple):
    """A memo and every code that could stand in it."""

    pk: int
    memo: str
    possible: frozenset[str]


def settle_many(*, at: datetime, most: int = 5_000, among: Sequence[int] | None = None) -> int:
    """Settle those of the oldest ``most`` lines that wait whose memo names nothing; returns how many were settled.
    ``among``: only lines with these ids, at most a few hundred.

    Opens one transaction for each few hundred. A failure is logged, leaves its lines NEW and stops nothing: they are
    settled one by one later.
    """
    lines = _waiting() if among is None else _waiting().filter(pk__in=among)
    waiting = list(lines.order_by("id").values_list("pk", "organization_id", "memo")[:most])
    if len(waiting) < FEWEST:
        return 0
    read: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for pk, organization_id, memo in waiting:
        read[organization_id].append((pk, memo))
    settled = 0
    for organization_id, memos in sorted(read.items()):
        organization = Organization.objects.get(pk=organization_id)
        for some in in_parts(memos, _AT_ONCE):
            settled += _try_to_settle(organization, [_read(*one) for one in some], at=at)
    return settled


def _waiting() -> QuerySet[BankTransaction]:
    """NEW lines that nothing but their memo can say anything about, that no text message tells of, and that have not
    failed before."""
    seen = Sighting.objects.filter(transaction=OuterRef("pk"))
    return BankTransaction.objects.new().filter(
        ~Exists(seen.filter(source=SMS)), ~Exists(seen.filter(contradicted=True)), link=None, next_try_at=None,
        amount_dong__gt=0,
    )  # fmt: skip


def _read(pk: int, memo: str) -> _Read:
    return _Read(pk, memo, matching.possible_codes(memo))


def _named(codes: Iterable[str]) -> frozenset[str]:
    """Those of ``codes`` that a request, a refund or a carrier's list was given."""
    wanted = sorted(codes)
    if not wanted:
        return frozenset()
    requests, *others = (
        carried._default_manager.filter(code__in=wanted).values_list("code", flat=True)
        for carried in (PaymentRequest, Refund, Remittance)
    )
    return frozenset(requests.union(*others))


def _try_to_settle(organization: Organization, some: Sequence[_Read], *, at: datetime) -> int:
    try:
        return _settle(organization, some, at=at)
    except Exception:  # as settlement.try_to_settle: the rows stay NEW, the log has everything
        log.exception("settling %s lines at once failed, they stay NEW: first %s", len(some), some[0].pk)
        return 0


@again_when_locked_out
def _settle(organization: Organization, some: Sequence[_Read], *, at: datetime) -> int:
    """Book those that prove nothing as arrived or departed and put them before a person, all of them or none."""
    named = _named(frozenset().union(*(one.possible for one in some)))
    references = remittance_lines.references_waiting(organization.pk)
    read = {
        one.pk: one
        for one in some
        if not one.possible & named and not remittance_lines.referred_in(one.memo, references)
    }
    with transaction.atomic():
        # Locked first, asked afterwards: what told of a line meanwhile has committed or waits.
        locked = list(BankTransaction.objects.select_for_update(no_key=True).filter(pk__in=read).order_by("id"))
        still = set(_waiting().filter(pk__in=read).values_list("pk", flat=True))
        lines = [line for line in locked if line.pk in still and line.memo == read[line.pk].memo]
        ledger.post_many(organization=organization, bookings=[_arrival(line) for line in lines], at=at)
        by_reason: defaultdict[str, list[int]] = defaultdict(list)
        for line in lines:
            by_reason[_reason(line)].append(line.pk)
        for reason, of_reason in by_reason.items():
            BankTransaction.objects.filter(pk__in=of_reason).update(
                state=State.NEEDS_YOU, reason=reason, booked_at=at, next_try_at=None
            )
    return len(lines)


def _arrival(line: BankTransaction) -> ledger.Booking:
    """As settlement books one line: the same key and meaning, so that neither way repeats the other."""
    is_in = line.direction == BankTransaction.Direction.IN
    event = Event.ARRIVED if is_in else Event.DEPARTED
    return ledger.Booking(
        key=f"{event}:{line.pk}", event=event,
        meaning={"transaction": line.pk, "account": line.bank_account_id, "amount": line.amount_dong},
        moves=postings.arrived(line) if is_in else postings.departed(line), booked_on=line.day,
    )  # fmt: skip


def _reason(line: BankTransaction) -> str:
    """What the rules say where no code of the memo was ever given out."""
    is_in = line.direction == BankTransaction.Direction.IN
    verdict = matching.verdict(
        received_dong=line.unused_dong, found=matching.codes_in(line.memo, open_codes=frozenset()), asked=(),
        organization_id=line.organization_id, account_id=line.bank_account_id, direction="in" if is_in else "out",
    )  # fmt: skip
    assert verdict.reason is not None
    return verdict.reason
