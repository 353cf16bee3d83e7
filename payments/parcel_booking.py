"""Parcels that a carrier fetches: what it would cost, booking one, and calling it off.

No call is made while a lock is held. So a booking is an intent first: a draft with its connection, committed; then the
call; then what came of it. Whatever is lost between, the worker asks the carrier again with the same client id, and
the carrier answers with the same parcel (payments/parcel_news.py). A parcel given up meanwhile is called off there.
"""

import logging
import re
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.models import User
from cooperatives.permissions import require
from orders import former_places, parcels
from orders.models import CarrierConnection, Order, Shipment
from orders.postage import Goods, gross_g
from payments import carrier_calls
from payments.calling import ProviderSilent
from payments.carrier_connecting import live_connection, local_phone, sender_place
from payments.carriers.contract import Booked, CarrierUnreadable, Parcel, ParcelUnknown, Place, Quote
from payments.models import PaymentRequest

log = logging.getLogger(__name__)

State = Shipment.State
ASK_AGAIN_AFTER = timedelta(minutes=2)
"""Longer than a call lasts: until then whoever made it is at work."""
FIRST_LOOK_AFTER = timedelta(minutes=30)
GOODS_LETTERS = 200
_CLIENT_ID = re.compile(r"(.{1,16})-([1-9][0-9]{0,3})")


class NoCarrier(Refused):
    code = "NO_CARRIER"
    sentence = _("Chưa nối đơn vị vận chuyển nào. Hãy nối ở mục Đơn vị vận chuyển.")


class WeightMissing(Refused):
    code = "WEIGHT_MISSING"
    sentence = _("Hãy ghi cân nặng cả gói, từ 1 đến 1.000.000 gam.")


class NotBookedHere(Refused):
    """No carrier has been asked to fetch it."""

    code = "NOT_BOOKED_HERE"
    sentence = _("Kiện %(parcel)s không đặt ở đơn vị vận chuyển nào.")


def client_id_of(shipment: Shipment) -> str:
    """Our name of a parcel at its carrier, never used again: ``DH-261122-7K2M-1``. Needs its order."""
    return f"{shipment.order.number}-{shipment.number}"


def number_in(client_id: str) -> tuple[str, int] | None:
    """The order's number and the parcel's; None for what is no client id of ours."""
    found = _CLIENT_ID.fullmatch(client_id)
    return (found[1], int(found[2])) if found else None


def estimated_g(order: Order) -> int | None:
    """What the packed parcel weighs by its lines; None where nobody has written down what some goods weigh."""
    return gross_g(
        Goods(line.quantity, line.variant.sold_by == line.variant.SoldBy.WEIGHT, line.variant.weight_g)
        for line in order.lines.select_related("variant")
    )


def due_dong(order: Order) -> int:
    """What its buyer has still to pay, which whoever brings it collects."""
    request = PaymentRequest.objects.filter(order=order).order_by("pk").last()
    return request.due_dong if request is not None and request.takes_money else 0


def quote(*, order_id: int, weight_g: int, former: str = "", actor: User | None, at: datetime) -> Quote:
    """What the carrier asks for carrying ``order_id``; nothing is ordered.

    ``former``: ward, district and province of before July 2025, where they are not known yet. Raises NotFound,
    NoCarrier, WeightMissing, former_places.FormerPlaceMissing, and what carrier_calls.quote raises.
    """
    order = _order(order_id, actor=actor, at=at)
    if former:
        order.former_name = str(former_places.read(former))
    connection = _connection(order)
    return carrier_calls.quote(connection=connection, parcel=_parcel(order, connection, "trial", weight_g, 0))


def book(
    *, order_id: int, weight_g: int, former: str = "", fee_dong: int = 0, actor: User, key: str | None, at: datetime
) -> Shipment:
    """Have the carrier fetch and bring ``order_id``, and collect what is still due. Repeat-safe by ``key``.

    A carrier that says no, or nothing at all, leaves the draft with its ``trouble``: it is asked again by the worker
    (nothing heard), or by ``book_again`` once the reason is put right. ``fee_dong``: as quoted, until it tells. Raises
    NotFound, NoCarrier, WeightMissing, FormerPlaceMissing, and the refusals of parcels.draft.
    """
    shipment = _intend(
        order_id=order_id, weight_g=weight_g, former=former, fee_dong=fee_dong, actor=actor, key=key, at=at
    )
    return carry_out(shipment_id=shipment.pk, actor=actor, at=at)


