"""Goods that come back, and what becomes of their buyer's money: one call into a verb."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.refusals import KeyReused, NotFound
from catalog.measures import BadQuantity
from cooperatives.doing_once import BadKey
from orders import returning
from orders.models import Order
from orders.returning import Back
from orders.schema import OrderType
from orders.schema_returns import GoodsFate, GoodsReturnType
from payments import cash_boxes, deeds, payees, refunds, returns
from payments.schema.refund_mutations import PayeeInput, payee_of
from payments.schema.signed_in import signed_in

RefundBy = graphene.Enum(
    "RefundBy", [(way.upper(), way) for way in returns.WAYS], description="How the buyer's money goes back."
)


class GoodsBackInput(graphene.InputObjectType):
    """So much of one line. Without a lot, the last one that went into it first."""

    line_id = graphene.ID(required=True)
    quantity = graphene.Int(required=True, description="Measures: pieces or grams.")
    fate = GoodsFate(required=True)
    lot_id = graphene.ID(description="The lot on the label.")


class OrderReturnInput(graphene.InputObjectType):
    order_id = graphene.ID(required=True)
    lines = graphene.List(graphene.NonNull(GoodsBackInput), required=True)
    shipping_dong = Dong(default_value=0, description="Of the shipping, what it was agreed to give back.")
    refund = RefundBy(default_value=returns.DEBT)
    payee = PayeeInput(description="Of a transfer; told whole by the treasurer, it is ordered out at once.")
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class OrderReturn(Mutation):
    """Take accepted goods back: to their lots or written off, everybody's share taken back, the buyer owed."""

    class Meta:
        refusals = (
            NotFound, returning.NotReturnable, returning.NothingBack, returning.MoreThanKept, returning.TwoFates,
            returning.PastItsBest, returning.TooMuchShipping, returns.NoWayBack, returns.NotYourCash, BadQuantity,
            cash_boxes.MoreThanInBox, deeds.ReasonMissing, payees.PayeeUnusable, refunds.MoreThanOwed, KeyReused,
            BadKey,
        )  # fmt: skip

    class Arguments:
        input = OrderReturnInput(required=True)

    order = graphene.Field(OrderType)
    goods_return = graphene.Field(GoodsReturnType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "OrderReturn":
        viewer = signed_in(info)
        lines = [
            Back(
                line_id=pk_from_global_id(one.line_id, "OrderLine"), quantity=one.quantity, fate=_plain(one.fate),
                lot_id=pk_from_global_id(one.lot_id, "Lot") if one.get("lot_id") else None,
            )
            for one in input.lines
        ]  # fmt: skip
        done = returns.take_back(
            order_id=pk_from_global_id(input.order_id, OrderType), lines=lines,
            shipping_dong=input.get("shipping_dong") or 0, refund=_plain(input.get("refund")), reason=input.reason,
            actor=viewer, key=input.idempotency_key, at=timezone.now(), **payee_of(input.get("payee")),
        )  # fmt: skip
        return cls(order=Order.objects.preloaded().get(pk=done.order_id), goods_return=done)


class ReturningMutations(graphene.ObjectType):
    order_return = OrderReturn.Field()


def _plain(choice: Any) -> str:
    """The value of an enum's member, whichever way graphene hands it on."""
    return str(getattr(choice, "value", choice))
