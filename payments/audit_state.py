"""Each open thing's balance against what its documents add up to, and documents against each other."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet, Sum

from base.money import line_total_dong
from base.periods import month_of, vietnam_day
from cooperatives import income
from cooperatives.chart import SHAPES, Kind
from cooperatives.models import LedgerAccount, Organization
from cooperatives.verifying import Finding
from orders.models import Allocation, Order, OrderLine
from orders.pricing import Share, shares
from payments.audit_journal import booked_lines
from payments.models import BankTransaction, CashReceipt, KeptDebt, OpeningBalance, PaymentRequest, Release, Settlement

Sums = Counter[Any]
_CHUNK = 2000


class Documents:
    """Sums of the live documents of one organization, each added up once by the database."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.settlements = Settlement.objects.filter(transaction__organization=organization, undone_at=None)
        self.debts = KeptDebt.objects.filter(transaction__organization=organization, undone_at=None)
        self.receipts = CashReceipt.objects.filter(organization=organization, undone_at=None)
        self.releases = Release.objects.filter(order__organization=organization, undone_at=None)
        self.handed_over = Order.objects.filter(organization=organization, handed_over_at__isnull=False)
        self.allocations = Allocation.objects.filter(line__order__in=self.handed_over)
        self.balances: dict[Kind, Sums] = {kind: Counter() for kind in Kind}
        accounts = LedgerAccount.objects.filter(organization=organization, kind__in=list(Kind))
        for kind, subject, debits, credits in accounts.values_list("kind", "subject", "debits", "credits"):
            on_debit_side = SHAPES[Kind(kind)].side == "D"
            self.balances[Kind(kind)][subject] = debits - credits if on_debit_side else credits - debits


def state(organization: Organization) -> dict[str, Finding]:
    """Findings by name. Σ|balance − documents| is never netted across accounts."""
    have = Documents(organization)
    return {
        "lines": _lines(have),
        "orders": _orders(have),
        "sales": _sales(have),
        "requests": _requests(have),
        "payers": _payers(have),
        "members": _members(have),
        "income": _income(have),
        "results": _results(have),
        "cash": _cash(have),
    }


def _compare(found: Finding, what: str, balances: Mapping[Any, int], documents: Mapping[Any, int]) -> None:
    for subject in balances.keys() | documents.keys():
        off = balances.get(subject, 0) - documents.get(subject, 0)
        if off:
            found.add(f"{what} {subject}: {off:+} đồng beside its documents".replace("  ", " "), off)


def _sum_by(rows: QuerySet[Any], by: str, *columns: str, prefix: str = "") -> Sums:
    """Σ of ``columns`` by one column, as ``prefix`` + its value."""
    sums: Sums = Counter()
    for column in columns:
        for value, dong in rows.order_by().values_list(by).annotate(Sum(column)):
            sums[f"{prefix}{value}" if prefix else value] += dong
    return sums


def _lines(have: Documents) -> Finding:
    """What is left of each line of the bank is what no live settlement or debt has taken."""
    found = Finding()
    lines = booked_lines(have.organization)
    used = _sum_by(have.settlements, "transaction_id", "credited_dong", "excess_dong")
    used += _sum_by(have.debts, "transaction_id", "amount_dong")
    left: dict[str, Sums] = {"in": Counter(), "out": Counter()}
    rows = lines.values_list("pk", "direction", "state", "amount_dong", "used_dong")
    for pk, direction, state, amount, noted in rows.iterator(chunk_size=_CHUNK):
        taken = used.pop(pk, 0)
        left[direction][f"transaction:{pk}"] = amount - taken
        if noted != taken:
            found.add(f"transaction {pk}: {noted} đồng noted as used, {taken} given", noted - taken)
        if state == BankTransaction.State.SETTLED and taken != amount:
            found.add(f"transaction {pk}: SETTLED with {amount - taken} đồng left", 0)
    for pk, taken in used.items():
        found.add(f"transaction {pk}: {taken} đồng given of a line that is not booked", taken)
    for pk, amount in _should_be_booked(have.organization).values_list("pk", "amount_dong"):
        found.add(f"transaction {pk}: looked at and never booked", amount)
    _compare(found, "unmatched arrival", have.balances[Kind.UNMATCHED_ARRIVALS], left["in"])
    _compare(found, "unmatched departure", have.balances[Kind.UNMATCHED_DEPARTURES], left["out"])
    return found


