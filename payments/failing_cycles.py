"""Market days that do not take place: their orders are cancelled, their buyers told, and money owed back with the task
to send it. And the worker's errands around a closing.

That a market day fails is settled first (orders/deciding_cycles.py); each order then ends in a transaction of its own,
here and again in the worker's next round, so that a stopped worker, a payment on its way or a parcel still booked
leaves none behind: whatever is open in a market day that failed is found by what it is, not by a list.
"""

import logging
from datetime import datetime

from django.db import transaction

from base.periods import vietnam_day
from base.refusals import Refused
from base.retrying import again_when_locked_out
from cooperatives.models import Message, User
from orders import deciding_cycles
from orders.messages import tell_buyer
from orders.models import Cycle, Order
from payments import closing, refunds

log = logging.getLogger(__name__)
State = Cycle.State

_OPEN = (Order.State.PLACED, Order.State.PACKED)


def drop(*, cycle_id: int, why: str, actor: User, at: datetime) -> Cycle:
    """Drop a market day and cancel its orders at once. Raises what deciding_cycles.drop does."""
    cycle = deciding_cycles.drop(cycle_id=cycle_id, why=why, actor=actor, at=at)
    cancel_failed(at=at, cycle_id=cycle_id)
    return cycle


def decide_due(*, at: datetime, most: int = 50) -> int:
    """Settle the market days that have closed, and end the orders of those that fail; returns how many things were
    done. In the worker's first round, after payments were settled and unpaid orders have expired.

    One that fails to be settled is logged in full, holds up none of the others, and is tried again.
    """
    due = list(Cycle.objects.to_decide(at=at).order_by("closes_at").values_list("pk", flat=True)[:most])
    for cycle_id in due:
        try:
            deciding_cycles.close(cycle_id=cycle_id, at=at)
        except Exception:
            log.exception("market day %s has closed and could not be settled", cycle_id)
    return len(due) + cancel_failed(at=at)


def cancel_failed(*, at: datetime, cycle_id: int | None = None, most: int = 200) -> int:
    """End what is still open in market days that do not take place; returns how many orders."""
    failed = Order.objects.filter(state__in=_OPEN, cycle__state__in=[State.FAILED, State.CANCELLED])
    if cycle_id is not None:
        failed = failed.filter(cycle=cycle_id)
    ended = 0
    for order_id in list(failed.order_by("pk").values_list("pk", flat=True)[:most]):
        try:
            _end(order_id=order_id, at=at)
            ended += 1
        except Refused as refused:  # a parcel that somebody has to take back first: shown at the desk
            log.warning("order %s of a failed market day still stands: %s", order_id, refused)
        except Exception:
            log.exception("order %s of a failed market day could not be ended", order_id)
    return ended


def tell_again(*, at: datetime, most: int = 50) -> int:
    """Members of settled market days whose lists have changed. The worker's errand."""
    changed = Cycle.objects.filter(state=State.GOES, lists_sent_at=None).order_by("pk")
    return sum(
        deciding_cycles.tell_again(cycle_id=cycle_id, at=at) for cycle_id in changed.values_list("pk", flat=True)[:most]
    )


def finish_past(*, at: datetime) -> int:
    """Market days that are over, and of which no order is open any more. The worker's errand."""
    over = Cycle.objects.filter(state=State.GOES, pickup_day__lt=vietnam_day(at))
    return over.exclude(orders__state__in=_OPEN).update(state=State.DONE)


@again_when_locked_out
def _end(*, order_id: int, at: datetime) -> None:
    """Cancel one order and ask for what was paid to go back. Ended already, by a rival too: nothing happens."""
    with transaction.atomic():
        before = Order.objects.select_related("cycle").get(pk=order_id)
        assert before.cycle is not None
        reason = deciding_cycles.end_reason(before.cycle)
        held = closing.cancel(order_id=order_id, actor=None, reason=reason, at=at, tells=False)
        if held.ended_at != at or held.end_reason != reason:
            return  # a rival ended it while we waited for its row
        owed_dong = refunds.owed_dong(organization=held.organization, order_id=order_id)
        if owed_dong:
            refunds.write(
                organization=held.organization, order_id=order_id, amount_dong=owed_dong, reason=reason, actor=None,
                at=at,
            )  # fmt: skip
        tell_buyer(order=held, kind=Message.Kind.CYCLE_FAILED, at=at, paid_dong=owed_dong)
