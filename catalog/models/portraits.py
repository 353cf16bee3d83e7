"""Faces of members, for as long as they agree."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q

from cooperatives.models import Member, User


class PortraitQuerySet(models.QuerySet["Portrait"]):
    def shown(self) -> PortraitQuerySet:
        """Those whose owner agrees to this day, and still belongs to the cooperative."""
        return self.filter(withdrawn_at__isnull=True, member__left_on__isnull=True)


class Portrait(models.Model):
    """A member's face and the consent under which it is shown. Withdrawing removes the files and keeps the row."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="portraits")
    name = models.CharField(max_length=40, unique=True, help_text="Random; says nothing of the upload.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    colour = models.CharField(max_length=7)
    is_drawn = models.BooleanField(default=False)
    wording = models.CharField(max_length=20, help_text="Which text of consent she agreed to.")
    witness = models.CharField(max_length=80, blank=True)
    consented_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PortraitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(withdrawn_at__isnull=True), name="portrait_one_shown_a_member"
            )
        ]

    def path(self, size: int, kind: str) -> str:
        """Path below MEDIA of one rendition; ``size`` 160, 320 or 640, ``kind`` webp or jpg.

        Not among the photos of goods: those may be kept for a year by whoever has seen them, faces may not.
        """
        return f"faces/{self.name}-{size}.{kind}"

    def url(self, size: int, kind: str) -> str:
        return default_storage.url(self.path(size, kind))
