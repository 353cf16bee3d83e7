"""Carrying out the verdict about one line of the bank: booked once, on the right request, or before a person."""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from catalog.stock import SoldOut
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.models import Message
from orders import cancelling, messages
from orders.models import Order
from payments import crediting, matching, postings
from payments.models import BankTransaction, PaymentRequest

log = logging.getLogger(__name__)

State, Reason = BankTransaction.State, BankTransaction.Reason

_ASKED_STATE: dict[str, matching.AskedState] = {
    PaymentRequest.State.WAITING: "open",
    PaymentRequest.State.PART: "open",
    PaymentRequest.State.PAID: "paid",
    PaymentRequest.State.OVER: "paid",
    PaymentRequest.State.EXPIRED: "expired",
    PaymentRequest.State.CANCELLED: "cancelled",
    PaymentRequest.State.REFUNDED: "cancelled",
}

_CLOSED_REASON = {"paid": Reason.ALREADY_PAID, "expired": Reason.LATE, "cancelled": Reason.CANCELLED_ORDER}


def settle(*, transaction_id: int, at: datetime) -> BankTransaction:
    """Book a NEW line as arrived (or departed), then give it to the request that its memo proves.

    Opens one transaction: all of it or nothing; a failure leaves the line NEW for the worker. A line that
    is no longer NEW is returned as it stands, so calling it again is harmless.
    """
    with transaction.atomic():
        line = BankTransaction.objects.select_for_update(of=("self",)).select_related("organization").get(
            pk=transaction_id
        )  # fmt: skip
        if line.state != State.NEW:
            return line
        _book_arrival(line, at=at)
        verdict = examine(line)
        if line.sightings.filter(contradicted=True).exists():
            line.state, line.reason = State.NEEDS_YOU, Reason.CONFLICT
        elif verdict.settles is not None:
            _give(line, code=verdict.settles, reason=verdict.reason or "", at=at)
        elif verdict.reason is matching.Reason.LATE and _reopened(line, at=at):
            line.state, line.reason = State.SETTLED, Reason.LATE
        else:
            line.state, line.reason = State.NEEDS_YOU, verdict.reason or Reason.NO_CODE
        line.next_try_at = None
        line.save(update_fields=["state", "reason", "used_dong", "next_try_at"])
    return line


def examine(line: BankTransaction) -> matching.Verdict:
    """What the rules say about ``line`` as things stand: its verdict and the prepared proposals. Changes nothing."""
    rows = PaymentRequest.objects.filter(code__in=matching.possible_codes(line.memo))
    asked = [
        matching.Asked(
            code=row.code, due_dong=_would_be_due(row), state=_ASKED_STATE[row.state],
            organization_id=row.organization_id, account_id=row.bank_account_id,
        )
        for row in rows
    ]  # fmt: skip
    found = matching.codes_in(line.memo, open_codes={one.code for one in asked})
    return matching.verdict(
        received_dong=line.unused_dong, found=found, asked=asked, organization_id=line.organization_id,
        account_id=line.bank_account_id, direction="in" if line.direction == BankTransaction.Direction.IN else "out",
    )  # fmt: skip


def settle_new(*, at: datetime, most: int = 200) -> int:
    """Settle the lines that wait, oldest first; returns how many were tried. The worker's errand.

    A line that fails is logged in full, keeps its evidence, and is tried again later (2 s, 4 s … 5 min).
    """
    due = BankTransaction.objects.new().filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=at))
    waiting = list(due.order_by("id").values_list("pk", flat=True)[:most])
    for transaction_id in waiting:
        try_to_settle(transaction_id=transaction_id, at=at)
    return len(waiting)


def try_to_settle(*, transaction_id: int, at: datetime) -> BankTransaction | None:
    """``settle``, where a failure must reach neither the sender nor the next line. None when it failed."""
    try:
        return settle(transaction_id=transaction_id, at=at)
    except Exception:  # a bug or a database in trouble: the row stays NEW, the log has everything
        log.exception("settling failed, transaction %s stays NEW", transaction_id)
    if connection.in_atomic_block:
        return None
    with transaction.atomic():
        line = BankTransaction.objects.select_for_update().get(pk=transaction_id)
        line.tries = min(line.tries + 1, 1000)
        line.next_try_at = at + timedelta(seconds=min(2**line.tries, 300))
        line.save(update_fields=["tries", "next_try_at"])
    return None


def _would_be_due(request: PaymentRequest) -> int:
    """An expired request would be due in full again if its order were reopened: its purse has been emptied."""
    return request.asked_dong - request.credited_dong


def _book_arrival(line: BankTransaction, *, at: datetime) -> None:
    is_in = line.direction == BankTransaction.Direction.IN
    event = Event.ARRIVED if is_in else Event.DEPARTED
    ledger.post(
        organization=line.organization, key=f"{event}:{line.pk}", event=event,
        meaning={"transaction": line.pk, "account": line.bank_account_id, "amount": line.amount_dong},
        moves=postings.arrived(line) if is_in else postings.departed(line), booked_on=line.day, at=at,
    )  # fmt: skip


def _give(line: BankTransaction, *, code: str, reason: str, at: datetime) -> None:
    request = crediting.locked_requests([code], organization_id=line.organization_id)[code]
    if not request.takes_money:
        # Paid, expired or cancelled between the look and the lock: a person sees it with the new reason.
        line.state, line.reason = State.NEEDS_YOU, _CLOSED_REASON[_ASKED_STATE[request.state]]
        return
    settlement = crediting.settle_part(
        line=line, request=request, amount_dong=line.amount_dong, actor=None, reason="", at=at
    )
    line.state = crediting.line_state(line)
    line.reason = Reason.OVERPAID if settlement.excess_dong else reason
    crediting.tell_buyer(request=request, at=at)


def _reopened(line: BankTransaction, *, at: datetime) -> bool:
    """Money in full for one expired order: it stands again if its goods can be reserved right now.

    Otherwise the line waits for a person, and the buyer is told that the money came late.
    """
    found = matching.codes_in(line.memo, open_codes=set(_expired_codes(line)))
    if len(found.codes) != 1:
        return False
    request = crediting.locked_requests([found.codes[0]], organization_id=line.organization_id)[found.codes[0]]
    order = request.order
    assert order is not None
    if order.state != Order.State.EXPIRED or line.amount_dong < _would_be_due(request):
        messages.tell_buyer(order=order, kind=Message.Kind.MONEY_LATE, at=at, paid_dong=line.amount_dong)
        return False
    try:
        with transaction.atomic():
            cancelling.reopen(order=order, at=at)
    except SoldOut:
        messages.tell_buyer(order=order, kind=Message.Kind.MONEY_LATE, at=at, paid_dong=line.amount_dong)
        return False
    request.state = PaymentRequest.State.WAITING
    request.expires_at = order.expires_at
    request.save(update_fields=["state", "expires_at"])
    crediting.settle_part(line=line, request=request, amount_dong=line.amount_dong, actor=None, reason="", at=at)
    crediting.tell_buyer(request=request, at=at)
    return True


def _expired_codes(line: BankTransaction) -> list[str]:
    return list(
        PaymentRequest.objects.filter(
            code__in=matching.possible_codes(line.memo), organization_id=line.organization_id,
            bank_account_id=line.bank_account_id, state=PaymentRequest.State.EXPIRED,
        ).values_list("code", flat=True)
    )  # fmt: skip
