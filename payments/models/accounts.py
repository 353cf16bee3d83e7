"""Who is billed: pupils and meters, the households that they belong to, and what meters showed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.text import composed
from cooperatives.models import Organization, User
from cooperatives.models.people import staffed_by


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, viewer: Any) -> HouseholdQuerySet:
        """Staff of the biller that made its card. The household itself comes by token, or card code + second factor."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(organization__in=staffed_by(viewer))


class Household(models.Model):
    """Whoever pays for one or several accounts of a biller, with a printed card: no account, no app.

    ``token`` (≥ 128 bits) opens its page by link or QR. ``card_code`` is typed, and never enough without the second
    factor. A lost card is made anew: both change, the old ones are dead. ``phone`` is the parent's; it is no proof.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="households")
    name = models.CharField(max_length=80, help_text="The parent or the head of the household.")
    phone = models.CharField(max_length=16, blank=True, help_text="E.164")
    place = models.CharField(max_length=80, blank=True, help_text="Hamlet; for the biller's own lists.")
    token = models.CharField(max_length=40, unique=True)
    card_code = models.CharField(max_length=10, unique=True)
    card_made_at = models.DateTimeField()
    created_at = models.DateTimeField()

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "phone"], name="household_by_phone")]

    def __str__(self) -> str:
        return self.name


class BillingAccountQuerySet(models.QuerySet["BillingAccount"]):
    def visible_to(self, viewer: Any) -> BillingAccountQuerySet:
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(organization__in=staffed_by(viewer))

    def active(self, *, on: date) -> BillingAccountQuerySet:
        return self.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))

    def by_name(self) -> BillingAccountQuerySet:
        """By class or hamlet, then by given name, the Vietnamese way."""
        return self.order_by("section_key", "name_key", "id")


class BillingAccount(models.Model):
    """A pupil or a meter: what bills are made out for. ``number`` is the biller's own (pupil code, meter no.)."""

    class Kind(models.TextChoices):
        PUPIL = "pupil", _("học sinh")
        METER = "meter", _("đồng hồ")
        MEMBER = "member", _("hội viên, hộ")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="billing_accounts")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="accounts")
    kind = models.CharField(max_length=6, choices=Kind)
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=250, help_text="base.names.sort_key(name)")
    section = models.CharField(max_length=40, blank=True, help_text="Class or hamlet.")
    section_key = models.CharField(
        max_length=80, blank=True, help_text="base.names.section_key(section): 2A before 10A."
    )
    since = models.DateField()
    until = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects = BillingAccountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "number"], name="billing_account_number_once")]
        indexes = [models.Index(fields=["organization", "section_key", "name_key"], name="billing_account_by_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def initials(self) -> str:
        """``Nguyễn Văn An`` → ``N.V.A.``: all that a page shows of a name."""
        return "".join(f"{word[0].upper()}." for word in composed(self.name).split())

    @property
    def subject(self) -> str:
        """Whose debt account it is in the books."""
        return f"account:{self.pk}"


class HouseholdLink(models.Model):
    """An account of another biller that the household put on its own page, by that card's code and second factor."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="links")
    account = models.ForeignKey(BillingAccount, on_delete=models.CASCADE, related_name="links")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household", "account"], name="household_link_once")]


class Reading(models.Model):
    """What a meter showed for one month. A correction is a new row that names the one it replaces."""

    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="readings")
    month = models.CharField(max_length=7, help_text="2026-10")
    read_on = models.DateField()
    old_value = models.PositiveIntegerField()
    new_value = models.PositiveIntegerField()
    used = models.PositiveIntegerField(help_text="new − old, unless the meter was changed in between.")
    meter_changed = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    is_live = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "month"], condition=Q(is_live=True), name="reading_one_live_a_month"
            ),
            models.CheckConstraint(
                condition=Q(meter_changed=True)
                | Q(new_value__gte=models.F("old_value"), used=models.F("new_value") - models.F("old_value")),
                name="reading_used",
            ),
        ]


class RosterImport(models.Model):
    """One file of accounts or readings that was taken in: what it held and what of it was faulty."""

    class Kind(models.TextChoices):
        ACCOUNTS = "accounts", _("danh sách")
        READINGS = "readings", _("chỉ số đồng hồ")
        COUNTS = "counts", _("số lượng (suất ăn…)")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="roster_imports")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(help_text="Which column was what; proposed again for the next file.")
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    same = models.PositiveIntegerField()
    faults = models.JSONField(default=list, help_text='[{"row": 7, "code": "NO_NAME", "said": "…"}]')
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
