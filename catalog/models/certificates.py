"""OCOP stars: given by a decision, for a time. A member can never type them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from catalog.models.goods import Product
from cooperatives.models import User


class OcopCertificateQuerySet(models.QuerySet["OcopCertificate"]):
    def live(self, *, on: date) -> OcopCertificateQuerySet:
        """Those whose stars are shown on this day: given by then, not withdrawn, and gone on the day they expire."""
        return self.filter(issued_on__lte=on, expires_on__gt=on, withdrawn_at__isnull=True)


class OcopCertificate(models.Model):
    """Three to five stars for one product (Decision 148/QĐ-TTg of 2023: 36 months)."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="certificates")
    stars = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=60, help_text="Number of the decision.")
    issuer = models.CharField(max_length=120)
    issued_on = models.DateField()
    expires_on = models.DateField(help_text="The stars are gone on this day.")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, help_text="Recorded by mistake, or taken back by the issuer.")

    objects = OcopCertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=3, stars__lte=5), name="ocop_three_to_five_stars"),
            models.CheckConstraint(condition=Q(expires_on__gt=F("issued_on")), name="ocop_lasts_a_day"),
        ]
        indexes = [models.Index(fields=["product", "expires_on"], name="ocop_by_product")]

    def is_live(self, *, on: date) -> bool:
        """What ``live`` asks, of one certificate."""
        return self.issued_on <= on < self.expires_on and self.withdrawn_at is None
