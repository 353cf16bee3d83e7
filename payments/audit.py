"""Whether the books still add up: every invariant of docs/books.md §3 for the events that are booked so far.

Three readings that must agree: what the ledger says of itself (cooperatives/verifying.py), what the documents say
should stand there (audit_journal.py, audit_state.py), and what the bank says (audit_bank.py). Nothing is changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum

from base.periods import iso_vietnam
from cooperatives import ledger, verifying, walls
from cooperatives.chart import Kind
from cooperatives.models import Entry, Organization
from cooperatives.verifying import Finding
from payments import audit_bank, audit_journal, audit_state
from payments.models import BankTransaction, KeptDebt, Sighting
from payments.telling import SMS

NEW_AT_MOST = timedelta(seconds=60)


@dataclass(frozen=True)
class Audit:
    """One organization's verdict, whole đồng. ``checks``: name → ``ok`` or what is wrong.

    ``unexplained_dong``  the largest of five sums, never netted: journal, state, cache, form, bank
    ``waiting_dong``      came and is not explained yet: unmatched arrivals and NEW lines
    ``alarm_dong``        left the bank and is not explained
    ``by_hand_dong``      rests on a person's word: lines said not to be ours, and text messages said to be true
    ``claimed_dong``      what only text messages tell of, in and out added up: in no book, and in no sum above
    ``sums``              the five sums by name
    """

    organization: str
    unexplained_dong: int
    waiting_dong: int
    alarm_dong: int
    by_hand_dong: int
    claimed_dong: int
    entries: int
    checks: dict[str, str]
    sums: dict[str, int]

    @property
    def is_clean(self) -> bool:
        return self.unexplained_dong == 0 and all(verdict == "ok" for verdict in self.checks.values())


def audit(organization: Organization, *, at: datetime) -> Audit:
    """Recompute everything that ``organization`` has booked and compare. Reads only, in one consistent view.

    ``at`` is now: a line of the bank that has been NEW for over 60 seconds fails a check.
    """
    with _one_view():
        return _audit(organization, at=at)


@contextmanager
def _one_view() -> Iterator[None]:
    """A payment settled while the audit reads must neither look like a difference nor have to wait for it."""
    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        outermost = not connection.in_atomic_block
        with transaction.atomic():
            if outermost and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]


def _audit(organization: Organization, *, at: datetime) -> Audit:
    own = verifying.verify(organization=organization)
    journal = audit_journal.journal(organization)
    state = audit_state.state(organization)
    bank = audit_bank.bank(organization)
    findings = {"cache": own.cache, "form": own.form, "undo": own.undo, "journal": journal, **state, "bank": bank}
    findings |= {"prompt": _prompt(organization, at=at), "walls": _walls()}
    sums = {
        "journal": journal.dong,
        "state": sum(finding.dong for finding in state.values()),
        "cache": own.cache.dong,
        "form": own.form.dong + own.undo.dong,
        "bank": bank.dong,
    }
    return Audit(
        organization=organization.slug,
        unexplained_dong=max(sums.values()),
        waiting_dong=ledger.total_dong(organization=organization, kind=Kind.UNMATCHED_ARRIVALS) + _new(organization),
        alarm_dong=ledger.total_dong(organization=organization, kind=Kind.UNMATCHED_DEPARTURES),
        by_hand_dong=_by_hand(organization),
        claimed_dong=_total(_claims(organization)),
        entries=Entry.objects.filter(organization=organization).count(),
        checks={name: finding.verdict for name, finding in findings.items()},
        sums=sums,
    )


def _new(organization: Organization) -> int:
    return _total(BankTransaction.objects.new().filter(organization=organization))


def _by_hand(organization: Organization) -> int:
    lines = BankTransaction.objects.filter(organization=organization, dismissed_by__isnull=False)
    left = _total(lines.booked().filter(direction=BankTransaction.Direction.OUT))
    kept = _total(KeptDebt.objects.filter(transaction__in=lines, order=None, account=None, undone_at=None))
    beyond_sms = Sighting.objects.filter(transaction=OuterRef("pk")).exclude(source=SMS)
    declared = BankTransaction.objects.filter(organization=organization, declared_by__isnull=False)
    # One dismissed as well as declared was counted above.
    alone = declared.booked().filter(~Exists(beyond_sms), dismissed_by=None)
    return left + kept + _total(alone)


def _claims(organization: Organization) -> QuerySet[BankTransaction]:
    """Lines that wait for a second source or a person; not those that she has said are nothing."""
    lines = BankTransaction.objects.filter(organization=organization, booked_at=None)
    return lines.filter(state=BankTransaction.State.NEEDS_YOU, reason=BankTransaction.Reason.SMS_ONLY)


def _total(rows: QuerySet[Any]) -> int:
    return rows.aggregate(total=Sum("amount_dong"))["total"] or 0


def _prompt(organization: Organization, *, at: datetime) -> Finding:
    found = Finding()
    late = BankTransaction.objects.new().filter(organization=organization, seen_at__lt=at - NEW_AT_MOST)
    for line in late.order_by("seen_at"):
        found.add(f"transaction {line.pk}: NEW since {iso_vietnam(line.seen_at)}", 0)
    return found


def _walls() -> Finding:
    found = Finding()
    for name in walls.missing(connection):
        found.add(f"trigger {name} is missing or altered", 0)
    return found
