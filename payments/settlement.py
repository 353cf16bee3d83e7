"""Carrying out the verdict about one line of the bank: booked once, on the right request, or before a person."""

import logging
from datetime import datetime, timedelta

from django.db import Error as DatabaseFailure
from django.db import connection, transaction
from django.db.models import Q

from base.retrying import again_when_locked_out
from catalog.stock import SoldOut
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.models import Message
from orders import messages
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


@again_when_locked_out
def settle(*, transaction_id: int, at: datetime) -> BankTransaction:
    """Book a NEW line as arrived (or departed), then give it to the request that its memo proves.

    Opens one transaction: all of it or nothing; a failure leaves the line NEW for the worker. A line that
    is no longer NEW is returned as it stands, so calling it again is harmless.
    """
    with transaction.atomic():
        line = (
            BankTransaction.objects.select_for_update(of=("self",), no_key=True)
            .select_related("organization")
            .get(pk=transaction_id)
        )
        if line.state != State.NEW:
            return line
        # Locked before they are looked at: what the verdict rests on still holds when it is carried out.
        requests = crediting.locked_requests(
            sorted(matching.possible_codes(line.memo)), organization_id=line.organization_id
        )
        found, verdict = _examined(line)
        if line.sightings.filter(contradicted=True).exists():
            verdict = matching.Verdict(reason=matching.Reason.CONFLICT)
        late = _late_request(line, found, requests) if verdict.reason is matching.Reason.LATE else None
        reopened = late is not None and _reopened(line, late, at=at)
        _book_arrival(line, at=at)
        if verdict.settles is not None:
            _give(line, requests[verdict.settles], reason=verdict.reason or "", at=at)
        elif late is not None and reopened:
            _give(line, late, reason=Reason.LATE, at=at)
        else:
            line.state, line.reason = State.NEEDS_YOU, verdict.reason or Reason.NO_CODE
        line.next_try_at = None
        line.save(update_fields=["state", "reason", "used_dong", "next_try_at", "booked_at"])
    return line


def examine(line: BankTransaction) -> matching.Verdict:
    """What the rules say about ``line`` as things stand: its verdict and the prepared proposals. Changes nothing."""
    return _examined(line)[1]


def _examined(line: BankTransaction) -> tuple[matching.Found, matching.Verdict]:
    rows = PaymentRequest.objects.filter(code__in=matching.possible_codes(line.memo))
    asked = [
        matching.Asked(
            code=row.code, due_dong=_would_be_due(row), state=_ASKED_STATE[row.state],
            organization_id=row.organization_id, account_id=row.bank_account_id,
        )
        for row in rows
    ]  # fmt: skip
    found = matching.codes_in(line.memo, open_codes={one.code for one in asked})
    verdict = matching.verdict(
        received_dong=line.unused_dong, found=found, asked=asked, organization_id=line.organization_id,
        account_id=line.bank_account_id, direction="in" if line.direction == BankTransaction.Direction.IN else "out",
    )  # fmt: skip
    return found, verdict


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
    if not connection.in_atomic_block:
        _put_off(transaction_id, at=at)
    return None


def _put_off(transaction_id: int, *, at: datetime) -> None:
    """Note the failed try. Where even that fails, the line is simply tried again in the next round."""
    try:
        with transaction.atomic():
            line = BankTransaction.objects.select_for_update(no_key=True).get(pk=transaction_id)
            line.tries = min(line.tries + 1, 1000)
            line.next_try_at = at + timedelta(seconds=min(2**line.tries, 300))
            line.save(update_fields=["tries", "next_try_at"])
    except DatabaseFailure:
        log.exception("transaction %s: the failed try could not be noted", transaction_id)


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
    line.booked_at = at


def _give(line: BankTransaction, request: PaymentRequest, *, reason: str, at: datetime) -> None:
    settlement = crediting.settle_part(
        line=line, request=request, amount_dong=line.amount_dong, actor=None, reason="", at=at
    )
    line.state = crediting.line_state(line)
    line.reason = Reason.OVERPAID if settlement.excess_dong and not reason else reason
    crediting.tell_buyer(request=request, at=at)


def _late_request(
    line: BankTransaction, found: matching.Found, requests: dict[str, PaymentRequest]
) -> PaymentRequest | None:
    """The one expired request that the memo proves. A second code of any kind leaves it to a person."""
    if len(found.codes) != 1 or found.bare or found.unknown or found.repaired:
        return None
    request = requests.get(found.codes[0])
    if request is None or request.bank_account_id != line.bank_account_id:
        return None
    return request if request.state == PaymentRequest.State.EXPIRED else None


def _reopened(line: BankTransaction, request: PaymentRequest, *, at: datetime) -> bool:
    """Money in full for an expired order: it stands again if its goods can be reserved right now.

    Otherwise the line waits for a person, and the buyer is told that the money came late.
    """
    order = request.order
    assert order is not None
    if line.amount_dong >= _would_be_due(request):
        try:
            crediting.reopen(request=request, at=at)
            return True
        except SoldOut:
            pass
    messages.tell_buyer(order=order, kind=Message.Kind.MONEY_LATE, at=at, paid_dong=line.amount_dong)
    return False
