"""Keeping the price list. Each is one call into a verb."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from payments.bills import billers, catalogue, rates, tariff
from payments.models import FeeItem
from payments.schema.bill_fee_types import ExemptGroupType, FeeItemType, FeeMeasure, FeePeriod, FeeRateType
from payments.schema.biller_of import biller_of
from payments.schema.signed_in import signed_in


class FeeItemCreateInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    name = graphene.String(required=True)
    period = FeePeriod(required=True)
    measure = FeeMeasure(default_value=FeeItem.Measure.FLAT.value)
    unit_name = graphene.String(default_value="", description="What is counted: suất, buổi, m³.")
    compulsory = graphene.Boolean(default_value=False)
    refundable = graphene.Boolean(default_value=True)
    note = graphene.String(default_value="")
    idempotency_key = graphene.String(required=True)


class FeeItemCreate(Mutation):
    """A new item, last in the biller's order, without a price yet."""

    class Meta:
        refusals = (
            NotFound, billers.NameMissing, billers.NoteTooLong, catalogue.NameTaken, catalogue.BadKind,
            catalogue.UnitMissing, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = FeeItemCreateInput(required=True)

    fee_item = graphene.Field(FeeItemType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "FeeItemCreate":
        viewer = signed_in(info)
        item = catalogue.item_create(
            organization_id=biller_of(viewer, input.organization).pk, name=input.name, period=_value(input.period),
            measure=_value(input.get("measure") or FeeItem.Measure.FLAT), unit_name=input.get("unit_name") or "",
            compulsory=bool(input.get("compulsory")), refundable=input.get("refundable") is not False,
            note=input.get("note") or "", actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(fee_item=item)


class FeeStepInput(graphene.InputObjectType):
    up_to = graphene.Int(description="The last unit of the step; null in the last step: no end.")
    price_dong = Dong(required=True)


class FeeRateSetInput(graphene.InputObjectType):
    fee_item_id = graphene.ID(required=True)
    since = graphene.Date(required=True)
    price_dong = Dong(required=True, description="For one: a head, a meal, a unit. Steps, where given, count instead.")
    steps = graphene.List(graphene.NonNull(FeeStepInput), description="Of a metered item.")
    ceiling_dong = Dong(description="What the law or the meeting allows for one; left out: no ceiling.")
    legal_basis = graphene.String(default_value="", description="Without it nothing can be published.")
    idempotency_key = graphene.String(required=True)


class FeeRateSet(Mutation):
    """What an item costs from a day on. Published bills keep what they were made at."""

    class Meta:
        refusals = (
            NotFound, billers.NoteTooLong, rates.AboveCeiling, rates.RateDayTaken, rates.StepsNotMetered,
            tariff.BadSteps, BadAmount, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = FeeRateSetInput(required=True)

    fee_rate = graphene.Field(FeeRateType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "FeeRateSet":
        viewer = signed_in(info)
        rate = rates.rate_set(
            fee_item_id=pk_from_global_id(input.fee_item_id, FeeItemType), since=input.since,
            price_dong=input.price_dong,
            steps=[[step.get("up_to"), step.price_dong] for step in input.get("steps") or ()],
            ceiling_dong=input.get("ceiling_dong"), legal_basis=input.get("legal_basis") or "", actor=viewer,
            key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(fee_rate=rate)


class FeeReductionInput(graphene.InputObjectType):
    fee_item_id = graphene.ID(required=True)
    reduction_bp = graphene.Int(required=True, description="Basis points less: 10,000 is nothing to pay.")


class ExemptGroupSetInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    name = graphene.String(required=True)
    legal_basis = graphene.String(default_value="")
    reductions = graphene.List(
        graphene.NonNull(FeeReductionInput), required=True, description="Items not named are paid in full."
    )
    idempotency_key = graphene.String(required=True)


class ExemptGroupSet(Mutation):
    """Who pays less, and for what. It counts for bills to come."""

    class Meta:
        refusals = (NotFound, billers.NameMissing, billers.NoteTooLong, catalogue.BadReduction, KeyReused, BadKey)

    class Arguments:
        input = ExemptGroupSetInput(required=True)

    exempt_group = graphene.Field(ExemptGroupType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ExemptGroupSet":
        viewer = signed_in(info)
        group = catalogue.group_set(
            organization_id=biller_of(viewer, input.organization).pk, name=input.name,
            legal_basis=input.get("legal_basis") or "",
            shares={pk_from_global_id(one.fee_item_id, FeeItemType): one.reduction_bp for one in input.reductions},
            actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(exempt_group=group)


class FeeMutations(graphene.ObjectType):
    fee_item_create = FeeItemCreate.Field()
    fee_rate_set = FeeRateSet.Field()
    exempt_group_set = ExemptGroupSet.Field()


def _value(choice: Any) -> str:
    """Graphene hands enums over as members or as plain values."""
    return str(getattr(choice, "value", choice))
