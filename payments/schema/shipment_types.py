"""A parcel as staff see it, and what a carrier asks for."""

from typing import Any

import graphene
from graphene import ResolveInfo

from base.graphql import Dong, ModelType
from orders.models import Order, Shipment, ShipmentEvent

ShipmentState = graphene.Enum.from_enum(Shipment.State, name="ShipmentState", description="Where a parcel stands.")
ShipmentWay = graphene.Enum(
    "ShipmentWay",
    [(way.name, way.value) for way in Order.Delivery if way != Order.Delivery.PICKUP],
    description="By whom it goes.",
)


class ShipmentEventType(ModelType):
    """One thing that was said of a parcel."""

    class Meta:
        model = ShipmentEvent
        name = "ShipmentEvent"
        fields = ("word", "note", "happened_at", "at")

    state = graphene.Field(ShipmentState, description="Null for a carrier's word that we do not know.")

    @staticmethod
    def resolve_state(event: ShipmentEvent, _info: ResolveInfo) -> str | None:
        return event.state or None


class ShipmentType(ModelType):
    """One parcel of one order, on its way or where it ended."""

    class Meta:
        model = Shipment
        name = "Shipment"
        fields = (
            "number", "state_at", "tracking", "bearer_name", "bearer_phone", "plate", "weight_g", "collect_dong",
            "fee_dong", "return_fee_dong", "failed_times", "carrier_word", "trouble", "handed_over_at", "accept_from",
            "delivered_at", "ended_at", "created_at",
        )  # fmt: skip

    state = graphene.Field(ShipmentState, required=True)
    way = graphene.Field(ShipmentWay, required=True)
    order_number = graphene.String(required=True)
    carrier = graphene.String(description="Who was asked to fetch it; null for every other way.")
    events = graphene.List(graphene.NonNull(ShipmentEventType), required=True)

    @staticmethod
    def resolve_order_number(shipment: Shipment, _info: ResolveInfo) -> str:
        return shipment.order.number

    @staticmethod
    def resolve_carrier(shipment: Shipment, _info: ResolveInfo) -> str | None:
        return shipment.connection.get_carrier_display() if shipment.connection else None

    @staticmethod
    def resolve_events(shipment: Shipment, _info: ResolveInfo) -> Any:
        return shipment.events.all()


class CarrierQuoteType(graphene.ObjectType):
    class Meta:
        name = "CarrierQuotePrice"
        description = "What it would cost."

    fee_dong = Dong(required=True, description="There, insurance and surcharges included.")
