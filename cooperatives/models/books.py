"""The tables of the books. What an Entry and a Posting may never be stands here and in walls.py."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from base.money import MAX_DONG
from cooperatives.models.organizations import Organization
from cooperatives.models.people import User


class LedgerAccount(models.Model):
    """One account for each open thing: unique over organization, kind and subject.

    ``debits`` and ``credits`` are sums of postings, moved by the database's own triggers and by nothing else.
    """

    class Side(models.TextChoices):
        DEBIT = "D"
        CREDIT = "C"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="ledger_accounts")
    kind = models.CharField(max_length=24)
    subject = models.CharField(max_length=40, blank=True, help_text="order:12, member:5, transaction:9 …")
    side = models.CharField(max_length=1, choices=Side)
    no_overdraft = models.BooleanField()
    debits = models.BigIntegerField(default=0)
    credits = models.BigIntegerField(default=0)
    # Row locks need an UPDATE right; the application role gets it on this column alone.
    lock_seat = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "subject"], name="ledger_account_once"),
            models.CheckConstraint(
                condition=Q(no_overdraft=False)
                | Q(side="D", debits__gte=F("credits"))
                | Q(side="C", credits__gte=F("debits")),
                name="ledger_account_no_overdraft",
            ),
            models.CheckConstraint(condition=Q(debits__gte=0, credits__gte=0), name="ledger_account_sums"),
        ]

    @property
    def balance_dong(self) -> int:
        """On its normal side, whole đồng."""
        return self.debits - self.credits if self.side == self.Side.DEBIT else self.credits - self.debits


class Entry(models.Model):
    """One business event. ``key`` names it and never expires; ``fingerprint`` is over the event's input."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="entries")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    event = models.CharField(max_length=24)
    booked_on = models.DateField(help_text="The day it belongs to, in Việt Nam.")
    at = models.DateTimeField(help_text="When it was posted.")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    for_whom = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="entry_key_once")]
        indexes = [models.Index(fields=["organization", "booked_on"], name="entry_by_day")]


class Posting(models.Model):
    """Both sides in one row and a positive amount: an unbalanced state cannot be written."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    debit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="debit_postings")
    credit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="credit_postings")
    amount_dong = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_dong__gte=1, amount_dong__lte=MAX_DONG), name="posting_amount"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="posting_two_accounts"),
        ]
        indexes = [
            models.Index(fields=["debit", "id"], name="posting_debit"),
            models.Index(fields=["credit", "id"], name="posting_credit"),
        ]
