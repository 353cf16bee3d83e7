"""What is to be packed, through GraphQL: the two lists of the desk's packing page, for the organization's staff."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import pk_from_global_id, viewer_of
from base.periods import vietnam_day
from base.refusals import NotFound
from base.text import storable
from cooperatives.permissions import organizations_where
from orders.packing_lists import FromLot, Lists, OfMember, OfOrder, ToPack, lists_of


class LotPartType(graphene.ObjectType):
    """So much out of one lot. Without a lot: nobody has brought it yet."""

    class Meta:
        name = "LotPart"

    product_name = graphene.String(required=True)
    variant_name = graphene.String(required=True)
    quantity = graphene.Int(required=True, description="Measures: pieces or grams.")
    lot_code = graphene.String()
    owner_name = graphene.String(description="The member who brought it; null: the organization's own, or missing.")

    @staticmethod
    def resolve_product_name(part: FromLot, _info: ResolveInfo) -> str:
        return part.variant.product.name

    @staticmethod
    def resolve_variant_name(part: FromLot, _info: ResolveInfo) -> str:
        return part.variant.name

    @staticmethod
    def resolve_lot_code(part: FromLot, _info: ResolveInfo) -> str | None:
        return part.lot.code if part.lot else None

    @staticmethod
    def resolve_owner_name(part: FromLot, _info: ResolveInfo) -> str | None:
        return part.lot.member.user.name if part.lot and part.lot.member else None


class OwnerToFetchType(graphene.ObjectType):
    """What to fetch from one member, from the organization's own goods, or what nobody has brought."""

    class Meta:
        name = "OwnerToFetch"

    name = graphene.String(description="Null: the organization's own goods, or missing.")
    hamlet = graphene.String()
    is_missing = graphene.Boolean(required=True)
    parts = graphene.List(graphene.NonNull(LotPartType), required=True)

    @staticmethod
    def resolve_name(one: OfMember, _info: ResolveInfo) -> str | None:
        return one.member.user.name if one.member else None

    @staticmethod
    def resolve_hamlet(one: OfMember, _info: ResolveInfo) -> str | None:
        return one.member.hamlet if one.member else None

    @staticmethod
    def resolve_parts(one: OfMember, _info: ResolveInfo) -> tuple[FromLot, ...]:
        return one.rows


class LineToPackType(graphene.ObjectType):
    """One line of an order, and the lots for it."""

    class Meta:
        name = "LineToPack"

    line_id = graphene.ID(required=True, description="For orderWeigh.")
    product_name = graphene.String(required=True)
    variant_name = graphene.String(required=True)
    quantity = graphene.Int(required=True, description="Measures: pieces or grams.")
    is_weighed = graphene.Boolean(required=True, description="It goes onto the scales.")
    parts = graphene.List(graphene.NonNull(LotPartType), required=True)

    @staticmethod
    def resolve_line_id(one: ToPack, _info: ResolveInfo) -> str:
        return str(graphene.relay.Node.to_global_id("OrderLine", one.line.pk))

    @staticmethod
    def resolve_product_name(one: ToPack, _info: ResolveInfo) -> str:
        return one.line.product_name

    @staticmethod
    def resolve_variant_name(one: ToPack, _info: ResolveInfo) -> str:
        return one.line.variant_name

    @staticmethod
    def resolve_quantity(one: ToPack, _info: ResolveInfo) -> int:
        return one.line.quantity


class OrderToPackType(graphene.ObjectType):
    """One buyer's bag."""

    class Meta:
        name = "OrderToPack"

    number = graphene.String(required=True)
    buyer_name = graphene.String(required=True)
    pickup_point_name = graphene.String()
    note = graphene.String(required=True)
    lines = graphene.List(graphene.NonNull(LineToPackType), required=True)

    @staticmethod
    def resolve_number(one: OfOrder, _info: ResolveInfo) -> str:
        return one.order.number

    @staticmethod
    def resolve_buyer_name(one: OfOrder, _info: ResolveInfo) -> str:
        return one.order.buyer_name

    @staticmethod
    def resolve_pickup_point_name(one: OfOrder, _info: ResolveInfo) -> str | None:
        return one.order.pickup_point.name if one.order.pickup_point else None

    @staticmethod
    def resolve_note(one: OfOrder, _info: ResolveInfo) -> str:
        return one.order.note


class PackingListsType(graphene.ObjectType):
    """What can be packed now, by owner and by buyer; ``more`` orders wait beyond those listed."""

    class Meta:
        name = "PackingLists"

    by_member = graphene.List(graphene.NonNull(OwnerToFetchType), required=True)
    by_order = graphene.List(graphene.NonNull(OrderToPackType), required=True)
    more = graphene.Int(required=True)


class PackingQueries(graphene.ObjectType):
    packing_lists = graphene.Field(
        PackingListsType,
        organization=graphene.String(required=True, description="Slug."),
        cycle_id=graphene.ID(description="Of one market day alone."),
        pickup_point_id=graphene.ID(description="Of one pick-up point alone."),
        description="Whose goods to fetch and what to pack. For the organization's staff; null for everybody else.",
    )

    @staticmethod
    def resolve_packing_lists(
        _root: Any,
        info: ResolveInfo,
        organization: str,
        cycle_id: str | None = None,
        pickup_point_id: str | None = None,
    ) -> Lists | None:
        allowed = organizations_where(viewer_of(info), "pack_orders", on=vietnam_day(timezone.now()))
        found = allowed.filter(slug=organization).first() if storable(organization) else None
        if found is None:
            return None
        try:
            cycle = pk_from_global_id(cycle_id, "Cycle") if cycle_id else None
            point = pk_from_global_id(pickup_point_id, "PickupPoint") if pickup_point_id else None
        except NotFound:
            return None
        return lists_of(found, cycle_id=cycle, point_id=point)
