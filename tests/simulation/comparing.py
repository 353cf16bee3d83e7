"""The product beside the model, row by row. Reads the product's tables; a difference is an AssertionError.

Everything after every step, so the tables are read by plain statements: a world of 500 steps has a thousand rows.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Sum

from cooperatives.chart import SHAPES, Kind
from cooperatives.models import Organization
from payments.audit import audit
from payments.models import BankTransaction
from tests.simulation.lines import Told
from tests.simulation.model import Model

_BALANCES = """SELECT organization_id, kind, subject, debits, credits FROM cooperatives_ledgeraccount
    WHERE debits <> 0 OR credits <> 0"""
_SUMS = """SELECT (SELECT COALESCE(SUM(debits), 0) FROM cooperatives_ledgeraccount),
    (SELECT COALESCE(SUM(amount_dong), 0) FROM cooperatives_posting)"""


def compare(model: Model) -> None:
    """Everything that both know, after a step."""
    lines = _rows("payments_banktransaction", "bank_account_id, direction, amount_dong, day, state, reason, used_dong, "
                  "booked_at IS NOT NULL, declared_by_id IS NOT NULL, dismissed_by_id IS NOT NULL")  # fmt: skip
    _bind(model, lines)
    goods = _rows("catalog_variant", "on_hand, reserved, price_dong")
    _same("variant (on hand, reserved, price)", goods, {
        pk: (one.on_hand, one.reserved, one.price) for pk, one in model.variants.items()
    })  # fmt: skip
    lots = _rows("catalog_lot", '"left"')
    _same("lot (left)", lots, {pk: (one.left,) for pk, one in model.lots.items()})
    orders = _rows("orders_order", "state, payment, total_dong")
    _same("order (state, payment, total)", orders, {
        pk: (one.state, one.payment, one.total) for pk, one in model.orders.items()
    })  # fmt: skip
    requests = {row[0]: row[1:] for row in _rows(
        "payments_paymentrequest", "order_id, state, credited_dong, excess_dong"
    ).values()}  # fmt: skip
    _same("request of order (state, credited, excess)", requests, {
        pk: (one.request_state, one.credited, one.excess) for pk, one in model.orders.items()
    })  # fmt: skip
    _same("line (state, reason, used, booked, declared, dismissed)", {pk: row[4:] for pk, row in lines.items()}, {
        one.pk: (one.state, one.reason, one.used, one.is_booked, one.is_declared, one.is_dismissed)
        for one in model.lines
    })  # fmt: skip
    receipts = Counter(row[0] for row in _rows("payments_cashreceipt", "organization_id").values())
    _same("cash receipts", receipts, model.receipts)
    left: Counter[int] = Counter()
    for pk, lot in model.lots.items():
        left[lot.variant] += lots[pk][0]
    assert all(goods[variant][0] == count for variant, count in left.items()), "lots add up to what is on hand"
    _books(model)


def _rows(table: str, columns: str) -> dict[int, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {columns} FROM {table} ORDER BY id")
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _same(what: str, product: Any, model: Any) -> None:
    if product != model:
        off = {
            k: (product.get(k), model.get(k)) for k in product.keys() | model.keys() if product.get(k) != model.get(k)
        }
        raise AssertionError(f"{what}: product, model {off}")


def _bind(model: Model, lines: dict[int, tuple[Any, ...]]) -> None:
    """What the product has just made, in the order of its numbers: is it ours?"""
    fresh = [told for told in model.lines if not told.pk]
    known = {told.pk for told in model.lines if told.pk}
    made = {pk: row for pk, row in lines.items() if pk not in known}
    ours = [(one.truth.account, one.truth.direction, one.dong, f"{one.day}") for one in fresh]
    theirs = [(*row[:3], f"{row[3]}") for row in made.values()]
    assert theirs == ours, f"the product made the lines {list(made.items())}, the model {ours}"
    for told, pk in zip(fresh, made, strict=True):
        model.bind(told, pk)
    _pair("payments_settlement", "transaction_id, credited_dong, excess_dong, undone_at IS NULL",
          [one for one in model.given if one.order is not None],
          lambda one: (one.line.pk, one.credited, one.excess, one.is_live))  # fmt: skip
    _pair("payments_keptdebt", "transaction_id, amount_dong, order_id, undone_at IS NULL",
          [one for one in model.given if one.order is None],
          lambda one: (one.line.pk, one.excess, one.kept_for.pk if one.kept_for else None, one.is_live))  # fmt: skip
    _pair("payments_explanation", "transaction_id, kind, amount_dong, counterpart_id, undone_at IS NULL",
          model.explained,
          lambda one: (one.line.pk, one.kind, one.dong, one.other.pk if one.other else None, one.is_live))  # fmt: skip
    codes = _pair("payments_refund", "order_id, transaction_id, amount_dong, state, payee_account, code",
                  model.refunds, lambda one: (
                      one.order.pk if one.order else None, one.line.pk if one.line else None, one.dong, one.state,
                      one.payee.account,
                  ), bind=model.bind_refund)  # fmt: skip
    assert len(set(codes)) == len(model.refunds), "no code twice"
    _pair("payments_refundmovement", "refund_id, transaction_id, kind, amount_dong, undone_at IS NULL",
          model.movements,
          lambda one: (one.refund.pk, one.line.pk, one.kind, one.refund.dong, one.is_live))  # fmt: skip


def _pair(
    table: str, columns: str, ours: list[Any], said: Callable[[Any], tuple[Any, ...]],
    *, bind: Callable[[Any, int, str], None] | None = None,
) -> list[Any]:  # fmt: skip
    """Each of the product's documents beside the model's, in the order in which they were made."""
    rows = _rows(table, columns)
    assert len(rows) == len(ours), f"{table}: {len(rows)} rows, {len(ours)} in the model"
    for (pk, row), one in zip(rows.items(), ours, strict=True):
        if not one.pk and bind is None:
            one.pk = pk
        elif not one.pk and bind is not None:
            bind(one, pk, row[-1])
        shown = row if bind is None else row[:-1]
        assert (one.pk, *shown) == (pk, *said(one)), f"{table} {pk}: product {row}, model {said(one)}"
    return [row[-1] for row in rows.values()]


def _books(model: Model) -> None:
    """Each account's balance on its normal side; both sides of the journal; nothing below 0 that must not be."""
    stands: dict[tuple[int, str, str], int] = {}
    sums: Counter[int] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES)
        accounts = cursor.fetchall()
        cursor.execute(_SUMS)
        debited, posted = cursor.fetchone()
    for org, kind, subject, debits, credits in accounts:
        shape = SHAPES[Kind(kind)]
        balance = debits - credits if shape.side == "D" else credits - debits
        sums[org] += debits - credits
        assert shape.below_zero or balance >= 0, f"{kind} {subject} holds {balance}"
        if balance:
            stands[org, kind, subject] = balance
    _same("account", stands, {account: dong for account, dong in model.books.items() if dong})
    assert not any(sums.values()), f"debits differ from credits: {sums}"
    assert debited == posted, "the accounts are the sums of their postings"


