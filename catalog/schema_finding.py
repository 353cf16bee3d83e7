"""Looking for goods through GraphQL: what narrows a list, what a typed beginning may become, what was understood."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, viewer_of
from base.periods import vietnam_day
from base.text import storable
from catalog.models import Product, ProductQuerySet
from catalog.schema_types import ProductState, value_of
from catalog.search.facets import Facets, OfCategory, OfPlace, OfPrice, OfStars, facets, narrowed
from catalog.search.finding import Found, Suggestion, find, suggest

MOST_SUGGESTIONS = 6

SuggestionKind = graphene.Enum(
    "ProductSuggestionKind",
    [("PRODUCT", "product"), ("CATEGORY", "category"), ("WORD", "word")],
    description="What a suggestion leads to.",
)


class ProductWhereInput(graphene.InputObjectType):
    """Goods that are all of this."""

    category = graphene.String(description="A category's slug.")
    organization = graphene.String(description="An organization's slug.")
    place = graphene.String(description="The commune of its organization, as `productFacets` names it.")
    least_dong = Dong(description="The lowest price is this or more.")
    most_dong = Dong(description="The lowest price is below this.")
    ocop_stars = graphene.Int(description="So many OCOP stars today: 3, 4 or 5.")
    state = ProductState()


class CategoryFacet(graphene.ObjectType):
    """Goods on one shelf."""

    class Meta:
        possible_types = (OfCategory,)

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    count = graphene.Int(required=True)


class PlaceFacet(graphene.ObjectType):
    """Goods from one commune."""

    class Meta:
        possible_types = (OfPlace,)

    commune_name = graphene.String(required=True)
    province_name = graphene.String(required=True)
    count = graphene.Int(required=True)


class PriceFacet(graphene.ObjectType):
    """Goods whose lowest price is from `leastDong` up to, without, `mostDong`."""

    class Meta:
        possible_types = (OfPrice,)

    least_dong = Dong(required=True)
    most_dong = Dong(description="Null: no upper end.")
    count = graphene.Int(required=True)


class StarsFacet(graphene.ObjectType):
    """Goods with so many OCOP stars today."""

    class Meta:
        possible_types = (OfStars,)

    stars = graphene.Int(required=True)
    count = graphene.Int(required=True)


class ProductFacets(graphene.ObjectType):
    """How the goods that were asked for part, and how the words were understood."""

    read_as = graphene.String(required=True, description="What was searched for; empty where it is what was typed.")
    did_you_mean = graphene.String(required=True, description="The words with their slips put right, or empty.")
    categories = graphene.List(graphene.NonNull(CategoryFacet), required=True)
    places = graphene.List(graphene.NonNull(PlaceFacet), required=True)
    prices = graphene.List(graphene.NonNull(PriceFacet), required=True)
    stars = graphene.List(graphene.NonNull(StarsFacet), required=True)


class ProductSuggestion(graphene.ObjectType):
    """What somebody who has typed so far may want."""

    class Meta:
        possible_types = (Suggestion,)

    text = graphene.String(required=True)
    kind = graphene.Field(SuggestionKind, required=True)
    slug = graphene.String(required=True, description="Of the product or the category; empty for a word.")


class FindingQuery(graphene.ObjectType):
    product_facets = graphene.Field(
        ProductFacets,
        required=True,
        search=graphene.String(),
        where=ProductWhereInput(),
        description="For the goods that `products` returns to the same arguments.",
    )
    product_suggestions = graphene.List(
        graphene.NonNull(ProductSuggestion),
        required=True,
        text=graphene.String(required=True),
        description="At most 6, for the field in which somebody types.",
    )

    @staticmethod
    def resolve_product_facets(
        _root: Any, info: ResolveInfo, search: str | None = None, where: ProductWhereInput | None = None
    ) -> ProductFacets:
        found = looked_for(viewer_of(info), search=search, where=where)
        there: Facets = facets(found.products, on=vietnam_day(timezone.now()))
        return ProductFacets(
            read_as=found.read_as,
            did_you_mean=found.did_you_mean,
            categories=there.categories,
            places=there.places,
            prices=there.prices,
            stars=there.stars,
        )

    @staticmethod
    def resolve_product_suggestions(_root: Any, _info: ResolveInfo, text: str) -> list[Suggestion]:
        return suggest(text, at=timezone.now(), most=MOST_SUGGESTIONS)


def looked_for(viewer: Any, *, search: str | None, where: Any) -> Found:
    """The goods that both ``products`` and ``productFacets`` speak of: visible, narrowed, then searched."""
    at = timezone.now()
    goods = _narrowed(Product.objects.visible_to(viewer).order_by("-created_at", "-id"), where or {})
    return find(search or "", among=goods, at=at)


def _narrowed(products: ProductQuerySet, where: Any) -> ProductQuerySet:
    columns = {"organization": "organization__slug", "state": "state"}
    wanted = {column: value_of(where[name]) for name, column in columns.items() if where.get(name) is not None}
    if not all(map(storable, wanted.values())):
        return products.none()
    return narrowed(
        products.filter(**wanted),
        category=where.get("category"),
        place=where.get("place"),
        least_dong=where.get("least_dong"),
        most_dong=where.get("most_dong"),
        stars=where.get("ocop_stars"),
        on=vietnam_day(timezone.now()),
    )
