"""Writing down what arrived: once, whatever door it came through and however often.

Two records (facts/money-safety.md §3): one BankTransaction is money that moved once, many Sightings are
where we saw it. Committed before anything acts on it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from base.periods import vietnam_day
from base.text import without_accents
from cooperatives.models import BankAccount, Organization
from payments.models import BankTransaction, Feed, Sighting, StatementFile
from payments.providers.arrival import Arrival

State, Reason = BankTransaction.State, BankTransaction.Reason


@dataclass(frozen=True)
class Written:
    """What an arrival became. ``transaction`` is None for evidence about no account of ours."""

    sighting: Sighting
    transaction: BankTransaction | None
    is_new: bool


def write_down(
    *,
    arrival: Arrival,
    organization: Organization,
    bank_account: BankAccount | None,
    source: str,
    at: datetime,
    occurrence: int = 1,
    feed: Feed | None = None,
    statement_file: StatementFile | None = None,
) -> Written:
    """Keep the evidence of one arrival and the money it tells of. Opens its own transaction.

    The same source and id again returns the first rows. The same id with other content is kept beside
    the first, marked as contradicted, and puts an unsettled line before a person (CONFLICT). A line that
    another source told before joins that transaction.
    """
    sighting = Sighting(
        organization=organization, bank_account=bank_account, feed=feed, statement_file=statement_file,
        source=source, external_id=arrival.source_id, occurrence=occurrence, account_text=arrival.account[:40],
        direction=arrival.direction, amount_dong=arrival.dong, raw=arrival.raw, digest=_digest(arrival),
        received_at=at,
    )  # fmt: skip
    with transaction.atomic():
        if bank_account is None:
            return _stray(sighting)
        # Two sources may tell of one line at once; the account's row is the turnstile.
        BankAccount.objects.select_for_update().get(pk=bank_account.pk)
        before = (
            Sighting.objects.select_related("transaction")
            .filter(bank_account=bank_account, source=source, external_id=arrival.source_id, occurrence=occurrence)
            .first()
        )
        if before is not None:
            if before.digest == sighting.digest:
                return Written(before, before.transaction, is_new=False)
            return _contradiction(before, sighting)
        line = _seen_elsewhere(arrival, bank_account=bank_account, source=source)
        is_new = line is None
        if line is None:
            line = _new_line(arrival, bank_account=bank_account, at=at)
        else:
            _fill_gaps(line, arrival)
        sighting.transaction = line
        sighting.save()
        return Written(sighting, line, is_new=is_new)


def identity_of(memo: str) -> str:
    """The memo's part in a line's identity: banks change case, blanks and accents between sources."""
    plain = "".join(without_accents(memo).upper().split())
    return hashlib.sha256(plain.encode()).hexdigest()


def _digest(arrival: Arrival) -> str:
    parts = [arrival.account, arrival.direction, str(arrival.dong), arrival.memo]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _stray(sighting: Sighting) -> Written:
    Sighting.objects.bulk_create([sighting], ignore_conflicts=True)
    stored = Sighting.objects.get(
        organization=sighting.organization, bank_account=None, source=sighting.source,
        external_id=sighting.external_id, occurrence=sighting.occurrence, account_text=sighting.account_text,
    )  # fmt: skip
    return Written(stored, None, is_new=False)


def _contradiction(before: Sighting, sighting: Sighting) -> Written:
    """Same id, other content: both are kept; nothing is booked from the second."""
    same = Sighting.objects.filter(
        bank_account=before.bank_account, source=before.source, external_id=before.external_id
    )
    known = same.filter(digest=sighting.digest).first()
    if known is None:
        sighting.occurrence = (same.aggregate(last=Max("occurrence"))["last"] or 0) + 1
        sighting.contradicted = True
        sighting.save()
        same.update(contradicted=True)
        known = sighting
        if before.transaction_id is not None:
            BankTransaction.objects.filter(pk=before.transaction_id, state=State.NEEDS_YOU).update(
                reason=Reason.CONFLICT
            )
    return Written(known, before.transaction, is_new=False)


def _seen_elsewhere(arrival: Arrival, *, bank_account: BankAccount, source: str) -> BankTransaction | None:
    """The line that another source told before, by the four questions of money-safety.md §3, in their order.

    A sighting joins only a line that has none from its own source yet, so that twins stay twins.
    """
    day = vietnam_day(arrival.happened_at)
    near = [
        line
        for line in BankTransaction.objects.filter(
            bank_account=bank_account, direction=arrival.direction, amount_dong=arrival.dong,
            day__range=(day - timedelta(days=1), day + timedelta(days=1)),
        )
        .exclude(sightings__source=source)
        .order_by("day", "occurrence", "id")
        if not (_balances_known(line, arrival) and line.balance_dong != arrival.balance_dong)
    ]  # fmt: skip
    memo = identity_of(arrival.memo)
    questions = (
        lambda line: bool(arrival.reference) and line.reference == arrival.reference,
        lambda line: _balances_known(line, arrival) and line.balance_dong == arrival.balance_dong,
        lambda line: line.memo_folded == memo,
    )
    for answers in questions:
        # The nearest day first: yesterday's twin must not take today's evidence.
        fitting = sorted((line for line in near if answers(line)), key=lambda line: abs((line.day - day).days))
        if fitting:
            return fitting[0]
    return None


def _balances_known(line: BankTransaction, arrival: Arrival) -> bool:
    return line.balance_dong is not None and arrival.balance_dong is not None


def _new_line(arrival: Arrival, *, bank_account: BankAccount, at: datetime) -> BankTransaction:
    day = vietnam_day(arrival.happened_at)
    memo_folded = identity_of(arrival.memo)
    twins = BankTransaction.objects.filter(
        bank_account=bank_account, direction=arrival.direction, amount_dong=arrival.dong, day=day,
        memo_folded=memo_folded,
    ).aggregate(last=Max("occurrence"))["last"]  # fmt: skip
    state, reason = State.NEW, ""
    if arrival.dong == 0:
        state, reason = State.NOT_OURS, Reason.NO_AMOUNT
    elif day < bank_account.organization.opened_on:
        state, reason = State.NOT_OURS, Reason.BEFORE_OPENING
    return BankTransaction.objects.create(
        organization_id=bank_account.organization_id, bank_account=bank_account, direction=arrival.direction,
        amount_dong=arrival.dong, day=day, occurrence=(twins or 0) + 1, memo=arrival.memo, memo_folded=memo_folded,
        reference=arrival.reference[:80], balance_dong=arrival.balance_dong, happened_at=arrival.happened_at,
        seen_at=at, state=state, reason=reason,
    )  # fmt: skip


def _fill_gaps(line: BankTransaction, arrival: Arrival) -> None:
    """What the first source did not say; never what moves money."""
    changed = []
    if not line.reference and arrival.reference:
        line.reference, changed = arrival.reference[:80], ["reference"]
    if line.balance_dong is None and arrival.balance_dong is not None:
        line.balance_dong, changed = arrival.balance_dong, [*changed, "balance_dong"]
    if changed:
        line.save(update_fields=changed)
