"""The documents behind the books: every entry about money has exactly one of these."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cooperatives.models import BankAccount, Entry, Organization, User
from orders.models import Order
from payments.models.accounts import BillingAccount
from payments.models.arriving import BankTransaction
from payments.models.asking import PaymentRequest


class Undoable(models.Model):
    """Who did it and when; who took it back and when."""

    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def is_live(self) -> bool:
        return self.undone_at is None


class Settlement(Undoable):
    """Money of one BankTransaction given to one PaymentRequest: ``credited`` to its purse, ``excess`` owed back."""

    transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, related_name="settlements")
    payment_request = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT, related_name="settlements")
    credited_dong = models.BigIntegerField()
    excess_dong = models.BigIntegerField(default=0)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="settlement")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(credited_dong__gte=0, excess_dong__gte=0)
                & (Q(credited_dong__gte=1) | Q(excess_dong__gte=1)),
                name="settlement_amounts",
            ),
        ]

    @property
    def amount_dong(self) -> int:
        return self.credited_dong + self.excess_dong


class KeptDebt(Undoable):
    """Money that came and belongs to no open request: a debt to whoever paid it."""

    transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, related_name="kept_debts")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="kept_debts")
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, null=True, related_name="kept_debts")
    amount_dong = models.BigIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="kept_debt")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_dong__gte=1), name="kept_debt_amount"),
            models.CheckConstraint(condition=Q(order=None) | Q(account=None), name="kept_debt_one_subject"),
        ]

    @property
    def subject(self) -> str:
        """Whose debt account it stands on: the order's or billing account's, else the transaction's."""
        if self.account_id:
            return f"account:{self.account_id}"
        return f"order:{self.order_id}" if self.order_id else f"transaction:{self.transaction_id}"


class CashReceipt(Undoable):
    """Cash counted by a named keeper. ``number`` runs without gaps per organization.

    ``amount_dong`` is what lies in the cash box; ``credited_dong`` went to the order's purse; the difference
    is the rounding to the organization's cash step (positive: other receipts, negative: losses).
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="cash_receipts")
    number = models.PositiveIntegerField()
    payment_request = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT, related_name="cash_receipts")
    keeper = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cash_receipts")
    amount_dong = models.BigIntegerField()
    credited_dong = models.BigIntegerField()
    void_reason = models.CharField(max_length=200, blank=True, help_text="Why it was undone; its number stays used.")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="cash_receipt")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="cash_receipt_number"),
            models.CheckConstraint(condition=Q(amount_dong__gte=1, credited_dong__gte=1), name="cash_receipt_amount"),
        ]


class Release(Undoable):
    """An order's purse given back: cancelled or expired while it held money."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="releases")
    amount_dong = models.BigIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="release")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_dong__gte=1), name="release_amount")]


class OpeningBalance(models.Model):
    """What an account held on the organization's opening day."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="openings")
    bank_account = models.OneToOneField(BankAccount, on_delete=models.PROTECT, related_name="opening")
    amount_dong = models.BigIntegerField(help_text="May be negative: an overdrawn account.")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="opening")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
