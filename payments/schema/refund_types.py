"""Money that goes back, and what else a line was for, as the treasurer sees it."""

import graphene
from graphene import ResolveInfo

from base.graphql import ModelType
from payments import payees
from payments.models import Explanation, Refund, RefundMovement

RefundState = graphene.Enum.from_enum(Refund.State, name="RefundState", description="How far it has come.")
RefundWay = graphene.Enum.from_enum(Refund.Way, name="RefundWay", description="To a bank account or to the card.")
RefundMovementKind = graphene.Enum.from_enum(
    RefundMovement.Kind, name="RefundMovementKind", description="Carried away, or brought back."
)
ExplanationKind = graphene.Enum.from_enum(
    Explanation.Kind, name="ExplanationKind", description="What money was for that belongs to no request and no refund."
)


class RefundType(ModelType):
    """Money owed to a payer that goes back: a task, then ordered out, then seen leaving the bank."""

    class Meta:
        model = Refund
        name = "Refund"
        fields = (
            "code", "amount_dong", "payee_bin", "payee_account", "payee_holder", "reason", "trouble", "created_at",
            "ordered_at", "cancelled_at",
        )  # fmt: skip

    state = graphene.Field(RefundState, required=True)
    way = graphene.Field(RefundWay, required=True)
    order_number = graphene.String(description="Of the order whose payer is owed it.")
    account_number = graphene.String(description="Of the pupil or meter whose payer is owed it; both null: a stranger.")
    payload = graphene.String(description="The VietQR text to send it by; null unless a transfer is ordered.")

    @staticmethod
    def resolve_order_number(refund: Refund, _info: ResolveInfo) -> str | None:
        return refund.order.number if refund.order else None

    @staticmethod
    def resolve_account_number(refund: Refund, _info: ResolveInfo) -> str | None:
        return refund.account.number if refund.account else None

    @staticmethod
    def resolve_payload(refund: Refund, _info: ResolveInfo) -> str | None:
        return payees.payload_of(refund) or None


class RefundMovementType(ModelType):
    """A line that carried a refund away, or brought it back."""

    class Meta:
        model = RefundMovement
        name = "RefundMovement"
        fields = ("refund", "amount_dong", "at", "reason", "undone_at")

    kind = graphene.Field(RefundMovementKind, required=True)


class ExplanationType(ModelType):
    """What (part of) a line was for."""

    class Meta:
        model = Explanation
        name = "Explanation"
        fields = ("amount_dong", "from_purse_dong", "at", "reason", "undone_at")

    kind = graphene.Field(ExplanationKind, required=True)
