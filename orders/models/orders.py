"""Orders. Their lines: lines.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from cooperatives.models import Organization, User
from cooperatives.models.people import staffed_by
from orders.models.addressed import Addressed
from orders.models.lines import OrderLine
from orders.models.pickup import Cycle, PickupPoint


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, viewer: Any) -> OrderQuerySet:
        """Staff of the selling organization, and the person who placed it signed in. Guests use the token."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(Q(organization__in=staffed_by(viewer)) | Q(placed_by=viewer))

    def to_pack(self) -> OrderQuerySet:
        """Placed and covered, or to be paid on receipt and nothing is asked before that: somebody can pack them now.
        Those of a market day wait until it is settled that it takes place."""
        asked_nothing = (Q(deposit_dong=0) | Q(deposit_paid_at__isnull=False)) & (
            Q(needs_call=False) | Q(confirmed_at__isnull=False)
        )
        decided = Q(cycle=None) | Q(cycle__state__in=[Cycle.State.GOES, Cycle.State.DONE])
        return self.filter(decided, state=Order.State.PLACED).filter(
            Q(payment__in=[Order.Payment.COVERED, Order.Payment.PAID]) | Q(pay_by=Order.PayBy.CASH) & asked_nothing
        )

    def to_call(self) -> OrderQuerySet:
        """Placed, and somebody has to call the buyer before it is packed."""
        return self.unpaid().filter(state=Order.State.PLACED, needs_call=True, confirmed_at=None)

    def unpaid(self) -> OrderQuerySet:
        return self.filter(payment__in=[Order.Payment.UNPAID, Order.Payment.PART])

    def overdue(self, *, at: datetime) -> OrderQuerySet:
        """Placed, not covered, and past their time."""
        return self.unpaid().filter(state=Order.State.PLACED, expires_at__lte=at)

    def locked(self, order_id: int) -> Order:
        """The order itself, locked until the transaction ends; raises Order.DoesNotExist.

        Needs an open transaction (asserted). On SQLite the transaction is the lock (BEGIN IMMEDIATE). Its key is left
        unlocked, so that rows pointing at it can be written meanwhile without a deadlock.
        """
        assert connection.in_atomic_block, "a lock outlives nothing but its transaction"
        rows = self.select_for_update(of=("self",), no_key=True)
        return rows.select_related("organization", "pickup_point", "cycle").get(pk=order_id)

    def latest_first(self) -> OrderQuerySet:
        return self.order_by("-placed_at", "-id")

    def preloaded(self) -> OrderQuerySet:
        """With lines and their goods, and requests to pay with their accounts: five queries for any number."""
        goods = models.Prefetch("lines", OrderLine.objects.select_related("variant__product"))
        return self.select_related("organization", "pickup_point", "cycle").prefetch_related(
            goods, "payment_requests__bank_account", "payment_requests__links"
        )


