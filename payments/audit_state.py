"""Each open thing's balance against what its documents add up to, and documents against each other."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cooperatives.chart import Event, Kind
from cooperatives.models import Organization, Posting
from cooperatives.verifying import Finding
from orders.models import Order
from payments import audit_bills, audit_goods, audit_parcels, audit_requests
from payments.audit_journal import booked_lines
from payments.audit_sums import CHUNK, Documents, Sums, compare, sum_by
from payments.models import BankTransaction, Explanation, MadeGood, Refund, RefundMovement, Sighting
from payments.telling import SMS

RefundState, Movement, Why = Refund.State, RefundMovement.Kind, Explanation.Kind
SUBJECTS = ("order", "account", "transaction")
"""What money can be owed back for."""


def state(organization: Organization) -> dict[str, Finding]:
    """Findings by name. Σ|balance − documents| is never netted across accounts."""
    have = Documents(organization)
    return {
        "lines": _lines(have),
        "orders": _orders(have),
        "sales": audit_goods.sales(have),
        "requests": audit_requests.requests(have),
        "bills": audit_bills.bills(have),
        "payers": _payers(have),
        "refunds": _refunds(have),
        "members": audit_goods.members(have),
        "income": audit_goods.income(have),
        "results": audit_goods.results(have),
        "cash": audit_goods.cash(have),
        "parcels": audit_parcels.parcels(have),
        "carrier": audit_parcels.carriers(have),
        "returns": audit_parcels.returns(have),
    }


def _lines(have: Documents) -> Finding:
    """What is left of each line of the bank is what nothing live has taken of it."""
    found = Finding()
    used = sum_by(have.settlements, "transaction_id", "credited_dong", "excess_dong")
    used += sum_by(have.debts, "transaction_id", "amount_dong")
    used += sum_by(have.movements, "transaction_id", "amount_dong")
    used += sum_by(have.explanations, "transaction_id", "amount_dong")
    used += sum_by(have.remitted.filter(transaction__isnull=False), "transaction_id", "amount_dong")
    used += sum_by(have.explanations.filter(counterpart__isnull=False), "counterpart_id", "amount_dong")
    left: dict[str, Sums] = {"in": Sums(), "out": Sums()}
    rows = booked_lines(have.organization).values_list("pk", "direction", "state", "amount_dong", "used_dong")
    for pk, direction, line_state, amount, noted in rows.iterator(chunk_size=CHUNK):
        taken = used.pop(pk, 0)
        left[direction][f"transaction:{pk}"] = amount - taken
        if noted != taken:
            found.add(f"transaction {pk}: {noted} đồng noted as used, {taken} given", noted - taken)
        is_done = line_state in (BankTransaction.State.SETTLED, BankTransaction.State.RETURNED)
        waits = line_state in (BankTransaction.State.NEEDS_YOU, BankTransaction.State.PART_SETTLED)
        if (is_done and taken != amount) or (waits and taken == amount):
            found.add(f"transaction {pk}: {line_state} with {amount - taken} đồng left", 0)
        if line_state == BankTransaction.State.RETURNED and have.balances[Kind.OWED_TO_PAYERS][f"transaction:{pk}"]:
            found.add(f"transaction {pk}: {line_state} and still owed", 0)
    for pk, taken in used.items():
        found.add(f"transaction {pk}: {taken} đồng given of a line that is not booked", taken)
    for pk, amount in _should_be_booked(have.organization).values_list("pk", "amount_dong"):
        found.add(f"transaction {pk}: looked at and never booked", amount)
    compare(found, "unmatched arrival", have.balances[Kind.UNMATCHED_ARRIVALS], left["in"])
    compare(found, "unmatched departure", have.balances[Kind.UNMATCHED_DEPARTURES], left["out"])
    return found


def _should_be_booked(organization: Organization) -> QuerySet[BankTransaction]:
    """Lines that were dealt with and stand in no book, though more than a text message tells of them and nobody joined
    them to another line."""
    unbooked = BankTransaction.objects.filter(
        organization=organization, day__gte=organization.opened_on, amount_dong__gt=0, booked_at=None, joined_into=None
    )
    beyond_sms = Sighting.objects.filter(transaction=OuterRef("pk")).exclude(source=SMS)
    claimed = Q(reason=BankTransaction.Reason.SMS_ONLY) & ~Exists(beyond_sms)
    return unbooked.exclude(state=BankTransaction.State.NEW).exclude(claimed)


def _credited(have: Documents) -> Sums:
    """By order: what was given to its purse."""
    of_orders = {"payment_request__order__isnull": False}
    credited = sum_by(have.settlements.filter(**of_orders), "payment_request__order_id", "credited_dong")
    return credited + sum_by(have.receipts.filter(**of_orders), "payment_request__order_id", "credited_dong")


def _orders(have: Documents) -> Finding:
    """An order's purse holds what came and has not gone; a final order holds nothing. What a buyer owes is what a
    dispute took beyond the purse."""
    found = Finding()
    disputes = have.explanations.filter(kind=Why.DISPUTED)
    purses = _credited(have)
    purses.update(sum_by(have.collections, "order_id", "amount_dong"))
    purses.update(sum_by(have.made_good.filter(kind=MadeGood.Kind.WEIGHT), "order_id", "amount_dong"))
    purses.subtract(sum_by(have.releases, "order_id", "amount_dong"))
    purses.subtract(sum_by(have.deposits_kept, "order_id", "amount_dong"))
    purses.subtract(sum_by(disputes, "order_id", "from_purse_dong"))
    purses.subtract(dict(have.accepted.values_list("pk", "total_dong")))
    compare(found, "purse of", have.balances[Kind.PREPAID], {f"order:{pk}": dong for pk, dong in purses.items()})
    owing = sum_by(disputes, "order_id", "amount_dong", prefix="order:")
    owing.subtract(sum_by(disputes, "order_id", "from_purse_dong", prefix="order:"))
    owing.subtract(_released_against_debt(have))
    compare(found, "owed by the buyer of", have.balances[Kind.OWED_BY_BUYERS], owing)
    waits = Q(state__in=[Order.State.PLACED, Order.State.PACKED]) | Q(
        state=Order.State.HANDED_OVER, accepted_at__isnull=True
    )
    final = Order.objects.filter(organization=have.organization).exclude(waits)
    for pk in final.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        held = have.balances[Kind.PREPAID][f"order:{pk}"]
        if held:
            found.add(f"order {pk} is over and its purse holds {held} đồng", held)
    return found


def _released_against_debt(have: Documents) -> Sums:
    """How much of the releases went against what buyers owed: known only at that moment, so read from the entries."""
    against = Posting.objects.filter(
        entry__organization=have.organization, entry__event=Event.RELEASED, entry__reversed_by=None,
        credit__kind=Kind.OWED_BY_BUYERS,
    )  # fmt: skip
    return sum_by(against, "credit__subject", "amount_dong")


def _payers(have: Documents) -> Finding:
    """What is owed back is what came too much, was kept, released, made good or given back of goods or an item, less
    what was used for another bill, what was paid in cash, and what was ordered out and did not bounce."""
    found = Finding()
    owed: Sums = Sums()
    for subject in ("order", "account"):
        came = have.settlements.filter(**{f"payment_request__{subject}__isnull": False})
        owed.update(sum_by(came, f"payment_request__{subject}_id", "excess_dong", prefix=f"{subject}:"))
        kept = have.debts.filter(**{f"{subject}__isnull": False})
        owed.update(sum_by(kept, f"{subject}_id", "amount_dong", prefix=f"{subject}:"))
    strangers = have.debts.filter(order=None, account=None)
    owed.update(sum_by(strangers, "transaction_id", "amount_dong", prefix="transaction:"))
    if have.has_bills:
        owed.update(sum_by(have.given_back, "bill__account_id", "amount_dong", prefix="account:"))
        owed.subtract(sum_by(have.credit_uses, "account_id", "amount_dong", prefix="account:"))
    owed.update(sum_by(have.releases, "order_id", "amount_dong", prefix="order:"))
    owed.update(sum_by(have.returns, "order_id", "goods_dong", "shipping_dong", prefix="order:"))
    owed.subtract(sum_by(have.returns, "order_id", "borne_dong", prefix="order:"))
    goodwill = have.made_good.filter(kind=MadeGood.Kind.GOODWILL)
    owed.update(sum_by(goodwill, "order_id", "amount_dong", prefix="order:"))
    in_cash = have.vouchers.filter(order__isnull=False)
    owed.subtract(sum_by(in_cash, "order_id", "amount_dong", prefix="order:"))
    owed.subtract(_released_against_debt(have))
    out = have.refunds.filter(state__in=[RefundState.ORDERED, RefundState.SENT, RefundState.BOUNCED])
    back = have.movements.filter(kind=Movement.BOUNCED)
    for rows, sign, way in ((out, -1, ""), (back, 1, "refund__")):
        for subject in SUBJECTS:
            some = rows.filter(**{f"{way}{subject}__isnull": False})
            sums = sum_by(some, f"{way}{subject}_id", "amount_dong", prefix=f"{subject}:")
            owed.update({name: sign * dong for name, dong in sums.items()})
    compare(found, "owed to the payer of", have.balances[Kind.OWED_TO_PAYERS], owed)
    return found


def _refunds(have: Documents) -> Finding:
    """What is on its way out is what was ordered and not yet seen to leave; a refund says what its lines say."""
    found = Finding()
    moved: dict[str, Sums] = {
        kind: sum_by(have.movements.filter(kind=kind), "refund_id", "amount_dong") for kind in Movement
    }
    on_the_way = Sums()
    rows = have.refunds.values_list("pk", "state", "amount_dong", "entry_id", "cancelled_at")
    for pk, refund_state, amount, entry_id, cancelled_at in rows.iterator(chunk_size=CHUNK):
        sent, bounced = moved[Movement.SENT].pop(pk, 0), moved[Movement.BOUNCED].pop(pk, 0)
        if refund_state == RefundState.ORDERED:
            on_the_way[f"refund:{pk}"] = amount
        carried = refund_state in (RefundState.SENT, RefundState.BOUNCED)
        expected = (amount if carried else 0, amount if refund_state == RefundState.BOUNCED else 0)
        if (sent, bounced) != expected:
            off = abs(sent - expected[0]) + abs(bounced - expected[1])
            found.add(f"refund {pk}: {refund_state}, and its lines carried {sent} away and {bounced} back", off)
        ordered = refund_state not in (RefundState.TO_DO, RefundState.CANCELLED)
        if (ordered and entry_id is None) or (refund_state == RefundState.TO_DO and entry_id is not None):
            found.add(f"refund {pk}: {refund_state} with entry {entry_id}", amount)
        if (refund_state == RefundState.CANCELLED) != (cancelled_at is not None):
            found.add(f"refund {pk}: {refund_state}, cancelled {cancelled_at}", 0)
    for subject in SUBJECTS:
        tasks = have.refunds.filter(state=RefundState.TO_DO, **{f"{subject}__isnull": False})
        for name, dong in sum_by(tasks, f"{subject}_id", "amount_dong", prefix=f"{subject}:").items():
            owed = have.balances[Kind.OWED_TO_PAYERS][name]
            if dong > owed:
                found.add(f"{name}: tasks to give back {dong} đồng, {owed} are owed", 0)
    for sums in moved.values():
        for pk, dong in sums.items():
            found.add(f"refund {pk} of another organization: {dong} đồng moved here", dong)
    compare(found, "on the way out", have.balances[Kind.ON_THE_WAY_OUT], on_the_way)
    return found
