"""Runs of bills, the bills of a run and their lines."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperatives.models import BankAccount, Organization, User
from cooperatives.models.people import staffed_by
from payments.models.accounts import BillingAccount, Reading
from payments.models.fees import FeeItem, FeeRate


class BillRunQuerySet(models.QuerySet["BillRun"]):
    def visible_to(self, viewer: Any) -> BillRunQuerySet:
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(organization__in=staffed_by(viewer))


class BillRun(models.Model):
    """One round of billing: draft, checked, published; cancelled while nobody has paid."""

    class State(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        PUBLISHED = "published", _("đã phát hành")
        CANCELLED = "cancelled", _("đã hủy")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="bill_runs")
    name = models.CharField(max_length=80)
    month = models.CharField(max_length=7, help_text="2026-11: which rates, readings and exemptions count.")
    due_on = models.DateField()
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="bill_runs")
    sections = models.JSONField(default=list, help_text="Classes or hamlets that it is for; empty: all.")
    carries_arrears = models.BooleanField(default=True, help_text="Slips also offer one QR with what is still due.")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(max_length=200, blank=True)

    objects = BillRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=~Q(state="cancelled"), name="bill_run_name_once"
            )
        ]
        indexes = [models.Index(fields=["organization", "state", "month"], name="bill_run_by_month")]

    def __str__(self) -> str:
        return self.name


class RunItem(models.Model):
    """An item that a run bills. ``rate`` is frozen when it is published."""

    run = models.ForeignKey(BillRun, on_delete=models.CASCADE, related_name="items")
    fee_item = models.ForeignKey(FeeItem, on_delete=models.PROTECT, related_name="run_items")
    quantity = models.PositiveIntegerField(default=1, help_text="For everybody who has no count of his own.")
    rate = models.ForeignKey(FeeRate, on_delete=models.PROTECT, null=True, related_name="run_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "fee_item"], name="run_item_once")]


class RunCount(models.Model):
    """How many of an item one account has in a run (meals eaten); 0 leaves it out."""

    run = models.ForeignKey(BillRun, on_delete=models.CASCADE, related_name="counts")
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="run_counts")
    fee_item = models.ForeignKey(FeeItem, on_delete=models.PROTECT, related_name="run_counts")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account", "fee_item"], name="run_count_once")]


class BillQuerySet(models.QuerySet["Bill"]):
    def visible_to(self, viewer: Any) -> BillQuerySet:
        """Staff. A household comes by its token, or by a code and the second factor."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(organization__in=staffed_by(viewer))

    def preloaded(self) -> BillQuerySet:
        return self.select_related("organization", "account", "run", "request__bank_account")

    def open(self) -> BillQuerySet:
        """Something is still to be paid."""
        return self.filter(cancelled_at=None, request__state__in=["waiting", "part"])

    def in_paying_order(self) -> BillQuerySet:
        """Oldest due day first: the order in which a bundle that was paid short fills them."""
        return self.order_by("due_on", "id")


class Bill(models.Model):
    """What one account owes in one run. Its PaymentRequest (``bill.request``) says how much was asked and came.

    ``account_name`` and ``section`` are as they were when it was published. Lines are only ever added.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="own_bills")
    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, related_name="bills")
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="bills")
    account_name = models.CharField(max_length=80)
    section = models.CharField(max_length=40, blank=True)
    due_on = models.DateField()
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    objects = BillQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="bill_once_a_run")]
        indexes = [models.Index(fields=["organization", "due_on"], name="bill_by_due_day")]


class BillLine(models.Model):
    """One item of a bill, or a later adjustment of it: what it is made of, and its signed amount in whole đồng.

    Σ ``amount_dong`` of a bill's lines is what is asked; of one item it never falls below 0.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", _("thu")
        ADJUSTMENT = "adjustment", _("điều chỉnh")

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    fee_item = models.ForeignKey(FeeItem, on_delete=models.PROTECT, related_name="bill_lines")
    position = models.PositiveIntegerField(help_text="The item's place in the biller's order when it was published.")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CHARGE)
    name = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField(default=1)
    unit_price_dong = models.BigIntegerField(default=0, help_text="0 where steps apply.")
    full_dong = models.BigIntegerField(default=0, help_text="Before the reduction.")
    reduction_dong = models.BigIntegerField(default=0)
    reduction_name = models.CharField(max_length=80, blank=True)
    amount_dong = models.BigIntegerField()
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, null=True, related_name="bill_lines")
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="charge", amount_dong__gte=0, amount_dong=models.F("full_dong") - models.F("reduction_dong")
                )
                | (Q(kind="adjustment") & ~Q(amount_dong=0)),
                name="bill_line_amount",
            ),
            models.UniqueConstraint(
                fields=["bill", "fee_item"], condition=Q(kind="charge"), name="bill_line_item_once"
            ),
        ]
