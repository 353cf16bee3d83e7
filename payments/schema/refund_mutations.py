"""Giving money back by hand. Each is one call into a verb."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from payments import deeds, payees, refund_lines, refunds, triage, undoing
from payments.schema.bill_account_types import BillingAccountType
from payments.schema.desk_types import BankTransactionType
from payments.schema.refund_types import RefundMovementType, RefundType
from payments.schema.signed_in import signed_in


class PayeeInput(graphene.InputObjectType):
    """To whom it goes. A part that is left out may be told later."""

    bin = graphene.String(default_value="", description="The bank's six digits, as VietQR carries them.")
    account = graphene.String(default_value="")
    holder = graphene.String(default_value="", description="Kept in capitals without accents, as banks write it.")


def payee_of(given: Any) -> dict[str, str]:
    """As the verbs take it."""
    given = given or {}
    return {f"payee_{part}": given.get(part) or "" for part in ("bin", "account", "holder")}


class RefundCreateInput(graphene.InputObjectType):
    order_id = graphene.ID(description="Exactly one of the three: an order whose payer is owed money,")
    transaction_id = graphene.ID(description="the line of a stranger,")
    account_id = graphene.ID(description="or a billing account whose payer is.")
    amount_dong = Dong(required=True)
    payee = PayeeInput()
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class RefundCreate(Mutation):
    """Make a task of giving back what is owed. Nothing is booked yet."""

    class Meta:
        refusals = (
            NotFound, refunds.OneSubject, refunds.MoreThanOwed, deeds.ReasonMissing, payees.PayeeUnusable, BadAmount,
            KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = RefundCreateInput(required=True)

    refund = graphene.Field(RefundType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RefundCreate":
        viewer = signed_in(info)
        order_id, transaction_id, account_id = (
            input.get(name) for name in ("order_id", "transaction_id", "account_id")
        )
        refund = refunds.ask(
            order_id=pk_from_global_id(order_id, "Order") if order_id else None,
            transaction_id=pk_from_global_id(transaction_id, BankTransactionType) if transaction_id else None,
            account_id=pk_from_global_id(account_id, BillingAccountType) if account_id else None,
            amount_dong=input.amount_dong, reason=input.reason, actor=viewer, key=input.idempotency_key,
            at=timezone.now(), **payee_of(input.get("payee")),
        )  # fmt: skip
        return cls(refund=refund)


class RefundOrderOutInput(graphene.InputObjectType):
    refund_id = graphene.ID(required=True)
    payee = PayeeInput(description="What is left out was told before. A card needs none.")
    from_account_id = graphene.ID(description="Left out: the default account.")
    idempotency_key = graphene.String(required=True)


class RefundOrderOut(Mutation):
    """Say that it is being sent now: it is on its way out until the bank's line is seen."""

    class Meta:
        refusals = (
            NotFound, refunds.RefundGone, refunds.MoreThanOwed, payees.PayeeUnusable, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = RefundOrderOutInput(required=True)

    refund = graphene.Field(RefundType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RefundOrderOut":
        viewer, account_id = signed_in(info), input.get("from_account_id")
        refund = refunds.order_out(
            refund_id=pk_from_global_id(input.refund_id, RefundType), actor=viewer, key=input.idempotency_key,
            from_account_id=pk_from_global_id(account_id, "BankAccount") if account_id else None,
            at=timezone.now(), **payee_of(input.get("payee")),
        )  # fmt: skip
        return cls(refund=refund)


class RefundCancelInput(graphene.InputObjectType):
    refund_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: a refund is cancelled once.")


class RefundCancel(Mutation):
    """Drop a task, or take back an order that was not carried out."""

    class Meta:
        refusals = (NotFound, deeds.ReasonMissing, refunds.RefundGone, refunds.SentToTheCard)

    class Arguments:
        input = RefundCancelInput(required=True)

    refund = graphene.Field(RefundType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RefundCancel":
        viewer = signed_in(info)
        refund_id = pk_from_global_id(input.refund_id, RefundType)
        return cls(refund=refunds.cancel(refund_id=refund_id, reason=input.reason, actor=viewer, at=timezone.now()))


class RefundMatchInput(graphene.InputObjectType):
    refund_id = graphene.ID(required=True)
    transaction_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class RefundMatch(Mutation):
    """Say that a line without a readable code is that refund, going out or coming back."""

    class Meta:
        refusals = (
            NotFound, deeds.ReasonMissing, deeds.NotYetBooked, deeds.NothingLeft, refund_lines.NotThatRefund, KeyReused,
            BadKey,
        )  # fmt: skip

    class Arguments:
        input = RefundMatchInput(required=True)

    refund = graphene.Field(RefundType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RefundMatch":
        viewer = signed_in(info)
        refund = refund_lines.match(
            refund_id=pk_from_global_id(input.refund_id, RefundType),
            transaction_id=pk_from_global_id(input.transaction_id, BankTransactionType), reason=input.reason,
            actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(refund=refund)


class RefundMovementUndoInput(graphene.InputObjectType):
    refund_movement_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: it is undone once.")


class RefundMovementUndo(Mutation):
    """Take a line off its refund by a reversing entry; the line goes before a person again."""

    class Meta:
        refusals = (NotFound, undoing.MoneyOnItsWay, undoing.CameBack, deeds.NotYetBooked)

    class Arguments:
        input = RefundMovementUndoInput(required=True)

    bank_transaction = graphene.Field(BankTransactionType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RefundMovementUndo":
        viewer = signed_in(info)
        movement_id = pk_from_global_id(input.refund_movement_id, RefundMovementType)
        line = undoing.undo(refund_movement_id=movement_id, actor=viewer, at=timezone.now())
        return cls(bank_transaction=line)


class BankTransactionReturnInput(graphene.InputObjectType):
    transaction_id = graphene.ID(required=True)
    payee = PayeeInput(description="Told whole, it is ordered out at once.")
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class BankTransactionReturn(Mutation):
    """In one: what is left of a line is owed to whoever paid it, and goes back."""

    class Meta:
        refusals = (
            NotFound, deeds.ReasonMissing, deeds.NotYetBooked, deeds.NothingLeft, triage.OnlyMoneyIn,
            refunds.MoreThanOwed, payees.PayeeUnusable, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = BankTransactionReturnInput(required=True)

    refund = graphene.Field(RefundType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BankTransactionReturn":
        viewer = signed_in(info)
        refund = triage.return_line(
            transaction_id=pk_from_global_id(input.transaction_id, BankTransactionType), reason=input.reason,
            actor=viewer, key=input.idempotency_key, at=timezone.now(), **payee_of(input.get("payee")),
        )  # fmt: skip
        return cls(refund=refund)


class RefundMutations(graphene.ObjectType):
    refund_create = RefundCreate.Field()
    refund_order_out = RefundOrderOut.Field()
    refund_cancel = RefundCancel.Field()
    refund_match = RefundMatch.Field()
    refund_movement_undo = RefundMovementUndo.Field()
    bank_transaction_return = BankTransactionReturn.Field()
