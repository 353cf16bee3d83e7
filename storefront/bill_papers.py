"""What a biller's desk shows of one bill: its items, the money that came for them, and what else its payer has open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from cooperatives.models import User
from payments.bills import shares
from payments.models import (
    BankTransaction,
    Bill,
    BillLine,
    CashReceipt,
    CreditUse,
    GivenBack,
    ItemShare,
    PaymentRequest,
    Settlement,
)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item: its charge (None where a correction added it), what corrected it, whole đồng asked and paid."""

    name: str
    fee_item_id: int
    charge: BillLine | None
    adjustments: Sequence[BillLine]
    asked_dong: int
    paid_dong: int

    @property
    def due_dong(self) -> int:
        return max(self.asked_dong - self.paid_dong, 0)


def items_of(bill: Bill) -> list[ItemRow]:
    """In the biller's order. Four queries."""
    lines: dict[int, list[BillLine]] = {}
    for line in bill.lines.select_related("reading", "actor").order_by("pk"):
        lines.setdefault(line.fee_item_id, []).append(line)
    rows = []
    for due in shares.dues([bill.pk])[bill.pk]:
        of_item = lines[due.fee_item_id]
        charge = next((line for line in of_item if line.kind == BillLine.Kind.CHARGE), None)
        rows.append(
            ItemRow(of_item[0].name, due.fee_item_id, charge,
                    [line for line in of_item if line.kind == BillLine.Kind.ADJUSTMENT], due.asked_dong, due.paid_dong)
        )  # fmt: skip
    return rows


KINDS = ("bank", "cash", "credit", "back")
"""What can bring or take money, in the order in which it is told where it was at one moment."""


@dataclass(slots=True)
class Came:
    """One document that gave this bill money or took it away: ``kind`` is one of KINDS."""

    kind: str
    pk: int
    at: datetime
    actor: User | None
    undone_at: datetime | None
    reason: str
    dong: int = 0
    items: list[tuple[str, int]] = field(default_factory=list)
    line: BankTransaction | None = None
    receipt: CashReceipt | None = None
    together: PaymentRequest | None = None


def came_for(bill: Bill) -> list[Came]:
    """Oldest first, with what was taken back since. One query."""
    found: dict[tuple[str, int], Came] = {}
    every = ItemShare.objects.filter(bill=bill).select_related(
        "fee_item", "settlement__transaction__bank_account", "settlement__payment_request", "settlement__actor",
        "cash_receipt__keeper", "cash_receipt__payment_request", "credit_use__actor", "given_back__actor",
    )  # fmt: skip
    for share in every.order_by("pk"):
        one = _document(share)
        key = (one.kind, one.pk)
        known = found.setdefault(key, one)
        known.dong += share.amount_dong
        known.items.append((share.fee_item.name, share.amount_dong))
    return sorted(found.values(), key=lambda came: (came.at, KINDS.index(came.kind), came.pk))


def _document(share: ItemShare) -> Came:
    document: Settlement | CashReceipt | CreditUse | GivenBack
    if share.settlement is not None:
        document = share.settlement
        came = Came("bank", document.pk, document.at, document.actor, document.undone_at, document.reason)
        came.line, came.together = document.transaction, _bundle(document.payment_request)
    elif share.cash_receipt is not None:
        document = share.cash_receipt
        came = Came("cash", document.pk, document.at, document.keeper, document.undone_at, document.void_reason)
        came.receipt, came.together = document, _bundle(document.payment_request)
    elif share.credit_use is not None:
        document = share.credit_use
        came = Came("credit", document.pk, document.at, document.actor, document.undone_at, document.reason)
    else:
        assert share.given_back is not None
        document = share.given_back
        came = Came("back", document.pk, document.at, document.actor, document.undone_at, document.reason)
    return came


def _bundle(request: PaymentRequest) -> PaymentRequest | None:
    return request if request.is_bundle else None


def open_beside(bill: Bill) -> list[Bill]:
    """What else of the same household (or account) can be paid with it in one transfer: same bank account, oldest due
    first; the bill itself among them while it is open. One query."""
    payer = Q(account=bill.account_id)
    if bill.account.household_id:
        payer |= Q(account__household=bill.account.household_id)
    beside = Bill.objects.open().filter(
        payer, organization=bill.organization_id, request__bank_account=bill.request.bank_account_id
    )
    return list(beside.preloaded().in_paying_order())
