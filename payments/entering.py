"""Entering a line of the bank into the books as arrived or departed, and taking it out again.

A text message alone is a claim, not evidence: such a line stands in no book until another source tells of it or a
person says that the money moved. What she said is taken back together with whatever she did with the line.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import count

from base.periods import vietnam_day
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.models import BankAccount, Entry, User
from payments import postings
from payments.models import BankTransaction, Sighting
from payments.telling import SMS

State, Reason = BankTransaction.State, BankTransaction.Reason


def enter(line: BankTransaction, *, at: datetime, actor: User | None = None, again: bool = False) -> None:
    """Book the locked ``line``; its caller saves ``booked_at``. ``again``: it may have been taken out before."""
    is_in = line.direction == BankTransaction.Direction.IN
    keys = keys_of(line)
    key = next(keys)
    while again and Entry.objects.filter(organization_id=line.organization_id, reverses__key=key).exists():
        key = next(keys)
    ledger.post(
        organization=line.organization, key=key, event=Event.ARRIVED if is_in else Event.DEPARTED,
        meaning={"transaction": line.pk, "account": line.bank_account_id, "amount": line.amount_dong},
        moves=postings.arrived(line) if is_in else postings.departed(line), booked_on=line.day, at=at, actor=actor,
    )  # fmt: skip
    line.booked_at = at


def take_out(line: BankTransaction, *, at: datetime, actor: User | None) -> None:
    """Reverse what ``enter`` booked of the locked, wholly unused ``line``; its caller saves ``booked_at``."""
    assert line.used_dong == 0, "what is used stays in the books"
    known = Entry.objects.filter(organization_id=line.organization_id, reversed_by=None)
    for key in keys_of(line):
        entry = known.filter(key=key).first()
        if entry is not None:
            ledger.reverse(entry=entry, at=at, booked_on=vietnam_day(at), actor=actor)
            break
    line.booked_at = None


def keys_of(line: BankTransaction) -> Iterator[str]:
    """The keys of its bookings, the first, the second …: each is taken out before the next is used."""
    event = Event.ARRIVED if line.direction == BankTransaction.Direction.IN else Event.DEPARTED
    yield f"{event}:{line.pk}"
    for nth in count(2):
        yield f"{event}:{line.pk}:{nth}"


def is_claim(line: BankTransaction) -> bool:
    """Known by a text message alone, and in no book."""
    return line.booked_at is None and line.reason == Reason.SMS_ONLY


def only_by_sms(transaction_id: int) -> bool:
    """Whether nothing but text messages tells of it."""
    sources = set(Sighting.objects.filter(transaction_id=transaction_id).values_list("source", flat=True))
    return sources == {SMS}


def lock_account_of(transaction_id: int) -> None:
    """The turnstile of new evidence (docs/locking.md), held while it matters how many sources tell of a line."""
    account = BankAccount.objects.select_for_update(of=("self",), no_key=True)
    account.get(transactions=transaction_id)


def declare(line: BankTransaction, *, actor: User | None, at: datetime) -> None:
    """``actor`` says that the money of a claim really moved: it is booked in her name. Nothing for any other line."""
    if is_claim(line):
        assert actor is not None, "the machine takes no text message's word"
        enter(line, at=at, actor=actor, again=True)
        line.declared_by, line.dismissed_by, line.dismissed_why = actor, None, ""


def withdraw(line: BankTransaction, *, actor: User | None, at: datetime) -> None:
    """What a person declared and nobody uses any more is a claim again, unless another source told of it since.

    Needs the account's lock. The line is then in the state in which she found it.
    """
    if line.declared_by_id is None or line.used_dong or line.booked_at is None or not only_by_sms(line.pk):
        return
    take_out(line, at=at, actor=actor)
    line.declared_by = None
    line.state, line.reason = State.NEEDS_YOU, Reason.SMS_ONLY