def _should_be_booked(organization: Organization) -> QuerySet[BankTransaction]:
    """Lines that were dealt with and stand in no book, though they are neither a bare text message nor joined."""
    unbooked = BankTransaction.objects.filter(
        organization=organization, day__gte=organization.opened_on, amount_dong__gt=0, booked_at=None
    )
    return unbooked.exclude(state=BankTransaction.State.NEW).exclude(
        reason__in=[BankTransaction.Reason.SMS_ONLY, BankTransaction.Reason.JOINED]
    )


def _credited(have: Documents) -> Sums:
    """By order: what was given to its purse."""
    credited = _sum_by(have.settlements, "payment_request__order_id", "credited_dong")
    return credited + _sum_by(have.receipts, "payment_request__order_id", "credited_dong")


def _orders(have: Documents) -> Finding:
    """An order's purse holds what came and has not gone; a final order holds nothing."""
    found = Finding()
    purses = _credited(have)
    purses.subtract(_sum_by(have.releases, "order_id", "amount_dong"))
    purses.subtract(dict(have.handed_over.values_list("pk", "total_dong")))
    _compare(found, "purse of", have.balances[Kind.PREPAID], {f"order:{pk}": dong for pk, dong in purses.items()})
    _compare(found, "owed by the buyer of", have.balances[Kind.OWED_BY_BUYERS], {})
    final = Order.objects.filter(organization=have.organization).exclude(
        state__in=[Order.State.PLACED, Order.State.PACKED]
    )
    for pk in final.values_list("pk", flat=True).iterator(chunk_size=_CHUNK):
        held = have.balances[Kind.PREPAID][f"order:{pk}"]
        if held:
            found.add(f"order {pk} is over and its purse holds {held} đồng", held)
    return found


def _sales(have: Documents) -> Finding:
    """The frozen shares of each line are what the rule makes of its frozen inputs, and add up to the order."""
    found = Finding()
    lines = OrderLine.objects.filter(order__in=have.handed_over).prefetch_related(
        Prefetch("allocations", queryset=Allocation.objects.order_by("position"))
    )
    goods: Sums = Counter()
    for line in lines.iterator(chunk_size=_CHUNK):
        goods[line.order_id] += line.total_dong
        price = line_total_dong(price_dong=line.price_dong, quantity=line.quantity, unit=line.unit)
        if price != line.total_dong:
            found.add(f"line {line.pk}: {line.total_dong} đồng, its price makes {price}", price - line.total_dong)
        off = _off_the_rule(line, list(line.allocations.all()))
        if off:
            found.add(f"line {line.pk}: its lots' shares are {off} đồng beside the rule", off)
    _compare(found, "goods of order", goods, dict(have.handed_over.values_list("pk", "goods_dong")))
    return found


def _off_the_rule(line: OrderLine, allocations: list[Allocation]) -> int:
    stored = [Share(a.quantity, a.gross_dong, a.fee_dong) for a in allocations]
    if sum(share.quantity for share in stored) != line.quantity:
        return line.total_dong
    ruled = shares(
        total_dong=line.total_dong,
        quantity=line.quantity,
        fee_bp=line.fee_bp,
        parts=[share.quantity for share in stored],
    )
    return sum(
        abs(a.gross_dong - b.gross_dong) + abs(a.fee_dong - b.fee_dong) for a, b in zip(stored, ruled, strict=True)
    )


def _requests(have: Documents) -> Finding:
    """What a request says of itself, and whether its order counts as paid."""
    found = Finding()
    requests = PaymentRequest.objects.filter(organization=have.organization)
    credited = _sum_by(have.settlements, "payment_request_id", "credited_dong")
    credited += _sum_by(have.receipts, "payment_request_id", "credited_dong")
    released = _sum_by(have.releases, "order_id", "amount_dong")
    excess = _sum_by(have.settlements, "payment_request_id", "excess_dong")
    open_or_over = {"PLACED", "PACKED", "HANDED_OVER", "ACCEPTED", "CLOSED"}
    rows = requests.values_list(
        "pk", "order_id", "asked_dong", "credited_dong", "excess_dong", "order__state", "order__payment"
    )
    for pk, order_id, asked, said, said_excess, order_state, payment in rows.iterator(chunk_size=_CHUNK):
        still = credited[pk] - released[order_id]
        if (said, said_excess) != (still, excess[pk]):
            found.add(
                f"request {pk}: says {said} + {said_excess} đồng, its documents {still} + {excess[pk]}",
                abs(said - still) + abs(said_excess - excess[pk]),
            )
        if order_state in open_or_over and (payment in {"PAID", "COVERED"}) != (still >= asked):
            found.add(f"order {order_id} counts as {payment} with {still} of {asked} đồng", asked - still)
    return found


