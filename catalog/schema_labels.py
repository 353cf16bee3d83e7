"""Labels through GraphQL: what stands on them, and what their code leads to."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.codes import ALPHABET
from base.graphql import Mutation, pk_from_global_id, viewer_of
from base.refusals import NotFound
from catalog import labelling, tracing, wording
from catalog.models import Lot
from catalog.schema_types import ProductType, VariantType


class TracedLotType(graphene.ObjectType):
    """What anybody may read behind the code on a label."""

    class Meta:
        name = "TracedLot"

    code = graphene.String(required=True)
    product_name = graphene.String(required=True)
    variant_name = graphene.String(required=True)
    made_on = graphene.Date()
    best_before = graphene.Date()
    weight_g = graphene.Int(description="Net weight of one piece.")
    gtin = graphene.String(required=True)
    storage = graphene.String(required=True)
    allergens = graphene.String(required=True)
    organization_slug = graphene.String(required=True)
    maker_name = graphene.String(description="Only of a member who agreed to it.")

    @staticmethod
    def resolve_product_name(lot: Lot, _info: ResolveInfo) -> str:
        return lot.variant.product.name

    @staticmethod
    def resolve_variant_name(lot: Lot, _info: ResolveInfo) -> str:
        return lot.variant.name

    @staticmethod
    def resolve_weight_g(lot: Lot, _info: ResolveInfo) -> int | None:
        return lot.variant.weight_g

    @staticmethod
    def resolve_gtin(lot: Lot, _info: ResolveInfo) -> str:
        return lot.variant.gtin

    @staticmethod
    def resolve_storage(lot: Lot, _info: ResolveInfo) -> str:
        return lot.variant.product.storage

    @staticmethod
    def resolve_allergens(lot: Lot, _info: ResolveInfo) -> str:
        return lot.variant.product.allergens

    @staticmethod
    def resolve_organization_slug(lot: Lot, _info: ResolveInfo) -> str:
        return lot.variant.product.organization.slug

    @staticmethod
    def resolve_maker_name(lot: Lot, _info: ResolveInfo) -> str | None:
        return lot.member.user.name if lot.member is not None and lot.member.shows_name else None


class LabelQueries(graphene.ObjectType):
    lot = graphene.Field(
        TracedLotType,
        trace=graphene.String(required=True, description="The ten symbols of the label's code."),
        description="Null for a number that no label carries.",
    )

    @staticmethod
    def resolve_lot(_root: Any, _info: ResolveInfo, trace: str) -> Lot | None:
        symbols = trace.upper()
        if len(symbols) != tracing.LENGTH or not set(symbols) <= set(ALPHABET):
            return None
        return tracing.traced().filter(trace=symbols).first()


class GtinInput(graphene.InputObjectType):
    variant_id = graphene.ID(required=True)
    gtin = graphene.String(required=True, description="8, 12, 13 or 14 figures; empty: none.")


class ProductLabelSetInput(graphene.InputObjectType):
    product_id = graphene.ID(required=True)
    storage = graphene.String(required=True)
    allergens = graphene.String(required=True)
    gtins = graphene.List(graphene.NonNull(GtinInput), default_value=())
    idempotency_key = graphene.String(description="Optional: saying the same again changes nothing.")


class ProductLabelSet(Mutation):
    """Say how goods are kept, who must not eat them, and their bar codes."""

    class Meta:
        refusals = (NotFound, wording.TooLong, labelling.BadGtin)

    class Arguments:
        input = ProductLabelSetInput(required=True)

    product = graphene.Field(ProductType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ProductLabelSet":
        viewer = viewer_of(info)
        if not viewer.is_authenticated:
            raise NotFound()
        return cls(
            product=labelling.say_on_label(
                product_id=pk_from_global_id(input.product_id, ProductType), storage=input.storage,
                allergens=input.allergens,
                gtins={pk_from_global_id(one.variant_id, VariantType): one.gtin for one in input.gtins or ()},
                actor=viewer, at=timezone.now(),
            )
        )  # fmt: skip


class LabelMutations(graphene.ObjectType):
    product_label_set = ProductLabelSet.Field()
