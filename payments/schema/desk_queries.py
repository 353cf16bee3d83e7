"""The treasurer's reads."""

from datetime import date
from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import ConnectionField, pk_from_global_id, viewer_of
from base.periods import today_in_vietnam
from base.refusals import NotFound
from cooperatives.permissions import organizations_where
from payments import audit, reconciliation, remittance_lines, settlement
from payments.models import BankTransaction, BankTransactionQuerySet, Refund, RefundQuerySet
from payments.schema.desk_types import (
    BankTransactionState,
    BankTransactionType,
    ProposalType,
    ReconciliationType,
)
from payments.schema.refund_types import RefundState, RefundType


class BankTransactionWhereInput(graphene.InputObjectType):
    state = BankTransactionState()
    day = graphene.Date()


class RefundWhereInput(graphene.InputObjectType):
    state = RefundState()


class DeskQuery(graphene.ObjectType):
    bank_transactions = ConnectionField(
        BankTransactionType, where=BankTransactionWhereInput(), description="The latest first."
    )
    refunds = ConnectionField(RefundType, where=RefundWhereInput(), description="The latest first.")
    proposals = graphene.List(
        graphene.NonNull(ProposalType), transaction_id=graphene.ID(required=True), required=True,
        description="What the rules would offer for a line that needs a person.",
    )  # fmt: skip
    reconciliation = graphene.Field(
        ReconciliationType, organization=graphene.String(required=True), day=graphene.Date(required=True),
        description="For treasurers and managers; null for everybody else.",
    )  # fmt: skip

    @staticmethod
    def resolve_bank_transactions(
        _root: Any, info: ResolveInfo, where: BankTransactionWhereInput | None = None
    ) -> BankTransactionQuerySet:
        return BankTransaction.objects.visible_to(viewer_of(info)).filter(**_wanted(where)).latest_first().preloaded()

    @staticmethod
    def resolve_refunds(_root: Any, info: ResolveInfo, where: RefundWhereInput | None = None) -> RefundQuerySet:
        return Refund.objects.visible_to(viewer_of(info)).filter(**_wanted(where)).order_by("-id").preloaded()

    @staticmethod
    def resolve_proposals(_root: Any, info: ResolveInfo, transaction_id: str) -> list[Any]:
        visible = BankTransaction.objects.visible_to(viewer_of(info))
        try:
            line = visible.filter(pk=pk_from_global_id(transaction_id, BankTransactionType)).first()
        except NotFound:
            return []
        if line is None:
            return []
        return [*settlement.examine(line).proposals, *remittance_lines.proposals(line)]

    @staticmethod
    def resolve_reconciliation(
        _root: Any, info: ResolveInfo, organization: str, day: date
    ) -> ReconciliationType | None:
        visible = organizations_where(viewer_of(info), "see_money", on=today_in_vietnam())
        found = visible.filter(slug=organization).first()
        if found is None:
            return None
        figures = audit.audit(found, at=timezone.now())
        return ReconciliationType(
            day=day, unexplained_dong=figures.unexplained_dong, waiting_dong=figures.waiting_dong,
            alarm_dong=figures.alarm_dong, by_hand_dong=figures.by_hand_dong, claimed_dong=figures.claimed_dong,
            accounts=reconciliation.reconcile(organization=found, day=day),
        )  # fmt: skip


def _wanted(where: Any) -> dict[str, Any]:
    """Columns and values of a ``where``, without what was left out."""
    return {name: getattr(value, "value", value) for name, value in (where or {}).items() if value is not None}
