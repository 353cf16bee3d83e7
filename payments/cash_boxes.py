"""A keeper's cash box: what it holds, handing cash to another keeper, counting it when the day is closed.

Whatever moves cash between people goes under the organization's row, as receipts do (docs/locking.md), so that an
amount that was looked at is still there when it is booked. Cash brought to the bank is booked by the bank's line
(``explaining``, kind BANKED), under the box's ledger account.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q, Sum
from django.utils.translation import gettext_lazy as _

from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.doing_once import done_once
from cooperatives.models import LedgerAccount, Organization, User
from cooperatives.permissions import may, require
from orders.buyers import one_line
from payments import deeds, postings
from payments.models import CashCount, CashHandover

LONGEST_NOTE = 200
State = CashHandover.State


class MoreThanInBox(Refused):
    code = "MORE_THAN_IN_BOX"
    sentence = _("Nhiều hơn số tiền trong két (%(box)s).")


class NotAKeeper(Refused):
    code = "NOT_A_KEEPER"
    sentence = _("Hãy chọn người khác, đang được giao thu tiền mặt ở đây.")


class CountDiffers(Refused):
    code = "COUNT_DIFFERS"
    sentence = _("Số đếm được không bằng số bàn giao (%(amount)s). Đếm lại; vẫn lệch thì chọn không nhận và ghi lý do.")


class HandoverDecided(Refused):
    code = "HANDOVER_DECIDED"
    sentence = _("Lần bàn giao này đã xong: %(state)s.")


class NoteMissing(Refused):
    code = "NOTE_MISSING"
    sentence = _("Sổ ghi %(expected)s, đếm được %(counted)s: lệch %(gap)s. Đếm lại; vẫn lệch thì ghi vì sao.")


class LongNote(Refused):
    code = "LONG_NOTE"
    sentence = _("Ghi chú dài quá %(longest)s chữ.")


def box_dong(organization: Organization, keeper: User) -> int:
    """What lies in ``keeper``'s box by the books, whole đồng."""
    return ledger.balance_dong(organization=organization, kind=Kind.CASH, subject=_subject(keeper))


def locked_box_dong(organization: Organization, keeper: User) -> int:
    """The same, and nobody takes anything out before the transaction ends. Locks the box's ledger account."""
    boxes = LedgerAccount.objects.select_for_update(no_key=True)
    box = boxes.filter(organization=organization, kind=Kind.CASH, subject=_subject(keeper)).first()
    return box.balance_dong if box else 0


