"""Money on its way back to payers, and what else a person says that a line of the bank was for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from base.periods import today_in_vietnam
from cooperatives.models import BankAccount, Entry, Organization, User
from cooperatives.permissions import organizations_where
from orders.models import Order
from payments.models.accounts import BillingAccount
from payments.models.arriving import BankTransaction
from payments.models.booking import Undoable
from payments.models.linking import PaymentLink


class RefundQuerySet(models.QuerySet["Refund"]):
    def visible_to(self, viewer: Any) -> RefundQuerySet:
        """Those who may see the organization's money."""
        return self.filter(organization__in=organizations_where(viewer, "see_money", on=today_in_vietnam()))

    def open(self) -> RefundQuerySet:
        """Waiting for somebody: to be ordered, or for the bank's line."""
        return self.filter(state__in=[Refund.State.TO_DO, Refund.State.ORDERED])

    def preloaded(self) -> RefundQuerySet:
        return self.select_related(
            "organization", "order", "account", "transaction", "link", "created_by", "ordered_by"
        )


class Refund(models.Model):
    """Money owed to a payer that goes back: first a task, then ordered out, then seen leaving the bank.

    Owed for exactly one of ``order``, ``account`` (of bills) and ``transaction`` (the arrival of a stranger). ``code``
    stands in the memo of the transfer that returns it and is never reused. Nothing is booked while it is TO_DO.
    """

    class State(models.TextChoices):
        TO_DO = "to_do", _("cần trả lại")
        ORDERED = "ordered", _("đang trả")
        SENT = "sent", _("đã trả")
        BOUNCED = "bounced", _("bị trả về")
        CANCELLED = "cancelled", _("đã bỏ")

    class Way(models.TextChoices):
        TRANSFER = "transfer", _("chuyển khoản")
        CARD = "card", _("về thẻ")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="refunds")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="refunds")
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, null=True, related_name="refunds")
    transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, null=True, related_name="refunds")
    amount_dong = models.BigIntegerField()
    code = models.CharField(max_length=12, unique=True)
    way = models.CharField(max_length=8, choices=Way, default=Way.TRANSFER)
    payee_bin = models.CharField(max_length=6, blank=True)
    payee_account = models.CharField(max_length=40, blank=True)
    payee_holder = models.CharField(max_length=120, blank=True)
    link = models.ForeignKey(PaymentLink, on_delete=models.PROTECT, null=True, related_name="refunds")
    external_id = models.CharField(max_length=120, blank=True, help_text="The card processor's id of it.")
    state = models.CharField(max_length=9, choices=State, default=State.TO_DO)
    reason = models.CharField(max_length=200, blank=True)
    trouble = models.CharField(max_length=200, blank=True, help_text="Why the processor refused it.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField(null=True)
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    from_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, null=True, related_name="refunds")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="refund")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_dong__gte=1, amount_dong__lte=MAX_DONG), name="refund_amount"),
            models.CheckConstraint(
                condition=Q(order__isnull=False, account=None, transaction=None)
                | Q(order=None, account__isnull=False, transaction=None)
                | Q(order=None, account=None, transaction__isnull=False),
                name="refund_one_subject",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "id"], name="refund_by_state")]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        """Whose debt account it empties: the order's or billing account's, else the transaction's."""
        if self.account_id:
            return f"account:{self.account_id}"
        return f"order:{self.order_id}" if self.order_id else f"transaction:{self.transaction_id}"


class RefundMovement(Undoable):
    """A line of the bank that carried a refund away (``SENT``), or brought it back (``BOUNCED``)."""

    class Kind(models.TextChoices):
        SENT = "sent", _("đã đi")
        BOUNCED = "bounced", _("bị trả về")

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="movements")
    transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, related_name="refund_movements")
    kind = models.CharField(max_length=7, choices=Kind)
    amount_dong = models.BigIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="refund_movement")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_dong__gte=1), name="refund_movement_amount"),
            # One live line closes a refund, one live line brings it back.
            models.UniqueConstraint(
                fields=["refund", "kind"], condition=Q(undone_at__isnull=True), name="refund_movement_once"
            ),
        ]


class Explanation(Undoable):
    """What (part of) a line was for, where it belongs to no request and no refund."""

    class Kind(models.TextChoices):
        BANK_FEE = "bank_fee", _("phí ngân hàng")
        OWN_SPENDING = "own_spending", _("hợp tác xã chi")
        CARRIER_COST = "carrier_cost", _("trả cước vận chuyển")
        OTHER_RECEIPT = "other_receipt", _("thu khác (lãi, hỗ trợ…)")
        OWN_TRANSFER = "own_transfer", _("chuyển giữa hai tài khoản của mình")
        DISPUTED = "disputed", _("chủ thẻ đòi lại")
        BANKED = "banked", _("tiền mặt nộp vào ngân hàng")

    transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, related_name="explanations")
    kind = models.CharField(max_length=13, choices=Kind)
    amount_dong = models.BigIntegerField()
    counterpart = models.ForeignKey(
        BankTransaction, on_delete=models.PROTECT, null=True, related_name="explained_by",
        help_text="Own transfers: the arrival on the other account.",
    )  # fmt: skip
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="disputes")
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Banked: whose cash box it came from."
    )
    from_purse_dong = models.BigIntegerField(default=0, help_text="Disputes: taken from the order's purse, not owed.")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="explanation")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_dong__gte=1), name="explanation_amount"),
            models.CheckConstraint(
                condition=Q(kind="own_transfer", counterpart__isnull=False)
                | (~Q(kind="own_transfer") & Q(counterpart__isnull=True)),
                name="explanation_counterpart",
            ),
            models.CheckConstraint(
                condition=Q(kind="disputed", order__isnull=False) | (~Q(kind="disputed") & Q(order__isnull=True)),
                name="explanation_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="banked", keeper__isnull=False) | (~Q(kind="banked") & Q(keeper__isnull=True)),
                name="explanation_keeper",
            ),
            models.CheckConstraint(
                condition=Q(from_purse_dong__gte=0, from_purse_dong__lte=models.F("amount_dong")),
                name="explanation_from_purse",
            ),
        ]
