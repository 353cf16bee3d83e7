"""What is posted against what the documents say, key by key; no entry without a document, nor the reverse."""

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from base.periods import vietnam_day
from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct, Move
from cooperatives.models import Entry, Organization, Posting
from cooperatives.verifying import Finding
from payments import audit_journal_goods, entering, postings
from payments.audit_expected import CHUNK, Booked, Expected, mirror, undoable
from payments.explaining import EVENTS
from payments.models import (
    BankTransaction,
    Bill,
    CashReceipt,
    CreditUse,
    Explanation,
    GivenBack,
    KeptDebt,
    OpeningBalance,
    Refund,
    RefundMovement,
    Release,
    Settlement,
)


def journal(organization: Organization) -> Finding:
    """Every difference counts in full and on its own: nothing is netted against anything."""
    found = Finding()
    booked = _booked(organization)
    for expected in documents(organization, booked):
        stands = booked.pop(expected.key, None)
        moves = Counter(expected.moves)
        if stands is None:
            found.add(f"{expected.key}: a document without its entry", _sum(moves))
            continue
        off = _sum(moves - stands.moves) + _sum(stands.moves - moves)
        if off:
            found.add(f"{expected.key}: {off} đồng beside its document", off)
        if stands.event != expected.event or expected.booked_on not in (None, stands.booked_on):
            found.add(f"{expected.key}: {stands.event} on {stands.booked_on}, not as its document says", stands.dong)
        if expected.names is not None and expected.names[0] != stands.pk:
            found.add(f"{expected.key}: its document names entry {expected.names[0]}", stands.dong)
    for key, stands in booked.items():
        found.add(f"{key}: an entry without a document", stands.dong)
    return found


def documents(organization: Organization, booked: dict[str, Booked]) -> Iterator[Expected]:
    """Every document of ``organization`` that books something, and every undoing of one."""
    yield from _lines(organization, booked)
    has_bills = Bill.objects.filter(organization=organization).exists()
    settlements = Settlement.objects.filter(transaction__organization=organization).select_related("payment_request")
    if has_bills:
        settlements = settlements.prefetch_related("shares")
    for settlement in settlements.iterator(chunk_size=CHUNK):
        yield from undoable("settled", Event.SETTLED, settlement, postings.settled(settlement))
    for debt in KeptDebt.objects.filter(transaction__organization=organization).iterator(chunk_size=CHUNK):
        yield from undoable("kept", Event.KEPT_AS_DEBT, debt, postings.kept(debt))
    receipts = CashReceipt.objects.filter(organization=organization).select_related("payment_request")
    if has_bills:
        receipts = receipts.prefetch_related("shares")
    for receipt in receipts.iterator(chunk_size=CHUNK):
        yield from undoable("cash", Event.CASH_RECEIVED, receipt, postings.cash(receipt))
    yield from audit_journal_goods.boxes(organization)
    if has_bills:
        yield from _bills(organization)
    for release in Release.objects.filter(order__organization=organization).iterator(chunk_size=CHUNK):
        against = _against_debt(booked.get(f"released:{release.pk}"))
        yield from undoable(
            "released", Event.RELEASED, release, postings.released(release, owed_by_buyers_dong=against)
        )
    yield from _refunds(organization)
    for explanation in Explanation.objects.filter(transaction__organization=organization).iterator(chunk_size=CHUNK):
        event = EVENTS[explanation.kind]
        yield from undoable("explained", event, explanation, postings.explained(explanation))
    for opening in OpeningBalance.objects.filter(organization=organization):
        if moves := postings.opened(opening):
            names = (opening.entry_id,)
            yield Expected(f"opened:{opening.pk}", Event.OPENED, organization.opened_on, moves, names)
    yield from audit_journal_goods.sales(organization, booked)
    yield from audit_journal_goods.deliveries(organization)


def booked_lines(organization: Organization) -> Any:
    """Lines of the bank that stand in the books."""
    booked = BankTransaction.objects.booked().filter(organization=organization)
    return booked.exclude(state=BankTransaction.State.NEW)


