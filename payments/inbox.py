"""Writing down what arrived: once, whatever door it came through and however often.

Two records: one BankTransaction is money that moved once, many Sightings are
where we saw it. Committed before anything acts on it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from base.retrying import again_when_locked_out
from cooperatives.models import BankAccount, Organization
from payments.models import BankTransaction, Feed, PaymentLink, Sighting
from payments.providers.arrival import Arrival
from payments.recognizing import POSTED_WITHIN, KnownLine, KnownLines
from payments.telling import SMS, STATEMENTS, Telling, identity_of

__all__ = ["SMS", "STATEMENTS", "Written", "identity_of", "write_down"]

State, Reason, JoinedBy = BankTransaction.State, BankTransaction.Reason, Sighting.JoinedBy


@dataclass(frozen=True)
class Written:
    """What an arrival became.

    ``transaction`` is None for evidence about no account of ours or in another currency. ``wakes``: the line was known
    by a text message alone and has now its second source: it is NEW again, for settlement to book.
    """

    sighting: Sighting
    transaction: BankTransaction | None
    is_new: bool
    wakes: bool = False


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
    marked as contradicted, and the line says CONFLICT. A line that another source told before joins that transaction
    (``payments/recognizing.py``). Money in another currency is kept as evidence and becomes no line.
    """
    telling = Telling.of(arrival, source=source)
    account_id = bank_account.pk if bank_account else None
    values = evidence_values(telling, organization_id=organization.pk, bank_account_id=account_id, at=at)
    sighting = Sighting(**values)
    sighting.feed = feed
    if bank_account is not None and bank_account.organization_id == organization.pk:
        bank_account.organization = organization  # at hand: it is not read again
    with transaction.atomic():
        # Two sources may tell of one line at once; the account's row is the turnstile.
        if bank_account is None:
            Organization.objects.select_for_update(no_key=True).values_list("pk").get(pk=organization.pk)
        else:
            BankAccount.objects.select_for_update(no_key=True).values_list("pk").get(pk=bank_account.pk)
        return _written(sighting, telling, bank_account=bank_account)


def _written(sighting: Sighting, telling: Telling, *, bank_account: BankAccount | None) -> Written:
    before = same_id(sighting).filter(occurrence=1).first()
    if before is not None:
        if before.digest == sighting.digest:
            return Written(before, before.transaction, is_new=False)
        return contradiction(before, sighting)
    if bank_account is None or sighting.currency != "VND":
        sighting.save()
        return Written(sighting, None, is_new=False)
    arrival, at = telling.arrival, sighting.received_at
    lines = BankTransaction.objects.filter(
        bank_account=bank_account, direction=arrival.direction, amount_dong=arrival.dong
    )
    known = known_lines(lines, source=telling.source, first=telling.day, last=telling.day)
    found = known.recognized(telling)
    wakes = False
    link = _link(telling, feed=sighting.feed)
    if found is None:
        number = known.next_occurrence(telling.sameness)
        values = line_values(telling, bank_account=bank_account, occurrence=number, at=at)
        line = BankTransaction.objects.create(**values | {"link_id": link.pk if link else None})
        sighting.joined_by = JoinedBy.FIRST
    else:
        seen, sighting.joined_by = found
        line = BankTransaction.objects.select_for_update(no_key=True).get(pk=seen.pk)
        changed = take_in(line, telling, only_by_sms=seen.only_by_sms, known=known)
        if link is not None and line.link_id is None:
            line.link = link
            changed.add("link")
        line.save(update_fields=sorted(changed))
        wakes = "state" in changed
    sighting.transaction = line
    sighting.save()
    return Written(sighting, line, is_new=found is None, wakes=wakes)


def evidence_values(
    telling: Telling, *, organization_id: int, bank_account_id: int | None, at: datetime
) -> dict[str, Any]:
    """Every column of the evidence as it came, under no line yet: what Sighting takes, or one of many rows."""
    arrival = telling.arrival
    return {
        "organization_id": organization_id, "bank_account_id": bank_account_id, "transaction_id": None,
        "feed_id": None, "statement_file_id": None, "source": telling.source, "external_id": arrival.source_id,
        "occurrence": 1, "account_text": arrival.account[:40], "direction": arrival.direction,
        "amount_dong": arrival.dong, "currency": arrival.currency, "raw": arrival.raw, "digest": telling.digest,
        "received_at": at, "day": telling.day, "contradicted": False, "joined_by": "", "parted": False,
    }  # fmt: skip