@again_when_locked_out
def offer(
    *, organization_id: int, to_keeper_id: int, amount_dong: int, note: str = "", actor: User, key: str, at: datetime
) -> CashHandover:
    """Say that ``amount_dong`` of ``actor``'s box goes to another keeper; nothing is booked before she has counted it.

    Repeat-safe by ``key``. Raises NotFound, BadAmount, NotAKeeper; MoreThanInBox where the box does not hold as much
    beside what was offered from it already; LongNote.
    """
    checked_dong(amount_dong)
    said = _checked_note(note)
    organization = _organization(organization_id, actor=actor, at=at)
    taker = User.objects.filter(pk=to_keeper_id).exclude(pk=actor.pk).first()
    if taker is None or not may(taker, "receive_cash", organization=organization, on=vietnam_day(at)):
        raise NotAKeeper(field="to_keeper_id")

    def do() -> str:
        locked = Organization.objects.held(organization_id)
        free = locked_box_dong(locked, actor) - waiting_dong(locked, actor)
        if amount_dong > free:
            raise MoreThanInBox(field="amount_dong", box=figures(max(free, 0)))
        last = CashHandover.objects.filter(organization=locked).aggregate(last=Max("number"))["last"] or 0
        return str(
            CashHandover.objects.create(
                organization=locked, number=last + 1, from_keeper=actor, to_keeper=taker, amount_dong=amount_dong,
                note=said, offered_at=at,
            ).pk
        )  # fmt: skip

    with transaction.atomic():
        meaning = [organization_id, to_keeper_id, amount_dong]
        result, _replayed = done_once(verb="cash_handover_offer", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return _shown(result)


def waiting_dong(organization: Organization, keeper: User) -> int:
    """What was offered from a box and nobody has counted yet: it still lies in it."""
    waiting = CashHandover.objects.filter(organization=organization, from_keeper=keeper, state=State.OFFERED)
    return waiting.aggregate(dong=Sum("amount_dong"))["dong"] or 0


def waiting_for(organization: Organization, keeper: User) -> list[CashHandover]:
    """What ``keeper`` is to count, the oldest first."""
    offers = CashHandover.objects.filter(organization=organization, to_keeper=keeper, state=State.OFFERED)
    return list(offers.select_related("from_keeper", "to_keeper").order_by("id"))


@again_when_locked_out
def accept(*, handover_id: int, counted_dong: int, actor: User, at: datetime) -> CashHandover:
    """The receiver has counted what she was given: booked into her box. Repeating it changes nothing.

    Raises NotFound for everybody else, BadAmount, CountDiffers, HandoverDecided; MoreThanInBox where the giver's box
    has not as much any more.
    """
    checked_dong(counted_dong)

    def do(handover: CashHandover) -> None:
        if counted_dong != handover.amount_dong:
            raise CountDiffers(field="counted_dong", amount=figures(handover.amount_dong))
        holds = locked_box_dong(handover.organization, handover.from_keeper)
        if holds < handover.amount_dong:
            raise MoreThanInBox(box=figures(holds))
        handover.entry = ledger.post(
            organization=handover.organization, key=f"cash_moved:{handover.pk}", event=Event.CASH_MOVED,
            meaning={
                "from": handover.from_keeper_id, "to": handover.to_keeper_id, "amount": handover.amount_dong,
            },
            moves=postings.cash_moved(handover), booked_on=vietnam_day(at), at=at, actor=actor,
        )  # fmt: skip

    return _decide(handover_id, State.ACCEPTED, do, actor=actor, at=at)


@again_when_locked_out
def refuse(*, handover_id: int, reason: str, actor: User, at: datetime) -> CashHandover:
    """The receiver does not take it; the cash stays where it is. Repeating it changes nothing.

    Raises NotFound for everybody else, ReasonMissing, HandoverDecided.
    """
    why = deeds.checked_reason(reason)

    def do(handover: CashHandover) -> None:
        handover.reason = why

    return _decide(handover_id, State.REFUSED, do, actor=actor, at=at)


@again_when_locked_out
def withdraw(*, handover_id: int, actor: User, at: datetime) -> CashHandover:
    """The giver takes her offer back. Repeating it changes nothing. Raises NotFound, HandoverDecided."""
    return _decide(handover_id, State.WITHDRAWN, lambda handover: None, actor=actor, at=at)


@again_when_locked_out
def count(*, organization_id: int, counted_dong: int, note: str = "", actor: User, key: str, at: datetime) -> CashCount:
    """Close ``actor``'s box for the day: what she counted beside the books, a difference booked at once.

    Several a day are fine. What was offered and not yet accepted is still hers to count. Repeat-safe by ``key``.
    Raises NotFound, BadAmount, NoteMissing where it differs and nobody says why, LongNote.
    """
    checked_dong(counted_dong, least=0)
    said = _checked_note(note)
    _organization(organization_id, actor=actor, at=at)

    def do() -> str:
        organization = Organization.objects.held(organization_id)
        expected = locked_box_dong(organization, actor)
        gap = counted_dong - expected
        if gap and len(said) < 3:
            raise NoteMissing(
                field="note", expected=figures(expected), counted=figures(counted_dong), gap=figures(abs(gap))
            )
        last = CashCount.objects.filter(organization=organization).aggregate(last=Max("number"))["last"] or 0
        counted = CashCount.objects.create(
            organization=organization, number=last + 1, keeper=actor, day=vietnam_day(at), expected_dong=expected,
            counted_dong=counted_dong, note=said, at=at,
        )  # fmt: skip
        if gap:
            counted.entry = ledger.post(
                organization=organization, key=f"counted:{counted.pk}",
                event=Event.COUNTED_OVER if gap > 0 else Event.COUNTED_SHORT,
                meaning={"keeper": actor.pk, "expected": expected, "counted": counted_dong},
                moves=postings.counted(counted), booked_on=counted.day, at=at, actor=actor,
            )  # fmt: skip
            counted.save(update_fields=["entry"])
        return str(counted.pk)

    with transaction.atomic():
        meaning = [organization_id, counted_dong, said]
        result, _replayed = done_once(verb="cash_count", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return CashCount.objects.select_related("organization", "keeper").get(pk=result)


def _decide(
    handover_id: int, state: State, do: Callable[[CashHandover], None], *, actor: User, at: datetime
) -> CashHandover:
    """Move an offer to ``state`` for the one of the two keepers who may; ``do`` is what goes with it."""
    mine = Q(from_keeper=actor) if state == State.WITHDRAWN else Q(to_keeper=actor)
    found = CashHandover.objects.filter(mine, pk=handover_id).first()
    if found is None:
        raise NotFound()
    _organization(found.organization_id, actor=actor, at=at)
    with transaction.atomic():
        organization = Organization.objects.held(found.organization_id)
        offers = CashHandover.objects.select_for_update(of=("self",), no_key=True)
        handover = offers.select_related("from_keeper", "to_keeper").get(pk=handover_id)
        if handover.state != state:
            if handover.state != State.OFFERED:
                raise HandoverDecided(state=handover.get_state_display())
            handover.organization = organization
            do(handover)
            handover.state, handover.decided_at = state, at
            handover.save(update_fields=["state", "decided_at", "reason", "entry"])
    return _shown(handover_id)


def _organization(organization_id: int, *, actor: User, at: datetime) -> Organization:
    """Where ``actor`` keeps a box. Raises NotFound."""
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise NotFound()
    require(actor, "receive_cash", organization=organization, on=vietnam_day(at))
    return organization


def _checked_note(note: str) -> str:
    said = one_line(note)
    if len(said) > LONGEST_NOTE:
        raise LongNote(field="note", longest=LONGEST_NOTE)
    return said


def _subject(keeper: User) -> str:
    return f"keeper:{keeper.pk}"


def _shown(handover_id: int | str) -> CashHandover:
    return CashHandover.objects.select_related("organization", "from_keeper", "to_keeper").get(pk=handover_id)
