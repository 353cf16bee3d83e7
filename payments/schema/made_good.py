"""What the cooperative bears of an order, through GraphQL: given to its buyer for a complaint, and taken back."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, ModelType, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from orders.schema import OrderType
from payments import deeds, making_good
from payments.models import MadeGood
from payments.schema.signed_in import signed_in

MadeGoodKind = graphene.Enum.from_enum(
    MadeGood.Kind, name="MadeGoodKind", description="What the cooperative bears: a heavier bag, goods lost, …"
)


class MadeGoodType(ModelType):
    """One thing that the cooperative bears, for who may decide of it."""

    class Meta:
        model = MadeGood
        name = "MadeGood"
        fields = ("reason", "at", "undone_at")

    kind = graphene.Field(MadeGoodKind, required=True)
    amount_dong = Dong(required=True)
    order_number = graphene.String(required=True)

    @staticmethod
    def resolve_order_number(made: MadeGood, _info: ResolveInfo) -> str:
        return made.order.number


class OrderGoodwillInput(graphene.InputObjectType):
    order_id = graphene.ID(required=True)
    amount_dong = Dong(required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class OrderGoodwill(Mutation):
    """Owe the buyer of an order something for a complaint: the cooperative bears it, no member's share changes."""

    class Meta:
        refusals = (
            NotFound, making_good.MoreThanOrder, deeds.ReasonMissing, BadAmount, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = OrderGoodwillInput(required=True)

    made_good = graphene.Field(MadeGoodType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "OrderGoodwill":
        made = making_good.goodwill(
            order_id=pk_from_global_id(input.order_id, OrderType), amount_dong=input.amount_dong, reason=input.reason,
            actor=signed_in(info), key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(made_good=made)


class MadeGoodUndoInput(graphene.InputObjectType):
    made_good_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: it is taken back once.")


class MadeGoodUndo(Mutation):
    """Take back what nobody has been paid of, or a shortage that came after all. Repeatable."""

    class Meta:
        refusals = (NotFound, making_good.NotUndone, making_good.AlreadyPaidOut)

    class Arguments:
        input = MadeGoodUndoInput(required=True)

    made_good = graphene.Field(MadeGoodType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "MadeGoodUndo":
        made_good_id = pk_from_global_id(input.made_good_id, MadeGoodType)
        return cls(made_good=making_good.undo(made_good_id=made_good_id, actor=signed_in(info), at=timezone.now()))


class MadeGoodMutations(graphene.ObjectType):
    order_goodwill = OrderGoodwill.Field()
    made_good_undo = MadeGoodUndo.Field()
