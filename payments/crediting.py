"""Giving money to a PaymentRequest and taking it back: the one place that moves its sums and states.

Every function needs an open transaction and the locked rows (docs/locking.md): transaction → request →
order. ``settlement`` calls them for the machine, ``triage`` and ``cash`` for a person. Rows are locked without
their keys (``FOR NO KEY UPDATE``), so that what points at them can be written meanwhile.
"""

from collections.abc import Collection, Sequence
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
from payments import bundles, postings
from payments.bills import messages as messages_of_bills
from payments.bills import shares, sums
from payments.bills.shares import Spread
from payments.models import (
    BankTransaction,
    BillingAccount,
    CashReceipt,
    CreditUse,
    GivenBack,
    ItemShare,
    KeptDebt,
    PaymentRequest,
    Settlement,
)


def locked_request(request_id: int) -> PaymentRequest:
    """The request with its parts and its order, all locked, in this order."""
    rows = _locked(Q(pk=request_id), organization_id=None)
    return next(row for row in rows if row.pk == request_id)


def locked_requests(
    codes: Collection[str],
    *,
    organization_id: int,
    order_ids: Collection[int] = (),
    account_ids: Collection[int] = (),
    others: bool = False,
) -> dict[str, PaymentRequest]:
    """The organization's requests with these codes, of these orders or for these billing accounts, by code, locked in
    id order with the parts of bundles and with their orders.

    ``others``: those of other organizations with these codes too, without their orders; nothing is given to them.
    """
    ours = Q(organization_id=organization_id)
    named = Q(code__in=codes) if others else Q(code__in=codes) & ours
    if order_ids:
        named |= Q(order_id__in=order_ids) & ours
    if account_ids:
        named |= Q(account_id__in=account_ids) & ours
    rows = _locked(named, organization_id=organization_id)
    return {
        row.code: row
        for row in rows
        if row.code in codes or row.order_id in order_ids or row.account_id in account_ids
    }  # fmt: skip


def _locked(named: Q, *, organization_id: int | None) -> list[PaymentRequest]:
    """Those named and the parts of bundles among them, locked in id order: a part before the bundles that hold it.
    Parts never change once a bundle is made. Written into a list at once: a lazy queryset locks nothing."""
    # Looked up first: PostgreSQL reads the whole table for "this code, or in that subquery".
    looked = PaymentRequest.objects.filter(named).values_list("pk", "parts__part_id")
    ids = {pk for row in looked for pk in row if pk is not None}
    wanted = PaymentRequest.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    rows = list(wanted.select_related("bill", "account").order_by("id"))
    order_ids = [row.order_id for row in rows if row.order_id and organization_id in (None, row.organization_id)]
    if order_ids:
        of_ours = Order.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
        orders = {order.pk: order for order in of_ours.filter(pk__in=order_ids).order_by("id")}
        for row in rows:
            if row.order_id in orders:
                row.order = orders[row.order_id]
    return rows


def spread(request: PaymentRequest, amount_dong: int) -> list[Spread]:
    """``amount_dong``, no more than is due, over the items of the request's bills; [] for an order's.

    Needs the locked request.
    """
    bills = bundles.bills_of(request, standing=True)
    if not bills or not amount_dong:
        return []
    items = shares.dues(bills)
    return shares.spread(amount_dong, [(bill_id, items[bill_id]) for bill_id in bills])


def write_shares(
    parts: Sequence[Spread],
    *,
    settlement: Settlement | None = None,
    cash_receipt: CashReceipt | None = None,
    credit_use: CreditUse | None = None,
    given_back: GivenBack | None = None,
) -> None:
    """What of one document, just made and not yet booked, is for which item of which bill."""
    ItemShare.objects.bulk_create(
        ItemShare(
            bill_id=part.bill_id, fee_item_id=part.fee_item_id, amount_dong=part.dong, settlement=settlement,
            cash_receipt=cash_receipt, credit_use=credit_use, given_back=given_back,
        )
        for part in parts
    )  # fmt: skip


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


def _could_take(request: PaymentRequest, amount_dong: int) -> int:
    """What is due on it. A bundle takes more than its QR asked where a bill in it was corrected upward since."""
    if not request.is_bundle or amount_dong <= request.due_dong:
        return request.due_dong
    items = shares.dues(bundles.bills_of(request, standing=True))
    return sum(item.due_dong for of_bill in items.values() for item in of_bill)


