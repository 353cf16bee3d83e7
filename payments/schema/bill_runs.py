"""Drafting a round of bills, publishing it, taking it back. Each is one call into a verb."""

from typing import Any

import graphene
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import Mutation, pk_from_global_id
from base.periods import BadPeriod
from base.refusals import KeyReused, NotFound
from cooperatives.doing_once import BadKey
from payments import deeds
from payments.bills import billers, carrying, drawing_up, publishing, rates, runs
from payments.bills.checking import NotDraft
from payments.schema.bill_account_types import BillingAccountType
from payments.schema.bill_fee_types import FeeItemType
from payments.schema.bill_types import BillRunType
from payments.schema.biller_of import biller_of
from payments.schema.signed_in import signed_in


class RunItemInput(graphene.InputObjectType):
    fee_item_id = graphene.ID(required=True)
    quantity = graphene.Int(default_value=1, description="For everybody who has no count of his own.")


class BillRunCreateInput(graphene.InputObjectType):
    organization = graphene.String(required=True, description="Its slug.")
    name = graphene.String(required=True)
    month = graphene.String(required=True, description="2026-11: which rates, readings and exemptions count.")
    due_on = graphene.Date(required=True)
    items = graphene.List(graphene.NonNull(RunItemInput), required=True)
    sections = graphene.List(graphene.NonNull(graphene.String), description="Classes or hamlets; left out: all.")
    carries_arrears = graphene.Boolean(default_value=True, description="Slips also offer one QR with older bills.")
    bank_account_id = graphene.ID(description="Left out: the default account.")
    note = graphene.String(default_value="")
    idempotency_key = graphene.String(required=True)


class BillRunCreate(Mutation):
    """Draft a round of bills. Nobody is billed yet: billRunCheck says what publishing it would do."""

    class Meta:
        refusals = (
            NotFound, billers.NameMissing, billers.NoteTooLong, runs.RunNameTaken, runs.DuePassed, runs.ItemTwice,
            runs.BadCount, runs.UnknownSection, runs.NoBankAccount, BadPeriod, KeyReused, BadKey,
        )  # fmt: skip

    class Arguments:
        input = BillRunCreateInput(required=True)

    bill_run = graphene.Field(BillRunType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BillRunCreate":
        viewer, account_id = signed_in(info), input.get("bank_account_id")
        run = runs.create(
            organization_id=biller_of(viewer, input.organization).pk, name=input.name, month=input.month,
            due_on=input.due_on, sections=input.get("sections") or (), note=input.get("note") or "",
            items=[
                runs.ItemWanted(pk_from_global_id(item.fee_item_id, FeeItemType), _quantity(item))
                for item in input.items
            ],
            carries_arrears=input.get("carries_arrears") is not False,
            bank_account_id=pk_from_global_id(account_id, "BankAccount") if account_id else None,
            actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(bill_run=run)


class RunCountInput(graphene.InputObjectType):
    account_id = graphene.ID(required=True)
    fee_item_id = graphene.ID(required=True)
    quantity = graphene.Int(required=True, description="0 leaves the item out.")


class BillRunCountInput(graphene.InputObjectType):
    run_id = graphene.ID(required=True)
    counts = graphene.List(graphene.NonNull(RunCountInput), required=True, description="At most 100 at once.")
    idempotency_key = graphene.String(description="Optional: saying the same again changes nothing.")


class BillRunCount(Mutation):
    """How many of an item single accounts have in a draft: meals eaten, lessons. What is not named stays."""

    class Meta:
        refusals = (NotFound, NotDraft, runs.BadCount)

    class Arguments:
        input = BillRunCountInput(required=True)

    bill_run = graphene.Field(BillRunType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BillRunCount":
        viewer = signed_in(info)
        counts = [
            runs.Count(
                pk_from_global_id(one.account_id, BillingAccountType), pk_from_global_id(one.fee_item_id, FeeItemType),
                one.quantity,
            )
            for one in input.counts
        ]  # fmt: skip
        run_id = pk_from_global_id(input.run_id, BillRunType)
        return cls(bill_run=runs.set_counts(run_id=run_id, counts=counts, actor=viewer, at=timezone.now()))


_HINDRANCES = (
    rates.NoBasis, rates.AboveCeiling, drawing_up.NoRate, drawing_up.ItemEnded, drawing_up.NoReading,
    drawing_up.TooMuchAtOnce, drawing_up.NothingToBill, drawing_up.NoBankAccount, drawing_up.DuePassed,
)  # fmt: skip


class BillRunPublishInput(graphene.InputObjectType):
    run_id = graphene.ID(required=True)
    leave_out_unread = graphene.Boolean(default_value=False, description="No bill for meters nobody has read.")
    idempotency_key = graphene.String(required=True)


class BillRunPublish(Mutation):
    """Make the bills of a draft, each with its code. Refused while anything hinders it."""

    class Meta:
        refusals = (NotFound, NotDraft, *_HINDRANCES, KeyReused, BadKey)

    class Arguments:
        input = BillRunPublishInput(required=True)

    bill_run = graphene.Field(BillRunType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BillRunPublish":
        viewer = signed_in(info)
        run = publishing.publish(
            run_id=pk_from_global_id(input.run_id, BillRunType), leave_out_unread=bool(input.get("leave_out_unread")),
            actor=viewer, key=input.idempotency_key, at=timezone.now(),
        )  # fmt: skip
        return cls(bill_run=run)


class BillRunCancelInput(graphene.InputObjectType):
    run_id = graphene.ID(required=True)
    reason = graphene.String(required=True)
    idempotency_key = graphene.String(description="Optional: a run is cancelled once.")


class BillRunCancel(Mutation):
    """Take back a published run of which nobody has paid anything."""

    class Meta:
        refusals = (
            NotFound, deeds.ReasonMissing, publishing.NotPublished, publishing.SomebodyPaid, carrying.GivenBackSince,
        )  # fmt: skip

    class Arguments:
        input = BillRunCancelInput(required=True)

    bill_run = graphene.Field(BillRunType)

    @classmethod
    def perform(cls, info: ResolveInfo, input: Any) -> "BillRunCancel":
        viewer = signed_in(info)
        run_id = pk_from_global_id(input.run_id, BillRunType)
        return cls(bill_run=publishing.cancel(run_id=run_id, reason=input.reason, actor=viewer, at=timezone.now()))


class RunMutations(graphene.ObjectType):
    bill_run_create = BillRunCreate.Field()
    bill_run_count = BillRunCount.Field()
    bill_run_publish = BillRunPublish.Field()
    bill_run_cancel = BillRunCancel.Field()


def _quantity(item: Any) -> int:
    """0 is a quantity of its own: only those who have a count."""
    given = item.get("quantity")
    return 1 if given is None else int(given)
