"""Giving goods from hand to hand: one call."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Mutation, pk_from_global_id
from base.refusals import KeyReused, NotFound
from catalog import stock
from cooperatives.doing_once import BadKey
from orders import cycling, fulfilling
from orders.schema import OrderType
from payments import handing_over
from payments.schema.signed_in import signed_in


class OrderHandOverInput(graphene.InputObjectType):
    order_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: an order is handed over once.")


class OrderHandOver(Mutation):
    """Give the goods to the buyer: lots are taken, and their owners are owed their shares."""

    class Meta:
        refusals = (
            NotFound, fulfilling.NotPaidYet, fulfilling.NotDeliverable, fulfilling.ParcelWaits, cycling.CycleUndecided,
            stock.NotBroughtYet, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = OrderHandOverInput(required=True)

    order = graphene.Field(OrderType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "OrderHandOver":
        return cls(
            order=handing_over.hand_over(
                order_id=pk_from_global_id(input.order_id, OrderType),
                actor=signed_in(info),
                at=timezone.now(),
                key=input.get("idempotency_key"),
            )
        )
