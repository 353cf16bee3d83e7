"""What a cooperative decides about delivery, through GraphQL: rates, where goods leave from, who bears what."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from base.text import storable
from cooperatives.doing_once import BadKey
from cooperatives.models import Organization
from cooperatives.schema import OrganizationType
from orders import addresses, delivery_terms, rating
from orders.promising import BadDays
from orders.schema import Delivery
from payments.schema.delivery import ShippingRateType, Zone
from payments.schema.signed_in import signed_in

BorneBy = graphene.Enum.from_enum(Organization.BornBy, name="BorneBy", description="Who bears a parcel's costs.")
FirstOrderRule = graphene.Enum.from_enum(
    Organization.FirstOrder, name="FirstOrderRule", description="What is asked of a first order on receipt."
)


class ShippingRateSetInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    rate_id = graphene.ID(description="The one that this takes the place of; without it: one more.")
    way = graphene.InputField(Delivery, required=True)
    zone = graphene.InputField(Zone, required=True)
    province_codes = graphene.List(graphene.NonNull(graphene.String), description="For LISTED.")
    up_to_g = graphene.Int(description="Null: whatever it weighs.")
    price_dong = Dong(required=True)
    free_above_dong = Dong(description="Null or 0: never free.")
    idempotency_key = graphene.String(required=True)


class ShippingRateSet(Mutation):
    """Add a rate, or change one; orders placed keep what they were asked."""

    class Meta:
        refusals = (NotFound, *rating.REFUSALS, KeyReused, BadKey)

    class Arguments:
        input = ShippingRateSetInput(required=True)

    shipping_rate = graphene.Field(ShippingRateType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShippingRateSet":
        rate = input.get("rate_id")
        wanted = rating.Wanted(
            way=_value(input.way), zone=_value(input.zone), price_dong=input.price_dong,
            province_codes=tuple(input.get("province_codes") or ()), up_to_g=input.get("up_to_g"),
            free_above_dong=input.get("free_above_dong") or 0,
        )  # fmt: skip
        return cls(
            shipping_rate=rating.set_rate(
                organization_id=_shop(input.organization),
                rate_id=pk_from_global_id(rate, ShippingRateType) if rate else None, wanted=wanted,
                actor=signed_in(info), key=input.idempotency_key, at=timezone.now(),
            )
        )  # fmt: skip


class ShippingRateStopInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    rate_id = graphene.ID(required=True)
    idempotency_key = graphene.String(required=True)


class ShippingRateStop(Mutation):
    """No order is asked by this rate any more."""

    class Meta:
        refusals = (NotFound, KeyReused, BadKey)

    class Arguments:
        input = ShippingRateStopInput(required=True)

    shipping_rate = graphene.Field(ShippingRateType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShippingRateStop":
        return cls(
            shipping_rate=rating.stop_rate(
                organization_id=_shop(input.organization),
                rate_id=pk_from_global_id(input.rate_id, ShippingRateType), actor=signed_in(info),
                key=input.idempotency_key, at=timezone.now(),
            )
        )  # fmt: skip


class DeliveryTermsSetInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    silent_days = graphene.Int(required=True)
    refused_borne_by = graphene.InputField(BorneBy, required=True)
    lost_borne_by = graphene.InputField(BorneBy, required=True)
    heavier_asked_above_bp = graphene.Int(required=True, description="Basis points of a line: 2 % is 200.")
    idempotency_key = graphene.String(description="Optional: deciding the same again changes nothing.")


class DeliveryTermsSet(Mutation):
    """Decide what silence means, who bears what, and when a heavier bag is asked for."""

    class Meta:
        refusals = (NotFound, BadDays, delivery_terms.BadChoice, delivery_terms.BadShare)

    class Arguments:
        input = DeliveryTermsSetInput(required=True)

    organization = graphene.Field(OrganizationType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "DeliveryTermsSet":
        return cls(
            organization=delivery_terms.decide(
                organization_id=_shop(input.organization),
                silent_days=input.silent_days, refused_borne_by=_value(input.refused_borne_by),
                lost_borne_by=_value(input.lost_borne_by), heavier_asked_above_bp=input.heavier_asked_above_bp,
                actor=signed_in(info), at=timezone.now(),
            )
        )  # fmt: skip


class FirstOrderRuleSetInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    rule = graphene.InputField(FirstOrderRule, required=True)
    above_dong = Dong(required=True)
    deposit_bp = graphene.Int(required=True, description="Basis points of the total: 30 % is 3000.")
    idempotency_key = graphene.String(description="Optional: deciding the same again changes nothing.")


class FirstOrderRuleSet(Mutation):
    """Decide what is asked of a stranger's first order on receipt."""

    class Meta:
        refusals = (NotFound, delivery_terms.BadChoice, delivery_terms.BadShare, BadAmount)

    class Arguments:
        input = FirstOrderRuleSetInput(required=True)

    organization = graphene.Field(OrganizationType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "FirstOrderRuleSet":
        return cls(
            organization=delivery_terms.ask_first_orders(
                organization_id=_shop(input.organization), rule=_value(input.rule),
                above_dong=input.above_dong, deposit_bp=input.deposit_bp, actor=signed_in(info), at=timezone.now(),
            )
        )  # fmt: skip


class DeliveryOriginSetInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    commune_code = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: deciding the same again changes nothing.")


class DeliveryOriginSet(Mutation):
    """Say from which commune the goods leave."""

    class Meta:
        refusals = (NotFound, addresses.BadCommune)

    class Arguments:
        input = DeliveryOriginSetInput(required=True)

    organization = graphene.Field(OrganizationType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "DeliveryOriginSet":
        return cls(
            organization=delivery_terms.start_from(
                organization_id=_shop(input.organization),
                commune_code=input.commune_code, actor=signed_in(info), at=timezone.now(),
            )
        )  # fmt: skip


class DeliveryMutations(graphene.ObjectType):
    shipping_rate_set = ShippingRateSet.Field()
    shipping_rate_stop = ShippingRateStop.Field()
    delivery_terms_set = DeliveryTermsSet.Field()
    first_order_rule_set = FirstOrderRuleSet.Field()
    delivery_origin_set = DeliveryOriginSet.Field()


def _shop(slug: str) -> int:
    """The organization that is meant. Raises NotFound."""
    found = Organization.objects.filter(slug=slug).values_list("pk", flat=True).first() if storable(slug) else None
    if found is None:
        raise NotFound()
    return found


def _value(choice: Any) -> str:
    """Graphene hands enums over as members or as plain values."""
    return str(getattr(choice, "value", choice))
