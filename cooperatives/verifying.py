"""The ledger's own check of itself: sums, forms and mirrors, added up by the database (docs/books.md §3).

It knows accounts and entries and nothing of orders or banks; payments/audit.py sets the books beside the documents.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from cooperatives import chart
from cooperatives.chart import Event, Kind
from cooperatives.models import Entry, LedgerAccount, Organization, Posting


@dataclass
class Finding:
    """What one check found: ``dong`` amiss, and what is wrong in words for a person who mends it."""

    dong: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, fault: str, dong: int) -> None:
        self.faults.append(fault)
        self.dong += abs(dong)

    @property
    def verdict(self) -> str:
        """``ok``, or the first few faults and how many more there are."""
        if not self.faults:
            return "ok"
        shown = "; ".join(self.faults[:3])
        return f"{shown}; and {len(self.faults) - 3} more" if len(self.faults) > 3 else shown


@dataclass(frozen=True)
class Verdict:
    """``cache``: balances are the sums of their postings. ``form``: every entry and posting has its shape.
    ``undo``: every reversal is the exact mirror of what it reverses."""

    cache: Finding
    form: Finding
    undo: Finding


def verify(*, organization: Organization) -> Verdict:
    """Add up everything that one organization has booked. Reads only, in a fixed number of queries."""
    return Verdict(cache=_cache(organization), form=_form(organization), undo=_undo(organization))


def _cache(organization: Organization) -> Finding:
    found = Finding()
    postings = Posting.objects.order_by()
    debited = postings.filter(debit__organization=organization).values_list("debit").annotate(Sum("amount_dong"))
    credited = postings.filter(credit__organization=organization).values_list("credit").annotate(Sum("amount_dong"))
    sums = dict(debited), dict(credited)
    accounts = LedgerAccount.objects.filter(organization=organization)
    for pk, kind, subject, debits, credits in accounts.values_list("pk", "kind", "subject", "debits", "credits"):
        off = abs(debits - sums[0].get(pk, 0)) + abs(credits - sums[1].get(pk, 0))
        if off:
            found.add(f"{kind} {subject}: {off} đồng beside its postings", off)
    below = accounts.filter(no_overdraft=True).filter(
        Q(side="D", debits__lt=F("credits")) | Q(side="C", credits__lt=F("debits"))
    )
    for account in below:
        found.add(f"{account.kind} {account.subject}: {account.balance_dong} đồng, below 0", account.balance_dong)
    return found


def _form(organization: Organization) -> Finding:
    found = Finding()
    entries = Entry.objects.filter(organization=organization)
    for key in entries.filter(~Exists(Posting.objects.filter(entry=OuterRef("pk")))).values_list("key", flat=True):
        found.add(f"{key}: an entry without postings", 0)
    pairs = Posting.objects.filter(entry__organization=organization).values_list(
        "entry__event", "debit__kind", "credit__kind"
    )
    for event, debit, credit, dong in pairs.annotate(Sum("amount_dong")).order_by():
        if not _allowed(event, debit, credit):
            found.add(f"{event}: {debit} against {credit}", dong)
    ours = (
        Q(entry__organization=organization),
        Q(debit__organization=organization),
        Q(credit__organization=organization),
    )
    crossing = Posting.objects.filter(ours[0] | ours[1] | ours[2]).exclude(ours[0] & ours[1] & ours[2])
    for key, dong in crossing.values_list("entry__key", "amount_dong"):
        found.add(f"{key}: crosses organizations", dong)
    shapes = LedgerAccount.objects.filter(organization=organization).values_list("kind", "side", "no_overdraft")
    for kind, side, no_overdraft, number in shapes.annotate(Count("pk")).order_by():
        shape = next((shape for known, shape in chart.SHAPES.items() if known == kind), None)
        if shape is None or (side, no_overdraft) != (shape.side, not shape.below_zero):
            found.add(f"{kind}: {number} accounts that are not as the chart has them", 0)
    return found


def _allowed(event: str, debit: str, credit: str) -> bool:
    try:
        return chart.allowed(Event(event), debit=Kind(debit), credit=Kind(credit))
    except ValueError:
        return False


def _undo(organization: Organization) -> Finding:
    """Also: what says that it reverses names what, and nothing else reverses anything."""
    found = Finding()
    entries = Entry.objects.filter(organization=organization)
    unnamed = entries.filter(
        Q(event=Event.REVERSED, reverses=None) | (~Q(event=Event.REVERSED) & Q(reverses__isnull=False))
    )
    for key in unnamed.values_list("key", flat=True):
        found.add(f"{key}: a reversal must name one entry, and nothing else may", 0)
    # (the reversed entry, debit, credit, amount) → how often, forward minus mirrored
    rest: Counter[tuple[int | None, int, int, int]] = Counter()
    undone = Posting.objects.filter(entry__reversed_by__organization=organization)
    rest.update(undone.values_list("entry_id", "debit_id", "credit_id", "amount_dong"))
    mirrors = Posting.objects.filter(entry__reverses__isnull=False, entry__organization=organization)
    rest.subtract(mirrors.values_list("entry__reverses_id", "credit_id", "debit_id", "amount_dong"))
    for (entry_id, _debit, _credit, dong), times in rest.items():
        if times:
            found.add(f"entry {entry_id}: its reversal is not its mirror", dong * times)
    return found
