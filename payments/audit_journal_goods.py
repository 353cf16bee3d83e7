"""Expected entries about goods, cash boxes and deliveries: the second half of payments/audit_journal.py."""

from collections.abc import Iterator
from itertools import takewhile

from django.db.models import Prefetch

from base.periods import vietnam_day
from cooperatives.chart import Event
from cooperatives.models import Organization
from orders import postings as postings_goods
from orders.fulfilling import handed_over_moves, keys_of
from orders.models import Allocation, DeliveryBorne, Netting, Order, Return
from payments import postings, postings_delivery
from payments.audit_expected import CHUNK, Booked, Expected, mirror, undoable
from payments.models import (
    CashCount,
    CashHandover,
    CashVoucher,
    Collection,
    DepositKept,
    MadeGood,
    RemittancePayment,
)


def sales(organization: Organization, booked: dict[str, Booked]) -> Iterator[Expected]:
    """An accepted order was booked once more often than that was taken back; any other one as often."""
    orders = Order.objects.filter(organization=organization, handed_over_at__isnull=False).prefetch_related(
        Prefetch("lines__allocations", queryset=Allocation.objects.select_related("lot").order_by("position"))
    )
    for order in orders.iterator(chunk_size=CHUNK):
        if order.accepted_at is None and next(keys_of(order.pk)) not in booked:
            continue
        moves = handed_over_moves(order, [one for line in order.lines.all() for one in line.allocations.all()])
        used = list(takewhile(booked.__contains__, keys_of(order.pk)))
        if order.accepted_at is not None:
            key = used.pop() if used else next(keys_of(order.pk))
            yield Expected(key, Event.HANDED_OVER, vietnam_day(order.accepted_at), moves)
        for key in used:
            entry_id = booked[key].pk
            yield Expected(key, Event.HANDED_OVER, None, moves)
            yield Expected(f"reversed:{entry_id}", Event.REVERSED, None, mirror(moves))


def deliveries(organization: Organization) -> Iterator[Expected]:
    """What was collected, remitted, brought back, made good, borne, netted, kept and paid out in cash."""
    for collection in Collection.objects.filter(order__organization=organization).iterator(chunk_size=CHUNK):
        yield from undoable("collected", Event.COLLECTED, collection, postings_delivery.collected(collection))
    payments = RemittancePayment.objects.filter(remittance__organization=organization).prefetch_related("shares")
    for payment in payments.iterator(chunk_size=CHUNK):
        moves = postings_delivery.remitted(payment, payment.shares.all())
        yield from undoable("remitted", Event.REMITTED, payment, moves)
    for made in MadeGood.objects.filter(organization=organization).iterator(chunk_size=CHUNK):
        yield from undoable("made_good", Event.MADE_GOOD, made, postings_delivery.made_good(made))
    for kept in DepositKept.objects.filter(order__organization=organization).iterator(chunk_size=CHUNK):
        yield from undoable("deposit_kept", Event.DEPOSIT_KEPT, kept, postings_delivery.deposit_kept(kept))
    for voucher in CashVoucher.objects.filter(organization=organization).iterator(chunk_size=CHUNK):
        event = postings_delivery.cash_out_event(voucher)
        yield from undoable("cash_out", event, voucher, postings_delivery.cash_paid_out(voucher))
    returns = Return.objects.filter(organization=organization).prefetch_related("lines__allocation__lot")
    for goods_return in returns.iterator(chunk_size=CHUNK):
        moves = postings_goods.returned(goods_return, goods_return.lines.all())
        day, names = vietnam_day(goods_return.at), (goods_return.entry_id,)
        yield Expected(f"returned:{goods_return.pk}", Event.RETURNED, day, moves, names)
    for borne in DeliveryBorne.objects.filter(shipment__organization=organization).iterator(chunk_size=CHUNK):
        yield from undoable("delivery_borne", Event.DELIVERY_BORNE, borne, postings_goods.delivery_borne(borne))
    for netting in Netting.objects.filter(member__organization=organization).iterator(chunk_size=CHUNK):
        moves, day = postings_goods.netted(netting), vietnam_day(netting.at)
        yield Expected(f"netted:{netting.pk}", Event.NETTED, day, moves, (netting.entry_id,))


def boxes(organization: Organization) -> Iterator[Expected]:
    """Cash between keepers, and what a count found beside the book."""
    accepted = CashHandover.objects.filter(organization=organization, state=CashHandover.State.ACCEPTED)
    for handover in accepted.iterator(chunk_size=CHUNK):
        day = vietnam_day(handover.decided_at) if handover.decided_at else None
        names = (handover.entry_id,)
        yield Expected(f"cash_moved:{handover.pk}", Event.CASH_MOVED, day, postings.cash_moved(handover), names)
    for count in CashCount.objects.filter(organization=organization).iterator(chunk_size=CHUNK):
        moves = postings.counted(count)
        event = Event.COUNTED_OVER if count.counted_dong > count.expected_dong else Event.COUNTED_SHORT
        if moves:
            yield Expected(f"counted:{count.pk}", event, count.day, moves, (count.entry_id,))
