"""What the treasurer does by hand. Each is one call into a verb."""

import base64
import binascii
from typing import Any

import graphene
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound, Refused
from cooperatives.doing_once import BadKey
from payments import cash, importing, remittance_money, triage, undoing
from payments.schema.desk_types import BankTransactionType, CashReceiptType, SettlementType, StatementFileType
from payments.schema.signed_in import signed_in


class BadFile(Refused):
    """The file is not base64."""

    code = "BAD_FILE"
    sentence = _("Không đọc được tệp gửi lên.")


class PartInput(graphene.InputObjectType):
    code = graphene.String(required=True)
    dong = Dong(required=True)


def _line_key() -> graphene.String:
    return graphene.String(
        description="Made by the sender, kept for every retry. Left out: the same deed again is one, until undone."
    )


class BankTransactionAssignInput(graphene.InputObjectType):
    transaction_id = graphene.ID(required=True)
    parts = graphene.List(graphene.NonNull(PartInput), required=True)
    reason = graphene.String(required=True)
    idempotency_key = _line_key()


_BY_HAND = (NotFound, triage.ReasonMissing, triage.NotYetBooked, KeyReused, BadKey)


class BankTransactionAssign(Mutation):
    """Give (parts of) a line to one or several requests, or to carriers' lists by their codes."""

    class Meta:
        refusals = (
            *_BY_HAND, triage.NoParts, triage.MoreThanItHolds, triage.UnknownRequest, triage.RequestEnded,
            triage.OnlyMoneyIn, triage.NothingLeft, BadAmount, remittance_money.ListOver,
            remittance_money.MoreThanListLacks,
        )  # fmt: skip

    class Arguments:
        input = BankTransactionAssignInput(required=True)

    bank_transaction = graphene.Field(BankTransactionType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BankTransactionAssign":
        line = triage.assign(
            transaction_id=pk_from_global_id(input.transaction_id, BankTransactionType),
            parts=[triage.Part(part.code, part.dong) for part in input.parts],
            reason=input.reason, actor=signed_in(info), key=input.get("idempotency_key"), at=timezone.now(),
        )  # fmt: skip
        return cls(bank_transaction=line)


class BankTransactionDismissInput(graphene.InputObjectType):
    transaction_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
    idempotency_key = _line_key()


class BankTransactionDismiss(Mutation):
    """Say that a line is not ours. Nothing is erased."""

    class Meta:
        refusals = (*_BY_HAND, triage.NothingLeft)

    class Arguments:
        input = BankTransactionDismissInput(required=True)

    bank_transaction = graphene.Field(BankTransactionType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BankTransactionDismiss":
        line = triage.dismiss(
            transaction_id=pk_from_global_id(input.transaction_id, BankTransactionType), reason=input.reason,
            actor=signed_in(info), key=input.get("idempotency_key"), at=timezone.now(),
        )  # fmt: skip
        return cls(bank_transaction=line)


class BankTransactionKeepInput(graphene.InputObjectType):
    transaction_id = graphene.ID(required=True)
    code = graphene.String(description="The request whose order it is owed for, where that is known.")
    reason = graphene.String(required=True)
    idempotency_key = _line_key()


class BankTransactionKeep(Mutation):
    """What is left of a line becomes money owed to whoever paid it."""

    class Meta:
        refusals = (*_BY_HAND, triage.NothingLeft, triage.OnlyMoneyIn, triage.UnknownRequest)

    class Arguments:
        input = BankTransactionKeepInput(required=True)

    bank_transaction = graphene.Field(BankTransactionType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BankTransactionKeep":
        line = triage.keep_as_debt(
            transaction_id=pk_from_global_id(input.transaction_id, BankTransactionType), code=input.get("code"),
            reason=input.reason, actor=signed_in(info), key=input.get("idempotency_key"), at=timezone.now(),
        )  # fmt: skip
        return cls(bank_transaction=line)


class SettlementUndoInput(graphene.InputObjectType):
    settlement_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: a settlement is undone once.")


class SettlementUndo(Mutation):
    """Take a settlement back by a reversing entry; its line goes before a person again."""

    class Meta:
        refusals = (NotFound, undoing.GoodsGone, undoing.MoneyReleased, undoing.MoneyOnItsWay, triage.NotYetBooked)

    class Arguments:
        input = SettlementUndoInput(required=True)

    bank_transaction = graphene.Field(BankTransactionType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "SettlementUndo":
        settlement_id = pk_from_global_id(input.settlement_id, SettlementType)
        line = undoing.undo(settlement_id=settlement_id, actor=signed_in(info), at=timezone.now())
        return cls(bank_transaction=line)


class CashReceiveInput(graphene.InputObjectType):
    code = graphene.String(required=True)
    amount_dong = Dong(required=True, description="What was counted.")
    idempotency_key = graphene.String(required=True)


class CashReceive(Mutation):
    """Take cash for one request into one's own cash box."""

    class Meta:
        refusals = (NotFound, cash.RequestClosed, cash.TooMuchCash, BadAmount, KeyReused, BadKey)

    class Arguments:
        input = CashReceiveInput(required=True)

    cash_receipt = graphene.Field(CashReceiptType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CashReceive":
        receipt = cash.receive(
            code=input.code, amount_dong=input.amount_dong, actor=signed_in(info), key=input.idempotency_key,
            at=timezone.now(),
        )  # fmt: skip
        return cls(cash_receipt=receipt)


class StatementImportInput(graphene.InputObjectType):
    bank_account_id = graphene.ID(required=True)
    name = graphene.String(required=True)
    file_base64 = graphene.String(required=True, description="Small files; the page at /desk/ takes large ones.")
    idempotency_key = graphene.String(description="Optional: the same bytes are one import.")


class StatementImport(Mutation):
    """Read a bank's file: the whole of it or nothing."""

    class Meta:
        refusals = (
            NotFound, importing.StatementTooLarge, importing.WrongAccount, importing.FutureDays, BadFile,
            *importing.doubts(),
        )  # fmt: skip

    class Arguments:
        input = StatementImportInput(required=True)

    statement_file = graphene.Field(StatementFileType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "StatementImport":
        try:
            data = base64.b64decode(input.file_base64, validate=True)
        except (binascii.Error, ValueError):
            raise BadFile(field="file_base64") from None
        file = importing.import_statement(
            bank_account_id=pk_from_global_id(input.bank_account_id, "BankAccount"), name=input.name, data=data,
            actor=signed_in(info), at=timezone.now(),
        )  # fmt: skip
        return cls(statement_file=file)


class DeskMutations(graphene.ObjectType):
    bank_transaction_assign = BankTransactionAssign.Field()
    bank_transaction_dismiss = BankTransactionDismiss.Field()
    bank_transaction_keep = BankTransactionKeep.Field()
    settlement_undo = SettlementUndo.Field()
    cash_receive = CashReceive.Field()
    statement_import = StatementImport.Field()
