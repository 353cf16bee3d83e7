"""What keepers do with cash. Each is one call into a verb."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from payments import bundles, cash, cash_boxes, deeds
from payments.schema.bill_cash_types import CashCountType, CashHandoverType
from payments.schema.biller_of import biller_of, workplace_of
from payments.schema.desk_types import CashReceiptType
from payments.schema.signed_in import signed_in


class CashReceiveBillsInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    codes = graphene.List(graphene.NonNull(graphene.String), required=True, description="Of bills; at most 40.")
    amount_dong = Dong(required=True, description="What was counted.")
    idempotency_key = graphene.String(required=True)


class CashReceiveBills(Mutation):
    """Take cash for several bills of one biller on one receipt: the oldest due first."""

    class Meta:
        refusals = (
            NotFound, cash.RequestClosed, cash.TooMuchCash, bundles.NotTogether, bundles.NothingDue,
            bundles.TooManyTogether, bundles.TooMuchTogether, BadAmount, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = CashReceiveBillsInput(required=True)

    cash_receipt = graphene.Field(CashReceiptType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashReceiveBills":
        viewer = signed_in(info)
        receipt = cash.receive_bills(
            organization_id=biller_of(viewer, input.organization).pk, codes=input.codes,
            amount_dong=input.amount_dong, actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(cash_receipt=receipt)


class CashVoidInput(graphene.InputObjectType):
    cash_receipt_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: a receipt is voided once.")


class CashVoid(Mutation):
    """Take a receipt back by a reversing entry. Its number stays used."""

    class Meta:
        refusals = (
            NotFound, deeds.ReasonMissing, cash.NotYourReceipt, cash.CashGone, cash.ItemsGivenBack, cash.GoodsGone,
            cash.MoneyReleased,
        )  # fmt: skip

    class Arguments:
        input = CashVoidInput(required=True)

    cash_receipt = graphene.Field(CashReceiptType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashVoid":
        viewer = signed_in(info)
        receipt_id = pk_from_global_id(input.cash_receipt_id, CashReceiptType)
        receipt = cash.void(receipt_id=receipt_id, reason=input.reason, actor=viewer, at=timezone.now())
        return cls(cash_receipt=receipt)


class CashHandoverOfferInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    keeper_id = graphene.ID(required=True, description="Of the query cashKeepers.")
    amount_dong = Dong(required=True)
    note = graphene.String(default_value="")
    idempotency_key = graphene.String(required=True)


class CashHandoverOffer(Mutation):
    """Say that cash of one's own box goes to another keeper. Nothing is booked before she has counted it."""

    class Meta:
        refusals = (
            NotFound, cash_boxes.NotAKeeper, cash_boxes.MoreThanInBox, cash_boxes.LongNote, BadAmount, KeyReused,
            BadKey,
        )  # fmt: skip

    class Arguments:
        input = CashHandoverOfferInput(required=True)

    cash_handover = graphene.Field(CashHandoverType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashHandoverOffer":
        viewer = signed_in(info)
        handover = cash_boxes.offer(
            organization_id=workplace_of(viewer, input.organization).pk,
            to_keeper_id=pk_from_global_id(input.keeper_id, "CashKeeper"), amount_dong=input.amount_dong,
            note=input.get("note") or "", actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(cash_handover=handover)


class CashHandoverAcceptInput(graphene.InputObjectType):
    cash_handover_id = graphene.ID(required=True)
    counted_dong = Dong(required=True, description="Must be what was offered; else refuse it.")
    idempotency_key = graphene.String(description="Optional: it is accepted once.")


class CashHandoverAccept(Mutation):
    """The receiver has counted it: booked into her box."""

    class Meta:
        refusals = (
            NotFound, cash_boxes.CountDiffers, cash_boxes.HandoverDecided, cash_boxes.MoreThanInBox, BadAmount,
        )  # fmt: skip

    class Arguments:
        input = CashHandoverAcceptInput(required=True)

    cash_handover = graphene.Field(CashHandoverType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashHandoverAccept":
        viewer = signed_in(info)
        handover = cash_boxes.accept(
            handover_id=pk_from_global_id(input.cash_handover_id, CashHandoverType), counted_dong=input.counted_dong,
            actor=viewer, at=timezone.now(),
        )  # fmt: skip
        return cls(cash_handover=handover)


class CashHandoverRefuseInput(graphene.InputObjectType):
    cash_handover_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: it is refused once.")


class CashHandoverRefuse(Mutation):
    """The receiver does not take it; the cash stays where it is."""

    class Meta:
        refusals = (NotFound, deeds.ReasonMissing, cash_boxes.HandoverDecided)

    class Arguments:
        input = CashHandoverRefuseInput(required=True)

    cash_handover = graphene.Field(CashHandoverType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashHandoverRefuse":
        viewer = signed_in(info)
        handover_id = pk_from_global_id(input.cash_handover_id, CashHandoverType)
        return cls(
            cash_handover=cash_boxes.refuse(
                handover_id=handover_id, reason=input.reason, actor=viewer, at=timezone.now()
            )
        )


class CashHandoverWithdrawInput(graphene.InputObjectType):
    cash_handover_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: it is withdrawn once.")


class CashHandoverWithdraw(Mutation):
    """The giver takes her offer back."""

    class Meta:
        refusals = (NotFound, cash_boxes.HandoverDecided)

    class Arguments:
        input = CashHandoverWithdrawInput(required=True)

    cash_handover = graphene.Field(CashHandoverType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashHandoverWithdraw":
        viewer = signed_in(info)
        handover_id = pk_from_global_id(input.cash_handover_id, CashHandoverType)
        return cls(cash_handover=cash_boxes.withdraw(handover_id=handover_id, actor=viewer, at=timezone.now()))


class CashCountInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    counted_dong = Dong(required=True, description="What lies in the box.")
    note = graphene.String(default_value="", description="Why it differs; needed where it does.")
    idempotency_key = graphene.String(required=True)


class CashCount(Mutation):
    """Close one's own box for the day. A difference is booked, never hidden."""

    class Meta:
        refusals = (NotFound, cash_boxes.NoteMissing, cash_boxes.LongNote, BadAmount, KeyReused, BadKey)

    class Arguments:
        input = CashCountInput(required=True)

    cash_count = graphene.Field(CashCountType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashCount":
        viewer = signed_in(info)
        counted = cash_boxes.count(
            organization_id=workplace_of(viewer, input.organization).pk, counted_dong=input.counted_dong,
            note=input.get("note") or "", actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(cash_count=counted)


class CashMutations(graphene.ObjectType):
    cash_receive_bills = CashReceiveBills.Field()
    cash_void = CashVoid.Field()
    cash_handover_offer = CashHandoverOffer.Field()
    cash_handover_accept = CashHandoverAccept.Field()
    cash_handover_refuse = CashHandoverRefuse.Field()
    cash_handover_withdraw = CashHandoverWithdraw.Field()
    cash_count = CashCount.Field()
