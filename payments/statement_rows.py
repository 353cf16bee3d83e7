"""The rows of a believed statement file, written down all at once: decided in memory, saved in a few statements.

Each row is decided by the same questions as a single arrival (``payments/recognizing.py``).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection, models

from base.many_rows import in_parts, insert_rows, next_ids
from cooperatives.models import BankAccount
from payments import inbox
from payments.models import BankTransaction, Sighting, StatementFile
from payments.providers.arrival import Arrival
from payments.recognizing import KnownLine, KnownLines
from payments.telling import STATEMENTS, Telling

_ASKED_AT_ONCE = 5_000
_CHANGED_AT_ONCE = 500


class _Before(NamedTuple):
    digest: str
    transaction_id: int | None


@dataclass
class _Decided:
    """What becomes of the rows of one file, nothing of it saved yet."""

    added: list[tuple[Telling, int]] = field(default_factory=list)
    """Rows that nobody has told of, each with its number among equal lines."""
    joins: list[tuple[Telling, KnownLine, Sighting.JoinedBy]] = field(default_factory=list)
    contradicting: list[Telling] = field(default_factory=list)


def write_rows(
    *, arrivals: Sequence[Arrival], bank_account: BankAccount, statement_file: StatementFile, at: datetime
) -> tuple[list[int], list[int]]:
    """Write down every row of one file; returns the ids of the lines that are new, and of those that it woke.

    Needs an open transaction (asserted) and the locked account: a file is written down whole or not at all.
    """
    assert connection.in_atomic_block, "a file is written down whole or not at all"
    tellings = [Telling.of(arrival, source=STATEMENTS) for arrival in arrivals]
    if not tellings:
        return [], []
    days = [telling.day for telling in tellings]
    lines = BankTransaction.objects.filter(bank_account=bank_account)
    known = inbox.known_lines(lines, source=STATEMENTS, first=min(days), last=max(days))
    decided = _decided(tellings, known, _told_before(bank_account, tellings))
    evidence = _Evidence(bank_account, statement_file, at)
    added = _add(decided.added, evidence)
    woken = _join(decided.joins, evidence, known)
    for telling in decided.contradicting:
        sighting = Sighting(**evidence.values(telling))
        inbox.contradiction(inbox.same_id(sighting).select_related("transaction").get(occurrence=1), sighting)
    return added, woken


@dataclass(frozen=True)
class _Evidence:
    """What every row of the file shares."""

    bank_account: BankAccount
    statement_file: StatementFile
    at: datetime

    def values(self, telling: Telling) -> dict[str, Any]:
        values = inbox.evidence_values(
            telling, organization_id=self.bank_account.organization_id, bank_account_id=self.bank_account.pk, at=self.at
        )
        values["statement_file_id"] = self.statement_file.pk
        return values

    def save(self, under: Iterable[tuple[Telling, int, Sighting.JoinedBy]]) -> None:
        """Keep rows as evidence, each under the line with this id."""
        _insert(
            Sighting,
            (self.values(telling) | {"transaction_id": pk, "joined_by": why.value} for telling, pk, why in under),
        )


def _told_before(bank_account: BankAccount, tellings: Sequence[Telling]) -> dict[str, _Before]:
    """By id: what rows that an earlier file brought said, and of which line."""
    before: dict[str, _Before] = {}
    earlier = Sighting.objects.filter(bank_account=bank_account, source=STATEMENTS, occurrence=1)
    if not earlier.exists():
        return before
    for some in in_parts(tellings, _ASKED_AT_ONCE):
        again = earlier.filter(external_id__in=[telling.arrival.source_id for telling in some])
        for own_id, digest, transaction_id in again.values_list("external_id", "digest", "transaction_id"):
            before[own_id] = _Before(digest, transaction_id)
    return before


def _decided(tellings: Sequence[Telling], known: KnownLines, before: dict[str, _Before]) -> _Decided:
    """Rows that an earlier file brought say so by their id: their lines are taken before any new row may join one.
    Rows whose reference is known come before those that can only be told by their memo."""
    decided, ids = _Decided(), set[str]()
    for again in before.values():
        known.tell(again.transaction_id)
    twins: defaultdict[tuple[object, ...], list[Arrival]] = defaultdict(list)
    for telling in tellings:
        twins[telling.sameness].append(telling.arrival)
    references = known.references
    for telling in sorted(tellings, key=lambda telling: telling.arrival.reference not in references):
        own_id = telling.arrival.source_id
        assert own_id not in ids, "readers number equal rows"
        ids.add(own_id)
        if own_id in before:
            if before[own_id].digest != telling.digest:
                decided.contradicting.append(telling)
            continue
        found = known.recognized(telling, twins=twins[telling.sameness])
        if found is None:
            decided.added.append((telling, known.next_occurrence(telling.sameness)))
        else:
            decided.joins.append((telling, *found))
            known.tell(found[0].pk)
    return decided


def _add(rows: Sequence[tuple[Telling, int]], evidence: _Evidence) -> list[int]:
    if not rows:
        return []
    account, added = evidence.bank_account, next_ids(BankTransaction, len(rows))
    _insert(
        BankTransaction,
        (
            {"id": pk} | inbox.line_values(telling, bank_account=account, occurrence=number, at=evidence.at)
            for pk, (telling, number) in zip(added, rows, strict=True)
        ),
    )
    first = Sighting.JoinedBy.FIRST
    evidence.save((telling, pk, first) for (telling, _), pk in zip(rows, added, strict=True))
    return added


def _join(
    rows: Sequence[tuple[Telling, KnownLine, Sighting.JoinedBy]], evidence: _Evidence, known: KnownLines
) -> list[int]:
    """Hang the rows under their lines, locked in id order, and let each line take in what is new to it."""
    woken: list[int] = []
    for some in in_parts(sorted(rows, key=lambda row: row[1].pk), _CHANGED_AT_ONCE):
        locked = BankTransaction.objects.select_for_update(no_key=True).order_by("id")
        lines = {line.pk: line for line in locked.filter(pk__in=[seen.pk for _, seen, _ in some])}
        under: list[tuple[Telling, int, Sighting.JoinedBy]] = []
        changes: defaultdict[frozenset[str], list[BankTransaction]] = defaultdict(list)
        for telling, seen, why in some:
            line = lines[seen.pk]
            changed = inbox.take_in(line, telling, only_by_sms=seen.only_by_sms, known=known)
            changes[frozenset(changed)].append(line)
            if "state" in changed:
                woken.append(line.pk)
            under.append((telling, line.pk, why))
        evidence.save(under)
        for fields, changed_lines in changes.items():
            if fields:
                BankTransaction.objects.bulk_update(changed_lines, sorted(fields))
    return woken


def _insert(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """``rows`` all name the same fields in the same order."""
    rest = iter(rows)
    first = next(rest, None)
    if first is not None:
        insert_rows(model, tuple(first), (tuple(row.values()) for row in chain([first], rest)))
