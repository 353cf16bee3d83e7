"""The GraphQL types of goods."""

from typing import Any

import graphene
from graphene import ResolveInfo

from base.graphql import Dong, ModelType
from base.periods import today_in_vietnam
from catalog.bands import Band, shown_at_most
from catalog.certifying import live_certificate
from catalog.models import Category, Lot, OcopCertificate, Photo, Portrait, Product, Variant
from catalog.pictures import KINDS, SIZES
from catalog.portraits import face_of
from catalog.price_per_kg import price_per_kg_dong

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


class PortraitType(ModelType):
    """A member's face, shown for as long as she agrees."""

    class Meta:
        model = Portrait
        name = "Portrait"
        fields = ("colour", "is_drawn")

    url = graphene.String(
        required=True,
        size=graphene.Int(default_value=160, description="Pixels a side; the next larger of 160, 320 and 640."),
        kind=PhotoKind(default_value="webp"),
    )

    @staticmethod
    def resolve_url(portrait: Portrait, _info: ResolveInfo, size: int, kind: Any) -> str:
        fitting = next((side for side in SIZES if side >= size), SIZES[-1])
        return portrait.url(fitting, value_of(kind))


class OcopCertificateType(ModelType):
    """Stars that a decision gave a product, for a time."""

    class Meta:
        model = OcopCertificate
        name = "OcopCertificate"
        fields = ("stars", "decision", "issuer", "issued_on", "expires_on")


class RatingType(graphene.ObjectType):
    """What buyers who received the goods gave them. A hidden text still counts."""

    class Meta:
        name = "Rating"

    average = graphene.Float(description="To one decimal, half up; null while nobody has said anything.")
    count = graphene.Int(required=True)

    @staticmethod
    def resolve_average(product: Product, _info: ResolveInfo) -> float | None:
        tenths = product.rating_tenths
        return None if tenths is None else tenths / 10

    @staticmethod
    def resolve_count(product: Product, _info: ResolveInfo) -> int:
        return product.review_count


class ShelfType(graphene.ObjectType):
    """What may be told everybody of how much is left: never more than can be sold, and not another with each sale."""

    class Meta:
        name = "Shelf"

    at_least = graphene.Int(required=True, description="Measures that can surely be had, in whole steps.")
    is_more = graphene.Boolean(required=True, description="Whether there is more than that.")

    @staticmethod
    def resolve_at_least(band: Band, _info: ResolveInfo) -> int:
        return band.measures


class VariantType(ModelType):
    """What one buys. Quantities are whole measures: pieces, or grams for what is sold by weight."""

    class Meta:
        model = Variant
        name = "Variant"
        fields = ("name", "unit_name", "unit", "step", "price_dong", "weight_g")

    sold_by = graphene.Field(SoldBy, required=True)
    available = graphene.Int(
        required=True, description="Measures that can still be promised, at this moment: in no answer that is kept."
    )
    shelf = graphene.Field(ShelfType, required=True, description="The same, as pages say it.")
    price_per_kg_dong = Dong(description="To compare by, half up; null where nobody said what a piece weighs.")

    @staticmethod
    def resolve_shelf(variant: Variant, _info: ResolveInfo) -> Band:
        return shown_at_most(variant)

    @staticmethod
    def resolve_price_per_kg_dong(variant: Variant, _info: ResolveInfo) -> int | None:
        return price_per_kg_dong(variant)


class MakerType(graphene.ObjectType):
    """The member who makes it."""

    class Meta:
        name = "Maker"

    name = graphene.String(required=True)
    portrait = graphene.Field(PortraitType, description="Null unless she agrees to be seen.")


class ProductType(ModelType):
    """Goods of one organization. Buyers see what is published; its staff sees drafts too."""

    class Meta:
        model = Product
        name = "Product"
        fields = (
            "slug", "name", "description", "category", "organization", "variants", "photos", "published_at",
            "season_from", "season_to", "rests_until",
        )  # fmt: skip

    state = graphene.Field(ProductState, required=True)
    maker = graphene.Field(MakerType, description="Null for pooled goods, and where she did not agree to be named.")
    in_season = graphene.Boolean(required=True, description="This month; false for goods of the whole year.")
    ocop_stars = graphene.Int(description="3 to 5, of the certificate that counts today; null without one.")
    ocop_certificate = graphene.Field(OcopCertificateType, description="What those stars stand on.")
    rating = graphene.Field(RatingType, required=True)

    @staticmethod
    def resolve_maker(product: Product, _info: ResolveInfo) -> MakerType | None:
        maker = product.maker
        if maker is None or not maker.shows_name:
            return None
        return MakerType(name=maker.user.name, portrait=face_of(product))

    @staticmethod
    def resolve_in_season(product: Product, _info: ResolveInfo) -> bool:
        return product.is_in_season(month=today_in_vietnam().month)

    @staticmethod
    def resolve_ocop_stars(product: Product, _info: ResolveInfo) -> int | None:
        certificate = live_certificate(product, on=today_in_vietnam())
        return certificate.stars if certificate else None

    @staticmethod
    def resolve_ocop_certificate(product: Product, _info: ResolveInfo) -> OcopCertificate | None:
        return live_certificate(product, on=today_in_vietnam())

    @staticmethod
    def resolve_rating(product: Product, _info: ResolveInfo) -> Product:
        return product


class LotType(ModelType):
    """What one member brought in on one day. For the organization's staff and the member herself."""

    class Meta:
        model = Lot
        name = "Lot"
        fields = ("code", "variant", "member", "made_on", "best_before", "received_at", "expected_on", "brought_at")

    quantity = graphene.Int(required=True, description="Measures brought in.")
    left = graphene.Int(required=True, description="Measures not yet handed over.")
    missing = graphene.Int(required=True, description="Of those, measures that orders wait for and that did not come.")


def value_of(choice: Any) -> str:
    """Graphene hands enums over as members or as plain values."""
    return str(getattr(choice, "value", choice))
