"""Goods through GraphQL: what is for sale. Putting it there: schema_mutations.py."""

from collections.abc import Iterable
from typing import Any

import graphene
from django.db.models import BigIntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from graphene import ResolveInfo

from base.graphql import ConnectionField, viewer_of
from base.text import storable
from catalog.models import Category, Product, ProductQuerySet, Variant
from catalog.schema_mutations import Mutations
from catalog.schema_types import CategoryType, ProductState, ProductType, value_of
from catalog.search.embedded import matching

__all__ = ["Mutations", "Query"]

ProductOrderField = graphene.Enum(
    "ProductOrderField", [("CREATED_AT", "created_at"), ("PRICE", "lowest_price")], description="What to sort by."
)
OrderDirection = graphene.Enum("OrderDirection", [("ASC", ""), ("DESC", "-")], description="Which end comes first.")


class ProductWhereInput(graphene.InputObjectType):
    """Goods that are all of this."""

    category = graphene.String(description="A category's slug.")
    organization = graphene.String(description="An organization's slug.")
    state = ProductState()


class ProductOrder(graphene.InputObjectType):
    """By what, and which end first."""

    field = ProductOrderField(required=True)
    direction = OrderDirection(default_value="")


class Query(graphene.ObjectType):
    categories = graphene.List(graphene.NonNull(CategoryType), required=True)
    product = graphene.Field(
        ProductType, slug=graphene.String(required=True), description="Null when there is none that you may see."
    )
    products = ConnectionField(
        ProductType,
        search=graphene.String(description="With or without accents; the last word may be unfinished."),
        where=ProductWhereInput(),
        sort_by=ProductOrder(),
        description="The newest first; what is searched for: by name first.",
    )

    @staticmethod
    def resolve_categories(_root: Any, _info: ResolveInfo) -> Iterable[Category]:
        return Category.objects.order_by("position", "pk")

    @staticmethod
    def resolve_product(_root: Any, info: ResolveInfo, slug: str) -> Product | None:
        if not storable(slug):
            return None
        return Product.objects.visible_to(viewer_of(info)).preloaded().filter(slug=slug).first()

    @staticmethod
    def resolve_products(
        _root: Any,
        info: ResolveInfo,
        search: str | None = None,
        where: ProductWhereInput | None = None,
        sort_by: ProductOrder | None = None,
    ) -> ProductQuerySet:
        found = _where(Product.objects.visible_to(viewer_of(info)), where or {}).preloaded()
        found = matching(found.order_by("-created_at", "-id"), search or "")
        if sort_by is None:
            return found
        direction = value_of(sort_by.direction)
        return _with_lowest_price(found).order_by(f"{direction}{value_of(sort_by.field)}", f"{direction}id")


def _where(products: ProductQuerySet, where: Any) -> ProductQuerySet:
    columns = {"category": "category__slug", "organization": "organization__slug", "state": "state"}
    wanted = {column: value_of(where[name]) for name, column in columns.items() if where.get(name) is not None}
    if not all(map(storable, wanted.values())):
        return products.none()
    return products.filter(**wanted)


def _with_lowest_price(products: ProductQuerySet) -> ProductQuerySet:
    cheapest = Variant.objects.filter(product=OuterRef("pk")).order_by("price_dong").values("price_dong")[:1]
    return products.annotate(lowest_price=Coalesce(Subquery(cheapest), 0, output_field=BigIntegerField()))
