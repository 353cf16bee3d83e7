"""Giving money to a PaymentRequest and taking it back: the one place that moves its sums and states.

Every function needs an open transaction and the locked rows (docs/locking.md): transaction → request →
order. ``settlement`` calls them for the machine, ``triage`` and ``cash`` for a person. Rows are locked without
their keys (``FOR NO KEY UPDATE``), so that what points at them can be written meanwhile.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from base.periods import vietnam_day
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.models import Message, User
from orders import cancelling, messages
from orders.models import Order
from orders.placing import holds_until
from payments import postings
from payments.models import BankTransaction, KeptDebt, PaymentRequest, Settlement


def locked_request(request_id: int) -> PaymentRequest:
    """The request and its order, both locked, in this order."""
    request = PaymentRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    assert request.order_id is not None
    request.order = (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .get(pk=request.order_id)
    )
    return request


def locked_requests(
    codes: Collection[str], *, organization_id: int, order_ids: Collection[int] = (), others: bool = False
) -> dict[str, PaymentRequest]:
    """The organization's requests with these codes or of these orders, by code, locked in id order with their orders.

    ``others``: those of other organizations with these codes too, without their orders; nothing is given to them.
    Written into a list at once: a lazy queryset locks nothing.
    """
    ours = Q(organization_id=organization_id)
    named = Q(code__in=codes) if others else Q(code__in=codes) & ours
    if order_ids:
        named |= Q(order_id__in=order_ids) & ours
    rows = list(PaymentRequest.objects.select_for_update(no_key=True).filter(named).order_by("id"))
    orders = {
        order.pk: order
        for order in Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .filter(pk__in=[row.order_id for row in rows if row.organization_id == organization_id])
        .order_by("id")
    }
    for row in rows:
        if row.order_id in orders:
            row.order = orders[row.order_id]
    return {row.code: row for row in rows}


def reopen(*, request: PaymentRequest, at: datetime) -> None:
    """Bring an expired order back: its goods reserved again, its request open. Raises SoldOut; then nothing changed.

    Locks variants in id order, so it comes before anything is posted.
    """
    order = request.order
    assert order is not None
    with transaction.atomic():
        cancelling.reopen(order=order, at=at)
    request.state, request.expires_at = PaymentRequest.State.WAITING, order.expires_at
    request.save(update_fields=["state", "expires_at"])


def settle_part(
    *, line: BankTransaction, request: PaymentRequest, amount_dong: int, actor: User | None, reason: str, at: datetime
) -> Settlement:
    """``amount_dong`` of ``line`` for ``request``: up to what is due into its purse, the rest owed to the payer."""
    order = request.order
    assert order is not None
    credited = min(amount_dong, request.due_dong) if request.takes_money else 0
    settlement = Settlement.objects.create(
        transaction=line, payment_request=request, credited_dong=credited, excess_dong=amount_dong - credited,
        at=at, actor=actor, reason=reason,
    )  # fmt: skip
    settlement.entry = ledger.post(
        organization=line.organization, key=f"settled:{settlement.pk}", event=Event.SETTLED,
        meaning={
            "transaction": line.pk, "request": request.code, "credited": credited, "excess": amount_dong - credited,
        },
        moves=postings.settled(settlement), booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    settlement.save(update_fields=["entry"])
    line.used_dong += amount_dong
    request.credited_dong += credited
    request.excess_dong += amount_dong - credited
    refresh_states(request=request)
    return settlement


def keep(
    *, line: BankTransaction, order: Order | None, amount_dong: int, actor: User | None, reason: str, at: datetime
) -> KeptDebt:
    """``amount_dong`` of ``line`` becomes a debt to whoever paid it (of ``order``, when it is known)."""
    debt = KeptDebt.objects.create(
        transaction=line, order=order, amount_dong=amount_dong, at=at, actor=actor, reason=reason
    )
    debt.entry = ledger.post(
        organization=line.organization, key=f"kept:{debt.pk}", event=Event.KEPT_AS_DEBT,
        meaning={"transaction": line.pk, "subject": debt.subject, "amount": amount_dong},
        moves=postings.kept(debt), booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    debt.save(update_fields=["entry"])
    line.used_dong += amount_dong
    return debt


def refresh_states(*, request: PaymentRequest) -> None:
    """Write the request's sums, and derive its state and its order's payment from them."""
    order = request.order
    assert order is not None
    closed = {PaymentRequest.State.EXPIRED, PaymentRequest.State.CANCELLED, PaymentRequest.State.REFUNDED}
    if request.state not in closed:
        if request.credited_dong < request.asked_dong:
            request.state = PaymentRequest.State.PART if request.credited_dong else PaymentRequest.State.WAITING
        else:
            request.state = PaymentRequest.State.OVER if request.excess_dong else PaymentRequest.State.PAID
    request.save(update_fields=["credited_dong", "excess_dong", "state"])
    if order.is_open:
        if request.credited_dong >= request.asked_dong:
            order.mark_payment(Order.Payment.PAID)
        else:
            order.mark_payment(Order.Payment.PART if request.credited_dong else Order.Payment.UNPAID)


def give_time(*, request: PaymentRequest, at: datetime) -> None:
    """A payment that was taken back leaves an old order unpaid: it is not to expire in the same minute."""
    order = request.order
    assert order is not None
    whole = holds_until(order.organization, order.pay_by, at=at)
    if request.takes_money and order.expires_at is not None and whole is not None and order.expires_at < whole:
        order.expires_at = request.expires_at = whole
        order.save(update_fields=["expires_at"])
        request.save(update_fields=["expires_at"])


def tell_buyer(*, request: PaymentRequest, at: datetime) -> None:
    """What came of a payment, for the outbox."""
    order = request.order
    assert order is not None
    kind = {
        PaymentRequest.State.PAID: Message.Kind.ORDER_PAID,
        PaymentRequest.State.OVER: Message.Kind.ORDER_OVERPAID,
        PaymentRequest.State.PART: Message.Kind.ORDER_PART_PAID,
    }.get(PaymentRequest.State(request.state))
    if kind is not None:
        messages.tell_buyer(
            order=order, kind=kind, at=at, paid_dong=request.paid_dong, due_dong=request.due_dong,
            excess_dong=request.excess_dong,
        )  # fmt: skip


def line_state(line: BankTransaction) -> BankTransaction.State:
    """What is left of a line says who acts next."""
    if line.unused_dong == 0:
        return BankTransaction.State.SETTLED
    return BankTransaction.State.PART_SETTLED if line.used_dong else BankTransaction.State.NEEDS_YOU
