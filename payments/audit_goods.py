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
from payments.models import CashCount, CashHandover, CashReceipt, CashVoucher, Explanation, OpeningBalance

ExplanationKind, VoucherKind = Explanation.Kind, CashVoucher.Kind


def sales(have: Documents) -> Finding:
    """The frozen shares of each line are what the rule makes of its frozen inputs, and add up to the order."""
    found = Finding()
    lines = OrderLine.objects.filter(order__in=have.gone).prefetch_related(
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
    compare(found, "goods of order", goods, dict(have.gone.values_list("pk", "goods_dong")))
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
    """What a member is owed is what her lots earned after the fee and what was made good to her, less what came back,
    what she bears of carriage and what she was paid; what she owes is what was beyond her credit, less what was netted.
    """
    found = Finding()
    ours = have.allocations.filter(lot__member__isnull=False)
    back = have.return_lines.filter(allocation__lot__member__isnull=False)
    owed = sum_by(ours, "lot__member_id", "gross_dong", prefix="member:")
    owed.subtract(sum_by(ours, "lot__member_id", "fee_dong", prefix="member:"))
    lost = have.made_good.filter(member__isnull=False)
    owed.update(sum_by(lost, "member_id", "amount_dong", prefix="member:"))
    owed.subtract(sum_by(back, "allocation__lot__member_id", "gross_dong", prefix="member:"))
    owed.update(sum_by(back, "allocation__lot__member_id", "fee_dong", "owed_dong", prefix="member:"))
    owed.subtract(sum_by(have.borne, "member_id", "amount_dong", prefix="member:"))
    owed.update(sum_by(have.borne, "member_id", "owed_dong", prefix="member:"))
    netted = sum_by(have.nettings, "member_id", "amount_dong", prefix="member:")
    owed.subtract(netted)
    paid = have.vouchers.filter(member__isnull=False)
    owed.subtract(sum_by(paid, "member_id", "amount_dong", prefix="member:"))
    compare(found, "owed to", have.balances[Kind.OWED_TO_MEMBERS], owed)
    owing = sum_by(back, "allocation__lot__member_id", "owed_dong", prefix="member:")
    owing.update(sum_by(have.borne, "member_id", "owed_dong", prefix="member:"))
    owing.subtract(netted)
    compare(found, "owed by", have.balances[Kind.OWED_BY_MEMBERS], owing)
    return found


def income(have: Documents) -> Finding:
    """What the income page shows, month by month: what was accepted in that month, less what came back of it since, and
    what was made good in it."""
    found = Finding()
    net: Sums = Counter()
    ours = have.allocations.filter(lot__member__isnull=False).order_by()
    rows = ours.values_list("lot__member_id", "line__order__accepted_at")
    for member_id, accepted_at, gross, fee in rows.annotate(Sum("gross_dong"), Sum("fee_dong")):
        net[member_id, month_of(vietnam_day(accepted_at))] += gross - fee
    back = have.return_lines.filter(allocation__lot__member__isnull=False).order_by()
    came = back.values_list("allocation__lot__member_id", "goods_return__order__accepted_at")
    for member_id, accepted_at, gross, fee in came.annotate(Sum("gross_dong"), Sum("fee_dong")):
        if accepted_at is None:
            found.add(f"member {member_id}: {gross - fee} đồng came back of what nobody has accepted", gross - fee)
            continue
        net[member_id, month_of(vietnam_day(accepted_at))] -= gross - fee
    lost = have.made_good.filter(member__isnull=False).values_list("member_id", "at", "amount_dong")
    for member_id, at, dong in lost:
        net[member_id, month_of(vietnam_day(at))] += dong
    compare(found, "income of (member, month)", income_of.of_everybody(organization=have.organization), net)
    return found


def results(have: Documents) -> Finding:
    """Fee, own goods, shipping, roundings, counts, losses, costs, other receipts and openings are what their documents
    say."""
    found = Finding()
    own, own_back = have.allocations.filter(lot__member=None), have.return_lines.filter(allocation__lot__member=None)
    rounded = [paid - due for paid, due in have.receipts.values_list("amount_dong", "credited_dong")]
    counted = [there - booked for there, booked in have.counts.values_list("counted_dong", "expected_dong")]
    beside = rounded + counted
    said = sum_by(have.explanations, "kind", "amount_dong")
    paid_out = sum_by(have.vouchers, "kind", "amount_dong")
    charged = total(have.accepted, "shipping_dong") - total(have.returns, "shipping_dong")
    expected = {
        Kind.FEE: total(have.allocations, "fee_dong") - total(have.return_lines, "fee_dong"),
        Kind.OWN_GOODS: total(own, "gross_dong") - total(own, "fee_dong")
        - total(own_back, "gross_dong") + total(own_back, "fee_dong"),
        Kind.SHIPPING_CHARGED: charged + total(have.borne, "amount_dong") + total(have.deposits_kept, "amount_dong"),
        Kind.SHIPPING_COST: total(have.remitted_shares, "fee_dong") + paid_out[VoucherKind.CARRIAGE]
        + said[ExplanationKind.CARRIER_COST],
        Kind.OTHER_RECEIPTS: sum(dong for dong in beside if dong > 0) + said[ExplanationKind.OTHER_RECEIPT],
        Kind.CHARGES: said[ExplanationKind.BANK_FEE],
        Kind.OWN_SPENDING: said[ExplanationKind.OWN_SPENDING] + paid_out[VoucherKind.SPENDING],
        Kind.LOSSES: total(have.made_good, "amount_dong") - total(have.returns, "borne_dong")
        - sum(dong for dong in beside if dong < 0),
        Kind.OPENING: total(OpeningBalance.objects.filter(organization=have.organization), "amount_dong"),
    }  # fmt: skip
    for kind, dong in expected.items():
        compare(found, kind, have.balances[kind], {"": dong})
    return found


def cash(have: Documents) -> Finding:
    """A cash box holds its receipts, what carriers brought into it and what was handed to its keeper, less what she
    handed on, brought to the bank or paid out, and what counts found beside it; the numbers of receipts, vouchers,
    handovers and counts run without gaps."""
    found = Finding()
    boxes = sum_by(have.receipts, "keeper_id", "amount_dong", prefix="keeper:")
    boxes += sum_by(have.handovers, "to_keeper_id", "amount_dong", prefix="keeper:")
    boxes += sum_by(have.counts, "keeper_id", "counted_dong", prefix="keeper:")
    boxes.subtract(sum_by(have.counts, "keeper_id", "expected_dong", prefix="keeper:"))
    boxes.subtract(sum_by(have.handovers, "from_keeper_id", "amount_dong", prefix="keeper:"))
    banked = have.explanations.filter(kind=ExplanationKind.BANKED)
    boxes.subtract(sum_by(banked, "keeper_id", "amount_dong", prefix="keeper:"))
    brought = have.remitted.filter(keeper__isnull=False)
    boxes.update(sum_by(brought, "keeper_id", "amount_dong", prefix="keeper:"))
    boxes.subtract(sum_by(have.vouchers, "keeper_id", "amount_dong", prefix="keeper:"))
    compare(found, "cash box of", have.balances[Kind.CASH], boxes)
    numbered = (("receipt", CashReceipt), ("voucher", CashVoucher), ("handover", CashHandover), ("count", CashCount))
    for name, slips in numbered:
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