def audited(model: Model) -> None:
    """``books audit`` of both cooperatives, and its figures beside the model's."""
    for organization in Organization.objects.order_by("pk"):
        figures = audit(organization, at=model.now)
        wrong = {name: said for name, said in figures.checks.items() if said != "ok"}
        assert figures.is_clean, f"{organization.slug}: {figures.unexplained_dong} unexplained, {wrong}"
        lines = [told for told in model.lines if told.org == organization.pk]
        ours = {
            "waiting_dong": sum(one.unused for one in lines if one.is_in and (one.is_booked or one.state == "NEW"))
            + sum(one.dong for one in lines if not one.is_in and one.state == "NEW"),
            "alarm_dong": sum(one.unused for one in lines if not one.is_in and one.is_booked),
            "claimed_dong": sum(one.dong for one in lines if one.is_claim and one.state == "NEEDS_YOU"),
        }
        theirs = {name: getattr(figures, name) for name in ours}
        assert theirs == ours, f"{organization.slug}: the audit says {theirs}, the model {ours}"


def evidenced(model: Model) -> None:
    """At the end, when everything was told: no money without a true line of the bank, but what was said by hand."""
    stray = [told.pk for told in model.lines if not told.is_true and told.is_booked]
    assert not stray, f"made up and booked: {stray}"
    booked = BankTransaction.objects.booked().order_by().values_list("bank_account_id", "direction")
    told = {(row[0], row[1]): row[2] for row in booked.annotate(Sum("amount_dong"))}
    ours: Counter[tuple[int, str]] = Counter()
    for one in _genuine(model):
        ours[one.truth.account, one.truth.direction] += one.dong
    assert told == dict(ours), f"booked {told}, the bank {dict(ours)}"


def _genuine(model: Model) -> list[Told]:
    return [one for one in model.lines if one.is_true and one.truth.is_plain and not one.is_joined]