def _payers(have: Documents) -> Finding:
    """What is owed back is what came too much, what was kept, and what was released."""
    found = Finding()
    owed = _sum_by(have.settlements, "payment_request__order_id", "excess_dong", prefix="order:")
    owed += _sum_by(have.debts.filter(order__isnull=False), "order_id", "amount_dong", prefix="order:")
    owed += _sum_by(have.debts.filter(order=None), "transaction_id", "amount_dong", prefix="transaction:")
    owed += _sum_by(have.releases, "order_id", "amount_dong", prefix="order:")
    _compare(found, "owed to the payer of", have.balances[Kind.OWED_TO_PAYERS], owed)
    return found


def _members(have: Documents) -> Finding:
    """What a member is owed is what her lots earned after the fee."""
    found = Finding()
    ours = have.allocations.filter(lot__member__isnull=False)
    net = _sum_by(ours, "lot__member_id", "gross_dong", prefix="member:")
    net.subtract(_sum_by(ours, "lot__member_id", "fee_dong", prefix="member:"))
    owed = Counter(have.balances[Kind.OWED_TO_MEMBERS])
    owed.subtract(have.balances[Kind.OWED_BY_MEMBERS])
    _compare(found, "owed to", owed, net)
    return found


def _income(have: Documents) -> Finding:
    """What the income page shows, month by month, is what was handed over in that month."""
    found = Finding()
    net: Sums = Counter()
    ours = have.allocations.filter(lot__member__isnull=False).order_by()
    rows = ours.values_list("lot__member_id", "line__order__handed_over_at")
    for member_id, handed_over_at, gross, fee in rows.annotate(Sum("gross_dong"), Sum("fee_dong")):
        net[member_id, month_of(vietnam_day(handed_over_at))] += gross - fee
    _compare(found, "income of (member, month)", income.of_everybody(organization=have.organization), net)
    return found


def _results(have: Documents) -> Finding:
    """Fee, own goods, shipping, rounding, losses and openings are the sums of their documents."""
    found = Finding()
    own = have.allocations.filter(lot__member=None)
    rounded = [paid - due for paid, due in have.receipts.values_list("amount_dong", "credited_dong")]
    expected = {
        Kind.FEE: _total(have.allocations, "fee_dong"),
        Kind.OWN_GOODS: _total(own, "gross_dong") - _total(own, "fee_dong"),
        Kind.SHIPPING_CHARGED: _total(have.handed_over, "shipping_dong"),
        Kind.OTHER_RECEIPTS: sum(dong for dong in rounded if dong > 0),
        Kind.LOSSES: -sum(dong for dong in rounded if dong < 0),
        Kind.OPENING: _total(OpeningBalance.objects.filter(organization=have.organization), "amount_dong"),
    }
    for kind, dong in expected.items():
        _compare(found, kind, have.balances[kind], {"": dong})
    return found


def _cash(have: Documents) -> Finding:
    """A cash box holds its receipts; receipt numbers run without gaps."""
    found = Finding()
    boxes = _sum_by(have.receipts, "keeper_id", "amount_dong", prefix="keeper:")
    _compare(found, "cash box of", have.balances[Kind.CASH], boxes)
    numbers = CashReceipt.objects.filter(organization=have.organization).order_by("number")
    for gap in _gaps(numbers.values_list("number", flat=True)):
        found.add(f"cash receipt {gap} is missing", 0)
    return found


def _gaps(numbers: Iterable[int]) -> list[int]:
    there = set(numbers)
    return [number for number in range(1, max(there, default=0) + 1) if number not in there]


def _total(rows: QuerySet[Any], column: str) -> int:
    return rows.order_by().aggregate(total=Sum(column))["total"] or 0
