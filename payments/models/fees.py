"""What a biller charges for: items, their dated rates, who pays less, who agreed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.money import MAX_TRANSFER_DONG
from cooperatives.models import Organization, User
from cooperatives.models.people import staffed_by
from payments.models.accounts import BillingAccount


class FeeItemQuerySet(models.QuerySet["FeeItem"]):
    def visible_to(self, viewer: Any) -> FeeItemQuerySet:
        """Staff. The public price list reads the active items of an open biller."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(organization__in=staffed_by(viewer))

    def in_billers_order(self) -> FeeItemQuerySet:
        return self.order_by("position", "id")


class FeeItem(models.Model):
    """One thing that a biller charges for. ``position`` is the biller's order: a part payment fills items in it."""

    class Period(models.TextChoices):
        MONTH = "month", _("tháng")
        TERM = "term", _("học kỳ")
        YEAR = "year", _("năm")
        ONCE = "once", _("một lần")

    class Measure(models.TextChoices):
        FLAT = "flat", _("một mức cho mỗi người, mỗi hộ")
        COUNTED = "counted", _("theo số lượng (suất ăn, buổi…)")
        METERED = "metered", _("theo chỉ số đồng hồ")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="fee_items")
    name = models.CharField(max_length=80)
    period = models.CharField(max_length=5, choices=Period)
    measure = models.CharField(max_length=7, choices=Measure, default=Measure.FLAT)
    unit_name = models.CharField(max_length=20, blank=True, help_text="suất, buổi, m³: what is counted.")
    compulsory = models.BooleanField(default=False)
    refundable = models.BooleanField(default=True, help_text="May a part be given back (meals not eaten)?")
    position = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects = FeeItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="fee_item_name_once")]

    def __str__(self) -> str:
        return self.name


class FeeRate(models.Model):
    """What an item costs from a day on. A correction is a new row with a later or the same-day successor refused.

    ``price_dong`` is for one (a head, a meal, a m³). A metered item with ``steps`` has them instead:
    ``[[10, 6000], [20, 7500], [null, 9000]]``, the last one open, each price for one unit within its step.
    ``ceiling_dong`` is what the law or the meeting allows for one, null where no ceiling is set.
    """

    fee_item = models.ForeignKey(FeeItem, on_delete=models.PROTECT, related_name="rates")
    since = models.DateField()
    price_dong = models.BigIntegerField()
    steps = models.JSONField(default=list)
    ceiling_dong = models.BigIntegerField(null=True)
    legal_basis = models.CharField(max_length=200, blank=True, help_text="Resolution, decision or minutes, with date.")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fee_item", "since"], name="fee_rate_day_once"),
            models.CheckConstraint(
                condition=Q(price_dong__gte=0, price_dong__lte=MAX_TRANSFER_DONG), name="fee_rate_price"
            ),
            models.CheckConstraint(
                condition=Q(ceiling_dong__isnull=True) | Q(ceiling_dong__gte=0), name="fee_rate_ceiling"
            ),
        ]


class ExemptGroup(models.Model):
    """People who pay less by law or by the biller's own decision: near-poor, martyrs' families, second child …"""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="exempt_groups")
    name = models.CharField(max_length=80)
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="exempt_group_once")]

    def __str__(self) -> str:
        return self.name


class ExemptShare(models.Model):
    """How much less a group pays for an item, in basis points (10,000 = nothing to pay)."""

    fee_item = models.ForeignKey(FeeItem, on_delete=models.CASCADE, related_name="exempt_shares")
    group = models.ForeignKey(ExemptGroup, on_delete=models.CASCADE, related_name="shares")
    reduction_bp = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fee_item", "group"], name="exempt_share_once"),
            models.CheckConstraint(condition=Q(reduction_bp__gte=1, reduction_bp__lte=10_000), name="exempt_share_bp"),
        ]


class Exemption(models.Model):
    """An account is in a group from a day, perhaps to a day. Ended, never erased."""

    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="exemptions")
    group = models.ForeignKey(ExemptGroup, on_delete=models.PROTECT, related_name="exemptions")
    since = models.DateField()
    until = models.DateField(null=True)
    evidence = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()


class Agreement(models.Model):
    """A household agreed to a voluntary item for one account. Without it the item is never billed."""

    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="agreements")
    fee_item = models.ForeignKey(FeeItem, on_delete=models.PROTECT, related_name="agreements")
    since = models.DateField()
    until = models.DateField(null=True)
    how = models.CharField(max_length=200, blank=True, help_text="Signed form, meeting minutes, message …")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "fee_item"], condition=Q(until__isnull=True), name="agreement_once"
            )
        ]
