"""What each order's request says of itself, and whether its order counts as paid, against the documents
(docs/books.md §3, 9)."""

from cooperatives.chart import Kind
from cooperatives.verifying import Finding
from orders.models import Order
from payments.audit_sums import CHUNK, Documents, Sums, due_state, sum_by
from payments.models import Explanation, PaymentRequest

State, OrderState, Payment = PaymentRequest.State, Order.State, Order.Payment
_STANDS = {OrderState.PLACED, OrderState.PACKED, OrderState.HANDED_OVER, OrderState.ACCEPTED, OrderState.CLOSED}
_COLUMNS = (
    "pk", "order_id", "asked_dong", "credited_dong", "excess_dong", "state", "order__state", "order__payment",
    "order__accepted_at", "order__total_dong", "order__borne_dong",
)  # fmt: skip


def requests(have: Documents) -> Finding:
    """A request asks what its order costs the buyer, and says what was given to it; its order counts as paid once that
    is all, and as covered while a carrier has some of it."""
    found = Finding()
    rows = PaymentRequest.objects.filter(organization=have.organization, order__isnull=False).values_list(*_COLUMNS)
    credited = sum_by(have.settlements, "payment_request_id", "credited_dong")
    credited += sum_by(have.receipts, "payment_request_id", "credited_dong")
    moved = _by_order(have)
    excess = sum_by(have.settlements, "payment_request_id", "excess_dong")
    with_carrier = _with_carrier(have)
    for (
        pk, order_id, asked, said, said_excess, said_state, order_state, payment, accepted_at, total, borne
    ) in rows.iterator(chunk_size=CHUNK):  # fmt: skip
        still = credited[pk] + moved[order_id]
        if (said, said_excess) != (still, excess[pk]):
            found.add(
                f"request {pk}: says {said} + {said_excess} đồng, its documents {still} + {excess[pk]}",
                abs(said - still) + abs(said_excess - excess[pk]),
            )
        if asked != total - borne:
            found.add(f"request {pk}: asks {asked} đồng, its order costs {total} − {borne}", asked - total + borne)
        if order_state in _STANDS or accepted_at is not None:
            _check_payment(found, order_id, payment, asked, still, with_carrier[order_id])
            should_be = due_state(asked, still, excess[pk])
        else:  # given back whole, or closed as its order was
            should_be = State.EXPIRED if order_state == OrderState.EXPIRED else State.CANCELLED
            if payment != Payment.UNPAID:
                found.add(f"order {order_id} is {order_state} and counts as {payment}", 0)
            if said_state == State.REFUNDED and not have.balances[Kind.OWED_TO_PAYERS][f"order:{order_id}"]:
                should_be = State.REFUNDED
        if said_state != should_be:
            found.add(f"request {pk}: {said_state}, its documents make it {should_be}", 0)
    return found


def _check_payment(found: Finding, order_id: int, payment: str, asked: int, still: int, with_carrier: int) -> None:
    is_covered = payment in {Payment.PAID, Payment.COVERED}
    if is_covered != (still >= asked):
        found.add(f"order {order_id} counts as {payment} with {still} of {asked} đồng", asked - still)
    elif is_covered and (payment == Payment.COVERED) != (with_carrier > 0):
        found.add(f"order {order_id} counts as {payment} with {with_carrier} đồng at its carrier's", with_carrier)


def _by_order(have: Documents) -> Sums:
    """What went into an order's purse beside its request's payments, less what went out of it and not to members."""
    moved = sum_by(have.collections, "order_id", "amount_dong")
    moved.subtract(sum_by(have.releases, "order_id", "amount_dong"))
    moved.subtract(sum_by(have.deposits_kept, "order_id", "amount_dong"))
    disputes = have.explanations.filter(kind=Explanation.Kind.DISPUTED)
    moved.subtract(sum_by(disputes, "order_id", "from_purse_dong"))
    return moved


def _with_carrier(have: Documents) -> Sums:
    held = {name.removeprefix("shipment:"): dong for name, dong in have.balances[Kind.WITH_CARRIER].items() if dong}
    by_order = Sums()
    # Those few that hold anything now: a list of every parcel that ever was would outgrow one question.
    shipments = have.shipments.filter(collections__undone_at=None, collections__isnull=False)
    for pk, order_id in shipments.values_list("pk", "order_id").iterator(chunk_size=CHUNK):
        by_order[order_id] += held.pop(str(pk), 0)
    return by_order
