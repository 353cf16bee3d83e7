"""What came back of an order, as its buyer and the organization's staff see it."""

import graphene
from django.db.models import Prefetch
from graphene import ResolveInfo

from base.graphql import Dong, ModelType
from orders.models import Return, ReturnLine

GoodsFate = graphene.Enum.from_enum(
    ReturnLine.Fate, name="GoodsFate", description="Sold again from its lot, or written off."
)
PRELOADED = Prefetch(
    "returns", Return.objects.order_by("number").prefetch_related("lines__allocation__line", "lines__allocation__lot")
)
"""What ``Order.returns`` reads; one query where nothing came back."""


class GoodsReturnLineType(ModelType):
    """What of one lot's part came back, and what it had cost."""

    class Meta:
        model = ReturnLine
        name = "GoodsReturnLine"
        fields = ("gross_dong",)

    quantity = graphene.Int(required=True, description="Measures: pieces or grams.")
    fate = graphene.Field(GoodsFate, required=True)
    product_name = graphene.String(required=True)
    variant_name = graphene.String(required=True)
    lot_code = graphene.String(required=True)

    @staticmethod
    def resolve_product_name(line: ReturnLine, _info: ResolveInfo) -> str:
        return line.allocation.line.product_name

    @staticmethod
    def resolve_variant_name(line: ReturnLine, _info: ResolveInfo) -> str:
        return line.allocation.line.variant_name

    @staticmethod
    def resolve_lot_code(line: ReturnLine, _info: ResolveInfo) -> str:
        return line.allocation.lot.code


class GoodsReturnType(ModelType):
    """One bringing back. The buyer is owed ``amountDong``; what each owner of the goods bore is not told here."""

    class Meta:
        model = Return
        name = "GoodsReturn"
        fields = ("goods_dong", "shipping_dong", "reason", "at", "lines")

    number = graphene.Int(required=True, description="1, 2 … of its order.")
    amount_dong = Dong(
        required=True, description="Goods and shipping together, less what the seller bore of their weight."
    )
