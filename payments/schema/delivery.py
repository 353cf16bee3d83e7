"""Communes and postage through GraphQL. What a cooperative decides about them: delivery_terms.py."""

from typing import Any

import graphene
from graphene import ResolveInfo

from base.graphql import Dong, ModelType, pk_from_global_id
from base.places import divisions
from base.refusals import NotFound
from base.text import storable
from cooperatives.models import Organization
from cooperatives.schema import OrganizationType
from orders import quoting, reading_addresses
from orders.models import ShippingRate
from orders.offering import Offer
from orders.placing import UnknownGoods, Wanted
from orders.postage import ANY_WEIGHT_G
from orders.quoting import Quote
from orders.reading_addresses import Choice
from orders.schema import Delivery

MOST_COMMUNES = 20

Zone = graphene.Enum.from_enum(ShippingRate.Zone, name="ShippingZone", description="How far a rate reaches.")


class CommuneType(graphene.ObjectType):
    """One of the communes of today."""

    class Meta:
        name = "Commune"

    code = graphene.String(required=True)
    name = graphene.String(required=True, description="With its type and province: xã Yên Mô, tỉnh Ninh Bình.")
    former_code = graphene.String(description="Of the commune of before July 2025 by whose name it was found.")
    former_name = graphene.String()
    postal_code = graphene.String()

    @staticmethod
    def resolve_postal_code(one: Choice, _info: ResolveInfo) -> str | None:
        commune = divisions.commune(one.code)
        return commune.postal_code or None if commune else None

    @staticmethod
    def resolve_former_code(one: Choice, _info: ResolveInfo) -> str | None:
        return one.former_code or None

    @staticmethod
    def resolve_former_name(one: Choice, _info: ResolveInfo) -> str | None:
        return one.former or None


class WayOfferType(graphene.ObjectType):
    """One way there: with its price, or with why it is not to be had."""

    class Meta:
        name = "DeliveryOffer"

    delivery = graphene.Field(Delivery, required=True)
    price_dong = Dong(description="Null where it is not to be had.")
    saved_dong = Dong(required=True, description="What is left off because the goods are worth so much.")
    collects = graphene.Boolean(required=True, description="Whether it can be paid on receipt.")
    code = graphene.String(description="Why not: a stable word.")
    message = graphene.String(description="Why not: a sentence.")

    @staticmethod
    def resolve_delivery(one: Offer, _info: ResolveInfo) -> str:
        return one.way

    @staticmethod
    def resolve_price_dong(one: Offer, _info: ResolveInfo) -> int | None:
        return one.postage.dong if one.postage else None

    @staticmethod
    def resolve_saved_dong(one: Offer, _info: ResolveInfo) -> int:
        return one.postage.saved_dong if one.postage else 0

    @staticmethod
    def resolve_code(one: Offer, _info: ResolveInfo) -> str | None:
        return one.refused.code if one.refused else None

    @staticmethod
    def resolve_message(one: Offer, _info: ResolveInfo) -> str | None:
        return one.refused.message if one.refused else None


class ShippingQuoteType(graphene.ObjectType):
    """What one cooperative in the basket asks."""

    class Meta:
        name = "ShippingQuote"

    organization = graphene.Field(OrganizationType, required=True)
    goods_dong = Dong(required=True)
    gross_g = graphene.Int(description="Goods and packing, in grams; null where a weight is not known.")
    ways = graphene.List(graphene.NonNull(WayOfferType), required=True)

    @staticmethod
    def resolve_organization(one: Quote, _info: ResolveInfo) -> Organization:
        return one.seller

    @staticmethod
    def resolve_goods_dong(one: Quote, _info: ResolveInfo) -> int:
        return one.parcel.goods_dong

    @staticmethod
    def resolve_gross_g(one: Quote, _info: ResolveInfo) -> int | None:
        return one.parcel.gross_g

    @staticmethod
    def resolve_ways(one: Quote, _info: ResolveInfo) -> tuple[Offer, ...]:
        return one.offers


class ShippingRateType(ModelType):
    """One line of a cooperative's price list for carrying. The first that fits counts, by position."""

    class Meta:
        model = ShippingRate
        name = "ShippingRate"
        fields = ("price_dong", "free_above_dong", "position", "is_live")

    way = graphene.Field(Delivery, required=True)
    zone = graphene.Field(Zone, required=True)
    province_codes = graphene.List(graphene.NonNull(graphene.String), required=True)
    up_to_g = graphene.Int(description="Gross weight at most; null: whatever it weighs.")

    @staticmethod
    def resolve_province_codes(rate: ShippingRate, _info: ResolveInfo) -> list[str]:
        return [code for code in rate.province_codes.split(",") if code]

    @staticmethod
    def resolve_up_to_g(rate: ShippingRate, _info: ResolveInfo) -> int | None:
        return rate.up_to_g if rate.up_to_g < ANY_WEIGHT_G else None


class QuoteLineInput(graphene.InputObjectType):
    variant_id = graphene.ID(required=True)
    quantity = graphene.Int(required=True, description="Measures: pieces, or grams for what is sold by weight.")


class DeliveryQueries(graphene.ObjectType):
    communes = graphene.List(
        graphene.NonNull(CommuneType),
        search=graphene.String(required=True, description="A name of today or of before, or a whole address."),
        province=graphene.String(description="The code of a province: 37."),
        required=True,
        description="Communes that it may mean. One: it can be taken; several: ask.",
    )
    shipping_quote = graphene.List(
        graphene.NonNull(ShippingQuoteType),
        lines=graphene.List(graphene.NonNull(QuoteLineInput), required=True),
        commune_code=graphene.String(default_value=""),
        required=True,
        description="What each cooperative in the basket asks for each way to a commune.",
    )
    shipping_rates = graphene.List(
        graphene.NonNull(ShippingRateType), organization=graphene.String(required=True), required=True,
        description="The live rates of an open organization, by its slug: everybody may read them.",
    )  # fmt: skip

    @staticmethod
    def resolve_communes(_root: Any, _info: ResolveInfo, search: str, province: str = "") -> list[Choice]:
        return list(reading_addresses.read(search, province=province or "").choices[:MOST_COMMUNES])

    @staticmethod
    def resolve_shipping_quote(
        _root: Any, _info: ResolveInfo, lines: list[QuoteLineInput], commune_code: str = ""
    ) -> list[Quote]:
        wanted = [Wanted(_variant_pk(line.variant_id), line.quantity) for line in lines]
        return quoting.quote(wanted=wanted, commune_code=commune_code or "")

    @staticmethod
    def resolve_shipping_rates(_root: Any, _info: ResolveInfo, organization: str) -> list[ShippingRate]:
        if not storable(organization):
            return []
        shops = Organization.objects.public().filter(slug=organization)
        return list(ShippingRate.objects.filter(organization__in=shops, is_live=True).order_by("position", "id"))


def _variant_pk(global_id: str) -> int:
    try:
        return pk_from_global_id(global_id, "Variant")
    except NotFound:
        raise UnknownGoods(field="lines") from None
