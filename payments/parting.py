"""A person's word on which evidence tells of which money: two lines are one, or one line's evidence is of two.

Both ways leave a SightingMove for each piece of evidence, and nothing is erased. A line that was joined into another
stays as history, out of the books; evidence that is parted gets a new line of its own. So whoever joined by mistake
parts again: the money stands as before, under a new number.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.models import BankAccount, User
from cooperatives.permissions import require
from payments import entering, inbox
from payments.deeds import NotYetBooked, checked_reason
from payments.models import BankTransaction, Sighting, SightingMove
from payments.telling import SMS, digest_of, identity_of

State, Reason, JoinedBy = BankTransaction.State, BankTransaction.Reason, Sighting.JoinedBy

_WORDS = ["reference", "balance_dong", "payer_account", "payer_name"]
"""What a line says beside what identifies it; goes with the evidence that alone said it."""


class OnlySighting(Refused):
    code = "ONLY_SIGHTING"
    sentence = _("Dòng này chỉ có một chứng từ, không tách ra được.")


class StillUsed(Refused):
    code = "STILL_USED"
    sentence = _("Tiền của dòng này đã dùng cho khoản khác. Hãy gỡ ra trước.")


class NotTheSameMoney(Refused):
    code = "NOT_THE_SAME_MONEY"
    sentence = _("Hai dòng này không thể là một: khác tài khoản, chiều, số tiền, hoặc cùng nằm trong một sao kê.")


@again_when_locked_out
def part(*, sighting_id: int, reason: str, actor: User, at: datetime) -> BankTransaction:
    """Take one piece of evidence off its line: it becomes money of its own, NEW, for settlement to look at.

    What came under the same id goes along. What only this evidence said of the line goes with it; the new line has the
    memo only where the evidence says the same one, so that no code counts twice by mistake. A line that is left with
    text messages alone stands in no book any more. Raises NotFound, ReasonMissing, OnlySighting; NotYetBooked while the
    machine is at the line; StillUsed when money of a line that only messages would be left of is in use.
    """
    found = Sighting.objects.filter(pk=sighting_id).first()
    if found is None or found.transaction_id is None:
        raise NotFound()
    line = _of_theirs(found.transaction_id, actor=actor, at=at)
    why = checked_reason(reason)
    with transaction.atomic():
        line = _locked([line.pk], account_id=line.bank_account_id)[line.pk]
        if line.state == State.NEW:  # what booked it before, and was taken out, is told by the messages under it
            raise NotYetBooked()
        evidence = list(line.sightings.select_related("transaction").order_by("id"))
        named = next((one for one in evidence if one.pk == sighting_id), None)
        if named is None:  # moved while we waited
            raise NotFound()
        taken = [one for one in evidence if (one.source, one.external_id) == (named.source, named.external_id)]
        left = [one for one in evidence if one not in taken]
        if not left:
            raise OnlySighting()
        own = _line_of_its_own(line, taken, left, at=at)
        _move(taken, own, reason=why, actor=actor, at=at)
        Sighting.objects.filter(pk__in=[one.pk for one in taken]).update(parted=True)
        _leave_with(line, left, actor=actor, at=at)
    return BankTransaction.objects.preloaded().get(pk=own.pk)


@again_when_locked_out
def join(*, transaction_id: int, into_id: int, reason: str, actor: User, at: datetime) -> BankTransaction:
    """Say that two lines are the same money; returns the one that stays, with the evidence of both.

    The first is taken out of the books and must be unused. A line known by text messages alone that gets other evidence
    this way is NEW again. Repeating it changes nothing. Raises NotFound, ReasonMissing, StillUsed; NotTheSameMoney when
    account, direction or amount differ, one of them was joined before, or one statement file tells of both.
    """
    gone, stays = _of_theirs(transaction_id, actor=actor, at=at), _of_theirs(into_id, actor=actor, at=at)
    why = checked_reason(reason)
    if gone.bank_account_id != stays.bank_account_id or gone.pk == stays.pk:
        raise NotTheSameMoney()
    with transaction.atomic():
        lines = _locked([gone.pk, stays.pk], account_id=gone.bank_account_id)
        gone, stays = lines[gone.pk], lines[stays.pk]
        if gone.joined_into_id != stays.pk:
            _join(gone, stays, reason=why, actor=actor, at=at)
    return BankTransaction.objects.preloaded().get(pk=stays.pk)


def _of_theirs(transaction_id: int, *, actor: User, at: datetime) -> BankTransaction:
    """The line, for whoever may settle money of its organization. Raises NotFound."""
    line = BankTransaction.objects.select_related("organization").filter(pk=transaction_id).first()
    if line is None:
        raise NotFound()
    require(actor, "settle_money", organization=line.organization, on=vietnam_day(at))
    return line


def _locked(ids: Collection[int], *, account_id: int) -> dict[int, BankTransaction]:
    """The account first, so that no new evidence comes in between; then the lines in id order (docs/locking.md)."""
    BankAccount.objects.select_for_update(no_key=True).get(pk=account_id)
    rows = BankTransaction.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    return {line.pk: line for line in rows.filter(pk__in=ids).order_by("id")}


def _join(gone: BankTransaction, stays: BankTransaction, *, reason: str, actor: User, at: datetime) -> None:
    one, other = ((line.direction, line.amount_dong) for line in (gone, stays))
    if one != other or gone.joined_into_id is not None or stays.joined_into_id is not None:
        raise NotTheSameMoney()
    theirs = list(gone.sightings.select_related("transaction").order_by("id"))
    files = {sighting.statement_file_id for sighting in theirs} - {None}
    if stays.sightings.filter(statement_file__in=files).exists():
        raise NotTheSameMoney()
    if gone.used_dong:
        raise StillUsed()
    if gone.booked_at is not None:
        entering.take_out(gone, at=at, actor=actor)
    was_claim = _only_messages(list(stays.sightings.all())) and stays.booked_at is None
    _move(theirs, stays, reason=reason, actor=actor, at=at)
    if was_claim and not _only_messages(theirs):
        for word in _WORDS:
            setattr(stays, word, getattr(gone, word))
        _rename(stays, gone.memo)
        inbox.wake(stays)
        stays.save()
    gone.state, gone.reason, gone.joined_into = State.NOT_OURS, Reason.JOINED, stays
    gone.declared_by, gone.dismissed_by, gone.dismissed_why, gone.next_try_at = None, None, "", None
    gone.save()


def _line_of_its_own(
    line: BankTransaction, taken: Sequence[Sighting], left: Sequence[Sighting], *, at: datetime
) -> BankTransaction:
    """A new line for ``taken``, with what nothing that is ``left`` says; where it was joined from, as that line was."""
    move = SightingMove.objects.filter(sighting=taken[0], to_transaction=line).select_related("from_transaction")
    came = move.order_by("-id").first()
    before = came.from_transaction if came is not None else line
    own = BankTransaction(
        organization=line.organization, bank_account_id=line.bank_account_id, direction=line.direction,
        amount_dong=line.amount_dong, day=before.day, happened_at=before.happened_at, seen_at=at,
    )  # fmt: skip
    memo = before.memo if _said(before, taken) else ""
    if came is not None:
        memo = before.memo
        for word in _WORDS:
            setattr(own, word, getattr(before, word))
    else:
        for word in ("reference", "balance_dong"):
            said = getattr(line, word)
            if said not in ("", None) and not _in_raw(said, left):
                setattr(own, word, said)
                setattr(line, word, "" if word == "reference" else None)
    if own.amount_dong == 0:  # as when it is first told of (payments/inbox.py): never settled, never booked
        own.state, own.reason = State.NOT_OURS, Reason.NO_AMOUNT
    elif own.day < line.organization.opened_on:
        own.state, own.reason = State.NOT_OURS, Reason.BEFORE_OPENING
    _rename(own, memo)
    own.save(force_insert=True)
    return own


def _leave_with(line: BankTransaction, left: Sequence[Sighting], *, actor: User, at: datetime) -> None:
    """The line after evidence was taken off it: text messages alone keep nothing in the books that nobody declared."""
    if _only_messages(left) and line.declared_by_id is None:
        if line.used_dong:
            raise StillUsed()
        if line.booked_at is not None:
            entering.take_out(line, at=at, actor=actor)
            line.state, line.reason = State.NEEDS_YOU, Reason.SMS_ONLY
            line.dismissed_by, line.dismissed_why = None, ""
        if not _said(line, left):
            _rename(line, "")
    line.save()


def _move(evidence: Sequence[Sighting], to: BankTransaction, *, reason: str, actor: User, at: datetime) -> None:
    SightingMove.objects.bulk_create(
        SightingMove(
            sighting=one, from_transaction=one.transaction, to_transaction=to, at=at, actor=actor, reason=reason
        )
        for one in evidence
    )
    Sighting.objects.filter(pk__in=[one.pk for one in evidence]).update(transaction=to, joined_by=JoinedBy.PERSON)


def _rename(line: BankTransaction, memo: str) -> None:
    """Another memo is another identity: the line becomes the last of its equals. Needs the account's lock."""
    folded = identity_of(memo)
    line.memo = memo
    if folded != line.memo_folded:
        equal = BankTransaction.objects.filter(
            bank_account_id=line.bank_account_id, direction=line.direction, amount_dong=line.amount_dong, day=line.day,
            memo_folded=folded,
        )  # fmt: skip
        line.memo_folded, line.occurrence = folded, (equal.aggregate(last=Max("occurrence"))["last"] or 0) + 1


def _only_messages(evidence: Sequence[Sighting]) -> bool:
    return bool(evidence) and all(one.source == SMS for one in evidence)


def _said(line: BankTransaction, evidence: Sequence[Sighting]) -> bool:
    """Whether ``evidence`` says the memo that ``line`` has."""
    digest = digest_of(line.direction, line.amount_dong, line.memo_folded)
    return any(one.digest == digest for one in evidence)


def _in_raw(said: str | int, evidence: Sequence[Sighting]) -> bool:
    """Whether the text as it came holds this reference, or this figure however it was written."""
    if isinstance(said, str):
        return any(said in one.raw for one in evidence)
    return any(str(abs(said)) in re.sub(r"[.,\s]", "", one.raw) for one in evidence)
