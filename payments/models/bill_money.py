"""Which item of which bill each đồng was for, credit that was used, and what was given back of an item."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cooperatives.models import Entry
from payments.models.accounts import BillingAccount
from payments.models.asking import PaymentRequest
from payments.models.billing import Bill
from payments.models.booking import CashReceipt, Settlement, Undoable
from payments.models.fees import FeeItem


class BundlePart(models.Model):
    """One request (of a bill) that a bundle stands for. Fixed when the bundle is made."""

    bundle = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT, related_name="parts")
    part = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT, related_name="bundled_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bundle", "part"], name="bundle_part_once")]


class CreditUse(Undoable):
    """What was owed to the payer of an account, used for one of its bills."""

    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="credit_uses")
    payment_request = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT, related_name="credit_uses")
    amount_dong = models.BigIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="credit_use")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_dong__gte=1), name="credit_use_amount")]


class GivenBack(Undoable):
    """What had been paid for items of a bill and is owed to the payer again: a correction, a meal not eaten."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="given_back")
    amount_dong = models.BigIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="given_back")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_dong__gte=1), name="given_back_amount")]


class ItemShare(models.Model):
    """So much of one document for one item of one bill. It counts while its document is live.

    An item is paid by Σ of settlements, cash and credit, less what was given back.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="shares")
    fee_item = models.ForeignKey(FeeItem, on_delete=models.PROTECT, related_name="shares")
    amount_dong = models.BigIntegerField()
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, null=True, related_name="shares")
    cash_receipt = models.ForeignKey(CashReceipt, on_delete=models.PROTECT, null=True, related_name="shares")
    credit_use = models.ForeignKey(CreditUse, on_delete=models.PROTECT, null=True, related_name="shares")
    given_back = models.ForeignKey(GivenBack, on_delete=models.PROTECT, null=True, related_name="shares")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_dong__gte=1), name="item_share_amount"),
            models.CheckConstraint(
                condition=Q(settlement__isnull=False, cash_receipt=None, credit_use=None, given_back=None)
                | Q(settlement=None, cash_receipt__isnull=False, credit_use=None, given_back=None)
                | Q(settlement=None, cash_receipt=None, credit_use__isnull=False, given_back=None)
                | Q(settlement=None, cash_receipt=None, credit_use=None, given_back__isnull=False),
                name="item_share_one_document",
            ),
        ]