def same_id(sighting: Sighting) -> QuerySet[Sighting]:
    """What the same source told under the same id of the same account, ours or not."""
    same = Sighting.objects.filter(source=sighting.source, external_id=sighting.external_id)
    if sighting.bank_account_id is not None:
        return same.filter(bank_account_id=sighting.bank_account_id)
    return same.filter(
        organization_id=sighting.organization_id, bank_account=None, account_text=sighting.account_text
    )  # fmt: skip


def contradiction(before: Sighting, sighting: Sighting) -> Written:
    """Same id, other content: both are kept; nothing is booked from the second, and a person is told."""
    same = same_id(before)
    known = same.filter(digest=sighting.digest).first()
    if known is None:
        sighting.occurrence = (same.aggregate(last=Max("occurrence"))["last"] or 0) + 1
        sighting.contradicted = True
        sighting.transaction = before.transaction  # where a person looks for it; it moves nothing
        sighting.save()
        same.update(contradicted=True)
        known = sighting
        if before.transaction_id is not None:
            # NEW lines are told so by their settlement, which looks at the evidence under the line's lock. So are
            # those that wait for a second source: SMS_ONLY says that nothing is booked of them yet.
            lines = BankTransaction.objects.filter(pk=before.transaction_id).exclude(reason=Reason.SMS_ONLY)
            lines.exclude(state__in=[State.NEW, State.NOT_OURS]).update(reason=Reason.CONFLICT)
    return Written(known, before.transaction, is_new=False)


def known_lines(lines: QuerySet[BankTransaction], *, source: str, first: date, last: date) -> KnownLines:
    """Those of ``lines`` that a telling of ``source`` of the days ``first`` to ``last`` may be about."""
    near = lines.filter(day__range=(first - POSTED_WITHIN, last + POSTED_WITHIN))
    if not near.exists():  # most often, and then three questions about the evidence need not be worded
        return KnownLines()
    seen = Sighting.objects.filter(transaction=OuterRef("pk"))
    own = seen.filter(source=source)
    rows = near.order_by("day", "occurrence", "id").values_list(
        "pk", "direction", "amount_dong", "day", "occurrence", "memo", "memo_folded", "reference", "balance_dong",
        "happened_at", "declared_by", "joined_into", Exists(own),
        Exists(own.filter(raw__contains=OuterRef("reference"))), Exists(seen.exclude(source=SMS)),
    )  # fmt: skip
    found = [_known_line(row) for row in rows]
    if source == STATEMENTS:
        _say_days(found, own=Sighting.objects.filter(transaction__in=near, source=source))
    declared = {line.pk: line for line in found if line.memo_by_sms}
    if declared:
        told = Sighting.objects.filter(transaction__in=near.filter(declared_by__isnull=False), contradicted=False)
        for pk, digest in told.values_list("transaction_id", "digest"):
            declared[pk].digests += (digest,)
    return KnownLines(found)


def _say_days(found: Sequence[KnownLine], *, own: QuerySet[Sighting]) -> None:
    """The days that files gave each line, which a call may have told of the evening before."""
    days = defaultdict[int | None, set[date]](set)
    for pk, day, line_day in own.values_list("transaction_id", "day", "transaction__day"):
        days[pk].add(day or line_day)
    for line in found:
        if line.own_source:
            line.own_days = frozenset(days[line.pk])


def _known_line(row: tuple[Any, ...]) -> KnownLine:
    (pk, direction, dong, day, occurrence, memo, folded, reference, balance, happened_at, declared_by, joined_into,
     own_source, own_reference, beyond_sms) = row  # fmt: skip
    return KnownLine(
        pk=pk, direction=direction, dong=dong, day=day, occurrence=occurrence, memo=memo, memo_folded=folded,
        reference=reference, balance_dong=balance, happened_at=happened_at, own_source=own_source,
        own_reference=own_reference, only_by_sms=not beyond_sms, memo_by_sms=declared_by is not None,
        joined=joined_into is not None,
    )  # fmt: skip


