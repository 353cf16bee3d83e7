"""Carriers' lists through GraphQL. Each mutation is one call into a verb; a bank's line is given to a list by
bankTransactionAssign, whose parts may carry a list's code."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from orders import parcels
from payments import deeds, delivering, remittance_cash, remittance_money, remittance_rows, remitting, undoing
from payments.remittance_reading import Row
from payments.schema.biller_of import workplace_of
from payments.schema.cod_types import RemittancePaymentType, RemittanceType
from payments.schema.desk_types import BankTransactionType
from payments.schema.signed_in import signed_in


class RemittanceRowInput(graphene.InputObjectType):
    parcel = graphene.String(required=True, description="Its tracking number, or the number of its order.")
    said_dong = Dong(required=True, description="What the carrier says it collected; 0 for one that came back.")
    fee_dong = Dong(description="What it keeps for it.")


class RemittanceCreateInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    carrier_name = graphene.String(required=True)
    reference = graphene.String(description="The carrier's own number of the list, which its transfer carries.")
    made_on = graphene.Date(description="Left out: today.")
    note = graphene.String()
    rows = graphene.List(graphene.NonNull(RemittanceRowInput), required=True)
    delivered_too = graphene.Boolean(description="Parcels on their way that stand here with money were delivered.")
    idempotency_key = graphene.String(required=True)


class RemittanceCreate(Mutation):
    """Write down what a carrier says it brings, parcel by parcel. Books nothing."""

    class Meta:
        refusals = (
            NotFound, remitting.NoCarrier, remitting.BadReference, remitting.ReferenceUsed, remitting.BringsNothing,
            remittance_rows.NoRows, remittance_rows.RowsRefused, parcels.BadMove, delivering.TooLittleCollected,
            delivering.TooMuchCollected, BadAmount, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = RemittanceCreateInput(required=True)

    remittance = graphene.Field(RemittanceType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RemittanceCreate":
        viewer = signed_in(info)
        remittance = remitting.make(
            organization_id=workplace_of(viewer, input.organization).pk, carrier_name=input.carrier_name,
            reference=input.get("reference") or "", made_on=input.get("made_on"), note=input.get("note") or "",
            rows=[
                Row(number, row.parcel.strip(), row.said_dong, row.get("fee_dong") or 0)
                for number, row in enumerate(input.rows, start=1)
            ],
            delivered_too=bool(input.get("delivered_too")), actor=viewer, key=input.idempotency_key,
            at=timezone.now(),
        )  # fmt: skip
        return cls(remittance=remittance)


class RemittanceCancelInput(graphene.InputObjectType):
    remittance_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: a list is dropped once.")


class RemittanceCancel(Mutation):
    """Drop a list for which nothing has come; its parcels are free for another."""

    class Meta:
        refusals = (NotFound, deeds.ReasonMissing, remitting.HasMoney)

    class Arguments:
        input = RemittanceCancelInput(required=True)

    remittance = graphene.Field(RemittanceType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RemittanceCancel":
        remittance = remitting.cancel(
            remittance_id=pk_from_global_id(input.remittance_id, RemittanceType), reason=input.reason,
            actor=signed_in(info), at=timezone.now(),
        )  # fmt: skip
        return cls(remittance=remittance)


class RemittanceWriteOffInput(graphene.InputObjectType):
    remittance_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class RemittanceWriteOff(Mutation):
    """What a list still waits for will not come: the cooperative bears it."""

    class Meta:
        refusals = (NotFound, deeds.ReasonMissing, remitting.NothingMissing, KeyReused, BadKey)

    class Arguments:
        input = RemittanceWriteOffInput(required=True)

    remittance = graphene.Field(RemittanceType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RemittanceWriteOff":
        remittance = remitting.write_off(
            remittance_id=pk_from_global_id(input.remittance_id, RemittanceType), reason=input.reason,
            actor=signed_in(info), key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(remittance=remittance)


class RemittanceTakeCashInput(graphene.InputObjectType):
    remittance_id = graphene.ID(required=True)
    amount_dong = Dong(required=True, description="What was counted.")
    idempotency_key = graphene.String(required=True)


class RemittanceTakeCash(Mutation):
    """Take a carrier's money in cash into one's own cash box."""

    class Meta:
        refusals = (
            NotFound, BadAmount, remittance_money.ListOver, remittance_money.MoreThanListLacks, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = RemittanceTakeCashInput(required=True)

    remittance_payment = graphene.Field(RemittancePaymentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RemittanceTakeCash":
        payment = remittance_cash.receive(
            remittance_id=pk_from_global_id(input.remittance_id, RemittanceType), amount_dong=input.amount_dong,
            actor=signed_in(info), key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(remittance_payment=payment)


class RemittanceCashUndoInput(graphene.InputObjectType):
    remittance_payment_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: a payment is undone once.")


class RemittanceCashUndo(Mutation):
    """Take cash back that was counted wrongly: it is with the carrier again."""

    class Meta:
        refusals = (NotFound, deeds.ReasonMissing, remittance_cash.NotYourBox, remittance_cash.BoxTooEmpty)

    class Arguments:
        input = RemittanceCashUndoInput(required=True)

    remittance_payment = graphene.Field(RemittancePaymentType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RemittanceCashUndo":
        payment = remittance_cash.undo(
            payment_id=pk_from_global_id(input.remittance_payment_id, RemittancePaymentType), reason=input.reason,
            actor=signed_in(info), at=timezone.now(),
        )  # fmt: skip
        return cls(remittance_payment=payment)


class RemittancePaymentUndoInput(graphene.InputObjectType):
    remittance_payment_id = graphene.ID(required=True)
    idempotency_key = graphene.String(description="Optional: a payment is undone once.")


class RemittancePaymentUndo(Mutation):
    """Take back what a bank's line brought for a list; the line goes before a person again."""

    class Meta:
        refusals = (NotFound, deeds.NotYetBooked)

    class Arguments:
        input = RemittancePaymentUndoInput(required=True)

    bank_transaction = graphene.Field(BankTransactionType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "RemittancePaymentUndo":
        payment_id = pk_from_global_id(input.remittance_payment_id, RemittancePaymentType)
        line = undoing.undo(remittance_payment_id=payment_id, actor=signed_in(info), at=timezone.now())
        return cls(bank_transaction=line)


class CodMutations(graphene.ObjectType):
    remittance_create = RemittanceCreate.Field()
    remittance_cancel = RemittanceCancel.Field()
    remittance_write_off = RemittanceWriteOff.Field()
    remittance_take_cash = RemittanceTakeCash.Field()
    remittance_cash_undo = RemittanceCashUndo.Field()
    remittance_payment_undo = RemittancePaymentUndo.Field()
