"""Setting and settling market days, and answering “còn hàng?”, through GraphQL.

Dropping a market day moves money as well: payments/schema/cycles.py.
"""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id, viewer_of
from base.refusals import KeyReused, NotFound
from base.text import storable
from catalog.measures import BadQuantity
from catalog.schema_types import ProductType, value_of
from cooperatives.doing_once import BadKey
from cooperatives.models import Organization
from cooperatives.phones import BadPhone
from orders import asking_stock, deciding_cycles, pickup, setting_cycles
from orders.models import PickupPoint
from orders.schema_cycles import CycleType, StockAnswer, StockQuestionType
from orders.setting_cycles import Plan, Stop


class CycleStopInput(graphene.InputObjectType):
    point_id = graphene.ID(required=True)
    from_at = graphene.DateTime(required=True)
    to_at = graphene.DateTime(required=True)


class CyclePlanInput(graphene.InputObjectType):
    """A market day as it is written down; all of it each time."""

    name = graphene.String(default_value="", description="Left out: it is called by its day.")
    note = graphene.String(default_value="")
    opens_at = graphene.DateTime(required=True)
    closes_at = graphene.DateTime(required=True)
    pickup_day = graphene.Date(required=True)
    stops = graphene.List(graphene.NonNull(CycleStopInput), required=True)
    product_ids = graphene.List(graphene.NonNull(graphene.ID), description="Empty: everything in the shop.")
    needs_dong = graphene.InputField(Dong, description="Below it the market day does not take place; 0 for none.")
    most_dong = graphene.InputField(Dong, description="Its cap; 0 for none.")


class CycleSetInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Slug.")
    plan = graphene.InputField(CyclePlanInput, required=True)
    idempotency_key = graphene.String(required=True, description="Made by the sender, kept for every retry.")


