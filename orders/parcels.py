"""Parcels that are made out for orders, corrected, and not sent after all. Moves the parcel's row alone.

What a move does to goods and money (sent, delivered, back, lost) is the affair of payments/delivering.py.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from base.money import checked_dong
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives import phones
from cooperatives.doing_once import done_once
from cooperatives.models import User
from cooperatives.permissions import require
from orders.buyers import one_line
from orders.models import Order, Shipment, ShipmentEvent
from orders.parcel_moves import MOVES, WAITING, BadMove, State, bad_move, check_move, mark_trouble, may_move, note

__all__ = [
    "MOVES",
    "WAITING",
    "BadMove",
    "BadParcel",
    "BookedAtCarrier",
    "NotSendable",
    "ParcelExists",
    "ParcelOver",
    "State",
    "bad_move",
    "can_leave",
    "cancel",
    "check_move",
    "correct",
    "draft",
    "end_waiting",
    "mark_trouble",
    "may_move",
    "note",
    "shown",
]

LONGEST = {"tracking": 40, "bearer_name": 80, "bearer_phone": 20, "plate": 20, "photo": 40}
HEAVIEST_G = 1_000_000


class ParcelExists(Refused):
    """The order has one that is not over."""

    code = "PARCEL_EXISTS"
    sentence = _("Đơn %(number)s đã có một kiện (%(state)s). Mỗi đơn chỉ một kiện; hãy sửa kiện ấy hoặc hủy nó.")


class NotSendable(Refused):
    """Its goods are gone already, or it waits for money or for a call."""

    code = "NOT_SENDABLE"
    sentence = _("Đơn %(number)s chưa gửi được: chờ tiền về, chờ gọi xác nhận, hoặc đơn đã xong.")


class BadParcel(Refused):
    """A field is too long, too heavy, or the driver cannot be found by it."""

    code = "BAD_PARCEL"
    sentence = _("Hãy xem lại ô này: %(what)s.")


class ParcelOver(Refused):
    """What is over is not changed."""

    code = "PARCEL_OVER"
    sentence = _("Kiện %(parcel)s %(state)s, không sửa được nữa.")


class BookedAtCarrier(Refused):
    """The carrier must hear of it."""

    code = "BOOKED_AT_CARRIER"
    sentence = _("Kiện %(parcel)s đã đặt ở đơn vị vận chuyển: hãy bấm “hủy ở đơn vị vận chuyển”.")


@again_when_locked_out
def draft(
    *,
    order_id: int,
    way: str,
    tracking: str = "",
    bearer_name: str = "",
    bearer_phone: str = "",
    plate: str = "",
    photo: str = "",
    weight_g: int = 0,
    fee_dong: int = 0,
    actor: User,
    key: str | None = None,
    at: datetime,
) -> Shipment:
    """Make out a parcel for an order that can be packed or is; nothing has left yet. Repeat-safe by ``key``.

    ``way``: HOME (a neighbour), COACH, POST or CARRIER. ``fee_dong``: what carrying it costs us, as far as it is known.
    Opens its own transaction; locks the done-once row, the order. Raises NotFound (a stranger too), NotSendable,
    ParcelExists, BadParcel, phones.BadPhone, BadAmount, KeyReused, BadKey.
    """
    seen = Order.objects.select_related("organization").filter(pk=order_id).first()
    if seen is None:
        raise NotFound()
    require(actor, "ship_orders", organization=seen.organization, on=vietnam_day(at))
    if way not in Order.Delivery.values or way == Order.Delivery.PICKUP:
        raise BadParcel(field="way", what=_("cách gửi"))
    details = _checked(
        tracking=tracking, bearer_name=bearer_name, bearer_phone=bearer_phone, plate=plate, photo=photo,
        weight_g=weight_g, fee_dong=fee_dong,
    )  # fmt: skip

    def do() -> str:
        order = Order.objects.locked(order_id)
        if not can_leave(order):
            raise NotSendable(number=order.number)
        standing = order.shipments.live().first()
        if standing is not None:
            raise ParcelExists(number=order.number, state=standing.get_state_display())
        last = order.shipments.aggregate(last=Max("number"))["last"] or 0
        made = Shipment.objects.create(
            organization=order.organization, order=order, number=last + 1, way=way, state_at=at, created_at=at,
            created_by=actor, **details,
        )  # fmt: skip
        ShipmentEvent.objects.create(shipment=made, state=State.DRAFT, happened_at=at, at=at, actor=actor)
        return str(made.pk)

    with transaction.atomic():
        if key is None:
            result = do()
        else:
            result, _replayed = done_once(
                verb="shipment_draft", actor=actor, key=key, meaning=[order_id, way, details], at=at, do=do
            )
    return shown(int(result))


def can_leave(order: Order) -> bool:
    """Packed or fit to be; a deposit that was taken back after it was packed holds it here."""
    return order.can_be_packed or (order.state == Order.State.PACKED and not order.waits_for_deposit)


@again_when_locked_out
def correct(*, shipment_id: int, actor: User, at: datetime, **details: Any) -> Shipment:
    """Write other details of a parcel that is not over: any of ``draft``'s from ``tracking`` on, and
    ``return_fee_dong``; what is not named stays. Raises NotFound (a stranger too), ParcelOver, BadParcel,
    phones.BadPhone, BadAmount.
    """
    checked = _checked(**details)

    def do(shipment: Shipment) -> None:
        if not shipment.is_live:
            raise _over(shipment)
        for name, value in checked.items():
            setattr(shipment, name, value)
        shipment.save(update_fields=list(checked))

    return _on(shipment_id, do, actor=actor, at=at) if checked else shown(shipment_id)


@again_when_locked_out
def cancel(*, shipment_id: int, actor: User, at: datetime, at_carrier_too: bool = False) -> Shipment:
    """A parcel that never left is not sent; its order can be packed into another. Repeating it changes nothing.

    ``at_carrier_too``: the carrier has been told (payments/parcel_booking.py). Raises NotFound (a stranger too),
    BookedAtCarrier, BadMove.
    """

    def do(shipment: Shipment) -> None:
        if shipment.state == State.CANCELLED:
            return
        if shipment.state == State.BOOKED and shipment.connection_id and not at_carrier_too:
            raise BookedAtCarrier(parcel=str(shipment))
        note(shipment, state=State.CANCELLED, happened_at=at, at=at, actor=actor)

    return _on(shipment_id, do, actor=actor, at=at)


def end_waiting(order: Order, *, expired: bool, actor: User | None, at: datetime) -> None:
    """The order ends: what was only made out for it ends too. Needs the locked, open order.

    What a carrier is to fetch holds up a cancelling (BookedAtCarrier); where it ``expired``, it waits for a person.
    """
    for shipment in order.shipments.select_for_update(of=("self",), no_key=True).filter(state__in=WAITING):
        if shipment.state == State.DRAFT or shipment.connection_id is None:
            note(shipment, state=State.CANCELLED, happened_at=at, at=at, actor=actor)
        elif expired:
            mark_trouble(shipment, str(_("đơn đã quá hạn: hãy hủy kiện ở đơn vị vận chuyển")))
        else:
            raise BookedAtCarrier(parcel=str(shipment))


def _checked(**details: Any) -> dict[str, Any]:
    """The given details as they are stored."""
    checked: dict[str, Any] = {}
    for name, value in details.items():
        if name in {"fee_dong", "return_fee_dong"}:
            checked[name] = checked_dong(value, least=0)
        elif name == "weight_g":
            if type(value) is not int or not 0 <= value <= HEAVIEST_G:
                raise BadParcel(field=name, what=_("cân nặng"))
            checked[name] = value
        else:
            said = one_line(value)
            if len(said) > LONGEST[name]:
                raise BadParcel(field=name, what=_("dài quá %(most)s chữ") % {"most": LONGEST[name]})
            checked[name] = phones.e164(said) if name == "bearer_phone" and said else said
    return checked


def _over(shipment: Shipment) -> ParcelOver:
    return ParcelOver(parcel=str(shipment), state=shipment.get_state_display())


def _on(shipment_id: int, do: Callable[[Shipment], None], *, actor: User, at: datetime) -> Shipment:
    """Ask whether ``actor`` may, lock the parcel after its order, ``do`` it."""
    with transaction.atomic():
        seen = Shipment.objects.select_related("organization").filter(pk=shipment_id).first()
        if seen is None:
            raise NotFound()
        require(actor, "ship_orders", organization=seen.organization, on=vietnam_day(at))
        Order.objects.locked(seen.order_id)
        do(Shipment.objects.locked(shipment_id))
    return shown(shipment_id)


def shown(shipment_id: int) -> Shipment:
    return Shipment.objects.select_related("order__organization", "organization", "connection").get(pk=shipment_id)
