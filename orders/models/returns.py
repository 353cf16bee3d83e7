"""Goods that a buyer had accepted and brought back, and what that takes back of everybody's share."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Entry, Member, Organization, User
from cooperatives.models.people import staffed_by
from orders.models.allocations import Allocation
from orders.models.orders import Order


class ReturnQuerySet(models.QuerySet["Return"]):
    def visible_to(self, viewer: Any) -> ReturnQuerySet:
        """Staff of the selling organization."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(organization__in=staffed_by(viewer))


class Return(models.Model):
    """One bringing back: its lines say what and whose. Booked at once by an entry that corrects the hand-over.

    The buyer is owed ``amount_dong``: the goods' part and what of the shipping it was agreed to give back. What the
    seller bore because the goods were heavier was never the buyer's: it comes back last, and is no longer lost.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="returns")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    number = models.PositiveSmallIntegerField(help_text="1, 2 … of its order.")
    goods_dong = models.BigIntegerField()
    shipping_dong = models.BigIntegerField(default=0)
    borne_dong = models.BigIntegerField(
        default=0, help_text="Of the goods, what the seller had borne of their weight; the buyer never paid it."
    )
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="goods_return")

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="return_number"),
            models.CheckConstraint(
                condition=Q(goods_dong__gte=0, shipping_dong__gte=0, borne_dong__gte=0)
                & Q(goods_dong__gte=1 - F("shipping_dong"), borne_dong__lte=F("goods_dong")),
                name="return_sums",
            ),
        ]

    @property
    def amount_dong(self) -> int:
        return self.goods_dong - self.borne_dong + self.shipping_dong


class ReturnLine(models.Model):
    """What of one lot's part came back. ``owed_dong``: of her net, what the member had no longer to her credit."""

    class Fate(models.TextChoices):
        TO_LOT = "to_lot", _("để lại vào mẻ, bán tiếp")
        WRITTEN_OFF = "written_off", _("bỏ đi")

    goods_return = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="returns")
    quantity = models.PositiveBigIntegerField(help_text="Measures.")
    gross_dong = models.BigIntegerField()
    fee_dong = models.BigIntegerField()
    owed_dong = models.BigIntegerField(default=0)
    fate = models.CharField(max_length=12, choices=Fate)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["goods_return", "allocation"], name="return_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, gross_dong__gte=0, fee_dong__gte=0, fee_dong__lte=F("gross_dong"))
                & Q(owed_dong__gte=0, owed_dong__lte=F("gross_dong") - F("fee_dong")),
                name="return_line_sums",
            ),
        ]


class Netting(models.Model):
    """New credit of a member used up by what she owed; below 0, her debt stands again instead of credit that she no
    longer has (what gave it to her is taken back)."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="nettings")
    amount_dong = models.BigIntegerField()
    at = models.DateTimeField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="netting")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_dong=0), name="netting_amount")]
