"""Cash that is paid out, and a member's account that says so. Each mutation is one call into a verb."""

from typing import Any

import graphene
from django.db.models import Q, QuerySet
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import ConnectionField, Dong, ModelType, Mutation, pk_from_global_id, viewer_of
from base.money import BadAmount
from base.periods import today_in_vietnam
from base.refusals import KeyReused, NotFound
from cooperatives import income
from cooperatives.doing_once import BadKey
from cooperatives.permissions import organizations_where
from orders.schema import OrderType
from payments import cash_boxes, cash_out, deeds, member_statement, refunds
from payments.models import CashVoucher
from payments.schema.biller_of import workplace_of
from payments.schema.signed_in import signed_in

VoucherKind = graphene.Enum.from_enum(CashVoucher.Kind, name="CashVoucherKind", description="What cash was paid for.")


class CashVoucherType(ModelType):
    """Cash paid out of a keeper's box. ``number`` has no gaps; a voided one keeps its own."""

    class Meta:
        model = CashVoucher
        name = "CashVoucher"
        fields = ("organization", "amount_dong", "to_name", "reason", "at", "undone_at", "void_reason")

    number = graphene.Int(required=True)
    kind = graphene.Field(VoucherKind, required=True)
    keeper = graphene.String(required=True, description="Out of whose box: a name.")
    order_number = graphene.String(description="Of the order whose buyer was paid back.")
    member_name = graphene.String(description="Of the member who was paid.")

    @staticmethod
    def resolve_keeper(voucher: CashVoucher, _info: ResolveInfo) -> str:
        return voucher.keeper.name

    @staticmethod
    def resolve_order_number(voucher: CashVoucher, _info: ResolveInfo) -> str | None:
        return voucher.order.number if voucher.order else None

    @staticmethod
    def resolve_member_name(voucher: CashVoucher, _info: ResolveInfo) -> str | None:
        return voucher.member.user.name if voucher.member else None


class MemberAccountLine(graphene.ObjectType):
    """What changed what a member is owed."""

    day = graphene.Date(required=True)
    what = graphene.String(required=True, description="In words.")
    detail = graphene.String(required=True, description="Which order or slip.")
    dong = Dong(required=True, description="Signed.")
    balance_dong = Dong(required=True, description="What she was owed after it, less what she owed.")


class MemberAccount(graphene.ObjectType):
    """A member's account with the cooperative."""

    owed_to_dong = Dong(required=True, description="What she is owed for goods.")
    owed_by_dong = Dong(required=True, description="What she owes, of goods that came back after she had been paid.")
    paid_dong = Dong(required=True, description="What she has been paid.")
    lines = graphene.List(graphene.NonNull(MemberAccountLine), required=True, description="The latest first.")


class CashVoucherWhereInput(graphene.InputObjectType):
    """Slips that are all of this."""

    organization = graphene.String(description="Its slug.")
    kind = VoucherKind()


class CashOutQuery(graphene.ObjectType):
    cash_vouchers = ConnectionField(
        CashVoucherType, where=CashVoucherWhereInput(),
        description="The latest first: one's own, and all where one may see the money.",
    )  # fmt: skip
    member_account = graphene.Field(
        MemberAccount, member_id=graphene.ID(required=True),
        description="For the member herself, and who may see her organization's money; null for everybody else.",
    )  # fmt: skip

    @staticmethod
    def resolve_cash_vouchers(_root: Any, info: ResolveInfo, where: Any = None) -> QuerySet[CashVoucher]:
        viewer = viewer_of(info)
        if not viewer.is_authenticated:
            return CashVoucher.objects.none()
        today = today_in_vietnam()
        own = Q(keeper=viewer, organization__in=organizations_where(viewer, "receive_cash", on=today))
        seen = Q(organization__in=organizations_where(viewer, "see_money", on=today)) | own
        found = CashVoucher.objects.filter(seen)
        if (where or {}).get("organization") is not None:
            found = found.filter(organization__slug=where.organization)
        if (where or {}).get("kind") is not None:
            found = found.filter(kind=getattr(where.kind, "value", where.kind))
        return found.order_by("-pk").select_related("organization", "keeper", "order", "member__user")

    @staticmethod
    def resolve_member_account(_root: Any, info: ResolveInfo, member_id: str) -> member_statement.Statement | None:
        visible = income.readable_by(viewer_of(info), on=today_in_vietnam()).select_related("organization", "user")
        try:
            member = visible.filter(pk=pk_from_global_id(member_id, "Member")).first()
        except NotFound:
            return None
        return member_statement.statement(member=member) if member is not None else None


