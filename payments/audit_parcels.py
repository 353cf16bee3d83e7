"""Parcels, what their carriers hold, and goods that came back: rows against each other and against balances
(docs/books.md §3, 8 and 13)."""

from collections import defaultdict
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from cooperatives.chart import Event, Kind
from cooperatives.verifying import Finding
from orders.models import Order, Shipment
from orders.pricing import Share, back
from orders.returning import borne_dong
from payments.audit_sums import CHUNK, Documents, Sums, compare, sum_by
from payments.models import MadeGood, Remittance, RemittanceLine

State, OrderState = Shipment.State, Order.State
_OPEN = [OrderState.PLACED, OrderState.PACKED]
_ENDED_AWAY = {
    State.RETURNED: OrderState.RETURNED, State.LOST: OrderState.CANCELLED, State.DAMAGED: OrderState.CANCELLED,
}  # fmt: skip


def parcels(have: Documents) -> Finding:
    """A parcel and its order say the same of where the goods are; what members bear or are made good of it fits."""
    found = Finding()
    waiting = have.shipments.filter(state__in=[State.DRAFT, State.BOOKED]).exclude(order__state__in=_OPEN)
    # At a carrier's, for an order that expired: a person sees to it, in her own time.
    called_off_by_people = Q(state=State.BOOKED, connection__isnull=False, order__state=OrderState.EXPIRED)
    away = have.shipments.filter(state__in=Shipment.AWAY)
    wrong = [
        waiting.exclude(called_off_by_people),
        away.exclude(order__state=OrderState.HANDED_OVER, order__accepted_at__isnull=True),
        have.shipments.filter(state=State.DELIVERED, order__accepted_at__isnull=True),
    ]
    wrong += [have.shipments.filter(state=at).exclude(order__state=of_order) for at, of_order in _ENDED_AWAY.items()]
    for rows in wrong:
        for pk, state, order_id, of_order in rows.values_list("pk", "state", "order_id", "order__state"):
            found.add(f"shipment {pk}: {state}, and order {order_id} is {of_order}", 0)
    lonely = have.gone.filter(accepted_at=None, state=OrderState.HANDED_OVER).exclude(pk__in=away.values("order_id"))
    for pk, dong in lonely.values_list("pk", "total_dong"):
        found.add(f"order {pk}: its goods are gone, and no parcel has them", dong)
    stands = Q(borne__undone_at=None)
    bearing = have.shipments.annotate(theirs=Coalesce(Sum("borne__amount_dong", filter=stands), 0)).filter(theirs__gt=0)
    for pk, state, theirs, cost in bearing.values_list(
        "pk", "state", "theirs", F("fee_dong") + F("return_fee_dong")
    ):  # fmt: skip
        if state != State.RETURNED or theirs > cost:
            found.add(f"shipment {pk}: {state}, members bear {theirs} of {cost} đồng", max(theirs - cost, 0))
    lost = have.made_good.filter(kind=MadeGood.Kind.LOST).exclude(shipment__state__in=list(_ENDED_AWAY))
    for pk, dong in lost.values_list("pk", "amount_dong"):
        found.add(f"made good {pk}: {dong} đồng for goods that are not lost", dong)
    return found


def carriers(have: Documents) -> Finding:
    """What is with a carrier is what it collected, less what came, what it kept, and what was made good; each list and
    each payment for it adds up."""
    found = Finding()
    held = sum_by(have.collections, "shipment_id", "amount_dong", prefix="shipment:")
    held.subtract(sum_by(have.remitted_shares, "shipment_id", "net_dong", "fee_dong", prefix="shipment:"))
    short = have.made_good.filter(kind=MadeGood.Kind.SHORT)
    held.subtract(sum_by(short, "shipment_id", "amount_dong", prefix="shipment:"))
    compare(found, "with the carrier of", have.balances[Kind.WITH_CARRIER], held)
    astray = have.collections.filter(
        ~Q(shipment__state=State.DELIVERED)
        | ~Q(shipment__order=F("order"))
        | Q(amount_dong__gt=F("shipment__collect_dong"))
    )
    for pk, dong in astray.values_list("pk", "amount_dong"):
        found.add(f"collection {pk}: {dong} đồng, not as its parcel was to collect", dong)
    shared = have.remitted.annotate(shared=Coalesce(Sum("shares__net_dong"), 0)).exclude(shared=F("amount_dong"))
    for pk, dong, shares in shared.values_list("pk", "amount_dong", "shared"):
        found.add(f"remittance payment {pk}: {dong} đồng, its shares {shares}", dong - shares)
    named: Any = RemittanceLine.objects.filter(
        remittance=OuterRef("payment__remittance"), shipment=OuterRef("shipment")
    )
    for pk, dong in have.remitted_shares.filter(~Exists(named)).values_list("pk", "net_dong"):
        found.add(f"remittance share {pk}: of a parcel that its list does not name", dong)
    came = sum_by(have.remitted, "remittance_id", "amount_dong")
    # What of a list was once written off is not waited for (payments/remitting.py).
    written_off = MadeGood.objects.filter(
        kind=MadeGood.Kind.SHORT, shipment__remittance_lines__remittance=OuterRef("pk")
    )
    lists = Remittance.objects.filter(organization=have.organization).annotate(
        said=Coalesce(Sum(F("lines__said_dong") - F("lines__fee_dong")), 0), short=Exists(written_off)
    )
    columns = ("pk", "state", "net_dong", "received_dong", "said", "short")
    for pk, state, net, received, said, short in lists.values_list(*columns):
        if (received, net) != (came[pk], said):
            off = abs(received - came[pk]) + abs(net - said)
            found.add(f"remittance {pk}: says {received} of {net} đồng, its rows {came[pk]} of {said}", off)
        done = Remittance.State.DONE
        if state != _state_of_list(state, net, received) and not (short and state == done):
            found.add(f"remittance {pk}: {state} with {received} of {net} đồng", 0)
    return found


