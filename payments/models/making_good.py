"""What the cooperative bears or keeps, and cash that leaves a box against a numbered slip."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Entry, Member, Organization, User
from orders.models import Order, Shipment
from payments.models.booking import Undoable


class MadeGood(Undoable):
    """What the cooperative bears (books: made good), each kind for one thing.

    WEIGHT into an order's purse; LOST to the member whose goods were lost; SHORT for money that a carrier did not
    bring, of a shipment; GOODWILL to the buyer of an order.
    """

    class Kind(models.TextChoices):
        WEIGHT = "weight", _("gói nặng hơn")
        LOST = "lost", _("hàng mất, hỏng trên đường")
        SHORT = "short", _("tiền thu hộ thiếu")
        GOODWILL = "goodwill", _("đền cho người mua")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="made_good")
    kind = models.CharField(max_length=8, choices=Kind)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="made_good")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True, related_name="made_good")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="made_good")
    amount_dong = models.BigIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="made_good")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_dong__gte=1), name="made_good_amount"),
            models.CheckConstraint(
                condition=Q(kind__in=["weight", "goodwill"], member=None)
                | Q(kind="lost", member__isnull=False, shipment__isnull=False)
                | Q(kind="short", member=None, shipment__isnull=False),
                name="made_good_for",
            ),
            # What a member lost in a parcel, and what was borne of an order's weight, is made good once.
            models.UniqueConstraint(
                fields=["shipment", "member"],
                condition=Q(kind="lost", undone_at__isnull=True),
                name="made_good_lost_once",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(kind="weight", undone_at__isnull=True), name="made_good_weight_once"
            ),
        ]


class DepositKept(Undoable):
    """Of the deposit of a buyer who refused the parcel, what stays for its carriage (books: deposit kept)."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deposits_kept")
    amount_dong = models.BigIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="deposit_kept")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_dong__gte=1), name="deposit_kept_amount")]


class CashVoucher(Undoable):
    """Cash paid out of a keeper's box: phiếu chi. ``number`` runs without gaps per organization.

    MEMBER: what she is owed for goods. BUYER: what is owed back for an order. CARRIAGE, SPENDING: a cost.
    """

    class Kind(models.TextChoices):
        MEMBER = "member", _("trả tiền hàng cho bà con")
        BUYER = "buyer", _("trả lại người mua")
        CARRIAGE = "carriage", _("trả cước vận chuyển")
        SPENDING = "spending", _("hợp tác xã chi")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="cash_vouchers")
    number = models.PositiveIntegerField()
    keeper = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cash_vouchers")
    kind = models.CharField(max_length=8, choices=Kind)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="cash_vouchers")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="cash_vouchers")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True, related_name="cash_vouchers")
    to_name = models.CharField(max_length=80, help_text="Who took the money.")
    amount_dong = models.BigIntegerField()
    void_reason = models.CharField(max_length=200, blank=True, help_text="Why it was undone; its number stays used.")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="cash_voucher")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="cash_voucher_number"),
            models.CheckConstraint(condition=Q(amount_dong__gte=1), name="cash_voucher_amount"),
            models.CheckConstraint(
                condition=Q(kind="member", member__isnull=False, order=None)
                | Q(kind="buyer", member=None, order__isnull=False)
                | Q(kind__in=["carriage", "spending"], member=None, order=None),
                name="cash_voucher_for",
            ),
        ]
