"""Putting published bills right: a visible adjustment, never a changed line. Each is one call into a verb."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Dong, Mutation, pk_from_global_id
from base.money import BadAmount
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from payments import deeds
from payments.bills import correcting, meters
from payments.models import Bill
from payments.schema.bill_account_types import ReadingType
from payments.schema.bill_fee_types import FeeItemType
from payments.schema.bill_types import BillType, with_parts
from payments.schema.signed_in import signed_in


class BillChangeInput(graphene.InputObjectType):
    fee_item_id = graphene.ID(required=True)
    delta_dong = Dong(required=True, description="With its sign: less is below 0.")
    quantity = graphene.Int(description="Of what is charged more or less: meals, lessons.")


class BillCorrectInput(graphene.InputObjectType):
    bill_id = graphene.ID(required=True)
    changes = graphene.List(graphene.NonNull(BillChangeInput), required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class BillCorrect(Mutation):
    """Charge more or less for items of a published bill. What was paid beyond becomes the account's credit."""

    class Meta:
        refusals = (
            NotFound, deeds.ReasonMissing, correcting.BillCancelled, correcting.NothingToCorrect,
            correcting.BelowNothing, BadAmount, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = BillCorrectInput(required=True)

    bill = graphene.Field(BillType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BillCorrect":
        viewer = signed_in(info)
        corrected = correcting.correct(
            bill_id=pk_from_global_id(input.bill_id, BillType), reason=input.reason,
            changes=[
                correcting.Change(
                    pk_from_global_id(one.fee_item_id, FeeItemType), one.delta_dong, quantity=one.get("quantity")
                )
                for one in input.changes
            ],
            actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(bill=with_parts(Bill.objects.all()).get(pk=corrected.pk))


class ReadingCorrectInput(graphene.InputObjectType):
    reading_id = graphene.ID(required=True)
    new_value = graphene.Int(required=True)
    meter_changed = graphene.Boolean(default_value=False)
    used = graphene.Int(description="Of a changed meter; otherwise new minus old.")
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(required=True)


class ReadingCorrect(Mutation):
    """Replace a reading that was typed wrong; a published bill is corrected by the difference, at its own rate."""

    class Meta:
        refusals = (
            NotFound, deeds.ReasonMissing, correcting.ReadingReplaced, correcting.NothingToCorrect,
            correcting.BillCancelled, correcting.BelowNothing, meters.BadReading, meters.ReadInFuture,
            meters.OldValueMissing, meters.MeterWentBack, meters.UsedMissing, meters.UsedDiffers, meters.LooksWrong,
            meters.OldDiffers, BadAmount, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = ReadingCorrectInput(required=True)

    reading = graphene.Field(ReadingType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ReadingCorrect":
        viewer = signed_in(info)
        reading = correcting.correct_reading(
            reading_id=pk_from_global_id(input.reading_id, ReadingType), new_value=input.new_value,
            used=input.get("used"), meter_changed=bool(input.get("meter_changed")), reason=input.reason, actor=viewer,
            key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(reading=reading)


class CorrectingMutations(graphene.ObjectType):
    bill_correct = BillCorrect.Field()
    reading_correct = ReadingCorrect.Field()
