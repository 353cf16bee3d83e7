"""Placing, confirming and cancelling: one call each."""

from typing import Any

import graphene
from allauth.account.adapter import get_adapter
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Mutation, pk_from_global_id, viewer_of
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from orders import cancelling, confirming, placing
from orders.models import Order
from orders.schema import Delivery, OrderType, PayBy
from payments import checkout, closing
from payments.schema.signed_in import signed_in


class OrderLineInput(graphene.InputObjectType):
    variant_id = graphene.ID(required=True)
    quantity = graphene.Int(required=True, description="Measures: pieces, or grams for what is sold by weight.")


class BuyerInput(graphene.InputObjectType):
    name = graphene.String(required=True)
    phone = graphene.String(required=True)
    address = graphene.String(description="All of it in one line: enough for a neighbour, where no other is given.")


class AddressInput(graphene.InputObjectType):
    """Where a parcel goes. Nothing of it is needed for goods that are fetched."""

    commune_code = graphene.String(description="Of `communes`. A neighbour goes about the shop's own without one.")
    former_code = graphene.String(description="Of the commune of before July 2025 by whose name it was found.")
    hamlet = graphene.String()
    landmark = graphene.String(description="What it is near: a neighbour needs it.")
    plus_code = graphene.String(description="Open Location Code of a pin.")
    code_scheme = graphene.String(description="Of a household code: vpostcode, dap or place_id.")
    code = graphene.String()


class OrderPlaceInput(graphene.InputObjectType):
    lines = graphene.List(graphene.NonNull(OrderLineInput), required=True)
    buyer = graphene.InputField(BuyerInput, required=True)
    address = graphene.InputField(AddressInput, description="Needed for a coach, the post and a carrier.")
    delivery = Delivery(default_value="PICKUP")
    pickup_point_id = graphene.ID()
    cycle_id = graphene.ID(description="The market day of one of the cooperatives.")
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
        point, cycle = input.get("pickup_point_id"), input.get("cycle_id")
        placed = checkout.place(
            wanted=[placing.Wanted(_variant_pk(line.variant_id), line.quantity) for line in input.lines],
            buyer=placing.Buyer(input.buyer.name, input.buyer.phone, input.buyer.get("address") or ""),
            delivery=_value(input.delivery or Order.Delivery.PICKUP),
            pickup_point_id=pk_from_global_id(point, "PickupPoint") if point else None,
            address=_address(input.get("address")),
            cycle_id=pk_from_global_id(cycle, "Cycle") if cycle else None,
            pay_by=_value(input.pay_by or Order.PayBy.TRANSFER),
            note=input.get("note") or "",
            key=input.idempotency_key,
            placed_by=viewer if viewer.is_authenticated else None,
            came_from=str(get_adapter(info.context).get_client_ip(info.context)),
            at=timezone.now(),
        )
        return cls(orders=placed.orders)


class OrderConfirmInput(graphene.InputObjectType):
    order_id = graphene.ID(required=True)
    idempotency_key = graphene.String(required=True)


class OrderConfirm(Mutation):
    """Note that the buyer of a first order was called and wants it: now it can be packed."""

    class Meta:
        refusals = (NotFound, confirming.NothingToConfirm, KeyReused, BadKey)

    class Arguments:
        input = OrderConfirmInput(required=True)

    order = graphene.Field(OrderType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "OrderConfirm":
        return cls(
            order=confirming.confirm_by_phone(
                order_id=pk_from_global_id(input.order_id, OrderType), actor=signed_in(info),
                key=input.idempotency_key, at=timezone.now(),
            )
        )  # fmt: skip


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


def _address(typed: Any) -> placing.Address | None:
    """None where none was sent: the buyer's plain text then counts."""
    if typed is None:
        return None
    return placing.Address(
        commune_code=typed.get("commune_code") or "", former_code=typed.get("former_code") or "",
        hamlet=typed.get("hamlet") or "", landmark=typed.get("landmark") or "", plus_code=typed.get("plus_code") or "",
        scheme=typed.get("code_scheme") or "", code=typed.get("code") or "",
    )  # fmt: skip


def _variant_pk(global_id: str) -> int:
    """An id that names no variant is answered like goods that are not sold."""
    try:
        return pk_from_global_id(global_id, "Variant")
    except NotFound:
        raise placing.UnknownGoods(field="lines") from None


def _value(choice: Any) -> str:
    """Graphene hands enums over as members or as plain values."""
    return str(getattr(choice, "value", choice))
