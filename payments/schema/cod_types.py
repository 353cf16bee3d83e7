"""Carriers' lists, and where each đồng of cash on delivery is, as those see it who may see the money."""

from datetime import date
from typing import Any

import graphene
from django.db.models import QuerySet
from graphene import ResolveInfo

from base.graphql import ConnectionField, Dong, ModelType, viewer_of
from base.periods import today_in_vietnam
from cooperatives.permissions import organizations_where
from payments import cod_differences, remittance_money
from payments.cod_differences import Differences, Row, What
from payments.models import Remittance, RemittanceLine, RemittancePayment

RemittanceState = graphene.Enum.from_enum(
    Remittance.State, name="RemittanceState", description="How much of a carrier's list has come."
)
CodWhat = graphene.Enum.from_enum(What, name="CodWhat", description="Where some đồng of cash on delivery are.")


class RemittanceLineType(ModelType):
    """What a list says of one parcel."""

    class Meta:
        model = RemittanceLine
        name = "RemittanceLine"
        fields = ("said_dong", "fee_dong")

    order_number = graphene.String(required=True)
    tracking = graphene.String(required=True, description="Empty where the parcel has none.")

    @staticmethod
    def resolve_order_number(line: RemittanceLine, _info: ResolveInfo) -> str:
        return line.shipment.order.number

    @staticmethod
    def resolve_tracking(line: RemittanceLine, _info: ResolveInfo) -> str:
        return line.shipment.tracking


class RemittancePaymentType(ModelType):
    """Money that came for a list: of a line of the bank, or cash into a keeper's box."""

    class Meta:
        model = RemittancePayment
        name = "RemittancePayment"
        fields = ("remittance", "transaction", "amount_dong", "at", "reason", "undone_at")

    is_cash = graphene.Boolean(required=True)

    @staticmethod
    def resolve_is_cash(payment: RemittancePayment, _info: ResolveInfo) -> bool:
        return payment.transaction_id is None


class RemittanceType(ModelType):
    """One list of a carrier, neighbour or driver: whose money it brings, and what it keeps of it."""

    class Meta:
        model = Remittance
        name = "Remittance"
        fields = (
            "organization", "carrier_name", "code", "reference", "made_on", "net_dong", "received_dong", "note",
            "created_at", "cancelled_at", "lines", "payments",
        )  # fmt: skip

    state = graphene.Field(RemittanceState, required=True)
    lacks_dong = Dong(required=True, description="What can still come: what is missing, less what was written off.")

    @staticmethod
    def resolve_lacks_dong(remittance: Remittance, _info: ResolveInfo) -> int:
        over = remittance.state in (Remittance.State.CANCELLED, Remittance.State.DONE)
        return 0 if over else remittance_money.lacks_dong(remittance)


class CodRow(graphene.ObjectType):
    """So many đồng of one parcel, and where they are."""

    what = graphene.Field(CodWhat, required=True)
    dong = Dong(required=True)
    carrier = graphene.String(required=True)
    since = graphene.Date()
    order_number = graphene.String(description="Null for a line of the bank that has something over.")
    tracking = graphene.String()
    remittance_code = graphene.String(description="Of the list in which it stands.")

    @staticmethod
    def resolve_order_number(row: Row, _info: ResolveInfo) -> str | None:
        return row.shipment.order.number if row.shipment else None

    @staticmethod
    def resolve_tracking(row: Row, _info: ResolveInfo) -> str | None:
        return row.shipment.tracking if row.shipment else None

    @staticmethod
    def resolve_remittance_code(row: Row, _info: ResolveInfo) -> str | None:
        return row.remittance.code if row.remittance else None


class CodDifferences(graphene.ObjectType):
    """Every đồng of the parcels that went out since a day, and of those whose money is still with a carrier."""

    to_collect_dong = Dong(required=True)
    collected_dong = Dong(required=True)
    with_carrier_dong = Dong(required=True)
    unnamed_dong = Dong(required=True, description="Đồng that no row names: 0.")
    rows = graphene.List(graphene.NonNull(CodRow), required=True)


class RemittanceWhereInput(graphene.InputObjectType):
    """Lists that are all of this."""

    organization = graphene.String(description="Its slug.")
    state = RemittanceState()


class CodQuery(graphene.ObjectType):
    remittances = ConnectionField(
        RemittanceType, where=RemittanceWhereInput(), description="Carriers' lists, the latest first."
    )
    cod_differences = graphene.Field(
        CodDifferences, organization=graphene.String(required=True), since=graphene.Date(),
        carrier=graphene.String(description="Only what this one has."),
        description="For treasurers and managers; null for everybody else.",
    )  # fmt: skip

    @staticmethod
    def resolve_remittances(_root: Any, info: ResolveInfo, where: Any = None) -> QuerySet[Remittance]:
        found = Remittance.objects.visible_to(viewer_of(info), on=today_in_vietnam())
        if (where or {}).get("organization") is not None:
            found = found.filter(organization__slug=where.organization)
        if (where or {}).get("state") is not None:
            found = found.filter(state=getattr(where.state, "value", where.state))
        return (
            found.order_by("-pk")
            .select_related("organization")
            .prefetch_related("lines__shipment__order", "payments__transaction")
        )

    @staticmethod
    def resolve_cod_differences(
        _root: Any, info: ResolveInfo, organization: str, since: date | None = None, carrier: str | None = None
    ) -> Differences | None:
        visible = organizations_where(viewer_of(info), "see_money", on=today_in_vietnam())
        found = visible.filter(slug=organization).first()
        if found is None:
            return None
        return cod_differences.difference_list(found, since=since, carrier=carrier or "")
