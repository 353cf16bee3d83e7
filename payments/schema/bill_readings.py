"""What meters showed, and putting bills right. Each is one call into a verb."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Mutation, pk_from_global_id
from base.periods import BadPeriod
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from payments.bills import meters, readings
from payments.schema.bill_account_types import BillingAccountType, ReadingType
from payments.schema.signed_in import signed_in


class ReadingRecordInput(graphene.InputObjectType):
    account_id = graphene.ID(required=True)
    month = graphene.String(required=True, description="2026-10")
    read_on = graphene.Date(required=True)
    new_value = graphene.Int(required=True)
    old_value = graphene.Int(description="Left out: what the last month showed.")
    meter_changed = graphene.Boolean(default_value=False)
    used = graphene.Int(description="Of a changed meter; otherwise new minus old.")
    sure = graphene.Boolean(
        default_value=False, description="After LOOKS_WRONG or OLD_DIFFERS: somebody looked again, and it is so."
    )
    idempotency_key = graphene.String(required=True)


class ReadingRecord(Mutation):
    """Write down what a meter shows. One that looks wrong is refused until somebody is sure."""

    class Meta:
        refusals = (
            NotFound, readings.NotAMeter, meters.BadReading, meters.ReadInFuture, meters.OldValueMissing,
            meters.MeterWentBack, meters.UsedMissing, meters.UsedDiffers, meters.LooksWrong, meters.OldDiffers,
            meters.ReplaceByCorrection, BadPeriod, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = ReadingRecordInput(required=True)

    reading = graphene.Field(ReadingType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ReadingRecord":
        viewer = signed_in(info)
        reading = readings.record(
            account_id=pk_from_global_id(input.account_id, BillingAccountType), month=input.month,
            read_on=input.read_on, new_value=input.new_value, old_value=input.get("old_value"),
            meter_changed=bool(input.get("meter_changed")), used=input.get("used"), sure=bool(input.get("sure")),
            actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(reading=reading)


class ReadingMutations(graphene.ObjectType):
    reading_record = ReadingRecord.Field()
