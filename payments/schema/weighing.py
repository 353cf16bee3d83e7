"""Goods by weight, weighed when they are packed, through GraphQL."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Mutation, pk_from_global_id
from base.refusals import KeyReused, NotFound
from catalog.measures import BadQuantity
from catalog.stock import SoldOut
from cooperatives.doing_once import BadKey
from orders.cycling import CycleUndecided
from orders.fulfilling import NotPackable, NotPaidYet
from orders.placing import TooDear
from orders.schema import OrderLineType, OrderType
from payments import weighing
from payments.schema.signed_in import signed_in


class WeightInput(graphene.InputObjectType):
    line_id = graphene.ID(required=True)
    grams = graphene.Int(required=True)


class OrderWeighInput(graphene.InputObjectType):
    order_id = graphene.ID(required=True)
    weights = graphene.List(graphene.NonNull(WeightInput), required=True)
    idempotency_key = graphene.String(required=True)


class OrderWeigh(Mutation):
    """Write down what lines weigh, and that the order is packed. Lighter is owed to the buyer; heavier is the seller's
    up to its threshold, and asked from the buyer beyond it."""

    class Meta:
        refusals = (
            NotFound, KeyReused, BadKey, weighing.NotByWeight, weighing.BadWeight, CycleUndecided, NotPaidYet,
            NotPackable, SoldOut, TooDear, BadQuantity,
        )  # fmt: skip

    class Arguments:
        input = OrderWeighInput(required=True)

    order = graphene.Field(OrderType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "OrderWeigh":
        grams = {pk_from_global_id(one.line_id, OrderLineType): one.grams for one in input.weights}
        return cls(
            order=weighing.weigh(
                order_id=pk_from_global_id(input.order_id, OrderType), grams=grams, actor=signed_in(info),
                key=input.idempotency_key, at=timezone.now(),
            )
        )  # fmt: skip


class WeighingMutations(graphene.ObjectType):
    order_weigh = OrderWeigh.Field()
