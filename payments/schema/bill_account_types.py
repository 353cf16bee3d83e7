"""Who is billed, as the biller's staff sees it: pupils, meters, households, readings."""

import graphene
from graphql_relay import to_global_id

from base.graphql import ModelType
from payments.models import Agreement, BillingAccount, Exemption, Household, Reading
from payments.schema.bill_fee_types import ExemptGroupType, FeeItemType

BillingAccountKind = graphene.Enum.from_enum(
    BillingAccount.Kind, name="BillingAccountKind", description="What a bill is made out for."
)


class HouseholdType(ModelType):
    """Whoever pays for one or several accounts. Its card's code and link stand on its card only."""

    class Meta:
        model = Household
        name = "Household"
        fields = ("organization", "name", "phone", "place", "card_made_at")


class ExemptionType(ModelType):
    """An account is in a group from a day, perhaps to a day."""

    class Meta:
        model = Exemption
        name = "Exemption"
        fields = ("since", "until", "evidence")

    group = graphene.Field(ExemptGroupType, required=True)


class AgreementType(ModelType):
    """A household agreed to a voluntary item for one account."""

    class Meta:
        model = Agreement
        name = "Agreement"
        fields = ("since", "until", "how")

    fee_item = graphene.Field(FeeItemType, required=True)


class BillingAccountType(ModelType):
    """A pupil or a meter. ``number`` is the biller's own."""

    class Meta:
        model = BillingAccount
        name = "BillingAccount"
        fields = ("organization", "household", "number", "name", "section", "since", "until", "note")

    kind = graphene.Field(BillingAccountKind, required=True)
    exemptions = graphene.List(graphene.NonNull(ExemptionType), required=True)
    agreements = graphene.List(graphene.NonNull(AgreementType), required=True)

    @staticmethod
    def resolve_exemptions(account: BillingAccount, _info: graphene.ResolveInfo) -> list[Exemption]:
        return list(account.exemptions.all())

    @staticmethod
    def resolve_agreements(account: BillingAccount, _info: graphene.ResolveInfo) -> list[Agreement]:
        return list(account.agreements.all())


class ReadingType(ModelType):
    """What a meter showed for one month. A correction is a new reading; the old one stays, no longer live."""

    class Meta:
        model = Reading
        name = "Reading"
        fields = ("month", "read_on", "meter_changed", "is_live", "reason", "recorded_at")

    account_id = graphene.ID(required=True)
    account_number = graphene.String(required=True)
    account_name = graphene.String(required=True)
    old_value = graphene.Int(required=True)
    new_value = graphene.Int(required=True)
    used = graphene.Int(required=True)

    @staticmethod
    def resolve_account_id(reading: Reading, _info: graphene.ResolveInfo) -> str:
        return to_global_id("BillingAccount", reading.account_id)

    @staticmethod
    def resolve_account_number(reading: Reading, _info: graphene.ResolveInfo) -> str:
        return reading.account.number

    @staticmethod
    def resolve_account_name(reading: Reading, _info: graphene.ResolveInfo) -> str:
        return reading.account.name
