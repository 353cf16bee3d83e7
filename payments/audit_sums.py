"""What the audit compares: each account's balance, and the sums of the live documents behind it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import F, QuerySet, Sum

from cooperatives.chart import SHAPES, Kind
from cooperatives.models import LedgerAccount, Organization
from cooperatives.verifying import Finding
from orders.models import Allocation, DeliveryBorne, Netting, Order, Return, ReturnLine, Shipment
from payments.models import (
    Bill,
    CashCount,
    CashHandover,
    CashReceipt,
    CashVoucher,
    Collection,
    CreditUse,
    DepositKept,
    Explanation,
    GivenBack,
    ItemShare,
    KeptDebt,
    MadeGood,
    PaymentRequest,
    Refund,
    RefundMovement,
    Release,
    RemittancePayment,
    RemittanceShare,
    Settlement,
)

Sums = Counter[Any]
CHUNK = 2000


class Documents:
    """The live documents of one organization, each to be added up once by the database."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.settlements = Settlement.objects.filter(transaction__organization=organization, undone_at=None)
        self.debts = KeptDebt.objects.filter(transaction__organization=organization, undone_at=None)
        self.movements = RefundMovement.objects.filter(transaction__organization=organization, undone_at=None)
        self.explanations = Explanation.objects.filter(transaction__organization=organization, undone_at=None)
        self.receipts = CashReceipt.objects.filter(organization=organization, undone_at=None)
        self.releases = Release.objects.filter(order__organization=organization, undone_at=None)
        self.has_bills = Bill.objects.filter(organization=organization).exists()
        self.shares = ItemShare.objects.filter(bill__organization=organization)
        self.credit_uses = CreditUse.objects.filter(payment_request__organization=organization, undone_at=None)
        self.given_back = GivenBack.objects.filter(bill__organization=organization, undone_at=None)
        self.handovers = CashHandover.objects.filter(organization=organization, state=CashHandover.State.ACCEPTED)
        self.counts = CashCount.objects.filter(organization=organization).exclude(counted_dong=F("expected_dong"))
        self.refunds = Refund.objects.filter(organization=organization)
        self.gone = Order.objects.filter(organization=organization, handed_over_at__isnull=False)
        self.accepted = Order.objects.filter(organization=organization, accepted_at__isnull=False)
        self.allocations = Allocation.objects.filter(line__order__in=self.accepted)
        self.returns = Return.objects.filter(organization=organization)
        self.return_lines = ReturnLine.objects.filter(goods_return__organization=organization)
        self.borne = DeliveryBorne.objects.filter(shipment__organization=organization, undone_at=None)
        self.nettings = Netting.objects.filter(member__organization=organization)
        self.shipments = Shipment.objects.filter(organization=organization)
        self.collections = Collection.objects.filter(order__organization=organization, undone_at=None)
        self.remitted = RemittancePayment.objects.filter(remittance__organization=organization, undone_at=None)
        self.remitted_shares = RemittanceShare.objects.filter(payment__in=self.remitted)
        self.made_good = MadeGood.objects.filter(organization=organization, undone_at=None)
        self.deposits_kept = DepositKept.objects.filter(order__organization=organization, undone_at=None)
        self.vouchers = CashVoucher.objects.filter(organization=organization, undone_at=None)
        self.balances: dict[Kind, Sums] = {kind: Counter() for kind in Kind}
        accounts = LedgerAccount.objects.filter(organization=organization, kind__in=list(Kind))
        for kind, subject, debits, credits in accounts.values_list("kind", "subject", "debits", "credits"):
            on_debit_side = SHAPES[Kind(kind)].side == "D"
            self.balances[Kind(kind)][subject] = debits - credits if on_debit_side else credits - debits


def compare(found: Finding, what: str, balances: Mapping[Any, int], documents: Mapping[Any, int]) -> None:
    for subject in balances.keys() | documents.keys():
        off = balances.get(subject, 0) - documents.get(subject, 0)
        if off:
            found.add(f"{what} {subject}: {off:+} đồng beside its documents".replace("  ", " "), off)


def sum_by(rows: QuerySet[Any], by: str, *columns: str, prefix: str = "") -> Sums:
    """Σ of ``columns`` by one column, as ``prefix`` + its value."""
    sums: Sums = Counter()
    for column in columns:
        for value, dong in rows.order_by().values_list(by).annotate(Sum(column)):
            sums[f"{prefix}{value}" if prefix else value] += dong
    return sums


def total(rows: QuerySet[Any], column: str) -> int:
    return rows.order_by().aggregate(total=Sum(column))["total"] or 0


def due_state(asked: int, credited: int, excess: int) -> str:
    """What a request is while its order or bill stands."""
    if credited < asked:
        return PaymentRequest.State.PART if credited else PaymentRequest.State.WAITING
    return PaymentRequest.State.OVER if excess else PaymentRequest.State.PAID