def settle_part(
    *, line: BankTransaction, request: PaymentRequest, amount_dong: int, actor: User | None, reason: str, at: datetime
) -> Settlement:
    """``amount_dong`` of ``line`` for ``request``: up to what is due into its purse or its bills' items, the rest owed
    to the payer."""
    if request.order_id is None:  # another part of the same line may just have paid one of its bills
        request.refresh_from_db(fields=sums.SAVED)
    credited = min(amount_dong, _could_take(request, amount_dong)) if request.takes_money else 0
    if amount_dong > credited and request.account_id is not None:  # what is owed to it may go back at once
        BillingAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=request.account_id)
    settlement = Settlement.objects.create(
        transaction=line, payment_request=request, credited_dong=credited, excess_dong=amount_dong - credited,
        at=at, actor=actor, reason=reason,
    )  # fmt: skip
    write_shares(spread(request, credited), settlement=settlement)
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
    refresh_states(request=request, at=at)
    return settlement


def keep(
    *,
    line: BankTransaction,
    order: Order | None,
    account: BillingAccount | None = None,
    amount_dong: int,
    actor: User | None,
    reason: str,
    at: datetime,
) -> KeptDebt:
    """``amount_dong`` of ``line`` becomes a debt to whoever paid it (of ``order`` or ``account``, when it is known)."""
    debt = KeptDebt.objects.create(
        transaction=line, order=order, account=account, amount_dong=amount_dong, at=at, actor=actor, reason=reason
    )
    debt.entry = ledger.post(
        organization=line.organization, key=f"kept:{debt.pk}", event=Event.KEPT_AS_DEBT,
        meaning={"transaction": line.pk, "subject": debt.subject, "amount": amount_dong},
        moves=postings.kept(debt), booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    debt.save(update_fields=["entry"])
    line.used_dong += amount_dong
    return debt


def refresh_states(*, request: PaymentRequest, at: datetime) -> None:
    """Write the request's sums, and derive its state and its order's payment and deposit from them.

    Those of bills are derived from their documents, and the bundles that hold them follow.
    """
    order = request.order
    if order is None:
        sums.refresh(bundles.bills_of(request))
        request.refresh_from_db(fields=sums.SAVED)
        return
    closed = {PaymentRequest.State.EXPIRED, PaymentRequest.State.CANCELLED, PaymentRequest.State.REFUNDED}
    if request.state not in closed:
        if request.credited_dong < request.asked_dong:
            request.state = PaymentRequest.State.PART if request.credited_dong else PaymentRequest.State.WAITING
        else:
            request.state = PaymentRequest.State.OVER if request.excess_dong else PaymentRequest.State.PAID
    request.save(update_fields=["credited_dong", "excess_dong", "state"])
    if order.is_open or order.is_away:
        if request.credited_dong >= request.asked_dong:
            order.mark_payment(Order.Payment.PAID)
        else:
            order.mark_payment(Order.Payment.PART if request.credited_dong else Order.Payment.UNPAID)
        _note_deposit(order, request, at=at)


def _note_deposit(order: Order, request: PaymentRequest, *, at: datetime) -> None:
    """Whether the deposit of a first order is there. Then its goods wait for the buyer, as those of others do."""
    has_come = request.credited_dong >= min(order.deposit_dong, request.asked_dong)
    if not order.deposit_dong or has_come == (order.deposit_paid_at is not None):
        return
    order.mark_deposit(at=at if has_come else None)
    if has_come and order.pay_by == Order.PayBy.CASH:
        order.expires_at = request.expires_at = None
        order.save(update_fields=["expires_at"])
        request.save(update_fields=["expires_at"])


def closed_as(order: Order) -> PaymentRequest.State:
    """What the request of an order is that ended without its buyer having the goods."""
    late = order.state == Order.State.EXPIRED
    return PaymentRequest.State.EXPIRED if late else PaymentRequest.State.CANCELLED


def may_be_owed_again(request: PaymentRequest, dong: int) -> bool:
    """Whether ``dong`` of what was given to an order can still be taken out of its purse: its goods are here, or on
    their way with somebody who is to collect as much. Needs the locked request."""
    order = request.order
    assert order is not None
    if order.is_away:
        return order.shipments.live().filter(collect_dong__gte=request.due_dong + dong).exists()
    return order.is_open


def give_time(*, request: PaymentRequest, at: datetime) -> None:
    """A payment that was taken back leaves an old order unpaid: it is not to expire in the same minute."""
    order = request.order
    if order is None:  # bills do not expire
        return
    waiting_dong = order.deposit_dong if order.waits_for_deposit else 0
    whole = holds_until(order.organization, order.pay_by, at=at, deposit_dong=waiting_dong, cycle=order.cycle)
    if request.takes_money and whole is not None and (order.expires_at is None or order.expires_at < whole):
        order.expires_at = request.expires_at = whole
        order.save(update_fields=["expires_at"])
        request.save(update_fields=["expires_at"])


def tell_buyer(*, request: PaymentRequest, at: datetime) -> None:
    """What came of a payment, for the outbox."""
    order = request.order
    if order is None:
        messages_of_bills.tell_paid(request=request, at=at)
        return
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
