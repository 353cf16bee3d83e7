"""Writing down what arrived: once, whatever door it came through and however often.

Two records: one BankTransaction is money that moved once, many Sightings are
where we saw it. Committed before anything acts on it.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from base.periods import vietnam_day
from base.retrying import again_when_locked_out
from base.text import without_accents
from cooperatives.models import BankAccount, Organization
from payments.models import BankTransaction, Feed, Sighting, StatementFile
from payments.providers.arrival import Arrival

State, Reason = BankTransaction.State, BankTransaction.Reason

STATEMENTS = "statement"
"""The source of every line that came in a file."""
POSTED_WITHIN = timedelta(days=7)
"""A bank reference is the same line however late the bank posted it; over Tết that takes days."""


@dataclass(frozen=True)
class Written:
    """What an arrival became. ``transaction`` is None for evidence about no account of ours."""

    sighting: Sighting
    transaction: BankTransaction | None
    is_new: bool


@again_when_locked_out
def write_down(
    *,
    arrival: Arrival,
    organization: Organization,
    bank_account: BankAccount | None,
    source: str,
    at: datetime,
    feed: Feed | None = None,
) -> Written:
    """Keep the evidence of one arrival and the money it tells of. Opens its own transaction.

    The same source and id again returns the first rows. The same id with other content is kept beside the first,
    marked as contradicted, and the line says CONFLICT. A line that another source told before joins that
    transaction.
    """
    sighting = _sighting(arrival, organization, bank_account, source=source, at=at)
    sighting.feed = feed
    with transaction.atomic():
        # Two sources may tell of one line at once; the account's row is the turnstile.
        if bank_account is None:
            Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        else:
            BankAccount.objects.select_for_update(no_key=True).get(pk=bank_account.pk)
        return _written(sighting, arrival)


def write_row(
    *,
    arrival: Arrival,
    bank_account: BankAccount,
    statement_file: StatementFile,
    told_already: Collection[int],
    twins: Collection[Arrival],
    at: datetime,
) -> Written:
    """The same for one row of a file. Needs an open transaction (asserted) and the locked account.

    ``told_already``: the lines that the same file has told of, so that k rows stay k lines. ``twins``: the rows of the
    file that are equal to this one in day, amount and memo, this one among them.
    """
    assert connection.in_atomic_block, "a file is written down whole or not at all"
    sighting = _sighting(arrival, bank_account.organization, bank_account, source=STATEMENTS, at=at)
    sighting.statement_file = statement_file
    return _written(sighting, arrival, told_already=told_already, twins=twins)


def _sighting(
    arrival: Arrival, organization: Organization, bank_account: BankAccount | None, *, source: str, at: datetime
) -> Sighting:
    return Sighting(
        organization=organization, bank_account=bank_account, source=source, external_id=arrival.source_id,
        account_text=arrival.account[:40], direction=arrival.direction, amount_dong=arrival.dong, raw=arrival.raw,
        digest=_digest(arrival), received_at=at,
    )  # fmt: skip


def _written(
    sighting: Sighting, arrival: Arrival, *, told_already: Collection[int] = (), twins: Collection[Arrival] = ()
) -> Written:
    before = _same_id(sighting).filter(occurrence=1).select_related("transaction").first()
    if before is not None:
        if before.digest == sighting.digest:
            return Written(before, before.transaction, is_new=False)
        return _contradiction(before, sighting)
    if sighting.bank_account is None:
        sighting.save()
        return Written(sighting, None, is_new=False)
    bank_account = sighting.bank_account
    line = _seen_elsewhere(
        arrival, bank_account=bank_account, source=sighting.source, told_already=told_already, twins=twins
    )
    is_new = line is None
    if line is None:
        line = _new_line(arrival, bank_account=bank_account, at=sighting.received_at)
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
    """What one id must always say. Not the account: it is part of the identity, and one file names it, the next does
    not. The memo as in a line's identity: another format of the same export changes its blanks."""
    parts = [arrival.direction, str(arrival.dong), identity_of(arrival.memo)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _same_id(sighting: Sighting) -> QuerySet[Sighting]:
    """What the same source told under the same id of the same account, ours or not."""
    same = Sighting.objects.filter(source=sighting.source, external_id=sighting.external_id)
    if sighting.bank_account_id is not None:
        return same.filter(bank_account_id=sighting.bank_account_id)
    return same.filter(
        organization_id=sighting.organization_id, bank_account=None, account_text=sighting.account_text
    )  # fmt: skip


def _contradiction(before: Sighting, sighting: Sighting) -> Written:
    """Same id, other content: both are kept; nothing is booked from the second, and a person is told."""
    same = _same_id(before)
    known = same.filter(digest=sighting.digest).first()
    if known is None:
        sighting.occurrence = (same.aggregate(last=Max("occurrence"))["last"] or 0) + 1
        sighting.contradicted = True
        sighting.transaction = before.transaction  # where a person looks for it; it moves nothing
        sighting.save()
        same.update(contradicted=True)
        known = sighting
        if before.transaction_id is not None:
            # NEW lines are told so by their settlement, which looks at the evidence under the line's lock.
            lines = BankTransaction.objects.filter(pk=before.transaction_id)
            lines.exclude(state__in=[State.NEW, State.NOT_OURS]).update(reason=Reason.CONFLICT)
    return Written(known, before.transaction, is_new=False)


def _seen_elsewhere(
    arrival: Arrival,
    *,
    bank_account: BankAccount,
    source: str,
    told_already: Collection[int],
    twins: Collection[Arrival],
) -> BankTransaction | None:
    """The line that another source told before, by three questions in their order: reference, balance, memo.

    A sighting joins only a line that has none from its own source yet, so that twins stay twins. For statements each
    file is a telling of its own: another export of the same days joins line by line, on the very same day only.
    """
    day = vietnam_day(arrival.happened_at)
    own_source = Sighting.objects.filter(transaction=OuterRef("pk"), source=source)
    own_reference = own_source.filter(raw__contains=OuterRef("reference"))
    lines = (
        BankTransaction.objects.filter(
            bank_account=bank_account, direction=arrival.direction, amount_dong=arrival.dong,
            day__range=(day - POSTED_WITHIN, day + POSTED_WITHIN),
        )
        .annotate(own_source=Exists(own_source), own_reference=Exists(own_reference))
        .order_by("day", "occurrence", "id")
    )  # fmt: skip
    in_files = source == STATEMENTS
    near = [
        line
        for line in lines
        if line.pk not in told_already and (not line.own_source or (in_files and line.day == day))
    ]
    agreeing = [line for line in near if not _says_otherwise(line, arrival, references_too=line.own_reference)]
    found = _answering(agreeing, arrival, day=day)
    covered = [line for line in near if _says_it_for(line, twins, references_too=line.own_reference)]
    return found or _answering(covered, arrival, day=day)


def _answering(near: Sequence[BankTransaction], arrival: Arrival, *, day: date) -> BankTransaction | None:
    """The three questions; the source's own id was asked for before them."""
    memo = identity_of(arrival.memo)
    questions = (
        lambda line: bool(arrival.reference) and line.reference == arrival.reference[:80],
        lambda line: _balances_known(line, arrival) and _within_a_day(line, day),
        lambda line: line.memo_folded == memo and _within_a_day(line, day),
    )
    for answers in questions:
        # The nearest day first: yesterday's twin must not take today's evidence.
        fitting = sorted((line for line in near if answers(line)), key=lambda line: abs((line.day - day).days))
        if fitting:
            return fitting[0]
    return None


def _says_it_for(line: BankTransaction, twins: Collection[Arrival], *, references_too: bool) -> bool:
    """Whether equal rows of one file, ``twins``, hold all that earlier files said of ``line``, be it of several rows.

    Of equal transfers, a call without a reference may have joined the line of another one. What that line says of its
    balance and reference is then two rows' of the next file, and no reason to believe in one transfer more.
    """
    balances = {twin.balance_dong for twin in twins if twin.balance_dong is not None}
    references = {twin.reference[:80] for twin in twins if twin.reference}
    return (
        any((vietnam_day(twin.happened_at), identity_of(twin.memo)) == (line.day, line.memo_folded) for twin in twins)
        and (not balances or line.balance_dong is None or line.balance_dong in balances)
        and (not references or not references_too or not line.reference or line.reference in references)
    )


def _within_a_day(line: BankTransaction, day: date) -> bool:
    return abs((line.day - day).days) <= 1


def _says_otherwise(line: BankTransaction, arrival: Arrival, *, references_too: bool) -> bool:
    """Balances tell two lines apart, and one line is known by its balance. References tell them apart where one source
    gave both: two sources name one line in two ways."""
    if _balances_known(line, arrival):
        return line.balance_dong != arrival.balance_dong
    known = bool(line.reference and arrival.reference)
    return references_too and known and line.reference != arrival.reference[:80]


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
