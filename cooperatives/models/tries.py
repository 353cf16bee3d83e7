"""How often something was tried: counters in the database, so that every process sees the same."""

from django.db import models


class Tries(models.Model):
    """Wrong tries of one kind by or at one subject in one hour. The subject is a keyed digest, never the thing."""

    scope = models.CharField(max_length=20, help_text="bill_code, bill_address …")
    subject = models.CharField(max_length=64)
    hour = models.DateTimeField(help_text="Its first instant.")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "subject", "hour"], name="tries_once")]
        indexes = [models.Index(fields=["hour"], name="tries_by_hour")]