class CycleSet(Mutation):
    """Gather orders for a market day."""

    class Meta:
        refusals = (*setting_cycles.REFUSALS, KeyReused, BadKey)

    class Arguments:
        input = CycleSetInput(required=True)

    cycle = graphene.Field(CycleType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CycleSet":
        return cls(
            cycle=setting_cycles.set_cycle(
                organization_id=_organization(input.organization).pk, plan=_plan(input.plan), actor=viewer_of(info),
                key=input.idempotency_key, at=timezone.now(),
            )
        )  # fmt: skip


class CycleChangeInput(graphene.InputObjectType):
    cycle_id = graphene.ID(required=True)
    plan = graphene.InputField(CyclePlanInput, required=True)
    idempotency_key = graphene.String(description="Optional: the same plan again changes nothing.")


class CycleChange(Mutation):
    """Write it anew while it takes orders; what people ordered on stays."""

    class Meta:
        refusals = setting_cycles.REFUSALS

    class Arguments:
        input = CycleChangeInput(required=True)

    cycle = graphene.Field(CycleType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CycleChange":
        cycle_id = pk_from_global_id(input.cycle_id, CycleType)
        return cls(
            cycle=setting_cycles.change_cycle(
                cycle_id=cycle_id, plan=_plan(input.plan), actor=viewer_of(info), at=timezone.now()
            )
        )


class CycleGoAheadInput(graphene.InputObjectType):
    cycle_id = graphene.ID(required=True)
    why = graphene.String(default_value="", description="Needed below its minimum.")
    idempotency_key = graphene.String(description="Optional: it goes ahead once.")


class CycleGoAhead(Mutation):
    """It takes no more orders and takes place. Below its minimum: for the manager and the treasurer."""

    class Meta:
        refusals = (NotFound, deciding_cycles.CycleReasonMissing, deciding_cycles.CycleDecided)

    class Arguments:
        input = CycleGoAheadInput(required=True)

    cycle = graphene.Field(CycleType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CycleGoAhead":
        cycle_id = pk_from_global_id(input.cycle_id, CycleType)
        return cls(
            cycle=deciding_cycles.go_ahead(
                cycle_id=cycle_id, why=input.get("why") or "", actor=viewer_of(info), at=timezone.now()
            )
        )


class StockAnswerGiveInput(graphene.InputObjectType):
    question_id = graphene.ID(required=True)
    answer = graphene.InputField(StockAnswer, required=True)
    left = graphene.Int(description="Measures that are there; needed for LESS.")
    note = graphene.String(default_value="")
    idempotency_key = graphene.String(description="Optional: the same answer again changes nothing.")


class StockAnswerGive(Mutation):
    """Say whether the goods are there: the member herself, or staff who called her. Touches no order."""

    class Meta:
        refusals = (NotFound, asking_stock.HowMuchIsLeft, asking_stock.AnsweredAlready, BadQuantity)

    class Arguments:
        input = StockAnswerGiveInput(required=True)

    question = graphene.Field(StockQuestionType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "StockAnswerGive":
        return cls(
            question=asking_stock.answer(
                question_id=pk_from_global_id(input.question_id, StockQuestionType), answer=value_of(input.answer),
                left=input.get("left"), note=input.get("note") or "", actor=viewer_of(info), at=timezone.now(),
            )
        )  # fmt: skip


class PickupPointSetInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Slug.")
    point_id = graphene.ID(description="With it, that point is written anew; without, one more is opened.")
    name = graphene.String(required=True)
    place = graphene.String(required=True)
    hours = graphene.String(default_value="")
    phone = graphene.String(default_value="")
    position = graphene.Int(default_value=0)
    idempotency_key = graphene.String(required=True, description="Made by the sender, kept for every retry.")


class PickupPointSet(Mutation):
    """Write down where goods are fetched."""

    class Meta:
        refusals = (NotFound, pickup.BadPoint, BadPhone, KeyReused, BadKey)

    class Arguments:
        input = PickupPointSetInput(required=True)

    point_id = graphene.ID()

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "PickupPointSet":
        written = pickup.Written(
            input.name, input.place, input.get("hours") or "", input.get("phone") or "", input.get("position") or 0
        )
        organization = _organization(input.organization)
        if input.get("point_id"):
            changed = pk_from_global_id(input.point_id, "PickupPoint")
            if not organization.pickup_points.filter(pk=changed).exists():
                raise NotFound()
            point = pickup.change_point(point_id=changed, written=written, actor=viewer_of(info), at=timezone.now())
        else:
            point = pickup.add_point(
                organization_id=organization.pk, written=written, actor=viewer_of(info),
                key=input.idempotency_key, at=timezone.now(),
            )  # fmt: skip
        return cls(point_id=_global_id(point))


class PickupPointOpenInput(graphene.InputObjectType):
    point_id = graphene.ID(required=True)
    is_open = graphene.Boolean(required=True)
    idempotency_key = graphene.String(description="Optional: opening what is open changes nothing.")


class PickupPointOpen(Mutation):
    """Offer a point to buyers, or no longer; orders that name it keep it."""

    class Meta:
        refusals = (NotFound,)

    class Arguments:
        input = PickupPointOpenInput(required=True)

    point_id = graphene.ID()

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "PickupPointOpen":
        point = pickup.open_point(
            point_id=pk_from_global_id(input.point_id, "PickupPoint"), is_open=input.is_open, actor=viewer_of(info),
            at=timezone.now(),
        )  # fmt: skip
        return cls(point_id=_global_id(point))


class CycleMutations(graphene.ObjectType):
    cycle_set = CycleSet.Field()
    cycle_change = CycleChange.Field()
    cycle_go_ahead = CycleGoAhead.Field()
    stock_answer = StockAnswerGive.Field()
    pickup_point_set = PickupPointSet.Field()
    pickup_point_open = PickupPointOpen.Field()


def _global_id(point: PickupPoint) -> str:
    return str(graphene.relay.Node.to_global_id("PickupPoint", point.pk))


def _organization(slug: str) -> Organization:
    found = Organization.objects.filter(slug=slug).first() if storable(slug) else None
    if found is None:
        raise NotFound()
    return found


def _plan(written: Any) -> Plan:
    """Raises NotFound for an id of something else."""
    return Plan(
        name=written.get("name") or "", note=written.get("note") or "", opens_at=written.opens_at,
        closes_at=written.closes_at, pickup_day=written.pickup_day, needs_dong=written.get("needs_dong") or 0,
        most_dong=written.get("most_dong") or 0,
        product_ids=[pk_from_global_id(one, ProductType) for one in written.get("product_ids") or ()],
        stops=[Stop(pk_from_global_id(one.point_id, "PickupPoint"), one.from_at, one.to_at) for one in written.stops],
    )  # fmt: skip