class CashPayOutMemberInput(graphene.InputObjectType):
    member_id = graphene.ID(required=True)
    amount_dong = Dong(required=True)
    to_name = graphene.String(default_value="", description="Who took it, where it is not herself.")
    reason = graphene.String(default_value="")
    idempotency_key = graphene.String(required=True)


_PAID = (
    NotFound, BadAmount, refunds.MoreThanOwed, cash_boxes.MoreThanInBox, cash_out.TakerMissing, KeyReused, BadKey,
)  # fmt: skip


class CashPayOutMember(Mutation):
    """Pay a member in cash what she is owed for goods, or part of it."""

    class Meta:
        refusals = _PAID

    class Arguments:
        input = CashPayOutMemberInput(required=True)

    cash_voucher = graphene.Field(CashVoucherType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashPayOutMember":
        viewer = signed_in(info)
        voucher = cash_out.pay_member(
            member_id=pk_from_global_id(input.member_id, "Member"), amount_dong=input.amount_dong,
            to_name=input.get("to_name") or "", reason=input.get("reason") or "", actor=viewer,
            key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(cash_voucher=voucher)


class CashPayOutBuyerInput(graphene.InputObjectType):
    order_id = graphene.ID(required=True)
    amount_dong = Dong(required=True)
    to_name = graphene.String(default_value="", description="Who took it, where it is not the buyer.")
    reason = graphene.String(default_value="")
    idempotency_key = graphene.String(required=True)


class CashPayOutBuyer(Mutation):
    """Give a buyer back in cash what is owed for an order and no refund stands for."""

    class Meta:
        refusals = _PAID

    class Arguments:
        input = CashPayOutBuyerInput(required=True)

    cash_voucher = graphene.Field(CashVoucherType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashPayOutBuyer":
        viewer = signed_in(info)
        voucher = cash_out.pay_buyer(
            order_id=pk_from_global_id(input.order_id, OrderType), amount_dong=input.amount_dong,
            to_name=input.get("to_name") or "", reason=input.get("reason") or "", actor=viewer,
            key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(cash_voucher=voucher)


class CashPayOutCostInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    kind = VoucherKind(required=True, description="CARRIAGE or SPENDING.")
    amount_dong = Dong(required=True)
    to_name = graphene.String(required=True)
    reason = graphene.String(required=True)
    shipment_id = graphene.ID(description="Of CARRIAGE, where it is one parcel's.")
    idempotency_key = graphene.String(required=True)


class CashPayOutCost(Mutation):
    """Pay a driver, or what the cooperative spends, in cash."""

    class Meta:
        refusals = (
            NotFound, BadAmount, cash_out.NotACost, cash_boxes.MoreThanInBox, cash_out.TakerMissing,
            deeds.ReasonMissing, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = CashPayOutCostInput(required=True)

    cash_voucher = graphene.Field(CashVoucherType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashPayOutCost":
        viewer, parcel = signed_in(info), input.get("shipment_id")
        voucher = cash_out.pay_cost(
            organization_id=workplace_of(viewer, input.organization).pk, kind=getattr(input.kind, "value", input.kind),
            amount_dong=input.amount_dong, to_name=input.to_name, reason=input.reason,
            shipment_id=pk_from_global_id(parcel, "Shipment") if parcel else None, actor=viewer,
            key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(cash_voucher=voucher)


class CashVoucherVoidInput(graphene.InputObjectType):
    cash_voucher_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: a slip is voided once.")


class CashVoucherVoid(Mutation):
    """Take a slip back by a reversing entry. Its number stays used."""

    class Meta:
        refusals = (NotFound, deeds.ReasonMissing, cash_out.NotYourVoucher)

    class Arguments:
        input = CashVoucherVoidInput(required=True)

    cash_voucher = graphene.Field(CashVoucherType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashVoucherVoid":
        viewer = signed_in(info)
        voucher_id = pk_from_global_id(input.cash_voucher_id, CashVoucherType)
        voucher = cash_out.void(voucher_id=voucher_id, reason=input.reason, actor=viewer, at=timezone.now())
        return cls(cash_voucher=voucher)


class CashOutMutations(graphene.ObjectType):
    cash_pay_out_member = CashPayOutMember.Field()
    cash_pay_out_buyer = CashPayOutBuyer.Field()
    cash_pay_out_cost = CashPayOutCost.Field()
    cash_voucher_void = CashVoucherVoid.Field()