class Order(Addressed):
    """One buyer's order with one organization. It exists before money moves, and is never deleted."""

    class State(models.TextChoices):
        PLACED = "PLACED", _("đã đặt")
        PACKED = "PACKED", _("đã gói")
        HANDED_OVER = "HANDED_OVER", _("đã giao")
        ACCEPTED = "ACCEPTED", _("đã nhận hàng")
        CLOSED = "CLOSED", _("đã xong")
        EXPIRED = "EXPIRED", _("quá hạn")
        CANCELLED = "CANCELLED", _("đã hủy")
        RETURNED = "RETURNED", _("đã trả hàng")

    class Payment(models.TextChoices):
        UNPAID = "UNPAID", _("chưa trả tiền")
        PART = "PART", _("mới trả một phần")
        COVERED = "COVERED", _("đã đủ, còn trên đường")
        PAID = "PAID", _("đã nhận tiền")

    class Delivery(models.TextChoices):
        PICKUP = "PICKUP", _("Đến lấy ở điểm nhận hàng")
        HOME = "HOME", _("Người trong xã mang đến")
        COACH = "COACH", _("Gửi xe khách")
        POST = "POST", _("Gửi bưu điện")
        CARRIER = "CARRIER", _("Giao hàng tận nơi (đơn vị vận chuyển)")

    class PayBy(models.TextChoices):
        TRANSFER = "TRANSFER", _("Chuyển khoản (quét mã VietQR)")
        CASH = "CASH", _("Trả tiền khi nhận hàng, được xem hàng")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(max_length=16, unique=True, help_text="For people: DH-261122-7K2M")
    token = models.CharField(max_length=43, unique=True, help_text="256 bits; whoever has it may see the order.")
    state = models.CharField(max_length=12, choices=State, default=State.PLACED)
    payment = models.CharField(max_length=8, choices=Payment, default=Payment.UNPAID)
    buyer_name = models.CharField(max_length=80)
    buyer_phone = models.CharField(max_length=16)
    note = models.CharField(max_length=500, blank=True)
    delivery = models.CharField(max_length=8, choices=Delivery)
    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.PROTECT, null=True, blank=True)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    pay_by = models.CharField(max_length=8, choices=PayBy)
    deposit_dong = models.BigIntegerField(default=0, help_text="Must have come before it is packed; part of its total.")
    deposit_paid_at = models.DateTimeField(null=True)
    needs_call = models.BooleanField(default=False, help_text="Somebody calls the buyer before it is packed.")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    borne_dong = models.BigIntegerField(
        default=0, help_text="Of its total, what the seller bears because it was packed heavier; never asked for."
    )
    goods_dong = models.BigIntegerField()
    shipping_dong = models.BigIntegerField(default=0)
    total_dong = models.BigIntegerField()
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="orders_placed")
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, help_text="When an uncovered transfer order lets its goods go.")
    packed_at = models.DateTimeField(null=True)
    packed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Expired or cancelled.")
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=200, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(goods_dong__gte=1, shipping_dong__gte=0, total_dong__lte=MAX_DONG)
                & Q(total_dong=F("goods_dong") + F("shipping_dong")),
                name="order_total",
            ),
            models.CheckConstraint(
                condition=Q(deposit_dong__gte=0, deposit_dong__lte=F("total_dong"))
                & Q(borne_dong__gte=0, borne_dong__lt=F("total_dong")),
                name="order_deposit_and_borne",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "payment"], name="order_by_state"),
            models.Index(fields=["organization", "-placed_at"], name="order_latest"),
            models.Index(fields=["state", "expires_at"], name="order_by_expiry"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Goods are still promised and not yet gone."""
        return self.state in {self.State.PLACED, self.State.PACKED}

    @property
    def is_covered(self) -> bool:
        """Nothing is due any more: the money is here, or on its way with somebody who answers for it."""
        return self.payment in {self.Payment.COVERED, self.Payment.PAID}

    @property
    def can_be_packed(self) -> bool:
        """What ``to_pack`` asks, of one order."""
        if self.state != self.State.PLACED or self.waits_for_cycle:
            return False
        nothing_asked = not self.waits_for_deposit and not self.waits_for_call
        return self.is_covered or (self.pay_by == self.PayBy.CASH and nothing_asked)

    @property
    def waits_for_cycle(self) -> bool:
        """It belongs to a market day of which nobody knows yet whether it takes place, or that was dropped."""
        settled = {Cycle.State.GOES, Cycle.State.DONE}
        return self.is_open and self.cycle is not None and self.cycle.state not in settled

    @property
    def waits_for_deposit(self) -> bool:
        """A first order on receipt, whose deposit has not come."""
        return self.deposit_dong > 0 and self.deposit_paid_at is None and self.is_open and not self.is_covered

    @property
    def waits_for_call(self) -> bool:
        """Somebody has to call the buyer before it is packed."""
        return self.needs_call and self.confirmed_at is None and self.is_open and not self.is_covered

    @property
    def is_handed_over(self) -> bool:
        """The goods went out: to the buyer, or to whoever brings them."""
        return self.state in {self.State.HANDED_OVER, self.State.ACCEPTED, self.State.CLOSED}

    @property
    def is_away(self) -> bool:
        """A parcel took the goods, and nobody has accepted them yet: nothing of it is booked."""
        return self.state == self.State.HANDED_OVER and self.accepted_at is None

    @property
    def is_accepted(self) -> bool:
        """The buyer has the goods, and everybody's share is booked; some of it may have been brought back since."""
        return self.accepted_at is not None

    @property
    def is_ended(self) -> bool:
        """Over without goods: nothing is promised any more, and nobody has earned anything."""
        over = {self.State.EXPIRED, self.State.CANCELLED, self.State.RETURNED}
        return self.state in over and self.accepted_at is None

    # -- Moves of one row. Its caller holds the lock and has asked whether it may; the asserts say what it promised.

    def mark_packed(self, *, at: datetime, by: User | None) -> None:
        assert self.state == self.State.PLACED
        self.state, self.packed_at, self.packed_by = self.State.PACKED, at, by
        self.save(update_fields=["state", "packed_at", "packed_by"])

    def mark_handed_over(self, *, at: datetime, by: User | None) -> None:
        """From hand to hand: what the buyer takes at the counter is accepted at once."""
        assert self.is_open
        assert self.payment == self.Payment.PAID
        self.state, self.handed_over_by = self.State.HANDED_OVER, by
        self.handed_over_at = self.accepted_at = at
        self.save(update_fields=["state", "handed_over_at", "handed_over_by", "accepted_at"])

    def mark_sent(self, *, at: datetime, by: User | None) -> None:
        """A parcel took the goods: gone, and not accepted yet."""
        assert self.is_open
        self.state, self.handed_over_at, self.handed_over_by = self.State.HANDED_OVER, at, by
        self.save(update_fields=["state", "handed_over_at", "handed_over_by"])

    def mark_accepted(self, *, at: datetime) -> None:
        """The parcel reached its buyer, whose money is here or with somebody who answers for it."""
        assert self.is_away
        assert self.is_covered
        self.state, self.accepted_at = self.State.ACCEPTED, at
        self.save(update_fields=["state", "accepted_at"])

    def mark_away_again(self) -> None:
        """It had not reached the buyer after all, or was not lost after all."""
        assert self.state == self.State.ACCEPTED or (self.handed_over_at and self.state == self.State.CANCELLED)
        self.state, self.end_reason = self.State.HANDED_OVER, ""
        self.accepted_at = self.ended_at = self.ended_by = None
        self.save(update_fields=["state", "accepted_at", "ended_at", "ended_by", "end_reason"])

    def mark_payment(self, payment: str) -> None:
        """How much of it is paid now. An ended order can only lose its money; accepted goods stay covered."""
        payment = self.Payment(payment)
        if payment == self.payment:
            return
        covered = {self.Payment.COVERED, self.Payment.PAID}
        moves_within = self.is_accepted and {payment, self.Payment(self.payment)} <= covered
        assert self.is_open or self.is_away or moves_within or (self.is_ended and payment == self.Payment.UNPAID)
        self.payment = payment
        self.save(update_fields=["payment"])

    def mark_deposit(self, *, at: datetime | None) -> None:
        """When the deposit came; None: it was taken back."""
        assert self.deposit_dong > 0
        self.deposit_paid_at = at
        self.save(update_fields=["deposit_paid_at"])

    def mark_confirmed(self, *, at: datetime, by: User) -> None:
        """Somebody called, and the buyer wants it."""
        assert self.needs_call
        self.confirmed_at, self.confirmed_by = at, by
        self.save(update_fields=["confirmed_at", "confirmed_by"])

    def end(self, *, state: str, at: datetime, by: User | None, reason: str) -> None:
        assert self.is_open
        assert state in {self.State.EXPIRED, self.State.CANCELLED}
        assert state == self.State.CANCELLED or self.payment in {self.Payment.UNPAID, self.Payment.PART}
        self.state, self.ended_at, self.ended_by, self.end_reason = self.State(state), at, by, reason
        self.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])

    def end_away(self, *, state: str, at: datetime, by: User | None, reason: str) -> None:
        """The parcel came back (RETURNED), or was lost (CANCELLED): its buyer never had the goods."""
        assert self.is_away
        assert state in {self.State.RETURNED, self.State.CANCELLED}
        self.state, self.ended_at, self.ended_by, self.end_reason = self.State(state), at, by, reason
        self.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])

    def mark_returned(self, *, at: datetime, by: User | None, reason: str) -> None:
        """All that was accepted has been brought back."""
        assert self.is_accepted
        assert self.is_handed_over
        self.state, self.ended_at, self.ended_by, self.end_reason = self.State.RETURNED, at, by, reason
        self.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])

    def reopen(self, *, expires_at: datetime | None) -> None:
        """As if it had just been placed: packed again, and paid again, since its purse went back to the payer."""
        assert self.is_ended
        assert self.handed_over_at is None, "goods that went out once are ordered anew"
        self.state, self.payment, self.expires_at = self.State.PLACED, self.Payment.UNPAID, expires_at
        self.packed_at = self.packed_by = self.ended_at = self.ended_by = self.deposit_paid_at = None
        self.end_reason, packed = "", ["packed_at", "packed_by", "deposit_paid_at"]
        self.save(update_fields=["state", "payment", "expires_at", "ended_at", "ended_by", "end_reason", *packed])
