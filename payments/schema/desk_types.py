"""What the treasurer sees: lines of the bank with their evidence, cash, files, the day."""

import graphene
from graphene import ResolveInfo

from base.graphql import Dong, ModelType
from orders.models import Order
from orders.schema import OrderType
from payments.models import BankTransaction, Bill, CashReceipt, KeptDebt, Settlement, Sighting, StatementFile
from payments.schema.asking import BankAccountType
from payments.schema.bill_types import BillType, with_parts

BankTransactionState = graphene.Enum.from_enum(
    BankTransaction.State, name="BankTransactionState", description="Who acts next."
)
BankTransactionReason = graphene.Enum.from_enum(
    BankTransaction.Reason, name="BankTransactionReason", description="Why a person is needed, or what is worth saying."
)
Direction = graphene.Enum.from_enum(
    BankTransaction.Direction, name="Direction", description="Into or out of the account."
)


class SightingType(ModelType):
    """One source's evidence of a line, word for word."""

    class Meta:
        model = Sighting
        name = "Sighting"
        fields = ("source", "external_id", "raw", "received_at", "contradicted")


class SettlementType(ModelType):
    """Money of one line given to one request."""

    class Meta:
        model = Settlement
        name = "Settlement"
        fields = ("payment_request", "credited_dong", "excess_dong", "at", "reason", "undone_at")


class KeptDebtType(ModelType):
    """Money owed to whoever paid it."""

    class Meta:
        model = KeptDebt
        name = "KeptDebt"
        fields = ("amount_dong", "at", "reason", "undone_at")


class PartType(graphene.ObjectType):
    """So much of the money for that request."""

    class Meta:
        name = "TransferPart"

    code = graphene.String(required=True)
    dong = Dong(required=True)


class ProposalType(graphene.ObjectType):
    """Prepared work for one tap. Nothing is booked by a proposal."""

    class Meta:
        name = "Proposal"

    kind = graphene.String(required=True)
    best = graphene.Boolean(required=True, description="Alone in fitting.")
    parts = graphene.List(graphene.NonNull(PartType), required=True)


class BankTransactionType(ModelType):
    """Money that moved once. For treasurers and managers of the organization that owns the account."""

    class Meta:
        model = BankTransaction
        name = "BankTransaction"
        fields = (
            "organization", "bank_account", "amount_dong", "day", "memo", "reference", "happened_at", "seen_at",
            "sightings", "settlements", "kept_debts", "explanations", "refund_movements", "dismissed_why",
            "payer_account", "payer_name", "booked_at",
        )  # fmt: skip

    direction = graphene.Field(Direction, required=True)
    state = graphene.Field(BankTransactionState, required=True)
    reason = graphene.Field(BankTransactionReason)
    unused_dong = Dong(required=True, description="Not yet given to anything.")
    is_declared = graphene.Boolean(
        required=True, description="A person said that money known by a text message alone had really moved."
    )

    @staticmethod
    def resolve_is_declared(line: BankTransaction, _info: ResolveInfo) -> bool:
        return line.declared_by_id is not None

    @staticmethod
    def resolve_reason(line: BankTransaction, _info: ResolveInfo) -> str | None:
        return line.reason or None


class AccountDayType(graphene.ObjectType):
    """One account on one day: opening + in − out = closing, beside what the bank says."""

    class Meta:
        name = "AccountDay"

    bank_account = graphene.Field(BankAccountType, required=True)
    opening_dong = Dong(required=True)
    in_dong = Dong(required=True)
    out_dong = Dong(required=True)
    closing_dong = Dong(required=True)
    bank_closing_dong = Dong(description="Null where no bank balance is known for that day.")
    difference_dong = Dong(description="Bank minus books; null where unknown.")


class ReconciliationType(graphene.ObjectType):
    """The bank beside the books."""

    class Meta:
        name = "Reconciliation"

    day = graphene.Date(required=True)
    unexplained_dong = Dong(required=True)
    waiting_dong = Dong(required=True)
    alarm_dong = Dong(required=True)
    by_hand_dong = Dong(required=True)
    claimed_dong = Dong(required=True, description="What only text messages tell of: in no book and no other sum.")
    accounts = graphene.List(graphene.NonNull(AccountDayType), required=True)


class CashReceiptType(ModelType):
    """Cash counted by a named keeper. ``number`` runs without gaps."""

    class Meta:
        model = CashReceipt
        name = "CashReceipt"
        fields = ("number", "amount_dong", "credited_dong", "at", "payment_request", "undone_at", "void_reason")

    order = graphene.Field(OrderType, description="Null where it was for bills.")
    bills = graphene.List(
        graphene.NonNull(BillType), required=True, description="What of it was for, the oldest due first."
    )

    @staticmethod
    def resolve_order(receipt: CashReceipt, _info: ResolveInfo) -> Order | None:
        return receipt.payment_request.order

    @staticmethod
    def resolve_bills(receipt: CashReceipt, _info: ResolveInfo) -> list[Bill]:
        of_receipt = Bill.objects.filter(shares__cash_receipt=receipt).distinct().in_paying_order()
        return list(with_parts(of_receipt))


class StatementFileType(ModelType):
    """One imported file of the bank."""

    class Meta:
        model = StatementFile
        name = "StatementFile"
        fields = ("name", "rows", "added", "opening_dong", "closing_dong", "first_day", "last_day", "imported_at")