def line_values(telling: Telling, *, bank_account: BankAccount, occurrence: int, at: datetime) -> dict[str, Any]:
    """Every column of money that nobody has told of before: what BankTransaction takes, or one of many rows.

    A text message's money is a line too: settlement keeps it unbooked until a person or another source says the same.
    """
    arrival = telling.arrival
    state, reason = State.NEW.value, ""
    if arrival.dong == 0:
        state, reason = State.NOT_OURS.value, Reason.NO_AMOUNT.value
    elif telling.day < bank_account.organization.opened_on:
        state, reason = State.NOT_OURS.value, Reason.BEFORE_OPENING.value
    return {
        "organization_id": bank_account.organization_id, "bank_account_id": bank_account.pk,
        "direction": arrival.direction, "amount_dong": arrival.dong, "day": telling.day, "occurrence": occurrence,
        "memo": arrival.memo, "memo_folded": telling.memo_folded, "reference": arrival.reference[:80],
        "payer_account": arrival.payer_account[:40], "payer_name": arrival.payer_name[:120], "link_id": None,
        "balance_dong": arrival.balance_dong, "happened_at": arrival.happened_at, "seen_at": at, "booked_at": None,
        "state": state, "reason": reason, "used_dong": 0, "tries": 0, "next_try_at": None, "dismissed_by_id": None,
        "dismissed_why": "", "declared_by_id": None, "joined_into_id": None,
    }  # fmt: skip


def take_in(line: BankTransaction, telling: Telling, *, only_by_sms: bool, known: KnownLines) -> set[str]:
    """What one more source adds to the locked ``line``; returns the changed fields, not yet saved.

    Gaps are filled, never what moves money. A text message adds nothing but itself. The first other source takes a
    message's place: its reference and balance count, its memo too while nothing is booked (so that the code comes to
    light), and a line that waited for it is NEW again ("state" is then among the fields).
    """
    arrival, changed = telling.arrival, set[str]()
    if telling.by_sms:
        return changed
    words: dict[str, Any] = {"reference": arrival.reference[:80], "balance_dong": arrival.balance_dong}
    payer = {"payer_account": arrival.payer_account[:40], "payer_name": arrival.payer_name[:120]}
    for name, said in (words | payer).items():
        stands = getattr(line, name)
        replaces = name in words and only_by_sms
        if said != stands and (replaces or stands in ("", None)):
            setattr(line, name, said)
            changed.add(name)
    if only_by_sms and line.booked_at is None:
        changed |= _take_memo(line, telling, known=known) | wake(line)
    return changed


def _take_memo(line: BankTransaction, telling: Telling, *, known: KnownLines) -> set[str]:
    """The other source's words always take the message's place, though they be fewer: a forged message must not lend
    its code to money that somebody else sent at the same time."""
    memo = telling.arrival.memo
    if line.memo == memo:
        return set()
    line.memo = memo
    if line.memo_folded == telling.memo_folded:
        return {"memo"}
    line.memo_folded = telling.memo_folded
    line.occurrence = known.next_occurrence((line.direction, line.amount_dong, line.day, line.memo_folded))
    return {"memo", "memo_folded", "occurrence"}


def wake(line: BankTransaction) -> set[str]:
    """A line that waited as SMS_ONLY is NEW again; returns the changed fields, not yet saved."""
    if line.reason != Reason.SMS_ONLY or line.state not in (State.NEEDS_YOU, State.NOT_OURS):
        return set()
    line.state, line.reason = State.NEW, ""
    line.dismissed_by, line.dismissed_why = None, ""
    line.tries, line.next_try_at = 0, None
    return {"state", "reason", "dismissed_by", "dismissed_why", "tries", "next_try_at"}


def _link(telling: Telling, *, feed: Feed | None) -> PaymentLink | None:
    """What the provider says it was paid through, where that is a link of ours."""
    number = telling.arrival.link
    if not number or feed is None:
        return None
    return PaymentLink.objects.filter(feed=feed, number=number).first()
