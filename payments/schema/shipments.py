"""Parcels through GraphQL: made out, sent, brought, failed, cancelled; the same verbs as the desk's. Those that did not
arrive: payments/schema/shipment_endings.py."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import ConnectionField, Dong, Mutation, pk_from_global_id, viewer_of
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from catalog import stock
from cooperatives import phones
from cooperatives.doing_once import BadKey
from orders import cycling, former_places, fulfilling, parcels
from orders.models import Order, Shipment, ShipmentQuerySet
from orders.schema import OrderType
from payments import calling, coming_back, delivering, parcel_booking
from payments.carriers import contract
from payments.schema.shipment_types import CarrierQuoteType, ShipmentState, ShipmentType, ShipmentWay
from payments.schema.signed_in import signed_in

_COMMON = (NotFound, KeyReused, BadKey)
_CARRIER_SAYS = (
    calling.ProviderSilent, calling.ProviderRefused, contract.CarrierSaidNo, contract.CarrierUnreadable,
    contract.ParcelUnknown, contract.ServesNot,
)  # fmt: skip
_BOOKING = (parcel_booking.NoCarrier, parcel_booking.WeightMissing, former_places.FormerPlaceMissing)


class ShipmentWhereInput(graphene.InputObjectType):
    state = ShipmentState()
    needs_person = graphene.Boolean(description="Only those with a trouble.")


class ShipmentQuery(graphene.ObjectType):
    shipments = ConnectionField(
        ShipmentType, where=ShipmentWhereInput(), description="Parcels of those organizations where one works."
    )

    @staticmethod
    def resolve_shipments(_root: Any, info: ResolveInfo, where: ShipmentWhereInput | None = None) -> ShipmentQuerySet:
        found = Shipment.objects.visible_to(viewer_of(info))
        if where and where.get("state"):
            found = found.filter(state=_plain(where["state"]))
        if where and where.get("needs_person"):
            found = found.exclude(trouble="")
        return found.select_related("order", "connection").prefetch_related("events").order_by("-id")


class ShipmentCreateInput(graphene.InputObjectType):
    order_id = graphene.ID(required=True)
    way = ShipmentWay(required=True)
    tracking = graphene.String(default_value="", description="Of the post's receipt.")
    bearer_name = graphene.String(default_value="")
    bearer_phone = graphene.String(default_value="")
    plate = graphene.String(default_value="", description="Of the coach.")
    weight_g = graphene.Int(default_value=0, description="Gross. A carrier needs it.")
    fee_dong = Dong(default_value=0)
    former_place = graphene.String(
        default_value="", description="For a carrier: ward, district, province of before July 2025, where not known."
    )
    idempotency_key = graphene.String(required=True)


class ShipmentCreate(Mutation):
    """Make out a parcel. By CARRIER it is booked with the connected carrier; what that one said stands in trouble."""

    class Meta:
        refusals = (
            *_COMMON, *_BOOKING, parcels.NotSendable, parcels.ParcelExists, parcels.BadParcel, phones.BadPhone,
            BadAmount,
        )  # fmt: skip

    class Arguments:
        input = ShipmentCreateInput(required=True)

    shipment = graphene.Field(ShipmentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShipmentCreate":
        given: dict[str, Any] = {
            "order_id": pk_from_global_id(input.order_id, OrderType), "weight_g": input.get("weight_g") or 0,
            "fee_dong": input.get("fee_dong") or 0, "actor": signed_in(info), "key": input.idempotency_key,
            "at": timezone.now(),
        }  # fmt: skip
        if _plain(input.way) == Order.Delivery.CARRIER:
            return cls(shipment=parcel_booking.book(former=input.get("former_place") or "", **given))
        named: dict[str, Any] = {
            name: input.get(name) or "" for name in ("tracking", "bearer_name", "bearer_phone", "plate")
        }
        return cls(shipment=parcels.draft(way=_plain(input.way), **named, **given))


class ShipmentInput(graphene.InputObjectType):
    shipment_id = graphene.ID(required=True)
    idempotency_key = graphene.String(required=True)


class ShipmentSend(Mutation):
    """The goods leave: lots are taken, what is to be collected is fixed; nothing is booked."""

    class Meta:
        refusals = (
            *_COMMON, fulfilling.NotDeliverable, fulfilling.NotPaidYet, parcels.NotSendable, parcels.BadMove,
            cycling.CycleUndecided, stock.NotBroughtYet,
        )  # fmt: skip

    class Arguments:
        input = ShipmentInput(required=True)

    shipment = graphene.Field(ShipmentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShipmentSend":
        return cls(shipment=delivering.send(**_given(info, input)))


class ShipmentDeliveredInput(graphene.InputObjectType):
    shipment_id = graphene.ID(required=True)
    collected_dong = Dong(description="Left out: what was to be collected.")
    idempotency_key = graphene.String(required=True)


class ShipmentDelivered(Mutation):
    """The buyer has it, and whoever brought it has what was to be collected. The order is accepted."""

    class Meta:
        refusals = (
            *_COMMON, parcels.BadMove, delivering.TooLittleCollected, delivering.TooMuchCollected, BadAmount,
        )  # fmt: skip

    class Arguments:
        input = ShipmentDeliveredInput(required=True)

    shipment = graphene.Field(ShipmentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShipmentDelivered":
        return cls(shipment=delivering.delivered(collected_dong=input.get("collected_dong"), **_given(info, input)))


class ShipmentFailedInput(graphene.InputObjectType):
    shipment_id = graphene.ID(required=True)
    why = graphene.String(required=True)
    is_coming_back = graphene.Boolean(default_value=False, description="It will not be tried again.")
    idempotency_key = graphene.String(required=True)


class ShipmentFailed(Mutation):
    """Nobody took it this time, or it is on its way back. No money moves."""

    class Meta:
        refusals = (*_COMMON, parcels.BadMove)

    class Arguments:
        input = ShipmentFailedInput(required=True)

    shipment = graphene.Field(ShipmentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShipmentFailed":
        verb = coming_back.coming_back if input.get("is_coming_back") else coming_back.failed
        return cls(shipment=verb(why=input.why, **_given(info, input)))


class ShipmentCancel(Mutation):
    """Not sent after all; a carrier that is to fetch it is told first. Repeatable."""

    class Meta:
        refusals = (
            *_COMMON, *_CARRIER_SAYS, parcels.BadMove, parcels.BookedAtCarrier, parcel_booking.NotBookedHere,
        )  # fmt: skip

    class Arguments:
        input = ShipmentInput(required=True)

    shipment = graphene.Field(ShipmentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShipmentCancel":
        given = _given(info, input)
        del given["key"]  # cancelled is cancelled
        by_carrier = Shipment.objects.filter(pk=given["shipment_id"], connection__isnull=False).exists()
        return cls(shipment=parcel_booking.call_off(**given) if by_carrier else parcels.cancel(**given))


class CarrierQuoteInput(graphene.InputObjectType):
    order_id = graphene.ID(required=True)
    weight_g = graphene.Int(required=True)
    former_place = graphene.String(default_value="")
    idempotency_key = graphene.String(description="Optional: nothing is ordered.")


class CarrierQuote(Mutation):
    """What the connected carrier asks for bringing an order; it is asked now, and nothing is ordered."""

    class Meta:
        refusals = (NotFound, *_BOOKING, *_CARRIER_SAYS)

    class Arguments:
        input = CarrierQuoteInput(required=True)

    quote = graphene.Field(CarrierQuoteType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CarrierQuote":
        quote = parcel_booking.quote(
            order_id=pk_from_global_id(input.order_id, OrderType), weight_g=input.weight_g,
            former=input.get("former_place") or "", actor=signed_in(info), at=timezone.now(),
        )  # fmt: skip
        return cls(quote=CarrierQuoteType(fee_dong=quote.fee_dong))


def _given(info: ResolveInfo, input: Any) -> dict[str, Any]:
    return {
        "shipment_id": pk_from_global_id(input.shipment_id, ShipmentType), "actor": signed_in(info),
        "key": input.idempotency_key, "at": timezone.now(),
    }  # fmt: skip


def _plain(value: Any) -> str:
    """Graphene gives the member of an enum, or its value."""
    return str(getattr(value, "value", value))


class ShipmentMutations(graphene.ObjectType):
    shipment_create = ShipmentCreate.Field()
    shipment_send = ShipmentSend.Field()
    shipment_delivered = ShipmentDelivered.Field()
    shipment_failed = ShipmentFailed.Field()
    shipment_cancel = ShipmentCancel.Field()
    carrier_quote = CarrierQuote.Field()
