"""Saying what a line was for, and taking back what was said. Each is one call into a verb."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from payments import cash_boxes, deeds, explaining, undoing
from payments.schema.desk_types import BankTransactionType, KeptDebtType
from payments.schema.refund_types import ExplanationKind, ExplanationType
from payments.schema.signed_in import signed_in


class BankTransactionExplainInput(graphene.InputObjectType):
    transaction_id = graphene.ID(required=True)
    kind = ExplanationKind(required=True)
    counterpart_id = graphene.ID(description="Own transfers: the line of the other account.")
    code = graphene.String(description="Disputes: the code of the order that it is about.")
    keeper_id = graphene.ID(description="Banked cash: of the query cashKeepers, whose box it came from.")
    amount_dong = Dong(description="Left out: all that is left of the line.")
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class BankTransactionExplain(Mutation):
    """Say what (part of) a line was for, where it belongs to no request and no refund."""

    class Meta:
        refusals = (
            NotFound, deeds.ReasonMissing, deeds.NotYetBooked, deeds.NothingLeft, explaining.WrongDirection,
            explaining.MoreThanIsLeft, explaining.NotTheOtherSide, explaining.NoOrderDisputed, explaining.NoKeeper,
            cash_boxes.MoreThanInBox, BadAmount, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = BankTransactionExplainInput(required=True)

    explanation = graphene.Field(ExplanationType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BankTransactionExplain":
        viewer, counterpart_id, keeper_id = signed_in(info), input.get("counterpart_id"), input.get("keeper_id")
        explanation = explaining.explain(
            transaction_id=pk_from_global_id(input.transaction_id, BankTransactionType),
            kind=str(getattr(input.kind, "value", input.kind)),
            counterpart_id=pk_from_global_id(counterpart_id, BankTransactionType) if counterpart_id else None,
            keeper_id=pk_from_global_id(keeper_id, "CashKeeper") if keeper_id else None,
            code=input.get("code"), amount_dong=input.get("amount_dong"), reason=input.reason, actor=viewer,
            key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(explanation=explanation)


class ExplanationUndoInput(graphene.InputObjectType):
    explanation_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: it is undone once.")


class ExplanationUndo(Mutation):
    """Take an explanation back by a reversing entry; its line goes before a person again."""

    class Meta:
        refusals = (NotFound, undoing.GoodsGone, undoing.MoneyReleased, deeds.NotYetBooked)

    class Arguments:
        input = ExplanationUndoInput(required=True)

    bank_transaction = graphene.Field(BankTransactionType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ExplanationUndo":
        viewer = signed_in(info)
        explanation_id = pk_from_global_id(input.explanation_id, ExplanationType)
        line = undoing.undo(explanation_id=explanation_id, actor=viewer, at=timezone.now())
        return cls(bank_transaction=line)


class KeptDebtUndoInput(graphene.InputObjectType):
    kept_debt_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: it is undone once.")


class KeptDebtUndo(Mutation):
    """Take a debt to a payer back by a reversing entry; its line goes before a person again."""

    class Meta:
        refusals = (NotFound, undoing.MoneyOnItsWay, deeds.NotYetBooked)

    class Arguments:
        input = KeptDebtUndoInput(required=True)

    bank_transaction = graphene.Field(BankTransactionType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "KeptDebtUndo":
        viewer = signed_in(info)
        debt_id = pk_from_global_id(input.kept_debt_id, KeptDebtType)
        line = undoing.undo(kept_debt_id=debt_id, actor=viewer, at=timezone.now())
        return cls(bank_transaction=line)


class ExplainingMutations(graphene.ObjectType):
    bank_transaction_explain = BankTransactionExplain.Field()
    explanation_undo = ExplanationUndo.Field()
    kept_debt_undo = KeptDebtUndo.Field()
