"""The lots that went into each line of an order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from catalog.models import Lot
from cooperatives.models import Member
from cooperatives.models.people import staffed_by
from orders.models.lines import OrderLine


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, viewer: Any) -> AllocationQuerySet:
        """Staff of the selling organization. A member reads her own through orders/sales.py."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(line__order__organization__in=staffed_by(viewer))

    def of_member(self, member: Member) -> AllocationQuerySet:
        return self.filter(lot__member=member)

    def accepted_between(self, start: datetime, end: datetime) -> AllocationQuerySet:
        """From ``start`` until just before ``end``."""
        return self.filter(line__order__accepted_at__gte=start, line__order__accepted_at__lt=end)

    def latest_first(self) -> AllocationQuerySet:
        return self.order_by("-line__order__accepted_at", "-line__order_id", "line__position", "position")

    def preloaded(self) -> AllocationQuerySet:
        return self.select_related("line__order", "line__variant", "lot__variant__product", "lot__member__user")


class Allocation(models.Model):
    """One lot's part in one line, frozen when the goods leave: whose they were, and who is owed what once they are
    accepted. Of an order that came back unaccepted it stays as it was, and was never booked."""

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="allocations")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="allocations")
    position = models.PositiveSmallIntegerField()
    quantity = models.PositiveBigIntegerField()
    gross_dong = models.BigIntegerField()
    fee_dong = models.BigIntegerField()
    # What returns have taken back of it (orders/models/returns.py); what is kept is the difference.
    back_quantity = models.PositiveBigIntegerField(default=0)
    back_gross_dong = models.BigIntegerField(default=0)
    back_fee_dong = models.BigIntegerField(default=0)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ("position",)  # first in, first out: the order the lots were taken in
        constraints = [
            models.UniqueConstraint(fields=["line", "lot"], name="allocation_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, gross_dong__gte=0, fee_dong__gte=0, fee_dong__lte=F("gross_dong")),
                name="allocation_shares",
            ),
            models.CheckConstraint(
                condition=Q(back_quantity__lte=F("quantity"), back_gross_dong__gte=0, back_fee_dong__gte=0)
                & Q(back_gross_dong__lte=F("gross_dong"), back_fee_dong__lte=F("fee_dong")),
                name="allocation_back",
            ),
        ]

    @property
    def net_dong(self) -> int:
        """What the lot's owner is owed when the goods are accepted."""
        return self.gross_dong - self.fee_dong

    @property
    def kept_gross_dong(self) -> int:
        """Of its gross, what no return has taken back."""
        return self.gross_dong - self.back_gross_dong

    @property
    def kept_fee_dong(self) -> int:
        return self.fee_dong - self.back_fee_dong

    @property
    def kept_quantity(self) -> int:
        """Measures that were not brought back."""
        return self.quantity - self.back_quantity
