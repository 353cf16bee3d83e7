"""The product beside the model, row by row. Reads the product's tables; a difference is an AssertionError."""

from collections import Counter
from typing import Any

from django.db.models import F, Sum

from catalog.models import Lot, Variant
from cooperatives.chart import SHAPES, Kind
from cooperatives.models import LedgerAccount, Organization, Posting
from orders.models import Order
from payments.audit import audit
from payments.models import BankTransaction, CashReceipt, KeptDebt, PaymentRequest, Settlement
from tests.simulation.model import Model


def compare(model: Model) -> None:
    """Everything that both know, after a step."""
    _bind(model)
    _same("variant (on hand, reserved, price)", _rows(Variant, "on_hand", "reserved", "price_dong"), {
        pk: (one.on_hand, one.reserved, one.price) for pk, one in model.variants.items()
    })  # fmt: skip
    _same("lot (left)", _rows(Lot, "left"), {pk: (one.left,) for pk, one in model.lots.items()})
    _same("order (state, payment, total, expires)", _rows(Order, "state", "payment", "total_dong", "expires_at"), {
        pk: (one.state, one.payment, one.total, one.expires_at) for pk, one in model.orders.items()
    })  # fmt: skip
    requests = PaymentRequest.objects.values_list("order_id", "state", "credited_dong", "excess_dong")
    _same("request of order (state, credited, excess)", {row[0]: row[1:] for row in requests}, {
        pk: (one.request_state, one.credited, one.excess) for pk, one in model.orders.items()
    })  # fmt: skip
    _same("line (state, reason, used)", _rows(BankTransaction, "state", "reason", "used_dong"), {
        one.pk: (one.state, one.reason, one.used) for one in model.lines
    })  # fmt: skip
    receipts = Counter(CashReceipt.objects.values_list("organization_id", flat=True))
    _same("cash receipts", receipts, model.receipts)
    _books(model)


def _rows(table: Any, *columns: str) -> dict[int, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in table.objects.order_by("pk").values_list("pk", *columns)}


def _same(what: str, product: Any, model: Any) -> None:
    if product != model:
        off = {
            k: (product.get(k), model.get(k)) for k in product.keys() | model.keys() if product.get(k) != model.get(k)
        }
        raise AssertionError(f"{what}: product, model {off}")


def _bind(model: Model) -> None:
    """Lines, settlements and debts that the product has just made, in the order of its numbers: are they ours?"""
    fresh = [told for told in model.lines if not told.pk]
    known = {told.pk for told in model.lines if told.pk}
    rows = BankTransaction.objects.order_by("pk").values_list(
        "pk", "bank_account_id", "direction", "amount_dong", "day"
    )
    made = [row for row in rows if row[0] not in known]
    ours = [(one.truth.account, one.truth.direction, one.truth.dong, one.truth.day) for one in fresh]
    assert [row[1:] for row in made] == ours, f"the product made the lines {made}, the model {ours}"
    for told, row in zip(fresh, made, strict=True):
        model.bind(told, row[0])
    for table, mine in (
        (Settlement, [given for given in model.given if given.order is not None]),
        (KeptDebt, [given for given in model.given if given.order is None]),
    ):
        rows = list(table.objects.order_by("pk"))
        assert len(rows) == len(mine), f"{table.__name__}: {len(rows)} rows, {len(mine)} in the model"
        for row, given in zip(rows, mine, strict=True):
            assert row.transaction_id == given.line.pk
            amount = row.credited_dong if isinstance(row, Settlement) else 0
            rest = row.excess_dong if isinstance(row, Settlement) else row.amount_dong
            assert (amount, rest, row.is_live) == (given.credited, given.excess, given.is_live), (row.pk, given)
            given.pk = row.pk


def _books(model: Model) -> None:
    """Each account's balance on its normal side; both sides of the journal; nothing below 0 that must not be."""
    stands: dict[tuple[int, str, str], int] = {}
    sums: Counter[int] = Counter()
    for org, kind, subject, debits, credits in LedgerAccount.objects.values_list(
        "organization_id", "kind", "subject", "debits", "credits"
    ):
        shape = SHAPES[Kind(kind)]
        balance = debits - credits if shape.side == "D" else credits - debits
        sums[org] += debits - credits
        assert shape.below_zero or balance >= 0, f"{kind} {subject} holds {balance}"
        if balance:
            stands[org, str(kind), subject] = balance
    _same("account", stands, {account: dong for account, dong in model.books.items() if dong})
    assert not any(sums.values()), f"debits differ from credits: {sums}"
    debits = LedgerAccount.objects.aggregate(total=Sum("debits"))["total"] or 0
    assert debits == (Posting.objects.aggregate(total=Sum("amount_dong"))["total"] or 0)
    assert not Variant.objects.filter(reserved__gt=F("on_hand")).exists()
    left = dict(Lot.objects.order_by().values_list("variant_id").annotate(Sum("left")))
    assert left == dict(Variant.objects.filter(pk__in=left).values_list("pk", "on_hand"))


def audited(model: Model) -> None:
    """``books audit`` of both cooperatives, and its figures beside the model's."""
    for organization in Organization.objects.order_by("pk"):
        figures = audit(organization, at=model.now)
        wrong = {name: said for name, said in figures.checks.items() if said != "ok"}
        assert figures.is_clean, f"{organization.slug}: {figures.unexplained_dong} unexplained, {wrong}"
        waiting = sum(
            told.unused for told in model.lines
            if told.org == organization.pk and told.truth.direction == "in" and told.state != "NOT_OURS"
        )  # fmt: skip
        new_out = sum(
            told.truth.dong for told in model.lines
            if told.org == organization.pk and told.truth.direction == "out" and told.state == "NEW"
        )  # fmt: skip
        assert figures.waiting_dong == waiting + new_out, (figures.waiting_dong, waiting, new_out)
