"""Market days, what is to be brought and “còn hàng?” as GraphQL reads them; the deeds: schema_cycle_deeds.py."""

from typing import Any

import graphene
from django.db.models import Prefetch
from graphene import ResolveInfo

from base.graphql import ConnectionField, Dong, ModelType, pk_from_global_id, viewer_of
from base.refusals import NotFound
from base.text import storable
from catalog.models import Product
from catalog.schema_types import LotType, ProductType
from cooperatives.models import Organization
from orders import bringing, cycling
from orders.models import Cycle, CyclePickup, StockQuestion
from orders.models.packing import StockQuestionQuerySet
from orders.models.pickup import CycleQuerySet

CycleState = graphene.Enum.from_enum(Cycle.State, name="CycleState", description="Whether the market day takes place.")
StockAnswer = graphene.Enum.from_enum(StockQuestion.Answer, name="StockAnswer", description="What is there.")


class CycleStopType(graphene.ObjectType):
    """One place of a market day, and when the goods are there."""

    class Meta:
        name = "CycleStop"

    point_id = graphene.ID(required=True)
    name = graphene.String(required=True)
    place = graphene.String(required=True)
    from_at = graphene.DateTime(required=True)
    to_at = graphene.DateTime(required=True)

    @staticmethod
    def resolve_point_id(stop: CyclePickup, _info: ResolveInfo) -> str:
        return str(graphene.relay.Node.to_global_id("PickupPoint", stop.point_id))

    @staticmethod
    def resolve_name(stop: CyclePickup, _info: ResolveInfo) -> str:
        return stop.point.name

    @staticmethod
    def resolve_place(stop: CyclePickup, _info: ResolveInfo) -> str:
        return stop.point.place


class CycleType(ModelType):
    """A market day: orders are gathered until it closes, and fetched on its day."""

    class Meta:
        model = Cycle
        name = "Cycle"
        fields = (
            "name", "note", "organization", "opens_at", "closes_at", "pickup_day", "needs_dong", "most_dong",
            "decided_at", "why",
        )  # fmt: skip

    state = graphene.Field(CycleState, required=True)
    stops = graphene.List(graphene.NonNull(CycleStopType), required=True)
    products = graphene.List(
        graphene.NonNull(ProductType), required=True, description="Empty: everything that the shop sells."
    )
    ordered_dong = Dong(required=True, description="Goods in its orders that have not ended.")

    @staticmethod
    def resolve_stops(cycle: Cycle, _info: ResolveInfo) -> list[CyclePickup]:
        return list(cycle.pickups.all())

    @staticmethod
    def resolve_products(cycle: Cycle, info: ResolveInfo) -> list[Any]:
        if "products" in getattr(cycle, "_prefetched_objects_cache", {}):
            return list(cycle.products.all())
        return list(cycle.products.visible_to(viewer_of(info)).preloaded().order_by("name", "pk"))

    @staticmethod
    def resolve_ordered_dong(cycle: Cycle, _info: ResolveInfo) -> int:
        ordered: int | None = getattr(cycle, "ordered_now", None)
        return cycling.ordered_dong(cycle) if ordered is None else ordered


class StockQuestionType(ModelType):
    """“Còn hàng?” No order waits for the answer."""

    class Meta:
        model = StockQuestion
        name = "StockQuestion"
        fields = ("member", "variant", "asked_at", "call_from", "decide_from", "answered_at", "note")

    answer = graphene.Field(StockAnswer, description="Null while nobody has answered.")
    left = graphene.Int(description="Measures that are there, where she said so.")

    @staticmethod
    def resolve_answer(question: StockQuestion, _info: ResolveInfo) -> str | None:
        return question.answer or None


class PromisedLotType(graphene.ObjectType):
    """A lot that is still to come, and how much of it is ordered."""

    class Meta:
        name = "PromisedLot"

    lot = graphene.Field(LotType, required=True)
    expected_on = graphene.Date(required=True)
    ordered = graphene.Int(required=True, description="Measures in orders that have not ended.")

    @staticmethod
    def resolve_expected_on(promise: bringing.Promise, _info: ResolveInfo) -> Any:
        return promise.day


class CycleQueries(graphene.ObjectType):
    cycle = graphene.Field(CycleType, id=graphene.ID(required=True), description="Null when it is not to be seen.")
    cycles = ConnectionField(
        CycleType, organization=graphene.String(description="Slug: of one shop alone."), description="Latest day first."
    )
    stock_questions = ConnectionField(
        StockQuestionType, description="Open ones: for the organization's staff, and one's own."
    )
    promised_lots = graphene.List(
        graphene.NonNull(PromisedLotType), organization=graphene.String(required=True, description="Slug."),
        required=True, description="What is still to be brought: all of it for staff, her own for a member.",
    )  # fmt: skip

    @staticmethod
    def resolve_cycle(_root: Any, info: ResolveInfo, id: str) -> Cycle | None:
        try:
            return _cycles(info).filter(pk=pk_from_global_id(id, CycleType)).first()
        except NotFound:
            return None

    @staticmethod
    def resolve_cycles(_root: Any, info: ResolveInfo, organization: str | None = None) -> CycleQuerySet:
        rows = _cycles(info).order_by("-pickup_day", "-pk")
        if organization is None:
            return rows
        return rows.filter(organization__slug=organization) if storable(organization) else rows.none()

    @staticmethod
    def resolve_stock_questions(_root: Any, info: ResolveInfo) -> StockQuestionQuerySet:
        rows = StockQuestion.objects.open().visible_to(viewer_of(info)).distinct()
        return rows.select_related("member__user", "variant__product").order_by("-asked_at", "-pk")

    @staticmethod
    def resolve_promised_lots(_root: Any, info: ResolveInfo, organization: str) -> list[bringing.Promise]:
        found = Organization.objects.filter(slug=organization).first() if storable(organization) else None
        if found is None:
            return []
        seen = set(bringing.visible_lots(viewer_of(info), organization=found).values_list("pk", flat=True))
        return [promise for promise in bringing.promised(found) if promise.lot.pk in seen] if seen else []


def _cycles(info: ResolveInfo) -> CycleQuerySet:
    """Whatever their fields read, in a few queries for any number."""
    viewer = viewer_of(info)
    goods = Prefetch("products", Product.objects.visible_to(viewer).preloaded().order_by("name", "pk"))
    visible = cycling.counted(Cycle.objects.visible_to(viewer)).select_related("organization")
    return visible.prefetch_related("pickups__point", goods)
