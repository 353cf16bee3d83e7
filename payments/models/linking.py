"""What a provider made for one request: a payOS link with an account of its own, a Stripe page for a card."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from cooperatives.models import Organization
from payments.models.arriving import Feed
from payments.models.asking import PaymentRequest


class PaymentLink(models.Model):
    """``number`` is the name under which the provider's signed calls speak of it (``Arrival.link``): it proves as our
    code does. Written down, with the ``key`` of the outgoing call, before the provider is asked for it."""

    class State(models.TextChoices):
        ASKED = "asked", _("đang tạo")
        OPEN = "open", _("chờ trả")
        PROCESSING = "processing", _("ngân hàng đang xử lý")
        PAID = "paid", _("đã trả")
        DECLINED = "declined", _("thẻ bị từ chối")
        EXPIRED = "expired", _("quá hạn")
        CANCELLED = "cancelled", _("đã hủy")
        PART_REFUNDED = "part_refunded", _("đã hoàn một phần")
        REFUNDED = "refunded", _("đã hoàn tiền")
        DISPUTED = "disputed", _("chủ thẻ khiếu nại")
        DISPUTE_WON = "dispute_won", _("khiếu nại: mình đúng")
        DISPUTE_LOST = "dispute_lost", _("khiếu nại: mất tiền")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="payment_links")
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="payment_links")
    payment_request = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT, related_name="links")
    number = models.CharField(max_length=40, help_text="Ours, never reused: payOS orderCode, a card payment's name.")
    external_id = models.CharField(max_length=120, blank=True, help_text="The provider's id of it.")
    charge_id = models.CharField(max_length=120, blank=True, help_text="Cards: the provider's id of the payment.")
    amount_dong = models.BigIntegerField()
    key = models.CharField(max_length=64, unique=True, help_text="Idempotency key of the outgoing call.")
    state = models.CharField(max_length=16, choices=State, default=State.ASKED)
    url = models.TextField(blank=True)
    qr_payload = models.TextField(blank=True)
    account_bin = models.CharField(max_length=6, blank=True)
    account_number = models.CharField(max_length=40, blank=True)
    account_holder = models.CharField(max_length=120, blank=True)
    memo = models.CharField(max_length=60, blank=True)
    trouble = models.CharField(max_length=200, blank=True, help_text="Why it was declined, as the provider says it.")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "number"], name="payment_link_number"),
            models.UniqueConstraint(
                fields=["feed", "external_id"], condition=~Q(external_id=""), name="payment_link_external_id"
            ),
            models.CheckConstraint(
                condition=Q(amount_dong__gte=1, amount_dong__lte=MAX_DONG), name="payment_link_amount"
            ),
        ]
        indexes = [models.Index(fields=["payment_request", "state"], name="payment_link_by_request")]

    def __str__(self) -> str:
        return self.number
