"""The bank beside the books (docs/books.md §3): balances, statement files, and evidence for every booked line."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum

from base.periods import vietnam_day
from cooperatives.chart import Kind
from cooperatives.models import BankAccount, LedgerAccount, Organization
from cooperatives.verifying import Finding
from payments.audit_journal import booked_lines
from payments.models import BankTransaction, OpeningBalance, Sighting, SightingMove, StatementFile
from payments.telling import SMS

IN = BankTransaction.Direction.IN


def bank(organization: Organization) -> Finding:
    """Sums that differ, lines on one side only in days that a statement covers, booked lines without evidence."""
    found = Finding()
    _balances(found, organization)
    _evidence(found, organization)
    for file in StatementFile.objects.filter(organization=organization).order_by("id"):
        _file(found, file)
    return found


def _balances(found: Finding, organization: Organization) -> None:
    """Each bank account in the books = opening + in − out of its booked lines."""
    openings = OpeningBalance.objects.filter(organization=organization)
    expected = Counter(dict(openings.values_list("bank_account_id", "amount_dong")))
    lines = booked_lines(organization).order_by().values_list("bank_account_id", "direction")
    for account_id, direction, dong in lines.annotate(Sum("amount_dong")):
        expected[account_id] += dong if direction == IN else -dong
    accounts = LedgerAccount.objects.filter(organization=organization, kind=Kind.BANK)
    stands = {account.subject: account.balance_dong for account in accounts}
    for account_id in BankAccount.objects.filter(organization=organization).values_list("pk", flat=True):
        off = stands.pop(f"bank_account:{account_id}", 0) - expected[account_id]
        if off:
            found.add(f"bank account {account_id}: {off:+} đồng beside its lines", off)
    for subject, dong in stands.items():
        found.add(f"{subject}: booked for no account of theirs", dong)


def _evidence(found: Finding, organization: Organization) -> None:
    """Every booked line was seen somewhere, and what was seen says what the line says."""
    seen = Sighting.objects.filter(transaction=OuterRef("pk"))
    for pk, dong in booked_lines(organization).filter(~Exists(seen)).values_list("pk", "amount_dong"):
        found.add(f"transaction {pk}: booked without evidence", dong)
    undeclared = booked_lines(organization).filter(declared_by=None).filter(Exists(seen.filter(source=SMS)))
    for pk, dong in undeclared.filter(~Exists(seen.exclude(source=SMS))).values_list("pk", "amount_dong"):
        found.add(f"transaction {pk}: booked on a text message that nobody stands for", dong)
    # A text message may not say which way the money went.
    agrees = Q(amount_dong=F("transaction__amount_dong")) & (
        Q(direction=F("transaction__direction")) | Q(source=SMS, direction="")
    )
    sightings = Sighting.objects.filter(organization=organization, transaction__isnull=False, contradicted=False)
    rows = sightings.exclude(agrees).values_list(
        "transaction_id", "amount_dong", "direction", "transaction__amount_dong", "transaction__direction"
    )
    for pk, seen_dong, seen_direction, dong, direction in rows:
        off = abs(dong - seen_dong) or dong
        found.add(f"transaction {pk}: {dong} {direction}, its evidence says {seen_dong} {seen_direction}", off)
    _whereabouts(found, organization)


def _whereabouts(found: Finding, organization: Organization) -> None:
    """Evidence stands under a line of its own account, and where a person moved it last."""
    sightings = Sighting.objects.filter(organization=organization)
    elsewhere = sightings.exclude(transaction=None).exclude(bank_account=F("transaction__bank_account"))
    for pk, dong in elsewhere.values_list("pk", "amount_dong"):
        found.add(f"sighting {pk}: under a line of another account", dong)
    lost = sightings.filter(transaction=None, bank_account__isnull=False, currency="VND", contradicted=False)
    for pk, dong in lost.values_list("pk", "amount_dong"):
        found.add(f"sighting {pk}: of an account of theirs, and under no line", dong)
    last = SightingMove.objects.filter(sighting=OuterRef("pk")).order_by("-id").values("to_transaction")[:1]
    moved = sightings.filter(joined_by=Sighting.JoinedBy.PERSON).annotate(moved_to=Subquery(last))
    astray = moved.filter(Q(moved_to=None) | ~Q(moved_to=F("transaction")))
    for pk, line_id, moved_to in astray.values_list("pk", "transaction", "moved_to"):
        found.add(f"sighting {pk}: under transaction {line_id}, moved to {moved_to}", 0)


def _file(found: Finding, file: StatementFile) -> None:
    rows = Sighting.objects.filter(statement_file=file)
    moved = sum(dong if direction == IN else -dong for direction, dong in rows.values_list("direction", "amount_dong"))
    # Rows that an overlapping file had brought before are kept there: then this sum says nothing.
    whole = rows.count() == file.rows
    if whole and file.opening_dong is not None and file.closing_dong is not None:
        off = file.opening_dong + moved - file.closing_dong
        if off:
            found.add(f"statement {file.pk}: {off:+} đồng between its balances", off)
    for pk, dong in _lines_it_should_hold(file):
        found.add(f"transaction {pk}: not in the statement that covers its day", dong)


def _lines_it_should_hold(file: StatementFile) -> Iterable[tuple[int, int]]:
    """Lines of covered days that no statement row tells of. A day is covered once it was over at the export.

    A text message that the file does not confirm stays what it is, a claim that is in no book. A joined line's evidence
    stands under another line.
    """
    if file.first_day is None or file.last_day is None:
        return []
    last = min(file.last_day, vietnam_day(file.imported_at) - timedelta(days=1))
    told: Any = Sighting.objects.filter(transaction=OuterRef("pk"), statement_file__isnull=False)
    lines = BankTransaction.objects.filter(bank_account_id=file.bank_account_id, day__range=(file.first_day, last))
    claims = Q(booked_at=None, reason=BankTransaction.Reason.SMS_ONLY)
    there = lines.filter(amount_dong__gt=0, joined_into=None).exclude(claims)
    return there.filter(~Exists(told)).values_list("pk", "amount_dong")
