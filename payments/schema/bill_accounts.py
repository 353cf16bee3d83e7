"""Keeping the list of who is billed. Each is one call into a verb."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Mutation, pk_from_global_id
from base.refusals import KeyReused, NotFound
from cooperatives import phones
from cooperatives.doing_once import BadKey
from payments.bills import account_terms, accounts, households
from payments.schema.bill_account_types import (
    AgreementType,
    BillingAccountKind,
    BillingAccountType,
    ExemptionType,
    HouseholdType,
)
from payments.schema.bill_fee_types import ExemptGroupType, FeeItemType
from payments.schema.biller_of import biller_of
from payments.schema.signed_in import signed_in


class BillingAccountCreateInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    kind = BillingAccountKind(required=True)
    name = graphene.String(required=True)
    number = graphene.String(default_value="", description="Left out: the next free one is made.")
    section = graphene.String(default_value="", description="Class or hamlet.")
    since = graphene.Date(required=True)
    household_id = graphene.ID(description="Left out: a household of its own, named by guardian or by itself.")
    guardian = graphene.String(default_value="")
    phone = graphene.String(default_value="")
    place = graphene.String(default_value="")
    note = graphene.String(default_value="")
    idempotency_key = graphene.String(required=True)


class BillingAccountCreate(Mutation):
    """Write a pupil, a meter or a member into the list."""

    class Meta:
        refusals = (
            NotFound, accounts.BadAccountKind, accounts.BadAccountName, accounts.BadAccountNumber, accounts.BadSection,
            accounts.BadNote, accounts.NumberTaken, households.BadHouseholdName, households.BadPlace, phones.BadPhone,
            KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = BillingAccountCreateInput(required=True)

    billing_account = graphene.Field(BillingAccountType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BillingAccountCreate":
        viewer, household_id = signed_in(info), input.get("household_id")
        account = accounts.add(
            organization_id=biller_of(viewer, input.organization).pk, name=input.name, since=input.since,
            kind=str(getattr(input.kind, "value", input.kind)), actor=viewer, key=input.idempotency_key,
            household_id=pk_from_global_id(household_id, HouseholdType) if household_id else None, at=timezone.now(),
            **{name: input.get(name) or "" for name in ("number", "section", "guardian", "phone", "place", "note")},
        )  # fmt: skip
        return cls(billing_account=account)


class HouseholdCreateInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    name = graphene.String(required=True, description="The parent or the head of the household.")
    phone = graphene.String(default_value="", description="Its last four digits are the second factor.")
    place = graphene.String(default_value="")
    idempotency_key = graphene.String(required=True)


class HouseholdCreate(Mutation):
    """A household with its first card. What opens its page is told here and printed on the card."""

    class Meta:
        refusals = (
            NotFound, households.BadHouseholdName, households.BadPlace, phones.BadPhone, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = HouseholdCreateInput(required=True)

    household = graphene.Field(HouseholdType)
    token = graphene.String(description="The household's link is /bills/h/<token>/.")
    card_code = graphene.String(description="Typed at /bills/, together with the second factor.")

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "HouseholdCreate":
        viewer = signed_in(info)
        household = households.make(
            organization_id=biller_of(viewer, input.organization).pk, name=input.name, phone=input.get("phone") or "",
            place=input.get("place") or "", actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        card_code = households.shown_card_code(household.card_code)
        return cls(household=household, token=household.token, card_code=card_code)


class ExemptionRecordInput(graphene.InputObjectType):
    account_id = graphene.ID(required=True)
    exempt_group_id = graphene.ID(required=True)
    since = graphene.Date(required=True)
    until = graphene.Date(description="Left out: until it is ended.")
    evidence = graphene.String(default_value="")
    idempotency_key = graphene.String(required=True)


class ExemptionRecord(Mutation):
    """An account belongs to a group that pays less, for bills to come."""

    class Meta:
        refusals = (
            NotFound, account_terms.AlreadyExempt, account_terms.BadTerm, account_terms.BadEvidence, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = ExemptionRecordInput(required=True)

    exemption = graphene.Field(ExemptionType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "ExemptionRecord":
        viewer = signed_in(info)
        exemption = account_terms.exempt(
            account_id=pk_from_global_id(input.account_id, BillingAccountType),
            group_id=pk_from_global_id(input.exempt_group_id, ExemptGroupType), since=input.since,
            until=input.get("until"), evidence=input.get("evidence") or "", actor=viewer, key=input.idempotency_key,
            at=timezone.now(),
        )  # fmt: skip
        return cls(exemption=exemption)


class AgreementRecordInput(graphene.InputObjectType):
    account_id = graphene.ID(required=True)
    fee_item_id = graphene.ID(required=True)
    since = graphene.Date(required=True)
    how = graphene.String(default_value="", description="Signed form, meeting minutes, message …")
    idempotency_key = graphene.String(required=True)


class AgreementRecord(Mutation):
    """A household wants a voluntary item for an account. Without it the item is never billed."""

    class Meta:
        refusals = (
            NotFound, account_terms.AlreadyAgreed, account_terms.NothingToAgreeTo, account_terms.BadEvidence, KeyReused,
            BadKey,
        )  # fmt: skip

    class Arguments:
        input = AgreementRecordInput(required=True)

    agreement = graphene.Field(AgreementType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "AgreementRecord":
        viewer = signed_in(info)
        agreement = account_terms.agree(
            account_id=pk_from_global_id(input.account_id, BillingAccountType),
            fee_item_id=pk_from_global_id(input.fee_item_id, FeeItemType), since=input.since,
            how=input.get("how") or "", actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(agreement=agreement)


class AccountMutations(graphene.ObjectType):
    billing_account_create = BillingAccountCreate.Field()
    household_create = HouseholdCreate.Field()
    exemption_record = ExemptionRecord.Field()
    agreement_record = AgreementRecord.Field()