def book_again(*, shipment_id: int, actor: User, at: datetime) -> Shipment:
    """The same parcel, asked for once more. Raises NotFound, NotBookedHere."""
    shipment = _of_carrier(shipment_id, actor=actor, at=at)
    return carry_out(shipment_id=shipment.pk, actor=actor, at=at)


def carry_out(*, shipment_id: int, actor: User | None, at: datetime) -> Shipment:
    """Ask the carrier for a draft's parcel, and write down what it answered. Harmless for any other parcel."""
    shipment = parcels.shown(shipment_id)
    if shipment.state != State.DRAFT or shipment.connection is None:
        return shipment
    collects = due_dong(shipment.order)
    try:
        parcel = _parcel(shipment.order, shipment.connection, client_id_of(shipment), shipment.weight_g, collects)
        booked = carrier_calls.create(connection=shipment.connection, parcel=parcel)
    except Refused as no:
        log.warning("parcel %s could not be booked: %s", shipment.pk, no.code)
        asks_again = isinstance(no, ProviderSilent | CarrierUnreadable)
        _not_booked(shipment.pk, no, next_check_at=at + ASK_AGAIN_AFTER if asks_again else None)
        return parcels.shown(shipment_id)
    if not _booked(shipment.pk, booked, collects_dong=collects, actor=actor, at=at):
        stop_orphan(shipment_id=shipment.pk)
    return parcels.shown(shipment_id)


def call_off(*, shipment_id: int, actor: User, at: datetime) -> Shipment:
    """Neither fetched by the carrier nor sent by us. Repeatable; the carrier is told first, by people where its
    connection has ended.

    Raises NotFound, NotBookedHere, CarrierSaidNo (it has been fetched), ProviderSilent and ProviderRefused (nothing is
    changed: the carrier may still come), parcels.BadMove.
    """
    shipment = _of_carrier(shipment_id, actor=actor, at=at)
    if shipment.state != State.CANCELLED and shipment.connection is not None and shipment.connection.is_live:
        _stop(shipment, shipment.connection)
    return parcels.cancel(shipment_id=shipment_id, actor=actor, at=at, at_carrier_too=True)


def stop_orphan(*, shipment_id: int) -> None:
    """Call off at its carrier what was cancelled here while the carrier was being asked. A carrier that does not answer
    leaves it for the worker's next round, one that says no for a person."""
    shipment = parcels.shown(shipment_id)
    assert shipment.connection is not None
    try:
        _stop(shipment, shipment.connection)
        said, trouble = "cancelled", ""
    except (ProviderSilent, CarrierUnreadable):
        return
    except Refused as no:
        said, trouble = "not cancelled", no.message[:200]
    Shipment.objects.filter(pk=shipment.pk, state=State.CANCELLED).update(carrier_word=said, trouble=trouble)


def _stop(shipment: Shipment, connection: CarrierConnection) -> None:
    try:
        carrier_calls.stop(connection=connection, tracking=shipment.tracking, client_id=client_id_of(shipment))
    except ParcelUnknown:
        log.warning("parcel %s was called off, and its carrier had none such", shipment.pk)


@again_when_locked_out
def _intend(
    *, order_id: int, weight_g: int, former: str, fee_dong: int, actor: User, key: str | None, at: datetime
) -> Shipment:
    order = _order(order_id, actor=actor, at=at)
    connection = _connection(order)
    if former:
        order.former_name = str(former_places.read(former))
    _parcel(order, connection, "trial", weight_g, 0)  # whatever is missing is said before anything is written
    with transaction.atomic():
        made = parcels.draft(
            order_id=order_id, way=Order.Delivery.CARRIER, weight_g=weight_g, fee_dong=fee_dong, actor=actor, key=key,
            at=at,
        )  # fmt: skip
        if made.connection_id is None and made.state == State.DRAFT:
            locked = Order.objects.locked(order_id)  # held since the draft; the row as it is now
            if former and locked.former_name != order.former_name:
                locked.former_name = order.former_name
                locked.save(update_fields=["former_name"])
            made.connection, made.next_check_at = connection, at + ASK_AGAIN_AFTER
            made.save(update_fields=["connection", "next_check_at"])
    return made


