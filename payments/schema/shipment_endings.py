"""Parcels that did not arrive, through GraphQL: back, lost, found again, and what carrying them cost."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from orders import parcels, returning
from orders.schema_returns import GoodsFate
from payments import carriage, coming_back, deeds, found_again
from payments.schema.shipment_types import ShipmentType
from payments.schema.signed_in import signed_in

_COMMON = (NotFound, KeyReused, BadKey)


class GoodsCameBackInput(graphene.InputObjectType):
    allocation_id = graphene.ID(required=True)
    fate = GoodsFate(required=True)


class ShipmentBackInput(graphene.InputObjectType):
    shipment_id = graphene.ID(required=True)
    goods = graphene.List(
        graphene.NonNull(GoodsCameBackInput), description="What is left out goes back to its lot."
    )  # fmt: skip
    return_fee_dong = Dong()
    keep_deposit_dong = Dong(default_value=0, description="Of the deposit, what pays for the carriage.")
    is_sure = graphene.Boolean(default_value=False, description="Said again by who may: the carriage is that much.")
    why = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class ShipmentBack(Mutation):
    """The goods are here again, the order is over, and what its buyer paid is owed to her."""

    class Meta:
        refusals = (
            *_COMMON, parcels.BadMove, carriage.KeepsTooMuch, carriage.CarriageLooksWrong, returning.PastItsBest,
            deeds.ReasonMissing, BadAmount,
        )  # fmt: skip

    class Arguments:
        input = ShipmentBackInput(required=True)

    shipment = graphene.Field(ShipmentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShipmentBack":
        goods = {
            pk_from_global_id(one.allocation_id, "Allocation"): _plain(one.fate) for one in input.get("goods") or []
        }
        return cls(
            shipment=coming_back.back(
                goods=goods, return_fee_dong=input.get("return_fee_dong"),
                keep_deposit_dong=input.get("keep_deposit_dong") or 0, is_sure=bool(input.get("is_sure")),
                why=input.why, **_given(info, input),
            )
        )  # fmt: skip


class ShipmentCarriageInput(graphene.InputObjectType):
    shipment_id = graphene.ID(required=True)
    fee_dong = Dong(required=True, description="What the way there cost.")
    return_fee_dong = Dong(required=True, description="And the way back.")
    is_sure = graphene.Boolean(default_value=False)
    why = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class ShipmentCarriageCorrect(Mutation):
    """What a parcel that is back really cost: members bear their part of that, and both numbers stay."""

    class Meta:
        refusals = (*_COMMON, carriage.NotBackYet, carriage.CarriageLooksWrong, deeds.ReasonMissing, BadAmount)

    class Arguments:
        input = ShipmentCarriageInput(required=True)

    shipment = graphene.Field(ShipmentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShipmentCarriageCorrect":
        return cls(
            shipment=carriage.correct(
                fee_dong=input.fee_dong, return_fee_dong=input.return_fee_dong, is_sure=bool(input.get("is_sure")),
                why=input.why, **_given(info, input),
            )
        )  # fmt: skip


class ShipmentFoundInput(graphene.InputObjectType):
    shipment_id = graphene.ID(required=True)
    why = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class ShipmentFound(Mutation):
    """What was called lost or damaged turned up: its loss is taken back, and it is on its way again."""

    class Meta:
        refusals = (*_COMMON, parcels.BadMove, deeds.ReasonMissing)

    class Arguments:
        input = ShipmentFoundInput(required=True)

    shipment = graphene.Field(ShipmentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShipmentFound":
        return cls(shipment=found_again.found(why=input.why, **_given(info, input)))


class ShipmentLostInput(graphene.InputObjectType):
    shipment_id = graphene.ID(required=True)
    is_damaged = graphene.Boolean(default_value=False)
    why = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class ShipmentLost(Mutation):
    """It is gone or came to nothing: the order is cancelled, its buyer and its members made good as was decided."""

    class Meta:
        refusals = (*_COMMON, parcels.BadMove, deeds.ReasonMissing)

    class Arguments:
        input = ShipmentLostInput(required=True)

    shipment = graphene.Field(ShipmentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShipmentLost":
        given = _given(info, input)
        return cls(shipment=coming_back.lost(damaged=bool(input.get("is_damaged")), why=input.why, **given))


def _given(info: ResolveInfo, input: Any) -> dict[str, Any]:
    return {
        "shipment_id": pk_from_global_id(input.shipment_id, ShipmentType), "actor": signed_in(info),
        "key": input.idempotency_key, "at": timezone.now(),
    }  # fmt: skip


def _plain(value: Any) -> str:
    """Graphene gives the member of an enum, or its value."""
    return str(getattr(value, "value", value))


class ShipmentEndingMutations(graphene.ObjectType):
    shipment_back = ShipmentBack.Field()
    shipment_lost = ShipmentLost.Field()
    shipment_found = ShipmentFound.Field()
    shipment_carriage_correct = ShipmentCarriageCorrect.Field()
