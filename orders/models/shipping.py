"""What goods cost to be carried, who carries them, and what became of each parcel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from cooperatives.models import Entry, Member, Organization, User
from cooperatives.models.people import staffed_by
from cooperatives.permissions import organizations_where
from orders.models.orders import Order


class ShippingRate(models.Model):
    """What a buyer pays for one way of delivery: the first rate that fits counts, by position."""

    class Zone(models.TextChoices):
        COMMUNE = "commune", _("trong xã")
        PROVINCE = "province", _("trong tỉnh")
        LISTED = "listed", _("các tỉnh ghi bên cạnh")
        ANYWHERE = "anywhere", _("mọi nơi")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="shipping_rates")
    way = models.CharField(max_length=8, choices=Order.Delivery)
    zone = models.CharField(max_length=8, choices=Zone)
    province_codes = models.CharField(max_length=110, blank=True, help_text="01,37: those of a list.")
    up_to_g = models.PositiveIntegerField(help_text="Gross weight of the parcel, at most.")
    price_dong = models.BigIntegerField()
    free_above_dong = models.BigIntegerField(default=0, help_text="Goods for as much as this go free; 0: never.")
    position = models.PositiveSmallIntegerField(default=0)
    is_live = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "id")  # a cooperative's few rates, in its own order
        constraints = [
            models.CheckConstraint(
                condition=Q(price_dong__gte=0, price_dong__lte=MAX_DONG, free_above_dong__gte=0, up_to_g__gte=1),
                name="shipping_rate_sums",
            )
        ]


class CarrierConnection(models.Model):
    """An organization's own account at a carrier. Its key is stored encrypted (payments/sealing.py)."""

    class Carrier(models.TextChoices):
        GHTK = "ghtk", "Giao Hàng Tiết Kiệm"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="carrier_connections")
    carrier = models.CharField(max_length=8, choices=Carrier)
    environment = models.CharField(max_length=8, default="live", help_text="live or sandbox.")
    key_sealed = models.TextField(blank=True)
    client_source = models.CharField(max_length=40, blank=True, help_text="The partner code that some carriers want.")
    token = models.CharField(max_length=43, unique=True, help_text="The secret part of its hook address.")
    sender_name = models.CharField(max_length=80)
    sender_phone = models.CharField(max_length=16)
    sender_address = models.CharField(max_length=160)
    sender_ward = models.CharField(max_length=80, blank=True)
    sender_district = models.CharField(max_length=80, blank=True, help_text="Carriers still ask for the old one.")
    sender_province = models.CharField(max_length=80)
    is_live = models.BooleanField(default=True)
    calls = models.PositiveBigIntegerField(default=0, help_text="Calls of its hook that were usable.")
    bad_calls = models.PositiveBigIntegerField(default=0)
    last_call_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "carrier"], condition=Q(is_live=True), name="carrier_connection_one_live"
            )
        ]


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def visible_to(self, viewer: Any) -> ShipmentQuerySet:
        """Staff of the selling organization; a buyer reads hers through the order."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(organization__in=staffed_by(viewer))

    def money_visible_to(self, viewer: Any, *, on: Any) -> ShipmentQuerySet:
        return self.filter(organization__in=organizations_where(viewer, "see_money", on=on))

    def live(self) -> ShipmentQuerySet:
        return self.filter(state__in=Shipment.LIVE)

    def to_accept(self, *, at: datetime) -> ShipmentQuerySet:
        """On the way longer than their organization's silent days (``accept_from``), and nobody has said anything."""
        return self.live().filter(accept_from__lte=at, collect_dong=0, trouble="")

    def locked(self, shipment_id: int) -> Shipment:
        """The row itself, locked until the transaction ends (docs/locking.md); raises Shipment.DoesNotExist."""
        assert connection.in_atomic_block, "a lock outlives nothing but its transaction"
        rows = self.select_for_update(of=("self",), no_key=True).select_related("order__organization", "connection")
        return rows.get(pk=shipment_id)


