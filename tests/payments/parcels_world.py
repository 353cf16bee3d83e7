"""Parcels for the tests of deliveries: made out by the clerk, sent, and brought as far as a test wants."""

from datetime import datetime
from typing import Any

from orders import fulfilling, parcels
from orders.models import Order, Shipment
from payments import cash, delivering
from tests.payments.conftest import order_bags, request_of
from tests.people import World

FEE, BAG_DONG = 32_000, 75_000


def parcel_of(order: Order, world: World, *, fee_dong: int = FEE, way: str = "COACH", **more: Any) -> Shipment:
    """Packed and made out by Lan; it has not left."""
    fulfilling.pack(order_id=order.pk, actor=world.clerk, at=world.now)
    return parcels.draft(
        order_id=order.pk, way=way, bearer_name="Nhà xe Hải Âu", bearer_phone="0912 345 679", plate="35B-123.45",
        fee_dong=fee_dong, actor=world.clerk, at=world.now, **more,
    )  # fmt: skip


def sent(order: Order, world: World, *, at: datetime | None = None, **more: Any) -> Shipment:
    """Made out, and gone with the coach."""
    shipment = parcel_of(order, world, **more)
    return delivering.send(shipment_id=shipment.pk, actor=world.clerk, at=at or world.now)


def full_box(world: World, dong: int) -> None:
    """So much in the treasurer's box, for an order that stays here."""
    asked = request_of(order_bags(world, -(-dong // BAG_DONG), pay_by="CASH"))
    cash.receive(code=asked.code, amount_dong=dong, actor=world.treasurer, key=f"box-{asked.code}", at=world.now)


def brought(order: Order, world: World, *, at: datetime | None = None, **more: Any) -> Shipment:
    """Gone, delivered, and what was to be collected collected."""
    shipment = sent(order, world, **more)
    return delivering.delivered(shipment_id=shipment.pk, actor=world.clerk, at=at or world.now)
