"""Posting, reversing, verifying. Knows accounts, đồng, a reason and a key; nothing of orders or banks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from base.many_rows import insert_few, insert_rows
from base.money import checked_dong
from base.refusals import Refused
from cooperatives import chart
from cooperatives.chart import Event, Kind
from cooperatives.doing_once import fingerprint
from cooperatives.models import Entry, LedgerAccount, Organization, Posting, User

_ENTRY = (
    "organization", "key", "fingerprint", "event", "booked_on", "at", "actor", "for_whom", "corrects", "reverses",
)  # fmt: skip
_POSTING = ("entry", "debit", "credit", "amount_dong")
_ACCOUNT = ("organization", "kind", "subject", "side", "no_overdraft", "debits", "credits", "lock_seat")
_OPENED_AT_ONCE = 500


class EntryKeyReused(Refused):
    code = "ENTRY_KEY_REUSED"
    sentence = _("Bút toán này đã ghi với nội dung khác.")


class AlreadyReversed(Refused):
    code = "ALREADY_REVERSED"
    sentence = _("Bút toán này đã được hoàn lại rồi.")


class Acct(NamedTuple):
    """An account by kind and subject ("order:12"); opened at its first use."""

    kind: Kind
    subject: str = ""


@dataclass(frozen=True)
class Move:
    """One posting to be: ``amount_dong`` from ``credit`` to ``debit``."""

    debit: Acct
    credit: Acct
    amount_dong: int


def post(
    *,
    organization: Organization,
    key: str,
    event: Event,
    meaning: Any,
    moves: Sequence[Move],
    booked_on: date,
    at: datetime,
    actor: User | None = None,
    for_whom: User | None = None,
    corrects: Entry | None = None,
) -> Entry:
    """Book one event, or return the Entry that the same key booked before.

    Needs an open transaction (asserted); the triggers move the balances. ``meaning`` is the event's
    input in JSON types: the same key with another meaning is refused (EntryKeyReused). ``moves`` must be
    non-empty, of positive whole đồng, in pairs that the chart allows for the event.
    """
    return _book(
        organization=organization, key=key, event=event, digest=fingerprint([event, meaning]), moves=moves,
        booked_on=booked_on, at=at, actor=actor, for_whom=for_whom, corrects=corrects, reverses=None,
    )  # fmt: skip


@dataclass(frozen=True)
class Booking:
    """One event to be booked among many: what ``post`` takes for it."""

    key: str
    event: Event
    meaning: Any
    moves: Sequence[Move]
    booked_on: date


def post_many(
    *, organization: Organization, bookings: Sequence[Booking], at: datetime, actor: User | None = None
) -> list[int]:
    """Book many events in a few statements, under the same checks as ``post``; returns their entries' ids in order.

    Needs an open transaction (asserted). No key twice among them. What a key booked before is returned as it stands;
    one key with another meaning refuses them all (EntryKeyReused). Every touched account is locked until the
    transaction ends, so callers keep the number in the hundreds.
    """
    assert connection.in_atomic_block, "the ledger posts inside its caller's transaction"
    digests = {booking.key: fingerprint([booking.event, booking.meaning]) for booking in bookings}
    assert len(digests) == len(bookings), "each event has a key of its own"
    for booking in bookings:
        _check(booking.event, booking.moves)
    insert_rows(
        Entry, ("organization", "key", "fingerprint", "event", "booked_on", "at", "actor"),
        [
            (organization.pk, booking.key, digests[booking.key], str(booking.event), booking.booked_on, at,
             actor.pk if actor else None)
            for booking in sorted(bookings, key=lambda booking: booking.key)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    found = Entry.objects.filter(organization=organization, key__in=list(digests))
    stored: dict[str, int] = {}
    for key, digest, pk in found.values_list("key", "fingerprint", "pk"):
        if digest != digests[key]:
            raise EntryKeyReused()
        stored[key] = pk
    posted = set(Posting.objects.filter(entry__in=list(stored.values())).values_list("entry_id", flat=True))
    fresh = [booking for booking in bookings if stored[booking.key] not in posted]
    if fresh:
        wanted = {acct for booking in fresh for move in booking.moves for acct in (move.debit, move.credit)}
        accounts = _locked_accounts(organization, wanted)
        insert_rows(
            Posting, _POSTING,
            [
                (stored[booking.key], accounts[move.debit], accounts[move.credit], move.amount_dong)
                for booking in fresh
                for move in booking.moves
            ],
        )  # fmt: skip
    return [stored[booking.key] for booking in bookings]


def reverse(*, entry: Entry, at: datetime, booked_on: date, actor: User | None) -> Entry:
    """Undo ``entry`` by its exact mirror. Repeating it returns the first mirror.

    Needs an open transaction. ``reverses`` is unique, so nothing is taken back twice. An entry that is
    itself a reversal is not reversed again (AlreadyReversed): book the right thing anew.
    """
    if entry.reverses_id is not None:
        raise AlreadyReversed()
    moves = [
        Move(debit=_acct(posting.credit), credit=_acct(posting.debit), amount_dong=posting.amount_dong)
        for posting in entry.postings.select_related("debit", "credit").order_by("id")
    ]
    return _book(
        organization=entry.organization, key=f"reversed:{entry.pk}", event=Event.REVERSED,
        digest=fingerprint([Event.REVERSED, entry.pk]), moves=moves,
        booked_on=booked_on, at=at, actor=actor, for_whom=None, corrects=None, reverses=entry,
    )  # fmt: skip


def balance_dong(*, organization: Organization, kind: Kind, subject: str = "") -> int:
    """Balance of one account on its normal side; 0 where it was never opened."""
    account = LedgerAccount.objects.filter(organization=organization, kind=kind, subject=subject).first()
    return account.balance_dong if account else 0


def held_dong(*, organization: Organization, accounts: Iterable[Acct]) -> dict[Acct, int]:
    """The balances of these accounts, each on its normal side; nobody moves them before the transaction ends.

    Needs an open transaction. Who decides by a balance and then posts to other accounts too names them all here, so
    that they are locked in id order at once (docs/locking.md). What was never opened is opened.
    """
    assert connection.in_atomic_block, "a lock outlives nothing but its transaction"
    locked = _locked_accounts(organization, set(accounts))
    rows = LedgerAccount.objects.in_bulk(locked.values())
    return {acct: rows[pk].balance_dong for acct, pk in locked.items()}


def total_dong(*, organization: Organization, kind: Kind) -> int:
    """Sum of the balances of every account of a kind, on its normal side."""
    accounts = LedgerAccount.objects.filter(organization=organization, kind=kind)
    sums = accounts.aggregate(d=Sum("debits"), c=Sum("credits"))
    difference = (sums["d"] or 0) - (sums["c"] or 0)
    return difference if chart.SHAPES[kind].side == "D" else -difference


def _acct(account: LedgerAccount) -> Acct:
    return Acct(Kind(account.kind), account.subject)


def _book(
    *,
    organization: Organization,
    key: str,
    event: Event,
    digest: str,
    moves: Sequence[Move],
    booked_on: date,
    at: datetime,
    actor: User | None,
    for_whom: User | None,
    corrects: Entry | None,
    reverses: Entry | None,
) -> Entry:
    assert connection.in_atomic_block, "the ledger posts inside its caller's transaction"
    _check(event, moves)
    entry = Entry(
        organization=organization, key=key, fingerprint=digest, event=event, booked_on=booked_on, at=at,
        actor=actor, for_whom=for_whom, corrects=corrects, reverses=reverses,
    )  # fmt: skip
    # It waits for a rival with the same key to commit, and returns a row only if this one is new.
    values = (
        organization.pk, key, digest, str(event), booked_on, at, entry.actor_id, entry.for_whom_id, entry.corrects_id,
        entry.reverses_id,
    )  # fmt: skip
    made = insert_few(Entry, _ENTRY, [values], ignore_conflicts=True)
    if not made:
        stored = Entry.objects.get(organization=organization, key=key)
        if stored.fingerprint != digest:
            raise EntryKeyReused()
        return stored
    [[entry.pk]] = made
    entry._state.adding, entry._state.db = False, connection.alias
    accounts = _locked_accounts(organization, {acct for move in moves for acct in (move.debit, move.credit)})
    insert_few(
        Posting,
        _POSTING,
        [(entry.pk, accounts[move.debit], accounts[move.credit], move.amount_dong) for move in moves],
    )
    return entry


def _check(event: Event, moves: Sequence[Move]) -> None:
    assert moves, "an entry has postings"
    for move in moves:
        checked_dong(move.amount_dong)
        assert chart.allowed(event, debit=move.debit.kind, credit=move.credit.kind), (event, move)


def _locked_accounts(organization: Organization, wanted: set[Acct]) -> dict[Acct, int]:
    """The id of every account of ``wanted``, opened if need be, locked in id order (docs/locking.md)."""
    accounts = _locked(organization, wanted)
    missing = [
        (organization.pk, acct.kind.value, acct.subject, shape.side, not shape.below_zero, 0, 0, False)
        for acct in sorted(wanted - accounts.keys())
        for shape in [chart.SHAPES[acct.kind]]
    ]
    for start in range(0, len(missing), _OPENED_AT_ONCE):
        # What we open is ours until we commit: nobody else sees it, so it needs no other lock.
        opened = insert_few(
            LedgerAccount, _ACCOUNT, missing[start : start + _OPENED_AT_ONCE], returning=["kind", "subject", "id"],
            ignore_conflicts=True,
        )  # fmt: skip
        accounts |= {Acct(Kind(kind), subject): pk for kind, subject, pk in opened}
    if len(accounts) < len(wanted):  # a rival has opened one since the first look, and has committed
        accounts = _locked(organization, wanted)
    assert len(accounts) == len(wanted)
    return accounts


def _locked(organization: Organization, wanted: set[Acct]) -> dict[Acct, int]:
    """Those of ``wanted`` that are open, by id, locked in id order.

    Written out: the ORM takes longer to word this one statement than all of an entry's take to run.
    """
    subjects: dict[Kind, list[str]] = {}
    for acct in sorted(wanted):
        subjects.setdefault(acct.kind, []).append(acct.subject)
    branches, values = [], list[int | str]()
    for kind, of_kind in subjects.items():
        # The organization in each branch: so SQLite goes by the unique index and not through all of its accounts.
        branches.append(f"(organization_id = %s AND kind = %s AND subject IN ({', '.join(['%s'] * len(of_kind))}))")
        values += [organization.pk, kind.value, *of_kind]
    table = LedgerAccount._meta.db_table
    lock = " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT kind, subject, id FROM "{table}" WHERE {" OR ".join(branches)} ORDER BY id{lock}',  # noqa: S608
            values,
        )
        return {Acct(Kind(kind), subject): pk for kind, subject, pk in cursor.fetchall()}
