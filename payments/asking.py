"""Requests to pay as the rules of matching see them."""

from django.db.models import Q

from payments import matching
from payments.models import BankTransaction, PaymentRequest, Settlement

MOST_PAID_BEFORE = 20
"""So many earlier payments from an account say whose it is."""

_ASKED_STATE: dict[str, matching.AskedState] = {
    PaymentRequest.State.WAITING: "open",
    PaymentRequest.State.PART: "open",
    PaymentRequest.State.PAID: "paid",
    PaymentRequest.State.OVER: "paid",
    PaymentRequest.State.EXPIRED: "expired",
    PaymentRequest.State.CANCELLED: "cancelled",
    PaymentRequest.State.REFUNDED: "cancelled",
}


def asked(request: PaymentRequest, *, account_id: int | None = None) -> matching.Asked:
    """``account_id``: the account that a payment link pays into, else the one that the request's QR names."""
    return matching.Asked(
        code=request.code, due_dong=would_be_due(request), state=_ASKED_STATE[request.state],
        organization_id=request.organization_id, account_id=account_id or request.bank_account_id,
    )  # fmt: skip


def of_same_payer(line: BankTransaction) -> list[matching.Asked]:
    """Open requests of the buyers and households for whom money from this account has paid before. Two queries."""
    if not line.payer_account or line.direction != BankTransaction.Direction.IN:
        return []
    before = Settlement.objects.filter(
        transaction__organization_id=line.organization_id, transaction__payer_account=line.payer_account,
        undone_at=None,
    ).exclude(transaction_id=line.pk)  # fmt: skip
    paid_for = before.order_by("-id").values_list(
        "payment_request__order__buyer_phone", "payment_request__account__household", "payment_request__account"
    )[:MOST_PAID_BEFORE]
    phones, households, accounts = ({row[place] for row in paid_for} - {None, ""} for place in range(3))
    theirs = PaymentRequest.objects.takes_money().filter(
        Q(order__buyer_phone__in=phones)
        | Q(bill__account__household__in=households)
        | Q(bill__account__in=accounts),
        organization_id=line.organization_id,
    )  # fmt: skip
    return [asked(request) for request in theirs.order_by("id")[: matching.MOST_SUMMED]]


def would_be_due(request: PaymentRequest) -> int:
    """An expired request would be due in full again if its order were reopened: its purse has been emptied."""
    return request.asked_dong - request.credited_dong
