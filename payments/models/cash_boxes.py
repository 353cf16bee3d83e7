"""What happens to cash after it was received: handed over, counted. (Receipts: payments/models/booking.py)"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.periods import today_in_vietnam
from cooperatives.models import Entry, Organization, User
from cooperatives.permissions import organizations_where


class CashHandoverQuerySet(models.QuerySet["CashHandover"]):
    def visible_to(self, viewer: Any) -> CashHandoverQuerySet:
        """Both keepers, and those who may see the organization's money."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        own = Q(from_keeper=viewer) | Q(to_keeper=viewer)
        return self.filter(own | Q(organization__in=organizations_where(viewer, "see_money", on=today_in_vietnam())))


class CashHandover(models.Model):
    """Cash from one keeper's box to another's. Booked when the receiver has counted it and says so.

    ``number`` runs without gaps per organization.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("chờ người nhận đếm")
        ACCEPTED = "accepted", _("đã nhận")
        REFUSED = "refused", _("không nhận")
        WITHDRAWN = "withdrawn", _("đã rút lại")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="cash_handovers")
    number = models.PositiveIntegerField()
    from_keeper = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    to_keeper = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    amount_dong = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was refused.")
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="cash_handover")

    objects = CashHandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="cash_handover_number"),
            models.CheckConstraint(condition=Q(amount_dong__gte=1), name="cash_handover_amount"),
            models.CheckConstraint(condition=~Q(from_keeper=models.F("to_keeper")), name="cash_handover_two_people"),
        ]


class CashCount(models.Model):
    """A keeper's day close: what lay in the box, beside what the book says. A difference is booked, never hidden."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="cash_counts")
    number = models.PositiveIntegerField()
    keeper = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    expected_dong = models.BigIntegerField()
    counted_dong = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True, help_text="Why it differs; needed where it does.")
    at = models.DateTimeField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="cash_count")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="cash_count_number"),
            models.CheckConstraint(condition=Q(expected_dong__gte=0, counted_dong__gte=0), name="cash_count_amounts"),
        ]
