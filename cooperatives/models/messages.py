"""What has to be said to whom: one outbox of rows, read by adapters and by a person at the desk."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperatives.models.organizations import Organization
from cooperatives.models.people import User, staffed_by


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, viewer: Any) -> MessageQuerySet:
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(organization__in=staffed_by(viewer))

    def waiting(self) -> MessageQuerySet:
        return self.filter(state=Message.State.WAITING)


class Message(models.Model):
    """One thing to tell one person. Written inside the transaction that made it true."""

    class State(models.TextChoices):
        WAITING = "waiting", _("chưa báo")
        SAID = "said", _("đã báo")
        DROPPED = "dropped", _("không cần báo")

    class Kind(models.TextChoices):
        ORDER_PLACED = "order_placed", _("đơn đã đặt")
        ORDER_PAID = "order_paid", _("đã nhận đủ tiền")
        ORDER_PART_PAID = "order_part_paid", _("mới nhận một phần tiền")
        ORDER_OVERPAID = "order_overpaid", _("nhận thừa tiền")
        ORDER_READY = "order_ready", _("hàng đã gói")
        ORDER_HANDED_OVER = "order_handed_over", _("đã giao hàng")
        ORDER_EXPIRED = "order_expired", _("đơn quá hạn")
        ORDER_CANCELLED = "order_cancelled", _("đơn đã hủy")
        MONEY_LATE = "money_late", _("tiền về muộn")
        REFUND_ORDERED = "refund_ordered", _("đang trả lại tiền")
        REFUND_SENT = "refund_sent", _("đã trả lại tiền")
        BILL_DUE = "bill_due", _("nhắc khoản thu")
        BILL_PAID = "bill_paid", _("đã nhận tiền khoản thu")
        BILL_CORRECTED = "bill_corrected", _("khoản thu được điều chỉnh")
        WEIGHT_CHANGED = "weight_changed", _("cân lại khi gói")
        PARCEL_SENT = "parcel_sent", _("đã gửi hàng đi")
        PARCEL_BACK = "parcel_back", _("kiện hàng không đến nơi")
        RETURN_TAKEN = "return_taken", _("đã nhận hàng trả lại")
        CYCLE_GOES = "cycle_goes", _("phiên chợ chốt, sẽ giao")
        CYCLE_FAILED = "cycle_failed", _("phiên chợ không đủ đơn")
        STOCK_ASKED = "stock_asked", _("hỏi còn hàng")
        BRING_LIST = "bring_list", _("danh sách hàng cần mang đến")
        COMPLAINT_RECEIVED = "complaint_received", _("đã nhận khiếu nại")
        COMPLAINT_ANSWERED = "complaint_answered", _("đã trả lời khiếu nại")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=20, choices=Kind)
    to_name = models.CharField(max_length=80)
    to_phone = models.CharField(max_length=16, blank=True)
    text = models.TextField()
    about = models.CharField(max_length=40, help_text="order:12 …")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    said_at = models.DateTimeField(null=True)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    said_through = models.CharField(max_length=20, blank=True, help_text="console, phone, sms, zalo")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "state", "id"], name="message_waiting")]
