"""The memory of finished things: one row an idempotency key."""

from django.db import models


class DoneOnce(models.Model):
    """``key`` was used for ``verb`` by ``caller`` with the input of ``fingerprint``, and made ``result``."""

    verb = models.CharField(max_length=40)
    caller = models.CharField(max_length=40, help_text="user:5, or 'anyone' for guests.")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    result = models.CharField(max_length=400, blank=True, help_text="Short: up to 50 order ids, or one id.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["verb", "caller", "key"], name="done_once")]
