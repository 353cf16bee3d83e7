"""Money of a carrier's list: booked parcel by parcel, and taken back. The one place that moves a list's sums.

Every function needs an open transaction and the locked rows (docs/locking.md): line, lists, requests, orders, parcels.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from base.money import figures
from base.periods import vietnam_day
from base.refusals import Refused
from cooperatives import ledger
from cooperatives.chart import Event
from cooperatives.models import User
from orders.models import Order, Shipment
from payments import crediting, postings_delivery, remittance_split, with_carrier
from payments.models import BankTransaction, Remittance, RemittanceLine, RemittancePayment, RemittanceShare
from payments.remittance_split import Share

State = Remittance.State


class MoreThanListLacks(Refused):
    """A list takes no more than it still waits for."""

    code = "MORE_THAN_LIST_LACKS"
    sentence = _("Danh sách %(code)s chỉ còn chờ %(lacks)s.")


class ListOver(Refused):
    """It was dropped."""

    code = "REMITTANCE_OVER"
    sentence = _("Danh sách %(code)s đã bỏ, không nhận tiền được nữa.")


def locked(remittance_ids: Iterable[int]) -> dict[int, Remittance]:
    """The lists themselves, locked in id order."""
    rows = Remittance.objects.select_for_update(of=("self",), no_key=True).select_related("organization", "connection")
    return {row.pk: row for row in rows.filter(pk__in=list(remittance_ids)).order_by("id")}


def locked_by_code(codes: Collection[str], *, organization_id: int) -> dict[str, Remittance]:
    """The organization's lists with these codes, locked in id order."""
    here = Remittance.objects.filter(organization_id=organization_id, code__in=codes)
    ids = list(here.values_list("pk", flat=True))
    return {one.code: one for one in locked(ids).values()} if ids else {}


def order_ids(remittance_ids: Collection[int]) -> set[int]:
    """The orders whose parcels stand in these lists: to be locked with their requests, after the lists."""
    if not remittance_ids:
        return set()
    lines = RemittanceLine.objects.filter(remittance__in=remittance_ids)
    return set(lines.values_list("shipment__order_id", flat=True))


def lock_parcels(remittance_ids: Collection[int]) -> None:
    """The lists' parcels, in id order, after their orders."""
    if not remittance_ids:
        return
    listed = RemittanceLine.objects.filter(remittance__in=remittance_ids).values("shipment")
    list(Shipment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=listed).order_by("id"))


def lock_under(remittances: Collection[Remittance]) -> None:
    """Requests, orders and parcels of locked lists of one organization, in this order."""
    if remittances:
        ids = [one.pk for one in remittances]
        organization_id = next(iter(remittances)).organization_id
        crediting.locked_requests([], organization_id=organization_id, order_ids=order_ids(ids))
        lock_parcels(ids)


def still(remittance: Remittance) -> list[Share]:
    """What can still be cleared of a list, in its order."""
    lines = with_carrier.lines_of(remittance)
    there = with_carrier.still_there(remittance.organization, [line.key for line in lines])
    return remittance_split.left(lines, taken=with_carrier.taken_of(remittance), there=there)


def lacks_dong(remittance: Remittance) -> int:
    """The money that it can still bring: what is missing, less what was written off."""
    return sum(share.net_dong for share in still(remittance))


def held_back(remittance: Remittance) -> list[int]:
    """The parcels of which less is with the carrier than the list would still clear: something was written off."""
    lines, taken = with_carrier.lines_of(remittance), with_carrier.taken_of(remittance)
    there = {line.key: line.said_dong for line in lines}
    wanted = {share.key: share for share in remittance_split.left(lines, taken=taken, there=there)}
    return [share.key for share in still(remittance) if share != wanted[share.key]]


def take(
    remittance: Remittance,
    *,
    dong: int,
    line: BankTransaction | None = None,
    keeper: User | None = None,
    actor: User | None,
    reason: str,
    at: datetime,
) -> RemittancePayment:
    """``dong`` of ``line``, or cash into the box of ``keeper``, for a list: over its parcels as remittance_split says.

    Raises ListOver, MoreThanListLacks.
    """
    assert connection.in_atomic_block, "money moves inside its caller's transaction"
    if remittance.state == State.CANCELLED:
        raise ListOver(code=remittance.code)
    left = still(remittance)
    lacks = sum(share.net_dong for share in left)
    if dong > lacks:
        raise MoreThanListLacks(code=remittance.code, lacks=figures(lacks))
    payment = RemittancePayment.objects.create(
        remittance=remittance, transaction=line, keeper=keeper, amount_dong=dong, at=at, actor=actor, reason=reason
    )
    shares = RemittanceShare.objects.bulk_create(
        RemittanceShare(payment=payment, shipment_id=share.key, net_dong=share.net_dong, fee_dong=share.fee_dong)
        for share in remittance_split.split(left, dong)
    )
    payment.entry = ledger.post(
        organization=remittance.organization, key=f"remitted:{payment.pk}", event=Event.REMITTED,
        meaning={
            "remittance": remittance.code, "transaction": payment.transaction_id, "keeper": payment.keeper_id,
            "shares": [[share.shipment_id, share.net_dong, share.fee_dong] for share in shares],
        },
        moves=postings_delivery.remitted(payment, shares), booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    payment.save(update_fields=["entry"])
    if line is not None:
        line.used_dong += dong
    remittance.received_dong += dong
    refresh(remittance)
    _refresh_orders(remittance, [share.shipment_id for share in shares])
    return payment


def give_back(payment: RemittancePayment, *, actor: User | None, at: datetime) -> None:
    """Take a payment of a locked list back by a reversing entry: its money is with the carrier again."""
    assert payment.entry is not None
    remittance = payment.remittance
    ledger.reverse(entry=payment.entry, at=at, booked_on=vietnam_day(at), actor=actor)
    payment.undone_at, payment.undone_by = at, actor
    payment.save(update_fields=["undone_at", "undone_by"])
    remittance.received_dong -= payment.amount_dong
    refresh(remittance)
    _refresh_orders(remittance, payment.shares.values_list("shipment_id", flat=True))


def refresh(remittance: Remittance) -> None:
    """Write the list's sum and the state that follows. Done: nothing is waited for, because all has come or the rest
    was written off."""
    if remittance.state != State.CANCELLED:
        if remittance.received_dong == remittance.net_dong or not lacks_dong(remittance):
            remittance.state = State.DONE
        else:
            remittance.state = State.PART if remittance.received_dong else State.WAITING
    remittance.save(update_fields=["received_dong", "state"])


def _refresh_orders(remittance: Remittance, shipment_ids: Iterable[int]) -> None:
    """``covering.refresh_payment`` for all orders of these parcels, whose rows are locked, in three queries."""
    orders = list(Order.objects.filter(shipments__in=list(shipment_ids)).distinct().order_by("id"))
    whose = dict(Shipment.objects.filter(order__in=orders).values_list("pk", "order_id"))
    held = Counter[int]()
    for parcel, dong in with_carrier.still_there(remittance.organization, whose).items():
        held[whose[parcel]] += dong
    for order in orders:
        becomes = Order.Payment.COVERED if held[order.pk] else Order.Payment.PAID
        if order.is_covered and order.payment != becomes:
            order.mark_payment(becomes)
