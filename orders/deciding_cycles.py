"""Whether a market day takes place: decided when it closes, or by somebody before or after that.

Here its state moves and everybody is told. The orders of one that does not take place are cancelled and paid back one
by one by payments/failing_cycles.py, which also finishes what a stopped worker left.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import versions
from cooperatives.models import Message, User
from cooperatives.permissions import require
from orders import bringing, cycling
from orders.buyers import one_line
from orders.messages import text_for
from orders.models import Cycle, Order

State = Cycle.State
REASON_LETTERS = 160


class CycleReasonMissing(Refused):
    """Below its minimum it goes ahead for a reason, and for a reason it is dropped; at most 160 letters."""

    code = "CYCLE_REASON_MISSING"
    sentence = _("Hãy ghi lý do, tối đa 160 chữ. Người mua và bà con đọc được.")


class CycleDecided(Refused):
    """It was decided otherwise, or is over."""

    code = "CYCLE_DECIDED"
    sentence = _("Phiên này %(state)s rồi, không làm việc này được nữa.")


def close(*, cycle_id: int, at: datetime) -> Cycle:
    """Its time to order is over: it goes ahead if the goods in orders that stand make its minimum. The worker's part.

    Asked again, or too early, nothing changes. Raises NotFound.
    """

    def do(cycle: Cycle) -> None:
        if cycle.state != State.SET or cycle.closes_at > at:
            return
        enough = cycling.standing_dong(cycle) >= cycle.needs_dong
        _settle(cycle, State.GOES if enough else State.FAILED, why="", actor=None, at=at)

    return _held(cycle_id, do)


@again_when_locked_out
def go_ahead(*, cycle_id: int, why: str, actor: User, at: datetime) -> Cycle:
    """It takes place: before it closes (it then takes no more orders), or although it is below its minimum, which needs
    a reason and a manager or treasurer. Repeating it changes nothing.

    Raises NotFound (a stranger too), CycleReasonMissing, CycleDecided once it has failed or was dropped.
    """

    def do(cycle: Cycle) -> None:
        below = cycling.standing_dong(cycle) < cycle.needs_dong
        deed = "decide_terms" if below else "keep_cycles"
        require(actor, deed, organization=cycle.organization, on=vietnam_day(at))
        if cycle.state == State.GOES:
            return
        if cycle.state != State.SET:
            raise CycleDecided(state=cycle.get_state_display())
        _settle(cycle, State.GOES, why=_checked(why) if below else one_line(why)[:200], actor=actor, at=at)

    return _held(cycle_id, do)


@again_when_locked_out
def drop(*, cycle_id: int, why: str, actor: User, at: datetime) -> Cycle:
    """It does not take place, also after it was to go ahead. What was handed over already stays so.

    Repeating it changes nothing.

    Raises NotFound (a stranger too), CycleReasonMissing, CycleDecided once it has failed or is done.
    """

    def do(cycle: Cycle) -> None:
        require(actor, "cancel_orders", organization=cycle.organization, on=vietnam_day(at))
        if cycle.state == State.CANCELLED:
            return
        if cycle.state not in (State.SET, State.GOES):
            raise CycleDecided(state=cycle.get_state_display())
        _settle(cycle, State.CANCELLED, why=_checked(why), actor=actor, at=at)

    return _held(cycle_id, do)


def tell_again(*, cycle_id: int, at: datetime) -> int:
    """Orders of a settled market day ended or came back: members whose list changed are told. How many they were."""
    told: list[int] = []

    def do(cycle: Cycle) -> None:
        if cycle.state == State.GOES and cycle.lists_sent_at is None:
            told.append(bringing.tell_members(cycle, at=at))

    _held(cycle_id, do)
    return sum(told)


def end_reason(cycle: Cycle) -> str:
    """Why its orders are cancelled, as it stands on them."""
    if cycle.state == State.FAILED:
        return _now("phiên “%(name)s” không đủ đơn để họp") % {"name": cycle.name[:80]}
    return _now("phiên “%(name)s” không họp: %(why)s") % {"name": cycle.name[:60], "why": cycle.why[:100]}


def _settle(cycle: Cycle, state: Cycle.State, *, why: str, actor: User | None, at: datetime) -> None:
    cycle.state, cycle.why, cycle.decided_at, cycle.decided_by = state, why, at, actor
    cycle.save(update_fields=["state", "why", "decided_at", "decided_by"])
    if state == State.GOES:
        _tell_buyers(cycle, at=at)
    bringing.tell_members(cycle, at=at)
    versions.moved([cycle.organization_id])


def _tell_buyers(cycle: Cycle, *, at: datetime) -> None:
    open_orders = cycling.live_orders(cycle).filter(state__in=[Order.State.PLACED, Order.State.PACKED])
    orders = open_orders.select_related("organization", "pickup_point", "cycle")
    Message.objects.bulk_create(
        Message(
            organization=order.organization, kind=Message.Kind.CYCLE_GOES, to_name=order.buyer_name,
            to_phone=order.buyer_phone, text=text_for(order=order, kind=Message.Kind.CYCLE_GOES),
            about=f"order:{order.pk}", created_at=at,
        )
        for order in orders.order_by("pk")
    )  # fmt: skip


def _held(cycle_id: int, do: Callable[[Cycle], None]) -> Cycle:
    with transaction.atomic():
        try:
            cycle = Cycle.objects.locked(cycle_id)
        except Cycle.DoesNotExist:
            raise NotFound() from None
        do(cycle)
    return cycle


def _checked(why: str) -> str:
    reason = one_line(why)
    if not 1 <= len(reason) <= REASON_LETTERS:
        raise CycleReasonMissing(field="why")
    return reason