class Shipment(models.Model):
    """One parcel of one order on its way. An order has at most one that is not over; a retry is a new one.

    ``collect_dong`` is what whoever carries it is to take from the buyer, fixed when it leaves; what was taken is in
    payments' Collection.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("chưa gửi")
        BOOKED = "booked", _("đã đặt lấy hàng")
        HANDED_OVER = "handed_over", _("đã gửi đi")
        MOVING = "moving", _("đang trên đường")
        OUT = "out", _("đang đi giao")
        FAILED = "failed", _("giao chưa được")
        DELIVERED = "delivered", _("đã giao tới tay")
        RETURNING = "returning", _("đang chuyển về")
        RETURNED = "returned", _("đã về lại")
        LOST = "lost", _("thất lạc")
        DAMAGED = "damaged", _("hư hỏng")
        CANCELLED = "cancelled", _("đã hủy gửi")

    LIVE = (State.DRAFT, State.BOOKED, State.HANDED_OVER, State.MOVING, State.OUT, State.FAILED, State.RETURNING)
    AWAY = (State.HANDED_OVER, State.MOVING, State.OUT, State.FAILED, State.RETURNING)

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="shipments")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    number = models.PositiveSmallIntegerField(default=1, help_text="1, 2 … of its order.")
    way = models.CharField(max_length=8, choices=Order.Delivery)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    state_at = models.DateTimeField()
    tracking = models.CharField(max_length=40, blank=True, help_text="The carrier's number, typed or told by its API.")
    connection = models.ForeignKey(CarrierConnection, on_delete=models.PROTECT, null=True, related_name="shipments")
    bearer_name = models.CharField(max_length=80, blank=True, help_text="The neighbour or driver who takes it along.")
    bearer_phone = models.CharField(max_length=16, blank=True)
    plate = models.CharField(max_length=20, blank=True, help_text="Of the coach.")
    photo = models.CharField(max_length=40, blank=True, help_text="Of the parcel: the name of a file that staff see.")
    weight_g = models.PositiveIntegerField(default=0)
    collect_dong = models.BigIntegerField(default=0)
    fee_dong = models.BigIntegerField(default=0, help_text="What carrying it costs us, as far as it is known.")
    return_fee_dong = models.BigIntegerField(default=0, help_text="And carrying it back.")
    failed_times = models.PositiveSmallIntegerField(default=0)
    carrier_word = models.CharField(
        max_length=80, blank=True, help_text="The carrier's last word about it, as it came."
    )
    trouble = models.CharField(max_length=200, blank=True, help_text="Why a person has to look; empty: nobody has to.")
    handed_over_at = models.DateTimeField(null=True)
    accept_from = models.DateTimeField(null=True, help_text="When silence counts as accepted.")
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True, help_text="When the worker asks the carrier again.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="shipment_number"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["draft", "booked", "handed_over", "moving", "out", "failed", "returning"]),
                name="shipment_one_live",
            ),
            models.UniqueConstraint(
                fields=["connection", "tracking"],
                condition=Q(connection__isnull=False) & ~Q(tracking=""),
                name="shipment_tracking_once",
            ),
            models.CheckConstraint(
                condition=Q(collect_dong__gte=0, fee_dong__gte=0, return_fee_dong__gte=0)
                & Q(collect_dong__lte=MAX_DONG, fee_dong__lte=MAX_DONG, return_fee_dong__lte=MAX_DONG),
                name="shipment_sums",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "-id"], name="shipment_by_state"),
            models.Index(fields=["state", "next_check_at"], name="shipment_to_check"),
            models.Index(fields=["state", "accept_from"], name="shipment_to_accept"),
        ]

    def __str__(self) -> str:
        return self.tracking or f"{self.order.number}-{self.number}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_away(self) -> bool:
        """The goods have left and have neither arrived nor come back."""
        return self.state in self.AWAY


class ShipmentEvent(models.Model):
    """One thing that was said of a parcel, by a person or a carrier. Never changed."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=12, choices=Shipment.State, blank=True, help_text="Empty: an unknown word.")
    word = models.CharField(max_length=80, blank=True, help_text="The carrier's own, as it came.")
    note = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField()
    at = models.DateTimeField(help_text="When it was written down.")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("happened_at", "id")  # the story of one parcel


class DeliveryBorne(models.Model):
    """What a member bears of carrying a parcel that did not reach its buyer (books: delivery borne).

    Undone where the carriage was corrected: what she bears then is another row, and both stay.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="borne")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="deliveries_borne")
    amount_dong = models.BigIntegerField()
    owed_dong = models.BigIntegerField(default=0, help_text="Of it, what she had no longer to her credit and owes.")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="delivery_borne")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "member"], condition=Q(undone_at__isnull=True), name="delivery_borne_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_dong__gte=1, owed_dong__gte=0, owed_dong__lte=F("amount_dong")),
                name="delivery_borne_amount",
            ),
        ]
