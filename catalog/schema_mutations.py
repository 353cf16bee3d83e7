"""Goods through GraphQL: writing them down, putting them up for sale, receiving lots."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id, viewer_of
from base.refusals import KeyReused, NotFound
from catalog import listing, lots, measures, variants, wording
from catalog.listing import Keep
from catalog.schema_labels import LabelMutations
from catalog.schema_resting import RestingMutations
from catalog.schema_trust import TrustMutations
from catalog.schema_types import LotType, ProductType, VariantType
from catalog.variants import NewVariant, VariantChange
from cooperatives.doing_once import BadKey


class VariantInput(graphene.InputObjectType):
    name = graphene.String(required=True, description="gói 200 g")
    unit = graphene.String(
        required=True, description='A word: "kg", "lạng", "yến", "g" or "500 g" sell by weight, "gói" by piece.'
    )
    price_dong = graphene.InputField(Dong, required=True, description="For one unit.")
    weight_g = graphene.Int(description="Net weight of one piece.")


class ProductCreateInput(graphene.InputObjectType):
    name = graphene.String(required=True)
    category = graphene.String(required=True, description="Its slug.")
    description = graphene.String(default_value="")
    variants = graphene.List(graphene.NonNull(VariantInput), required=True)
    organization = graphene.String(description="Its slug; may be left out by who lists goods for one only.")
    maker_id = graphene.ID(description="The member who makes it; null for pooled goods.")
    idempotency_key = graphene.String(
        description="Made by the sender, kept for every retry. Left out: the same goods twice on one day are one."
    )


class VariantChangeInput(graphene.InputObjectType):
    """With ``id``: a change, where null leaves as it is. Without: one more, which needs name, unit and price."""

    id = graphene.ID()
    name = graphene.String()
    unit = graphene.String()
    price_dong = graphene.InputField(Dong)
    weight_g = graphene.Int()


class ProductUpdateInput(graphene.InputObjectType):
    product_id = graphene.ID(required=True)
    name = graphene.String()
    category = graphene.String()
    description = graphene.String()
    maker_id = graphene.ID(description="Left out: as it is. Null: nobody in particular.")
    variants = graphene.List(graphene.NonNull(VariantChangeInput))
    idempotency_key = graphene.String(
        description="Made by the sender, kept for every retry. Left out: it is written each time it is sent."
    )


class ProductIdInput(graphene.InputObjectType):
    product_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: a second time changes nothing.")


_WRITING = (
    NotFound, KeyReused, BadKey, wording.EmptyName, wording.TooLong, wording.BadPrice, measures.BadUnit,
    measures.BadQuantity, variants.NoVariants, variants.TooManyVariants, variants.VariantTwice,
    listing.UnknownCategory, lots.NotAMemberHere,
)  # fmt: skip


class ProductCreate(Mutation):
    """Write goods down as a draft; productPublish puts them up for sale."""

    class Meta:
        refusals = (*_WRITING, listing.WhichOrganization)

    class Arguments:
        input = ProductCreateInput(required=True)

    product = graphene.Field(ProductType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ProductCreate":
        actor, at = viewer_of(info), timezone.now()
        maker_id = input.get("maker_id")
        product = listing.create_product(
            organization=listing.organization_listed_by(actor, slug=input.get("organization"), at=at),
            category_slug=input.category,
            name=input.name,
            description=input.get("description") or "",
            variants=[_new_variant(one) for one in input.variants],
            maker_id=pk_from_global_id(maker_id, "Member") if maker_id else None,
            actor=actor,
            key=input.get("idempotency_key"),
            at=at,
        )
        return cls(product=product)


class ProductUpdate(Mutation):
    """Change what is said and asked. Orders already placed keep their prices."""

    class Meta:
        refusals = (*_WRITING, variants.UnitIsFixed)

    class Arguments:
        input = ProductUpdateInput(required=True)

    product = graphene.Field(ProductType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ProductUpdate":
        maker_id: int | Keep | None = Keep.KEEP
        if "maker_id" in input:
            maker_id = pk_from_global_id(input.maker_id, "Member") if input.maker_id else None
        product = listing.update_product(
            product_id=pk_from_global_id(input.product_id, ProductType),
            name=input.get("name"),
            description=input.get("description"),
            category_slug=input.get("category"),
            maker_id=maker_id,
            variants=[_changed_variant(one) for one in input.get("variants") or ()],
            actor=viewer_of(info),
            key=input.get("idempotency_key"),
            at=timezone.now(),
        )
        return cls(product=product)


class ProductPublish(Mutation):
    """Put goods up for sale. Publishing twice is publishing once."""

    class Meta:
        refusals = (NotFound, listing.NotPublishable)

    class Arguments:
        input = ProductIdInput(required=True)

    product = graphene.Field(ProductType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ProductPublish":
        product_id = pk_from_global_id(input.product_id, ProductType)
        return cls(product=listing.publish_product(product_id=product_id, actor=viewer_of(info), at=timezone.now()))


class ProductWithdraw(Mutation):
    """Take goods off the shop; productPublish brings them back. Orders already placed stand."""

    class Meta:
        refusals = (NotFound,)

    class Arguments:
        input = ProductIdInput(required=True)

    product = graphene.Field(ProductType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ProductWithdraw":
        product_id = pk_from_global_id(input.product_id, ProductType)
        return cls(product=listing.withdraw_product(product_id=product_id, actor=viewer_of(info), at=timezone.now()))


class LotReceiveInput(graphene.InputObjectType):
    variant_id = graphene.ID(required=True)
    member_id = graphene.ID(description="Who brought it; null for the organization's own goods.")
    quantity = graphene.Int(required=True, description="Measures: pieces or grams.")
    made_on = graphene.Date()
    best_before = graphene.Date()
    idempotency_key = graphene.String(
        description="Made by the sender, kept for every retry. Left out: the same lot twice on one day is one."
    )


class LotReceive(Mutation):
    """Write down what was brought in; it can be sold from now on."""

    class Meta:
        refusals = (
            NotFound, KeyReused, BadKey, measures.BadQuantity, lots.BadMadeOn, lots.BadBestBefore, lots.NotAMemberHere,
        )  # fmt: skip

    class Arguments:
        input = LotReceiveInput(required=True)

    lot = graphene.Field(LotType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "LotReceive":
        member_id = input.get("member_id")
        lot = lots.receive_lot(
            variant_id=pk_from_global_id(input.variant_id, VariantType),
            member_id=pk_from_global_id(member_id, "Member") if member_id else None,
            quantity=input.quantity,
            made_on=input.get("made_on"),
            best_before=input.get("best_before"),
            actor=viewer_of(info),
            key=input.get("idempotency_key"),
            at=timezone.now(),
        )
        return cls(lot=lot)


class Mutations(TrustMutations, RestingMutations, LabelMutations, graphene.ObjectType):
    product_create = ProductCreate.Field()
    product_update = ProductUpdate.Field()
    product_publish = ProductPublish.Field()
    product_withdraw = ProductWithdraw.Field()
    lot_receive = LotReceive.Field()


def _new_variant(one: Any) -> NewVariant:
    return NewVariant(
        name=one.get("name") or "",
        unit=one.get("unit") or "",
        price_dong=one.get("price_dong") or 0,
        weight_g=one.get("weight_g"),
    )


def _changed_variant(one: Any) -> NewVariant | VariantChange:
    if not one.get("id"):
        return _new_variant(one)
    return VariantChange(
        variant_id=pk_from_global_id(one.id, VariantType),
        name=one.get("name"),
        unit=one.get("unit"),
        price_dong=one.get("price_dong"),
        weight_g=one.get("weight_g"),
    )
