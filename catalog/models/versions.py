"""One number per cooperative: while it stands, what strangers see of its shop stands too."""

from __future__ import annotations

from django.db import models

from cooperatives.models import Organization


class ShopVersion(models.Model):
    """Moves with everything that a public page or answer shows of one shop (catalog/versions.py)."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="shop_version"
    )
    number = models.PositiveBigIntegerField(default=1)
