"""Goods through GraphQL: what is for sale. Putting it there: schema_mutations.py."""

from collections.abc import Iterable
from typing import Any

import graphene
from django.db.models import BigIntegerField
from django.db.models.functions import Coalesce
from graphene import ResolveInfo

from base.graphql import ConnectionField, viewer_of
from base.text import storable
from catalog.models import Category, Product, ProductQuerySet
from catalog.schema_finding import FindingQuery, ProductWhereInput, looked_for
from catalog.schema_labels import LabelQueries
from catalog.schema_mutations import Mutations
from catalog.schema_types import CategoryType, ProductType, value_of
from catalog.search.facets import lowest_price

__all__ = ["Mutations", "Query"]

ProductOrderField = graphene.Enum(
    "ProductOrderField", [("CREATED_AT", "created_at"), ("PRICE", "lowest_price")], description="What to sort by."
)
OrderDirection = graphene.Enum("OrderDirection", [("ASC", ""), ("DESC", "-")], description="Which end comes first.")


class ProductOrder(graphene.InputObjectType):
    """By what, and which end first."""

    field = ProductOrderField(required=True)
    direction = OrderDirection(default_value="")


class Query(FindingQuery, LabelQueries, graphene.ObjectType):
    categories = graphene.List(graphene.NonNull(CategoryType), required=True)
    product = graphene.Field(
        ProductType, slug=graphene.String(required=True), description="Null when there is none that you may see."
    )
    products = ConnectionField(
        ProductType,
        search=graphene.String(description="With or without accents, with slips; the last word may be unfinished."),
        where=ProductWhereInput(),
        sort_by=ProductOrder(),
        description="The newest first; what is searched for: what fits best first.",
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
        found = looked_for(viewer_of(info), search=search, where=where).products.preloaded()
        if sort_by is None:
            return found
        direction = value_of(sort_by.direction)
        return _with_lowest_price(found).order_by(f"{direction}{value_of(sort_by.field)}", f"{direction}id")


def _with_lowest_price(products: ProductQuerySet) -> ProductQuerySet:
    return products.annotate(lowest_price=Coalesce(lowest_price(), 0, output_field=BigIntegerField()))
