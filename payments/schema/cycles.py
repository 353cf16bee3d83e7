"""Dropping a market day through GraphQL: its orders are cancelled, and what was paid is owed back."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Mutation, pk_from_global_id
from base.refusals import NotFound
from orders import deciding_cycles
from orders.schema_cycles import CycleType
from payments import failing_cycles
from payments.schema.signed_in import signed_in


class CycleDropInput(graphene.InputObjectType):
    cycle_id = graphene.ID(required=True)
    why = graphene.String(required=True, description="Buyers and members read it.")
    idempotency_key = graphene.String(description="Optional: it is dropped once.")


class CycleDrop(Mutation):
    """It does not take place: its orders are cancelled, buyers told, money owed back with the task to send it."""

    class Meta:
        refusals = (NotFound, deciding_cycles.CycleReasonMissing, deciding_cycles.CycleDecided)

    class Arguments:
        input = CycleDropInput(required=True)

    cycle = graphene.Field(CycleType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CycleDrop":
        cycle_id = pk_from_global_id(input.cycle_id, CycleType)
        actor = signed_in(info)
        return cls(cycle=failing_cycles.drop(cycle_id=cycle_id, why=input.why, actor=actor, at=timezone.now()))


class CycleMoneyMutations(graphene.ObjectType):
    cycle_drop = CycleDrop.Field()
