"""What a biller charges for: items, prices and who pays less. The price list is public; the rest is for staff."""

from typing import Any

import graphene
from graphene import ResolveInfo

from base.graphql import Dong, ModelType
from payments.bills.catalogue import Price
from payments.models import ExemptGroup, FeeItem, FeeRate

FeePeriod = graphene.Enum.from_enum(FeeItem.Period, name="FeePeriod", description="What one charge is for.")
FeeMeasure = graphene.Enum.from_enum(FeeItem.Measure, name="FeeMeasure", description="What the amount depends on.")


class FeeItemType(ModelType):
    """One thing that a biller charges for. ``position`` is the order in which a part payment fills items."""

    class Meta:
        model = FeeItem
        name = "FeeItem"
        fields = ("name", "unit_name", "compulsory", "refundable", "is_active", "note")

    period = graphene.Field(FeePeriod, required=True)
    measure = graphene.Field(FeeMeasure, required=True)
    position = graphene.Int(required=True)


class FeeStepType(graphene.ObjectType):
    """One step of a tariff: each unit within it costs this much."""

    class Meta:
        name = "FeeStep"

    up_to = graphene.Int(description="The last unit of the step; null: no end.")
    price_dong = Dong(required=True)


class FeeRateType(ModelType):
    """What an item costs from a day on, and what allows it."""

    class Meta:
        model = FeeRate
        name = "FeeRate"
        fields = ("since", "price_dong", "ceiling_dong", "legal_basis")

    steps = graphene.List(graphene.NonNull(FeeStepType), required=True, description="Empty: one price for all units.")

    @staticmethod
    def resolve_steps(rate: FeeRate, _info: ResolveInfo) -> list[dict[str, Any]]:
        return [{"up_to": up_to, "price_dong": price_dong} for up_to, price_dong in rate.steps]


class FeeReductionType(graphene.ObjectType):
    """A group that pays less for an item."""

    class Meta:
        name = "FeeReduction"

    group = graphene.String(required=True)
    reduction_bp = graphene.Int(required=True, description="Basis points less: 10,000 is nothing to pay.")


class FeePriceType(graphene.ObjectType):
    """A line of the public price list."""

    class Meta:
        name = "FeePrice"

    item = graphene.Field(FeeItemType, required=True)
    rate = graphene.Field(FeeRateType, required=True)
    reductions = graphene.List(graphene.NonNull(FeeReductionType), required=True)

    @staticmethod
    def resolve_reductions(price: Price, _info: ResolveInfo) -> list[dict[str, Any]]:
        return [{"group": group, "reduction_bp": bp} for group, bp in price.exempt]


class ExemptGroupType(ModelType):
    """People who pay less, by law or by the biller's own decision."""

    class Meta:
        model = ExemptGroup
        name = "ExemptGroup"
        fields = ("name", "legal_basis")
