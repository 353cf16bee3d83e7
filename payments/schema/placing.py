"""Placing and cancelling: one call each."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Mutation, pk_from_global_id, viewer_of
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from orders import cancelling, placing
from orders.models import Order
from orders.schema import Delivery, OrderType, PayBy
from payments import checkout, closing


class OrderLineInput(graphene.InputObjectType):
    variant_id = graphene.ID(required=True)
    quantity = graphene.Int(required=True, description="Measures: pieces, or grams for what is sold by weight.")


class BuyerInput(graphene.InputObjectType):
    name = graphene.String(required=True)
    phone = graphene.String(required=True)
    address = graphene.String(description="Hamlet and commune; needed when the goods are brought home.")


class OrderPlaceInput(graphene.InputObjectType):
    lines = graphene.List(graphene.NonNull(OrderLineInput), required=True)
    buyer = graphene.InputField(BuyerInput, required=True)
    delivery = Delivery(default_value="PICKUP")
    pickup_point_id = graphene.ID()
    pay_by = PayBy(default_value="TRANSFER")
    note = graphene.String(default_value="")
    idempotency_key = graphene.String(required=True, description="Made by the sender, kept for every retry.")


class OrderPlace(Mutation):
    """Place an order at each cooperative in the basket and ask for its money: all of them or none."""

    class Meta:
        refusals = (*placing.REFUSALS, placing.BadStep, checkout.NoBankAccount, NotFound, KeyReused, BadKey)

    class Arguments:
        input = OrderPlaceInput(required=True)

    orders = graphene.List(graphene.NonNull(OrderType))

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "OrderPlace":
        viewer = viewer_of(info)
        point = input.get("pickup_point_id")
        placed = checkout.place(
            wanted=[placing.Wanted(_variant_pk(line.variant_id), line.quantity) for line in input.lines],
            buyer=placing.Buyer(input.buyer.name, input.buyer.phone, input.buyer.get("address") or ""),
            delivery=_value(input.delivery or Order.Delivery.PICKUP),
            pickup_point_id=pk_from_global_id(point, "PickupPoint") if point else None,
            pay_by=_value(input.pay_by or Order.PayBy.TRANSFER),
            note=input.get("note") or "",
            key=input.idempotency_key,
            placed_by=viewer if viewer.is_authenticated else None,
            at=timezone.now(),
        )
        return cls(orders=placed.orders)


class OrderCancelInput(graphene.InputObjectType):
    order_id = graphene.ID(required=True)
    reason = graphene.String(default_value="")
    idempotency_key = graphene.String(description="Optional: an order is cancelled once.")


class OrderCancel(Mutation):
    """End an order that is not handed over; what was paid becomes owed to the payer."""

    class Meta:
        refusals = (NotFound, *cancelling.REFUSALS)

    class Arguments:
        input = OrderCancelInput(required=True)

    order = graphene.Field(OrderType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "OrderCancel":
        viewer = viewer_of(info)
        if not viewer.is_authenticated:
            raise NotFound()
        order_id = pk_from_global_id(input.order_id, OrderType)
        return cls(order=closing.cancel(order_id=order_id, actor=viewer, reason=input.reason or "", at=timezone.now()))


def _variant_pk(global_id: str) -> int:
    """An id that names no variant is answered like goods that are not sold."""
    try:
        return pk_from_global_id(global_id, "Variant")
    except NotFound:
        raise placing.UnknownGoods(field="lines") from None


def _value(choice: Any) -> str:
    """Graphene hands enums over as members or as plain values."""
    return str(getattr(choice, "value", choice))