def _state_of_list(state: str, net: int, received: int) -> str:
    if not received:
        return state if state == Remittance.State.CANCELLED else Remittance.State.WAITING
    return Remittance.State.PART if received < net else Remittance.State.DONE


def returns(have: Documents) -> Finding:
    """What came back of each lot's part is what the rule takes of what was kept until then, return by return; a return
    gives back what its lines say, and corrects the hand-over of its own order."""
    found = Finding()
    by_part = defaultdict(list)
    columns = (
        "allocation_id", "quantity", "gross_dong", "fee_dong", "allocation__quantity", "allocation__gross_dong",
        "allocation__fee_dong", "allocation__back_quantity", "allocation__back_gross_dong", "allocation__back_fee_dong",
    )  # fmt: skip
    for allocation_id, *figures in have.return_lines.order_by("goods_return_id", "pk").values_list(*columns):
        by_part[allocation_id].append(figures)
    for allocation_id, lines in by_part.items():
        gone, noted = Share(*lines[0][3:6]), Share(*lines[0][6:9])
        kept, off = gone, 0
        for quantity, gross, fee, *_whole in lines:
            if quantity > kept.quantity:
                off += gross
                break
            ruled = back(kept, quantity)
            off += abs(ruled.gross_dong - gross) + abs(ruled.fee_dong - fee)
            kept = Share(kept.quantity - quantity, kept.gross_dong - gross, kept.fee_dong - fee)
        if off:
            found.add(f"allocation {allocation_id}: what came back is {off} đồng beside the rule", off)
        taken = Share(*(sum(line[place] for line in lines) for place in range(3)))
        if taken != noted:
            off = abs(taken.gross_dong - noted.gross_dong) + abs(taken.fee_dong - noted.fee_dong)
            found.add(f"allocation {allocation_id}: {noted} noted as back, {taken} came", off)
    alone = have.allocations.exclude(back_quantity=0).exclude(pk__in=have.return_lines.values("allocation_id"))
    for pk, dong in alone.values_list("pk", "back_gross_dong"):
        found.add(f"allocation {pk}: {dong} đồng noted as back, and nothing came", dong)
    summed = have.returns.annotate(goods=Coalesce(Sum("lines__gross_dong"), 0)).exclude(goods=F("goods_dong"))
    for pk, dong, goods in summed.values_list("pk", "goods_dong", "goods"):
        found.add(f"return {pk}: {dong} đồng of goods, its lines {goods}", dong - goods)
    for pk, order_id, key, dong in have.returns.values_list("pk", "order_id", "entry__corrects__key", "goods_dong"):
        if key is None or key.split(":")[:2] != [str(Event.HANDED_OVER), str(order_id)]:
            found.add(f"return {pk}: corrects {key}, not the hand-over of order {order_id}", dong)
    before: Sums = Sums()
    with_orders = have.returns.select_related("order").order_by("order_id", "number")
    for one in with_orders.iterator(chunk_size=CHUNK):
        ruled_dong = borne_dong(one.order, one.goods_dong, before_dong=before[one.order_id])
        if one.borne_dong != ruled_dong:
            off = abs(one.borne_dong - ruled_dong)
            found.add(f"return {one.pk}: {one.borne_dong} đồng of it were borne, the rule says {ruled_dong}", off)
        before[one.order_id] += one.goods_dong
    over = sum_by(have.returns, "order_id", "shipping_dong")
    charged = dict(Order.objects.filter(returns__in=have.returns).values_list("pk", "shipping_dong"))
    for order_id, dong in over.items():
        if dong > charged[order_id]:
            found.add(f"order {order_id}: {dong} đồng of shipping given back of {charged[order_id]}", dong)
    kept_orders = have.accepted.annotate(
        kept=Coalesce(Sum(F("lines__allocations__quantity") - F("lines__allocations__back_quantity")), 0)
    ).filter(Q(state=OrderState.RETURNED, kept__gt=0) | (~Q(state=OrderState.RETURNED) & Q(kept=0)))
    for pk, state in kept_orders.values_list("pk", "state").iterator(chunk_size=CHUNK):
        found.add(f"order {pk}: {state}, beside what came back of it", 0)
    return found