@again_when_locked_out
def _booked(shipment_id: int, booked: Booked, *, collects_dong: int, actor: User | None, at: datetime) -> bool:
    """Whether the parcel was still wanted."""
    with transaction.atomic():
        shipment = locked(shipment_id)
        if shipment.state == State.CANCELLED:
            return False
        if shipment.state != State.DRAFT:  # another process asked as well, and wrote down the same
            return True
        parcels.note(shipment, state=State.BOOKED, happened_at=at, at=at, actor=actor)
        shipment.tracking, shipment.trouble, shipment.collect_dong = booked.tracking, "", collects_dong
        shipment.fee_dong = shipment.fee_dong if booked.fee_dong is None else booked.fee_dong
        # What it had before may be another weight or sum than is wanted now: looked at at once.
        shipment.next_check_at = at if booked.was_known else at + FIRST_LOOK_AFTER
        shipment.save(update_fields=["tracking", "trouble", "collect_dong", "fee_dong", "next_check_at"])
    return True


@again_when_locked_out
def _not_booked(shipment_id: int, no: Refused, *, next_check_at: datetime | None) -> None:
    with transaction.atomic():
        shipment = locked(shipment_id)
        if shipment.state == State.DRAFT:
            shipment.next_check_at = next_check_at
            shipment.save(update_fields=["next_check_at"])
            parcels.mark_trouble(shipment, no.message)


def locked(shipment_id: int) -> Shipment:
    """After its order, as everywhere (docs/locking.md)."""
    Order.objects.locked(Shipment.objects.values_list("order_id", flat=True).get(pk=shipment_id))
    return Shipment.objects.locked(shipment_id)


def _order(order_id: int, *, actor: User | None, at: datetime) -> Order:
    found = Order.objects.select_related("organization").filter(pk=order_id).first()
    if found is None:
        raise NotFound()
    if actor is not None:
        require(actor, "ship_orders", organization=found.organization, on=vietnam_day(at))
    return found


def _of_carrier(shipment_id: int, *, actor: User, at: datetime) -> Shipment:
    seen = Shipment.objects.select_related("order__organization", "organization", "connection").filter(pk=shipment_id)
    shipment = seen.first()
    if shipment is None:
        raise NotFound()
    require(actor, "ship_orders", organization=shipment.organization, on=vietnam_day(at))
    if shipment.connection is None:
        raise NotBookedHere(parcel=str(shipment))
    return shipment


def _connection(order: Order) -> CarrierConnection:
    connection = live_connection(order.organization)
    if connection is None:
        raise NoCarrier()
    return connection


def _parcel(order: Order, connection: CarrierConnection, client_id: str, weight_g: int, collect_dong: int) -> Parcel:
    """Raises FormerPlaceMissing, WeightMissing."""
    if not 1 <= weight_g <= parcels.HEAVIEST_G:
        raise WeightMissing(field="weight_g")
    former = former_places.former_place_of(order)
    goods = ", ".join(f"{line.product_name} {line.variant_name}" for line in order.lines.all())
    receiver = Place(
        name=order.buyer_name, phone=local_phone(order.buyer_phone), hamlet=order.hamlet,
        street=order.landmark or order.hamlet or order.buyer_address, ward=former.ward, district=former.district,
        province=former.province,
    )  # fmt: skip
    return Parcel(
        client_id=client_id, sender=sender_place(connection), receiver=receiver, goods=goods[:GOODS_LETTERS],
        weight_g=weight_g, value_dong=order.goods_dong, collect_dong=collect_dong, note=" ".join(order.note.split()),
    )  # fmt: skip
