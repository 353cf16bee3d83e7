"""Parcels on the pages of orders: the buyer's part of hers, and what the desk has of one."""

from typing import Any

from django import template
from django.db.models import prefetch_related_objects
from django.utils import timezone

from orders import parcels, quiet_parcels
from orders.models import Order
from storefront.parcel_steps import shown_to_buyer, steps_of

register = template.Library()

NO_PARCEL = (Order.Delivery.PICKUP,)


@register.inclusion_tag("storefront/parts/shipment.html", takes_context=True)
def parcel_of(context: Any, order: Order) -> dict[str, Any]:
    """Where her parcel is; nothing where none was made out."""
    shipment = None if order.delivery in NO_PARCEL and order.packed_at is None else shown_to_buyer(order)
    quiet_since = None
    if shipment is not None:
        prefetch_related_objects([shipment], "events")  # for the steps, too
        heard_at = max((one.happened_at for one in shipment.events.all()), default=shipment.state_at)
        quiet_since = quiet_parcels.quiet_since(shipment, heard_at=heard_at, at=timezone.now())
    return {
        "request": context.get("request"), "csrf_token": context.get("csrf_token"), "order": order,
        "shipment": shipment, "parcel_steps": steps_of(shipment) if shipment else [], "quiet_since": quiet_since,
    }  # fmt: skip


@register.inclusion_tag("storefront/desk/parts/parcels.html", takes_context=True)
def parcels_at_desk(context: Any, order: Order) -> dict[str, Any]:
    """Its parcels, latest first, and the way to send one where it can be sent."""
    may = context.get("may") or {}
    shipments = list(order.shipments.order_by("-number")) if may.get("ship_orders") else []
    stands = any(one.is_live for one in shipments)
    ready = parcels.can_leave(order)
    return {
        "order": order, "shipments": shipments, "can_ship": bool(may.get("ship_orders")) and ready and not stands,
        "is_next": order.delivery not in NO_PARCEL and order.state == Order.State.PACKED,
    }  # fmt: skip
