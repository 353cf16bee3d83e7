"""What the staff of a biller reads, and the public price list."""

from typing import Any

import graphene
from django.db.models import Q, QuerySet
from django.utils import timezone
from graphene import ResolveInfo

from base.graphql import ConnectionField, pk_from_global_id, viewer_of
from base.names import section_key
from base.periods import today_in_vietnam
from base.refusals import NotFound
from cooperatives.models import Organization
from payments.bills import catalogue, checking
from payments.models import Bill, BillingAccount, BillRun, PaymentRequest, Reading
from payments.schema.asking import PaymentRequestState
from payments.schema.bill_account_types import BillingAccountType, ReadingType
from payments.schema.bill_checks import BillRunCheckType
from payments.schema.bill_fee_types import FeePriceType
from payments.schema.bill_types import BillRunState, BillRunType, BillType, with_parts

_OVERDUE = Q(request__state__in=[PaymentRequest.State.WAITING, PaymentRequest.State.PART])


class BillWhereInput(graphene.InputObjectType):
    """Bills that are all of this."""

    organization = graphene.String(description="Its slug.")
    state = PaymentRequestState()
    section = graphene.String(description="Class or hamlet, as the bill says it.")
    month = graphene.String(description="2026-10")
    run_id = graphene.ID()
    account_number = graphene.String()
    overdue = graphene.Boolean(description="Its day is past and something is due.")


class BillRunWhereInput(graphene.InputObjectType):
    """Runs that are all of this."""

    organization = graphene.String(description="Its slug.")
    state = BillRunState()
    month = graphene.String(description="2026-10")


class BillingAccountWhereInput(graphene.InputObjectType):
    """Accounts that are all of this."""

    organization = graphene.String(description="Its slug.")
    section = graphene.String(description="Class or hamlet.")
    number = graphene.String()
    active = graphene.Boolean(description="Today.")


class ReadingWhereInput(graphene.InputObjectType):
    """Readings that are all of this."""

    account_id = graphene.ID()
    month = graphene.String(description="2026-10")
    live = graphene.Boolean(description="Not replaced by a correction.")


class BillsQuery(graphene.ObjectType):
    bills = ConnectionField(
        BillType, where=BillWhereInput(), description="The latest run first, then by class and given name."
    )
    bill_runs = ConnectionField(BillRunType, where=BillRunWhereInput(), description="The latest first.")
    bill_run = graphene.Field(BillRunType, id=graphene.ID(required=True))
    bill_run_check = graphene.Field(
        BillRunCheckType, id=graphene.ID(required=True),
        description="What publishing a draft would bill, and what hinders it; null once it is no draft.",
    )  # fmt: skip
    billing_accounts = ConnectionField(
        BillingAccountType, where=BillingAccountWhereInput(), description="By class or hamlet, then by given name."
    )
    readings = ConnectionField(ReadingType, where=ReadingWhereInput(), description="The latest first.")
    fee_items = graphene.List(
        graphene.NonNull(FeePriceType), organization=graphene.String(required=True, description="Its slug."),
        description="Public: the price list of a biller, in its order. Null where there is none of that name.",
    )  # fmt: skip

    @staticmethod
    def resolve_bills(_root: Any, info: ResolveInfo, where: Any = None) -> QuerySet[Bill]:
        today = today_in_vietnam()
        found = _narrowed(
            Bill.objects.visible_to(viewer_of(info)), where, organization="organization__slug", state="request__state",
            section="section", month="run__month", account_number="account__number", run_id=("run", BillRunType),
        )  # fmt: skip
        overdue = (where or {}).get("overdue")
        if overdue is not None:
            late = _OVERDUE & Q(due_on__lt=today, cancelled_at=None)
            found = found.filter(late if overdue else ~late)
        in_order = found.order_by("-run_id", "account__section_key", "account__name_key", "pk")
        return with_parts(in_order)

    @staticmethod
    def resolve_bill_runs(_root: Any, info: ResolveInfo, where: Any = None) -> QuerySet[BillRun]:
        visible = BillRun.objects.visible_to(viewer_of(info))
        found = _narrowed(visible, where, organization="organization__slug", state="state", month="month")
        return _with_items(found.order_by("-pk"))

    @staticmethod
    def resolve_bill_run(_root: Any, info: ResolveInfo, id: str) -> BillRun | None:
        return _run(info, id)

    @staticmethod
    def resolve_bill_run_check(_root: Any, info: ResolveInfo, id: str) -> Any:
        run = _run(info, id)
        return checking.check(run, at=timezone.now()) if run and run.state == BillRun.State.DRAFT else None

    @staticmethod
    def resolve_billing_accounts(_root: Any, info: ResolveInfo, where: Any = None) -> QuerySet[BillingAccount]:
        visible = BillingAccount.objects.visible_to(viewer_of(info))
        found = _narrowed(visible, where, organization="organization__slug", number="number")
        section, active = (where or {}).get("section"), (where or {}).get("active")
        if section is not None:
            found = found.filter(section_key=section_key(section))
        if active is not None:
            on = today_in_vietnam()
            now = BillingAccount.objects.active(on=on).values("pk")
            found = found.filter(pk__in=now) if active else found.exclude(pk__in=now)
        preloaded = found.by_name().select_related("organization", "household__organization")
        return preloaded.prefetch_related("exemptions__group", "agreements__fee_item")

    @staticmethod
    def resolve_readings(_root: Any, info: ResolveInfo, where: Any = None) -> QuerySet[Reading]:
        of_mine = Reading.objects.filter(account__in=BillingAccount.objects.visible_to(viewer_of(info)))
        found = _narrowed(of_mine, where, month="month", live="is_live", account_id=("account", BillingAccountType))
        return found.order_by("-month", "-pk").select_related("account")

    @staticmethod
    def resolve_fee_items(_root: Any, _info: ResolveInfo, organization: str) -> Any:
        biller = Organization.objects.public().billing().filter(slug=organization).first()
        return None if biller is None else catalogue.price_list(organization=biller, on=today_in_vietnam())


def _narrowed(rows: Any, where: Any, **columns: Any) -> Any:
    """``rows`` that are all of what ``where`` says. ``columns``: of each argument its column, an id's with its type."""
    for name, column in columns.items():
        value = (where or {}).get(name)
        if value is None:
            continue
        if isinstance(column, tuple):
            column, kind = column
            try:
                value = pk_from_global_id(value, kind)
            except NotFound:
                return rows.none()
        rows = rows.filter(**{column: getattr(value, "value", value)})
    return rows


def _with_items(rows: QuerySet[BillRun]) -> QuerySet[BillRun]:
    return rows.select_related("organization", "bank_account").prefetch_related("items__fee_item")


def _run(info: ResolveInfo, global_id: str) -> BillRun | None:
    try:
        run_id = pk_from_global_id(global_id, BillRunType)
    except NotFound:
        return None
    return _with_items(BillRun.objects.visible_to(viewer_of(info)).filter(pk=run_id)).first()
