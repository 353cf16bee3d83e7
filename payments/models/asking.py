"""What is asked for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from cooperatives.models import BankAccount, Organization
from cooperatives.models.people import staffed_by
from orders.models import Order
from payments.models.accounts import BillingAccount
from payments.models.billing import Bill


class PaymentRequestQuerySet(models.QuerySet["PaymentRequest"]):
    def visible_to(self, viewer: Any) -> PaymentRequestQuerySet:
        """Staff. The public pay page reads single rows by code and shows only what the QR carries."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(organization__in=staffed_by(viewer))

    def takes_money(self) -> PaymentRequestQuerySet:
        return self.filter(state__in=[PaymentRequest.State.WAITING, PaymentRequest.State.PART])


class PaymentRequest(models.Model):
    """One thing to pay for. ``code`` is what the payer's memo carries; it is never reused.

    For exactly one of: an Order, a Bill, a bundle of other requests (one QR for several bills of one biller into one
    bank account). A bundle holds no money of its own: what comes for it goes to the items of its parts' bills. Its
    ``credited_dong`` is what of ``asked_dong`` is no longer due, whichever way its parts were paid.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("chưa thấy tiền")
        PART = "part", _("mới nhận một phần")
        PAID = "paid", _("đã nhận đủ")
        OVER = "over", _("nhận thừa")
        EXPIRED = "expired", _("quá hạn")
        CANCELLED = "cancelled", _("đã hủy")
        REFUNDED = "refunded", _("đã hoàn tiền")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="payment_requests")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="payment_requests")
    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, null=True, related_name="request")
    is_bundle = models.BooleanField(default=False)
    account = models.ForeignKey(
        BillingAccount, on_delete=models.PROTECT, null=True, related_name="payment_requests",
        help_text="To whose payer an excess is owed: the bill's account, a bundle's first.",
    )  # fmt: skip
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="payment_requests")
    code = models.CharField(max_length=12, unique=True)
    asked_dong = models.BigIntegerField()
    credited_dong = models.BigIntegerField(
        default=0, help_text="Given to its purse and still there, never more than asked."
    )
    excess_dong = models.BigIntegerField(default=0, help_text="Came inside its transfers beyond what was asked.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    objects = PaymentRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(order__isnull=False, bill=None, is_bundle=False, account=None)
                | Q(order=None, bill__isnull=False, is_bundle=False, account__isnull=False)
                | Q(order=None, bill=None, is_bundle=True, account__isnull=False),
                name="payment_request_one_payable",
            ),
            # A bill of which nothing is to be paid (exempt, corrected) asks for 0.
            models.CheckConstraint(
                condition=Q(asked_dong__gte=1, asked_dong__lte=MAX_DONG) | Q(asked_dong=0, bill__isnull=False),
                name="payment_request_asked",
            ),
            models.CheckConstraint(
                condition=Q(credited_dong__gte=0, excess_dong__gte=0, credited_dong__lte=models.F("asked_dong")),
                name="payment_request_credited",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="payment_request_by_state")]

    def __str__(self) -> str:
        return self.code

    @property
    def due_dong(self) -> int:
        """Still owed, whole đồng; 0 once it is closed without payment."""
        if self.state in {self.State.EXPIRED, self.State.CANCELLED, self.State.REFUNDED}:
            return 0
        return self.asked_dong - self.credited_dong

    @property
    def wanted_dong(self) -> int:
        """What is asked for now, by page and QR: of a first order on receipt its deposit until that has come, else all
        that is due. Reads the order."""
        order = self.order
        if order is None or not self.takes_money or not order.waits_for_deposit:
            return self.due_dong
        return min(order.deposit_dong - self.credited_dong, self.due_dong)

    @property
    def rest_dong(self) -> int:
        """What is due beside ``wanted_dong``: paid when the goods come."""
        return self.due_dong - self.wanted_dong

    @property
    def paid_dong(self) -> int:
        """What came for it, the excess included. Of a bundle (one query) no more than came for its bills: what was
        cancelled or corrected of them is no longer due either, and nobody paid it."""
        credited = self.credited_dong
        if self.is_bundle and credited:
            came = PaymentRequest.objects.filter(bundled_in__bundle=self).aggregate(dong=Sum("credited_dong"))
            credited = min(credited, came["dong"] or 0)
        return credited + self.excess_dong

    @property
    def takes_money(self) -> bool:
        return self.state in {self.State.WAITING, self.State.PART}
