"""Ending an order that may hold money: cancelled or expired, its purse goes back to whoever paid."""

import logging
from datetime import datetime

from django.db import transaction

from base.periods import vietnam_day
from base.refusals import NotFound
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.models import User
from cooperatives.permissions import require
from orders import cancelling
from orders.models import Order
from payments import crediting, postings
from payments.models import PaymentRequest, Release

log = logging.getLogger(__name__)


def cancel(*, order_id: int, actor: User | None, reason: str, at: datetime, tells: bool = True) -> Order:
    """Cancel an order that is not handed over; what was paid becomes owed to the payer.

    A cancelled order never reopens by itself. ``tells`` False: whoever calls tells the buyer. Repeating it returns the
    cancelled order. Raises NotFound for a stranger, and the refusals of orders.cancelling for an order that can no
    longer be cancelled.
    """
    return _end(order_id=order_id, state=Order.State.CANCELLED, actor=actor, reason=reason, at=at, tells=tells)


def expire_due(*, at: datetime, most: int = 200) -> int:
    """End the orders whose time to pay is over; returns how many. Each in its own transaction. The worker's errand.

    One that fails is logged in full and does not hold up the others; it is tried again in the next round.
    """
    due = list(Order.objects.overdue(at=at).order_by("expires_at").values_list("pk", flat=True)[:most])
    for order_id in due:
        try:
            _end(order_id=order_id, state=Order.State.EXPIRED, actor=None, reason="", at=at)
        except Exception:
            log.exception("order %s is overdue and could not be expired", order_id)
    return len(due)


@again_when_locked_out
def _end(
    *, order_id: int, state: Order.State, actor: User | None, reason: str, at: datetime, tells: bool = True
) -> Order:
    with transaction.atomic():
        # Requests before orders (docs/locking.md): a payment on its way takes them in the same order.
        requests = list(PaymentRequest.objects.select_for_update(no_key=True).filter(order_id=order_id).order_by("id"))
        locked = Order.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
        order = locked.filter(pk=order_id).first()
        if order is None:
            raise NotFound()
        if actor is not None:
            require(actor, "cancel_orders", organization=order.organization, on=vietnam_day(at))
        if order.state == state:
            return order
        if state == Order.State.EXPIRED and not _is_overdue(order, at=at):
            return order  # paid while we waited for its lock
        cancelling.end(order=order, state=state, actor=actor, reason=reason, at=at, tells=tells)
        release_purse(order, actor=actor, at=at)
        order.mark_payment(Order.Payment.UNPAID)
        for request in requests:
            close(request, order)
    return order


def close(request: PaymentRequest, order: Order) -> None:
    """The request of an order that ended, its purse given back. Needs both locked."""
    request.state = crediting.closed_as(order)
    request.credited_dong = 0
    request.save(update_fields=["state", "credited_dong"])


def _is_overdue(order: Order, *, at: datetime) -> bool:
    waits = order.state == Order.State.PLACED and not order.is_covered
    return waits and order.expires_at is not None and order.expires_at <= at


def release_purse(order: Order, *, dong: int | None = None, actor: User | None, at: datetime) -> None:
    """``dong`` of an order's purse (None: all of it), owed to whoever paid; against what the buyer owes first.

    Needs an open transaction and the locked order. Nothing is booked of an empty purse.
    """
    subject = f"order:{order.pk}"
    purse_dong = ledger.balance_dong(organization=order.organization, kind=Kind.PREPAID, subject=subject)
    dong = purse_dong if dong is None else dong
    if not dong:
        return
    owed = ledger.balance_dong(organization=order.organization, kind=Kind.OWED_BY_BUYERS, subject=subject)
    release = Release.objects.create(order=order, amount_dong=dong, at=at, actor=actor, reason=order.state)
    release.entry = ledger.post(
        organization=order.organization, key=f"released:{release.pk}", event=Event.RELEASED,
        meaning={"order": order.pk, "amount": dong},
        moves=postings.released(release, owed_by_buyers_dong=owed), booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    release.save(update_fields=["entry"])
