"""Using what was paid too much. One call into a verb."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from payments.bills import carrying
from payments.bundles import NothingDue
from payments.models import Bill
from payments.schema.bill_types import BillType, with_parts
from payments.schema.signed_in import signed_in


class CreditUseInput(graphene.InputObjectType):
    bill_id = graphene.ID(required=True)
    amount_dong = Dong(description="Left out: as much as there is and is due.")
    idempotency_key = graphene.String(required=True)


class CreditUse(Mutation):
    """Pay (part of) a bill with what its account has to its credit."""

    class Meta:
        refusals = (
            NotFound, NothingDue, carrying.MoreThanDue, carrying.NoCredit, BadAmount, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = CreditUseInput(required=True)

    bill = graphene.Field(BillType)
    used_dong = Dong()

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "CreditUse":
        viewer = signed_in(info)
        used = carrying.use(
            bill_id=pk_from_global_id(input.bill_id, BillType), amount_dong=input.get("amount_dong"), actor=viewer,
            key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        bill = with_parts(Bill.objects.all()).get(request=used.payment_request_id)
        return cls(bill=bill, used_dong=used.amount_dong)


class CreditMutations(graphene.ObjectType):
    credit_use = CreditUse.Field()
