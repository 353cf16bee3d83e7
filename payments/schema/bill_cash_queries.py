"""Who keeps cash here, what lies in one's own box, and what is handed from one to another."""

from typing import Any

import graphene
from django.db.models import QuerySet
from graphene import ResolveInfo
from graphql_relay import to_global_id

from base.graphql import ConnectionField, Dong, viewer_of
from base.periods import today_in_vietnam
from base.refusals import NotFound
from cooperatives.models import RoleGrant, User
from cooperatives.permissions import DEEDS, may
from payments import cash_boxes
from payments.models import CashHandover
from payments.schema.bill_cash_types import CashHandoverState, CashHandoverType, CashKeeperType
from payments.schema.biller_of import workplace_of


class CashHandoverWhereInput(graphene.InputObjectType):
    """Hand-overs that are all of this."""

    organization = graphene.String(description="Its slug.")
    state = CashHandoverState()


class CashQuery(graphene.ObjectType):
    cash_keepers = graphene.List(
        graphene.NonNull(CashKeeperType), organization=graphene.String(required=True, description="Its slug."),
        description="Who may hold cash there, for those who may themselves; null for everybody else.",
    )  # fmt: skip
    cash_box_dong = Dong(
        organization=graphene.String(required=True, description="Its slug."),
        description="What lies in one's own box by the books; null for who keeps none there.",
    )
    cash_handovers = ConnectionField(
        CashHandoverType, where=CashHandoverWhereInput(),
        description="The latest first: one's own, and all where one may see the money.",
    )  # fmt: skip

    @staticmethod
    def resolve_cash_keepers(_root: Any, info: ResolveInfo, organization: str) -> list[CashKeeperType] | None:
        here, today = _keeps_cash(info, organization), today_in_vietnam()
        if here is None:
            return None
        granted = RoleGrant.objects.filter(organization=here, role__in=DEEDS["receive_cash"]).live(on=today)
        keepers = User.objects.filter(pk__in=granted.values("user_id")).order_by("name", "pk")
        return [CashKeeperType(id=to_global_id("CashKeeper", one.pk), name=one.name) for one in keepers]

    @staticmethod
    def resolve_cash_box_dong(_root: Any, info: ResolveInfo, organization: str) -> int | None:
        here = _keeps_cash(info, organization)
        return None if here is None else cash_boxes.box_dong(here, viewer_of(info))

    @staticmethod
    def resolve_cash_handovers(_root: Any, info: ResolveInfo, where: Any = None) -> QuerySet[CashHandover]:
        found = CashHandover.objects.visible_to(viewer_of(info))
        if (where or {}).get("organization") is not None:
            found = found.filter(organization__slug=where.organization)
        if (where or {}).get("state") is not None:
            found = found.filter(state=getattr(where.state, "value", where.state))
        return found.order_by("-pk").select_related("organization", "from_keeper", "to_keeper")


def _keeps_cash(info: ResolveInfo, slug: str) -> Any:
    viewer = viewer_of(info)
    if not viewer.is_authenticated:
        return None
    try:
        here = workplace_of(viewer, slug)
    except NotFound:
        return None
    return here if may(viewer, "receive_cash", organization=here, on=today_in_vietnam()) else None
