"""Where goods are fetched, and the market days for which orders are gathered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from catalog.models import Product
from cooperatives.models import Organization, User
from cooperatives.models.people import staffed_by


class PickupPoint(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="pickup_points")
    name = models.CharField(max_length=80)
    place = models.CharField(max_length=160)
    hours = models.CharField(max_length=80, blank=True)
    commune_code = models.CharField(max_length=5, blank=True)
    phone = models.CharField(max_length=16, blank=True, help_text="Whom to call there.")
    is_open = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")  # a cooperative's few points, in its own order

    def __str__(self) -> str:
        return self.name


class CycleQuerySet(models.QuerySet["Cycle"]):
    def visible_to(self, viewer: Any) -> CycleQuerySet:
        """Everybody sees those of open shops, except the cancelled ones; staff see all of their own."""
        public = Q(organization__is_open=True, organization__sells=True) & ~Q(state=Cycle.State.CANCELLED)
        if not getattr(viewer, "is_authenticated", False):
            return self.filter(public)
        return self.filter(public | Q(organization__in=staffed_by(viewer)))

    def taking_orders(self, *, at: datetime) -> CycleQuerySet:
        return self.filter(state=Cycle.State.SET, opens_at__lte=at, closes_at__gt=at)

    def to_decide(self, *, at: datetime) -> CycleQuerySet:
        """Their time to order is over, and nobody has said yet whether they go ahead."""
        return self.filter(state=Cycle.State.SET, closes_at__lte=at)

    def locked(self, cycle_id: int) -> Cycle:
        """The row itself, locked until the transaction ends (docs/locking.md); raises Cycle.DoesNotExist."""
        assert connection.in_atomic_block, "a lock outlives nothing but its transaction"
        return self.select_for_update(of=("self",), no_key=True).select_related("organization").get(pk=cycle_id)


class Cycle(models.Model):
    """A market day: orders are gathered from ``opens_at`` until ``closes_at`` and fetched on ``pickup_day``.

    Without products of its own it is for everything in the shop. Below ``needs_dong`` when it closes it does not go
    ahead: its orders are cancelled and paid back. ``most_dong`` caps what it takes; 0 for none of either.
    """

    class State(models.TextChoices):
        SET = "SET", _("đang nhận đơn")
        GOES = "GOES", _("đã chốt, sẽ giao")
        FAILED = "FAILED", _("không đủ đơn")
        CANCELLED = "CANCELLED", _("đã bỏ")
        DONE = "DONE", _("đã xong")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="cycles")
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    pickup_day = models.DateField()
    products = models.ManyToManyField(Product, related_name="cycles", blank=True)
    needs_dong = models.BigIntegerField(default=0)
    most_dong = models.BigIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State, default=State.SET)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=200, blank=True, help_text="Why it was cancelled.")
    lists_sent_at = models.DateTimeField(null=True, help_text="When members were told what to bring.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CycleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="cycle_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(needs_dong__gte=0, most_dong__gte=0, needs_dong__lte=MAX_DONG, most_dong__lte=MAX_DONG)
                & (Q(most_dong=0) | Q(most_dong__gte=F("needs_dong"))),
                name="cycle_sums",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "closes_at"], name="cycle_by_closing"),
            models.Index(fields=["organization", "-pickup_day"], name="cycle_by_day"),
        ]

    def __str__(self) -> str:
        return self.name


class CyclePickup(models.Model):
    """One of its places, and when the goods are there."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="pickups")
    point = models.ForeignKey(PickupPoint, on_delete=models.PROTECT, related_name="cycle_pickups")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()

    class Meta:
        ordering = ("from_at", "id")  # the few stops of one day
        constraints = [
            models.UniqueConstraint(fields=["cycle", "point"], name="cycle_pickup_once"),
            models.CheckConstraint(condition=Q(from_at__lt=F("to_at")), name="cycle_pickup_times"),
        ]
