"""The GraphQL types of goods."""

from typing import Any

import graphene
from graphene import ResolveInfo

from base.graphql import ModelType
from catalog.models import Category, Lot, Photo, Product, Variant
from catalog.pictures import KINDS, SIZES

ProductState = graphene.Enum.from_enum(Product.State, name="ProductState", description="Whether buyers see it.")
SoldBy = graphene.Enum.from_enum(Variant.SoldBy, name="SoldBy", description="What quantities count.")
PhotoKind = graphene.Enum("PhotoKind", [(kind.upper(), kind) for kind in KINDS], description="File format.")


class CategoryType(ModelType):
    """A shelf of the market."""

    class Meta:
        model = Category
        name = "Category"
        fields = ("slug", "name")


class PhotoType(ModelType):
    """A square picture, re-encoded by us; nothing of the upload but its pixels."""

    class Meta:
        model = Photo
        name = "Photo"
        fields = ("alt", "width", "height", "colour", "is_drawn")

    url = graphene.String(
        required=True,
        size=graphene.Int(default_value=320, description="Pixels a side; the next larger of 160, 320 and 640."),
        kind=PhotoKind(default_value="webp"),
    )

    @staticmethod
    def resolve_url(photo: Photo, _info: ResolveInfo, size: int, kind: Any) -> str:
        fitting = next((side for side in SIZES if side >= size), SIZES[-1])
        return photo.url(fitting, value_of(kind))


class VariantType(ModelType):
    """What one buys. Quantities are whole measures: pieces, or grams for what is sold by weight."""

    class Meta:
        model = Variant
        name = "Variant"
        fields = ("name", "unit_name", "unit", "step", "price_dong", "weight_g")

    sold_by = graphene.Field(SoldBy, required=True)
    available = graphene.Int(required=True, description="Measures that can still be promised.")


class MakerType(graphene.ObjectType):
    """The member who makes it."""

    class Meta:
        name = "Maker"

    name = graphene.String(required=True)


class ProductType(ModelType):
    """Goods of one organization. Buyers see what is published; its staff sees drafts too."""

    class Meta:
        model = Product
        name = "Product"
        fields = ("slug", "name", "description", "category", "organization", "variants", "photos", "published_at")

    state = graphene.Field(ProductState, required=True)
    maker = graphene.Field(MakerType, description="Null for pooled goods, and where she did not agree to be named.")

    @staticmethod
    def resolve_maker(product: Product, _info: ResolveInfo) -> MakerType | None:
        maker = product.maker
        return MakerType(name=maker.user.name) if maker is not None and maker.shows_name else None


class LotType(ModelType):
    """What one member brought in on one day. For the organization's staff and the member herself."""

    class Meta:
        model = Lot
        name = "Lot"
        fields = ("code", "variant", "member", "made_on", "best_before", "received_at")

    quantity = graphene.Int(required=True, description="Measures brought in.")
    left = graphene.Int(required=True, description="Measures not yet handed over.")


def value_of(choice: Any) -> str:
    """Graphene hands enums over as members or as plain values."""
    return str(getattr(choice, "value", choice))
