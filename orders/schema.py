"""Orders through GraphQL. Placing, cancelling and handing over move money as well: payments/schema."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import ConnectionField, Dong, ModelType, Mutation, pk_from_global_id, viewer_of
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from orders import cycling, fulfilling
from orders.models import Allocation, AllocationQuerySet, Order, OrderLine, OrderQuerySet, PickupPoint, Return
from orders.schema_complaints import ComplaintMutations, ComplaintQueries
from orders.schema_cycle_deeds import CycleMutations
from orders.schema_cycles import CycleQueries
from orders.schema_packing import PackingQueries
from orders.schema_returns import PRELOADED as RETURNS
from orders.schema_returns import GoodsReturnType
from orders.schema_reviews import ReviewMutations, ReviewQueries

_TOKEN_LENGTH = 43

OrderState = graphene.Enum.from_enum(Order.State, name="OrderState", description="Where the goods are.")
OrderPayment = graphene.Enum.from_enum(Order.Payment, name="OrderPayment", description="How much of it is paid.")
Delivery = graphene.Enum.from_enum(Order.Delivery, name="Delivery", description="How the goods reach the buyer.")
PayBy = graphene.Enum.from_enum(Order.PayBy, name="PayBy", description="By transfer now, or in cash on receipt.")


class PickupPointType(ModelType):
    """Where goods can be picked up."""

    class Meta:
        model = PickupPoint
        name = "PickupPoint"
        fields = ("name", "place", "hours", "is_open")


class OrderLineType(ModelType):
    """Names, price and fee rate are those of the moment in which the order was placed."""

    class Meta:
        model = OrderLine
        name = "OrderLine"
        fields = ("position", "product_name", "variant_name", "unit_name", "unit", "price_dong", "total_dong")

    quantity = graphene.Int(required=True, description="Measures: pieces or grams.")
    product_slug = graphene.String(required=True, description="The product's page, while it is on sale.")

    @staticmethod
    def resolve_product_slug(line: OrderLine, _info: ResolveInfo) -> str:
        return line.variant.product.slug


class OrderType(ModelType):
    """One buyer's order with one organization. Whoever has its token may see it."""

    class Meta:
        model = Order
        name = "Order"
        fields = (
            "number", "token", "organization", "buyer_name", "buyer_phone", "buyer_address", "note", "pickup_point",
            "cycle",
            "commune_code", "commune_name", "former_name", "hamlet", "landmark", "plus_code", "goods_dong",
            "shipping_dong", "total_dong", "deposit_dong", "deposit_paid_at", "needs_call", "confirmed_at", "placed_at",
            "expires_at", "packed_at", "handed_over_at", "accepted_at", "ended_at", "end_reason", "lines",
            "payment_requests",
        )  # fmt: skip

    state = graphene.Field(OrderState, required=True)
    payment = graphene.Field(OrderPayment, required=True)
    delivery = graphene.Field(Delivery, required=True)
    pay_by = graphene.Field(PayBy, required=True)
    returns = graphene.List(
        graphene.NonNull(GoodsReturnType), required=True, description="What was accepted and brought back."
    )

    @staticmethod
    def resolve_returns(order: Order, _info: ResolveInfo) -> list[Return]:
        return sorted(order.returns.all(), key=lambda one: one.number)


class AllocationType(ModelType):
    """One lot's part in one line, frozen at hand-over. For the organization's staff."""

    class Meta:
        model = Allocation
        name = "Allocation"
        fields = ("line", "lot", "position", "gross_dong", "fee_dong")

    quantity = graphene.Int(required=True, description="Measures: pieces or grams.")
    net_dong = Dong(required=True, description="What the lot's owner is owed.")
    owner_name = graphene.String(description="The member who brought the lot in; null: the organization's own goods.")

    @staticmethod
    def resolve_owner_name(allocation: Allocation, _info: ResolveInfo) -> str | None:
        return allocation.lot.member.user.name if allocation.lot.member else None


class OrderWhereInput(graphene.InputObjectType):
    """Orders that are all of this."""

    state = OrderState()
    payment = OrderPayment()


class Query(ComplaintQueries, ReviewQueries, PackingQueries, CycleQueries, graphene.ObjectType):
    order = graphene.Field(OrderType, token=graphene.String(required=True), description="Null when no order has it.")
    orders = ConnectionField(
        OrderType,
        where=OrderWhereInput(),
        description="The latest first: those of the organizations where one is staff, and one's own.",
    )
    allocations = graphene.List(
        graphene.NonNull(AllocationType),
        order_id=graphene.ID(required=True),
        required=True,
        description="Whose goods went into an order that was handed over. For the organization's staff.",
    )

    @staticmethod
    def resolve_order(_root: Any, _info: ResolveInfo, token: str) -> Order | None:
        if len(token) != _TOKEN_LENGTH or not token.isascii() or not token.isprintable():
            return None
        return Order.objects.preloaded().prefetch_related(RETURNS).filter(token=token).first()

    @staticmethod
    def resolve_orders(_root: Any, info: ResolveInfo, where: OrderWhereInput | None = None) -> OrderQuerySet:
        wanted = {name: value for name, value in (where or {}).items() if value is not None}
        return (
            Order.objects.visible_to(viewer_of(info))
            .filter(**wanted)
            .latest_first()
            .preloaded()
            .prefetch_related(RETURNS)
        )

    @staticmethod
    def resolve_allocations(_root: Any, info: ResolveInfo, order_id: str) -> AllocationQuerySet:
        visible = Allocation.objects.visible_to(viewer_of(info))
        try:
            of_order = visible.filter(line__order=pk_from_global_id(order_id, OrderType))
        except NotFound:
            return Allocation.objects.none()
        return of_order.preloaded().order_by("line__position", "position")


class OrderPackInput(graphene.InputObjectType):
    order_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: packing what is packed changes nothing.")


class OrderPack(Mutation):
    """Note that the goods lie ready, and tell the buyer."""

    class Meta:
        refusals = (
            NotFound, fulfilling.NotPaidYet, fulfilling.NotPackable, cycling.CycleUndecided, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = OrderPackInput(required=True)

    order = graphene.Field(OrderType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "OrderPack":
        return cls(
            order=fulfilling.pack(
                order_id=pk_from_global_id(input.order_id, OrderType),
                actor=_signed_in(info),
                at=timezone.now(),
                key=input.get("idempotency_key"),
            )
        )


class Mutations(ComplaintMutations, CycleMutations, ReviewMutations, graphene.ObjectType):
    order_pack = OrderPack.Field()


def _signed_in(info: ResolveInfo) -> Any:
    """The viewer, for a deed that only staff may do. A guest is a stranger: ``actor=None`` would be the machine."""
    viewer = viewer_of(info)
    if not viewer.is_authenticated:
        raise NotFound()
    return viewer
