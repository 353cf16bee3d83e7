"""Rests from selling, and goods that are promised for a day, through GraphQL."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Mutation, pk_from_global_id, viewer_of
from base.refusals import KeyReused, NotFound
from catalog import lots, measures, promising_lots, resting
from catalog.schema_types import LotType, ProductType, VariantType
from cooperatives.doing_once import BadKey
from cooperatives.models import Organization


class ProductRestInput(graphene.InputObjectType):
    product_id = graphene.ID(required=True)
    until = graphene.Date(description="Last day of the rest; null sells it again at once.")
    idempotency_key = graphene.String(description="Optional: the same rest again changes nothing.")


class ProductRest(Mutation):
    """Sell no more of it up to a day, which ends the rest by itself. For staff who list goods, and for its maker."""

    class Meta:
        refusals = (NotFound, resting.BadRest)

    class Arguments:
        input = ProductRestInput(required=True)

    product = graphene.Field(ProductType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ProductRest":
        product_id = pk_from_global_id(input.product_id, ProductType)
        return cls(
            product=resting.rest_product(
                product_id=product_id, until=input.get("until"), actor=viewer_of(info), at=timezone.now()
            )
        )


class ShopRestInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Slug.")
    until = graphene.Date(description="Last day of the rest; null opens the shop again at once.")
    idempotency_key = graphene.String(description="Optional: the same rest again changes nothing.")


class ShopRest(Mutation):
    """The whole shop takes no orders up to a day. For its manager and treasurer."""

    class Meta:
        refusals = (NotFound, resting.BadRest)

    class Arguments:
        input = ShopRestInput(required=True)

    rests_until = graphene.Date()

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ShopRest":
        found = Organization.objects.filter(slug=input.organization).first()
        if found is None:
            raise NotFound()
        rested = resting.rest_shop(
            organization_id=found.pk, until=input.get("until"), actor=viewer_of(info), at=timezone.now()
        )
        return cls(rests_until=rested.rests_until)


class LotPromiseInput(graphene.InputObjectType):
    variant_id = graphene.ID(required=True)
    member_id = graphene.ID(description="Who will bring it; null for the organization's own goods.")
    quantity = graphene.Int(required=True, description="Measures: pieces or grams.")
    expected_on = graphene.Date(required=True)
    idempotency_key = graphene.String(required=True, description="Made by the sender, kept for every retry.")


class LotPromise(Mutation):
    """Goods that will be brought on a day; they can be ordered at once. For staff, and for who makes them."""

    class Meta:
        refusals = (
            NotFound, KeyReused, BadKey, measures.BadQuantity, promising_lots.BadExpectedOn, lots.NotAMemberHere,
        )  # fmt: skip

    class Arguments:
        input = LotPromiseInput(required=True)

    lot = graphene.Field(LotType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "LotPromise":
        member_id = input.get("member_id")
        return cls(
            lot=promising_lots.promise_lot(
                variant_id=pk_from_global_id(input.variant_id, VariantType),
                member_id=pk_from_global_id(member_id, "Member") if member_id else None, quantity=input.quantity,
                expected_on=input.expected_on, actor=_signed_in(info), key=input.idempotency_key, at=timezone.now(),
            )
        )  # fmt: skip


class LotBroughtInput(graphene.InputObjectType):
    lot_id = graphene.ID(required=True)
    quantity = graphene.Int(required=True, description="Measures that really came; 0 where nothing did.")
    made_on = graphene.Date()
    best_before = graphene.Date()
    idempotency_key = graphene.String(description="Optional: the same again changes nothing.")


class LotBrought(Mutation):
    """What of a promised lot came. Orders are not touched by what did not: it is missing on the lot."""

    class Meta:
        refusals = (
            NotFound, measures.BadQuantity, promising_lots.BroughtAlready, lots.BadMadeOn, lots.BadBestBefore,
        )  # fmt: skip

    class Arguments:
        input = LotBroughtInput(required=True)

    lot = graphene.Field(LotType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "LotBrought":
        return cls(
            lot=promising_lots.brought(
                lot_id=pk_from_global_id(input.lot_id, LotType), quantity=input.quantity, made_on=input.get("made_on"),
                best_before=input.get("best_before"), actor=_signed_in(info), at=timezone.now(),
            )
        )  # fmt: skip


class RestingMutations(graphene.ObjectType):
    product_rest = ProductRest.Field()
    shop_rest = ShopRest.Field()
    lot_promise = LotPromise.Field()
    lot_brought = LotBrought.Field()


def _signed_in(info: ResolveInfo) -> Any:
    """A guest is a stranger: ``actor=None`` would be the machine."""
    viewer = viewer_of(info)
    if not viewer.is_authenticated:
        raise NotFound()
    return viewer
