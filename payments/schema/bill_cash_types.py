"""Cash after it was received: handed over, counted."""

import graphene
from graphene import ResolveInfo

from base.graphql import Dong, ModelType
from payments.models import CashCount, CashHandover

CashHandoverState = graphene.Enum.from_enum(
    CashHandover.State, name="CashHandoverState", description="Who has said what of it."
)


class CashHandoverType(ModelType):
    """Cash from one keeper's box to another's, booked when the receiver has counted it. ``number`` has no gaps."""

    class Meta:
        model = CashHandover
        name = "CashHandover"
        fields = ("organization", "number", "amount_dong", "note", "reason", "offered_at", "decided_at")

    number = graphene.Int(required=True)
    state = graphene.Field(CashHandoverState, required=True)
    from_keeper = graphene.String(required=True, description="The giver's name.")
    to_keeper = graphene.String(required=True, description="The receiver's name.")

    @staticmethod
    def resolve_from_keeper(handover: CashHandover, _info: ResolveInfo) -> str:
        return handover.from_keeper.name

    @staticmethod
    def resolve_to_keeper(handover: CashHandover, _info: ResolveInfo) -> str:
        return handover.to_keeper.name


class CashCountType(ModelType):
    """A keeper's day close: what lay in the box, beside what the book says."""

    class Meta:
        model = CashCount
        name = "CashBoxCount"
        fields = ("organization", "number", "day", "expected_dong", "counted_dong", "note", "at")

    number = graphene.Int(required=True)
    difference_dong = Dong(required=True, description="Counted minus expected; booked, never hidden.")

    @staticmethod
    def resolve_difference_dong(count: CashCount, _info: ResolveInfo) -> int:
        return count.counted_dong - count.expected_dong


class CashKeeperType(graphene.ObjectType):
    """Somebody who may hold cash here: what a hand-over names."""

    class Meta:
        name = "CashKeeper"

    id = graphene.ID(required=True)
    name = graphene.String(required=True)
