"""Complaints: what was wrong, who answers, until when, and what was said."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Organization, User
from cooperatives.models.people import staffed_by
from orders.models.orders import Order


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, viewer: Any) -> ComplaintQuerySet:
        """Staff of the organization it is about. Who wrote it has the token."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(organization__in=staffed_by(viewer))

    def waiting(self) -> ComplaintQuerySet:
        """Nobody has closed them yet, the one due first on top."""
        return self.filter(closed_at__isnull=True).order_by("answer_by", "id")

    def closed(self) -> ComplaintQuerySet:
        """Decided, the latest written first."""
        return self.filter(closed_at__isnull=False).order_by("-id")

    def preloaded(self) -> ComplaintQuerySet:
        """With what was said by whom: three queries for any number."""
        return self.select_related("organization", "order", "closed_by").prefetch_related("messages__written_by")


class Complaint(models.Model):
    """Whoever has the token reads it and writes on; a named person of the organization answers and closes it."""

    class About(models.TextChoices):
        GOODS = "goods", _("hàng hỏng, sai, thiếu")
        LATE = "late", _("chậm hoặc không nhận được hàng")
        MONEY = "money", _("tiền đã chuyển, tiền phải trả lại")
        FAKE = "fake", _("nghi mã QR, người bán hoặc hàng giả")
        BILL = "bill", _("khoản thu của trường, tiền nước")
        OTHER = "other", _("việc khác")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="complaints")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="complaints")
    number = models.CharField(max_length=16, unique=True, help_text="For people: KN-261122-7K2M")
    token = models.CharField(max_length=43, unique=True)
    about = models.CharField(max_length=8, choices=About)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=16)
    written_at = models.DateTimeField()
    answer_by = models.DateField(help_text="The day by which the organization has promised an answer.")
    answered_at = models.DateTimeField(null=True, help_text="The first answer of a person.")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=200, blank=True, help_text="What was decided, in a sentence.")

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "closed_at", "answer_by"], name="complaint_waiting")]


class ComplaintMessage(models.Model):
    """One thing said. ``written_by`` null: the person who complained."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="messages")
    text = models.CharField(max_length=2000)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)  # as it was said