def _lines(organization: Organization, booked: dict[str, Booked]) -> Iterator[Expected]:
    """A line that stands in the books was booked once more often than it was taken out; any other one as often."""
    for line in booked_lines(organization).iterator(chunk_size=CHUNK):
        event, moves = _line_books(line)
        keys = list(_used_keys(line, booked))
        for key in keys[:-1]:
            yield from _taken_out(key, event, line, moves, booked)
        yield Expected(keys[-1] if keys else next(entering.keys_of(line)), event, line.day, moves)
    # Whoever takes what was yielded takes it out of ``booked``: what is left of lines was taken out of the books.
    left = [key.split(":") for key in booked if key.startswith((f"{Event.ARRIVED}:", f"{Event.DEPARTED}:"))]
    ids = {int(parts[1]) for parts in left if parts[1].isdecimal()}
    outside = BankTransaction.objects.filter(organization=organization, pk__in=ids, booked_at=None)
    for line in outside.order_by("pk"):
        event, moves = _line_books(line)
        for key in list(_used_keys(line, booked)):
            yield from _taken_out(key, event, line, moves, booked)


def _line_books(line: BankTransaction) -> tuple[Event, list[Move]]:
    if line.direction == BankTransaction.Direction.IN:
        return Event.ARRIVED, postings.arrived(line)
    return Event.DEPARTED, postings.departed(line)


def _used_keys(line: BankTransaction, booked: dict[str, Booked]) -> Iterator[str]:
    return takewhile(booked.__contains__, entering.keys_of(line))


def _taken_out(
    key: str, event: Event, line: BankTransaction, moves: list[Move], booked: dict[str, Booked]
) -> Iterator[Expected]:
    entry_id = booked[key].pk
    yield Expected(key, event, line.day, moves)
    yield Expected(f"reversed:{entry_id}", Event.REVERSED, None, mirror(moves))


def _bills(organization: Organization) -> Iterator[Expected]:
    """What was used of what payers of bills are owed, and what was given back of items."""
    uses = CreditUse.objects.filter(payment_request__organization=organization).prefetch_related("shares")
    for use in uses.iterator(chunk_size=CHUNK):
        yield from undoable("credit_used", Event.CREDIT_USED, use, postings.credit_used(use))
    given = GivenBack.objects.filter(bill__organization=organization).select_related("bill").prefetch_related("shares")
    for back in given.iterator(chunk_size=CHUNK):
        yield from undoable("item_given_back", Event.ITEM_GIVEN_BACK, back, postings.given_back(back))


def _refunds(organization: Organization) -> Iterator[Expected]:
    for refund in Refund.objects.filter(organization=organization, entry__isnull=False).iterator(chunk_size=CHUNK):
        assert refund.ordered_at is not None
        moves = postings.ordered_out(refund)
        day = vietnam_day(refund.ordered_at)
        yield Expected(f"ordered_out:{refund.pk}", Event.ORDERED_OUT, day, moves, (refund.entry_id,))
        if refund.cancelled_at is not None:
            day = vietnam_day(refund.cancelled_at)
            yield Expected(f"reversed:{refund.entry_id}", Event.REVERSED, day, mirror(moves))
    movements = RefundMovement.objects.filter(transaction__organization=organization).select_related("refund")
    for movement in movements.iterator(chunk_size=CHUNK):
        if movement.kind == RefundMovement.Kind.SENT:
            yield from undoable("sent", Event.SENT, movement, postings.sent(movement))
        else:
            yield from undoable("bounced", Event.BOUNCED, movement, postings.bounced(movement))


def _against_debt(stands: Booked | None) -> int:
    """How much of a release went against what the buyer owed: known only at that moment, so read from the entry.

    That it was owed then is held by the account itself, which cannot fall below 0.
    """
    if stands is None:
        return 0
    return sum(m.amount_dong * times for m, times in stands.moves.items() if m.credit.kind is Kind.OWED_BY_BUYERS)


def _booked(organization: Organization) -> dict[str, Booked]:
    entries = Entry.objects.filter(organization=organization).values_list("pk", "key", "event", "booked_on")
    by_key = {key: Booked(pk, event, booked_on, Counter()) for pk, key, event, booked_on in entries}
    by_pk = {stands.pk: stands for stands in by_key.values()}
    rows = Posting.objects.filter(entry__organization=organization).values_list(
        "entry_id", "debit__kind", "debit__subject", "credit__kind", "credit__subject", "amount_dong"
    )
    for entry_id, debit, debit_subject, credit, credit_subject, dong in rows.iterator(chunk_size=CHUNK):
        move = Move(
            debit=Acct(_kind(debit), debit_subject), credit=Acct(_kind(credit), credit_subject), amount_dong=dong
        )
        by_pk[entry_id].moves[move] += 1
    return by_key


def _kind(stored: str) -> Any:
    """A kind of the chart, or the bare text of one that it does not have: the form check names those."""
    return _KINDS.get(stored, stored)


_KINDS: dict[str, Kind] = {str(kind): kind for kind in Kind}


def _sum(moves: Counter[Move]) -> int:
    return sum(move.amount_dong * times for move, times in moves.items())
