"""What publishing a draft would bill, before anybody is billed."""

import graphene
from graphene import ResolveInfo

from base.graphql import Dong
from payments.bills.checking import Check
from payments.bills.drawing_up import Hinder, LeftOut
from payments.schema.bill_fee_types import FeeItemType

_SHOWN = 100
"""Rows of a list that may be as long as the biller's whole list of accounts."""


class SectionSumType(graphene.ObjectType):
    class Meta:
        name = "BillSectionSum"
        description = "One class or hamlet of a run."

    section = graphene.String(required=True)
    bills = graphene.Int(required=True)
    dong = Dong(required=True)


class ItemSumType(graphene.ObjectType):
    class Meta:
        name = "BillItemSum"
        description = "One item of a run: before reductions, the reductions, what is asked."

    item = graphene.Field(FeeItemType, required=True)
    bills = graphene.Int(required=True)
    full_dong = Dong(required=True)
    reduced_dong = Dong(required=True)
    dong = Dong(required=True)


class LeftOutType(graphene.ObjectType):
    class Meta:
        name = "BillLeftOut"
        description = "An account that gets no bill, and why."

    account_number = graphene.String(required=True)
    account_name = graphene.String(required=True)
    code = graphene.String(required=True)
    message = graphene.String(required=True)

    @staticmethod
    def resolve_account_number(left: LeftOut, _info: ResolveInfo) -> str:
        return left.account.number

    @staticmethod
    def resolve_account_name(left: LeftOut, _info: ResolveInfo) -> str:
        return left.account.name

    @staticmethod
    def resolve_message(left: LeftOut, _info: ResolveInfo) -> str:
        return left.why


class HinderType(graphene.ObjectType):
    class Meta:
        name = "BillHinder"
        description = "What has to be put right before the run can be published."

    code = graphene.String(required=True)
    message = graphene.String(required=True)
    item = graphene.Field(FeeItemType)
    account_number = graphene.String()

    @staticmethod
    def resolve_message(hinder: Hinder, _info: ResolveInfo) -> str:
        return hinder.sentence

    @staticmethod
    def resolve_account_number(hinder: Hinder, _info: ResolveInfo) -> str | None:
        return hinder.account.number if hinder.account else None


class BillRunCheckType(graphene.ObjectType):
    """Totals of a draft by class and item, whom it leaves out, and what hinders it."""

    class Meta:
        name = "BillRunCheck"

    bills = graphene.Int(required=True)
    total_dong = Dong(required=True)
    by_section = graphene.List(graphene.NonNull(SectionSumType), required=True)
    by_item = graphene.List(graphene.NonNull(ItemSumType), required=True)
    arrears_accounts = graphene.Int(required=True, description="Accounts that still owe for older bills.")
    arrears_dong = Dong(required=True)
    left_out_count = graphene.Int(required=True)
    left_out = graphene.List(graphene.NonNull(LeftOutType), required=True, description="The first hundred.")
    hinder_count = graphene.Int(required=True, description="0: it can be published.")
    hinders = graphene.List(graphene.NonNull(HinderType), required=True, description="The first hundred.")
    warnings = graphene.List(graphene.NonNull(HinderType), required=True, description="Worth a look; in no way.")

    @staticmethod
    def resolve_arrears_accounts(check: Check, _info: ResolveInfo) -> int:
        return check.arrears.accounts

    @staticmethod
    def resolve_arrears_dong(check: Check, _info: ResolveInfo) -> int:
        return check.arrears.dong

    @staticmethod
    def resolve_left_out_count(check: Check, _info: ResolveInfo) -> int:
        return len(check.left_out)

    @staticmethod
    def resolve_left_out(check: Check, _info: ResolveInfo) -> list[LeftOut]:
        return check.left_out[:_SHOWN]

    @staticmethod
    def resolve_hinder_count(check: Check, _info: ResolveInfo) -> int:
        return len(check.hinders)

    @staticmethod
    def resolve_hinders(check: Check, _info: ResolveInfo) -> list[Hinder]:
        return check.hinders[:_SHOWN]

    @staticmethod
    def resolve_warnings(check: Check, _info: ResolveInfo) -> list[Hinder]:
        return check.warnings[:_SHOWN]
