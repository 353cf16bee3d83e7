"""What was sold and what came of it: shares, members, income, results, cash boxes (docs/books.md §3)."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Prefetch, Sum

from base.money import line_total_dong
from base.periods import month_of, vietnam_day
from cooperatives import income as income_of
from cooperatives.chart import Kind
from cooperatives.verifying import Finding
from orders.models import Allocation, OrderLine
from orders.pricing import Share, shares
from payments.audit_sums import CHUNK, Documents, Sums, compare, sum_by, total
from payments.models import CashCount, CashHandover, CashReceipt, Explanation, OpeningBalance

ExplanationKind = Explanation.Kind


def sales(have: Documents) -> Finding:
    """The frozen shares of each line are what the rule makes of its frozen inputs, and add up to the order."""
    found = Finding()
    lines = OrderLine.objects.filter(order__in=have.handed_over).prefetch_related(
        Prefetch("allocations", queryset=Allocation.objects.order_by("position"))
    )
    goods: Sums = Counter()
    for line in lines.iterator(chunk_size=CHUNK):
        goods[line.order_id] += line.total_dong
        price = line_total_dong(price_dong=line.price_dong, quantity=line.quantity, unit=line.unit)
        if price != line.total_dong:
            found.add(f"line {line.pk}: {line.total_dong} đồng, its price makes {price}", price - line.total_dong)
        off = _off_the_rule(line, list(line.allocations.all()))
        if off:
            found.add(f"line {line.pk}: its lots' shares are {off} đồng beside the rule", off)
    compare(found, "goods of order", goods, dict(have.handed_over.values_list("pk", "goods_dong")))
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


def members(have: Documents) -> Finding:
    """What a member is owed is what her lots earned after the fee."""
    found = Finding()
    ours = have.allocations.filter(lot__member__isnull=False)
    net = sum_by(ours, "lot__member_id", "gross_dong", prefix="member:")
    net.subtract(sum_by(ours, "lot__member_id", "fee_dong", prefix="member:"))
    owed = Counter(have.balances[Kind.OWED_TO_MEMBERS])
    owed.subtract(have.balances[Kind.OWED_BY_MEMBERS])
    compare(found, "owed to", owed, net)
    return found


def income(have: Documents) -> Finding:
    """What the income page shows, month by month, is what was handed over in that month."""
    found = Finding()
    net: Sums = Counter()
    ours = have.allocations.filter(lot__member__isnull=False).order_by()
    rows = ours.values_list("lot__member_id", "line__order__handed_over_at")
    for member_id, handed_over_at, gross, fee in rows.annotate(Sum("gross_dong"), Sum("fee_dong")):
        net[member_id, month_of(vietnam_day(handed_over_at))] += gross - fee
    compare(found, "income of (member, month)", income_of.of_everybody(organization=have.organization), net)
    return found


def results(have: Documents) -> Finding:
    """Fee, own goods, shipping, roundings, counts, costs, other receipts and openings are what their documents say."""
    found = Finding()
    own = have.allocations.filter(lot__member=None)
    rounded = [paid - due for paid, due in have.receipts.values_list("amount_dong", "credited_dong")]
    counted = [there - booked for there, booked in have.counts.values_list("counted_dong", "expected_dong")]
    beside = rounded + counted
    said = sum_by(have.explanations, "kind", "amount_dong")
    expected = {
        Kind.FEE: total(have.allocations, "fee_dong"),
        Kind.OWN_GOODS: total(own, "gross_dong") - total(own, "fee_dong"),
        Kind.SHIPPING_CHARGED: total(have.handed_over, "shipping_dong"),
        Kind.OTHER_RECEIPTS: sum(dong for dong in beside if dong > 0) + said[ExplanationKind.OTHER_RECEIPT],
        Kind.CHARGES: said[ExplanationKind.BANK_FEE],
        Kind.OWN_SPENDING: said[ExplanationKind.OWN_SPENDING],
        Kind.LOSSES: -sum(dong for dong in beside if dong < 0),
        Kind.OPENING: total(OpeningBalance.objects.filter(organization=have.organization), "amount_dong"),
    }
    for kind, dong in expected.items():
        compare(found, kind, have.balances[kind], {"": dong})
    return found


def cash(have: Documents) -> Finding:
    """A cash box holds its receipts and what was handed to its keeper, less what she handed on or brought to the bank,
    and what counts found beside it; the numbers of receipts, handovers and counts run without gaps."""
    found = Finding()
    boxes = sum_by(have.receipts, "keeper_id", "amount_dong", prefix="keeper:")
    boxes += sum_by(have.handovers, "to_keeper_id", "amount_dong", prefix="keeper:")
    boxes += sum_by(have.counts, "keeper_id", "counted_dong", prefix="keeper:")
    boxes.subtract(sum_by(have.counts, "keeper_id", "expected_dong", prefix="keeper:"))
    boxes.subtract(sum_by(have.handovers, "from_keeper_id", "amount_dong", prefix="keeper:"))
    banked = have.explanations.filter(kind=ExplanationKind.BANKED)
    boxes.subtract(sum_by(banked, "keeper_id", "amount_dong", prefix="keeper:"))
    compare(found, "cash box of", have.balances[Kind.CASH], boxes)
    for name, slips in (("receipt", CashReceipt), ("handover", CashHandover), ("count", CashCount)):
        numbers = slips._default_manager.filter(organization=have.organization).values_list("number", flat=True)
        for gap in _gaps(numbers):
            found.add(f"cash {name} {gap} is missing", 0)
    undecided = CashHandover.objects.filter(organization=have.organization).exclude(state=CashHandover.State.ACCEPTED)
    for pk, dong in undecided.filter(entry__isnull=False).values_list("pk", "amount_dong"):
        found.add(f"cash handover {pk}: nobody took it, and it is booked", dong)
    return found


def _gaps(numbers: Iterable[int]) -> list[int]:
    there = set(numbers)
    return [number for number in range(1, max(there, default=0) + 1) if number not in there]
