"""Runs and bills as the biller's staff sees them."""

import graphene
from django.db.models import Prefetch, QuerySet
from graphene import ResolveInfo

from base.graphql import Dong, ModelType
from base.periods import today_in_vietnam
from payments.models import Bill, BillLine, BillRun, RunItem
from payments.models.billing import BillQuerySet
from payments.schema.asking import PaymentRequestState
from payments.schema.bill_account_types import ReadingType
from payments.schema.bill_fee_types import FeeItemType

BillRunState = graphene.Enum.from_enum(BillRun.State, name="BillRunState", description="How far a run has come.")
BillLineKind = graphene.Enum.from_enum(
    BillLine.Kind, name="BillLineKind", description="A charge, or a later adjustment of it."
)


class RunItemType(ModelType):
    """An item that a run bills."""

    class Meta:
        model = RunItem
        name = "RunItem"
        fields = ()

    fee_item = graphene.Field(FeeItemType, required=True)
    quantity = graphene.Int(required=True, description="For everybody who has no count of his own.")


class BillRunType(ModelType):
    """One round of billing: drafted, checked, published; cancelled while nobody has paid."""

    class Meta:
        model = BillRun
        name = "BillRun"
        fields = (
            "organization", "name", "month", "due_on", "bank_account", "carries_arrears", "note", "created_at",
            "published_at", "cancelled_at", "cancel_reason",
        )  # fmt: skip

    state = graphene.Field(BillRunState, required=True)
    sections = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Classes or hamlets; empty: all."
    )
    items = graphene.List(graphene.NonNull(RunItemType), required=True)

    @staticmethod
    def resolve_items(run: BillRun, _info: ResolveInfo) -> list[RunItem]:
        return list(run.items.all())


class BillLineType(ModelType):
    """One item of a bill, or a later adjustment of it. Σ ``amountDong`` of the lines is what is asked."""

    class Meta:
        model = BillLine
        name = "BillLine"
        fields = (
            "name", "unit_price_dong", "full_dong", "reduction_dong", "reduction_name", "amount_dong", "reason", "at",
            "reading",
        )  # fmt: skip

    kind = graphene.Field(BillLineKind, required=True)
    fee_item = graphene.Field(FeeItemType, required=True)
    position = graphene.Int(required=True)
    quantity = graphene.Int(required=True)
    reading = graphene.Field(ReadingType, description="Of a metered item.")


class BillType(ModelType):
    """What one account owes in one run. For the biller's staff."""

    class Meta:
        model = Bill
        name = "Bill"
        fields = (
            "organization", "run", "account", "account_name", "section", "due_on", "created_at", "cancelled_at",
        )  # fmt: skip

    code = graphene.String(required=True, description="What the payer writes.")
    state = graphene.Field(PaymentRequestState, required=True)
    asked_dong = Dong(required=True, description="Σ of its lines.")
    paid_dong = Dong(required=True, description="Of it, what has come and stayed; an excess is the account's credit.")
    due_dong = Dong(required=True)
    overdue = graphene.Boolean(required=True, description="Its day is past and something is due.")
    lines = graphene.List(graphene.NonNull(BillLineType), required=True, description="In the biller's order.")

    @staticmethod
    def resolve_code(bill: Bill, _info: ResolveInfo) -> str:
        return bill.request.code

    @staticmethod
    def resolve_state(bill: Bill, _info: ResolveInfo) -> str:
        return bill.request.state

    @staticmethod
    def resolve_asked_dong(bill: Bill, _info: ResolveInfo) -> int:
        return bill.request.asked_dong

    @staticmethod
    def resolve_paid_dong(bill: Bill, _info: ResolveInfo) -> int:
        return bill.request.credited_dong

    @staticmethod
    def resolve_due_dong(bill: Bill, _info: ResolveInfo) -> int:
        return bill.request.due_dong

    @staticmethod
    def resolve_overdue(bill: Bill, _info: ResolveInfo) -> bool:
        return bill.due_on < today_in_vietnam() and bill.request.due_dong > 0

    @staticmethod
    def resolve_lines(bill: Bill, _info: ResolveInfo) -> list[BillLine]:
        return sorted(bill.lines.all(), key=lambda line: (line.position, line.fee_item_id, line.pk))


def with_parts(bills: BillQuerySet) -> QuerySet[Bill]:
    """With all that ``BillType`` and what hangs on it may read. Six queries or a few more, for any number of bills."""
    near = bills.preloaded().select_related(
        "account__organization", "account__household__organization", "run__organization", "run__bank_account"
    )
    return near.prefetch_related(
        Prefetch("lines", BillLine.objects.select_related("fee_item", "reading__account")),
        "run__items__fee_item",
        "account__exemptions__group",
        "account__agreements__fee_item",
    )
