"""Money that buyers gave to whoever brought the goods: collected, remitted parcel by parcel, and what is missing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from cooperatives.models import Entry, Organization, User
from cooperatives.permissions import organizations_where
from orders.models import CarrierConnection, Order, Shipment
from payments.models.arriving import BankTransaction
from payments.models.booking import Undoable


class Collection(Undoable):
    """A delivered parcel's money, with its carrier from now on (books: collected). Undone when the news was wrong."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="collections")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="collections")
    amount_dong = models.BigIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="collection")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_dong__gte=1), name="collection_amount"),
            models.UniqueConstraint(fields=["shipment"], condition=Q(undone_at__isnull=True), name="collection_once"),
        ]


class RemittanceQuerySet(models.QuerySet["Remittance"]):
    def visible_to(self, viewer: Any, *, on: date) -> RemittanceQuerySet:
        """Those who may see the organization's money."""
        return self.filter(organization__in=organizations_where(viewer, "see_money", on=on))

    def waiting(self) -> RemittanceQuerySet:
        return self.filter(state__in=[Remittance.State.WAITING, Remittance.State.PART])


class Remittance(models.Model):
    """One list of a carrier (or neighbour): which parcels' money it brings, and what it keeps of it.

    ``code`` can stand in the memo of whoever transfers it with our QR; ``reference`` is the carrier's own number of
    the list, which stands in the memo of the carrier's transfer.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("chờ tiền về")
        PART = "part", _("mới về một phần")
        DONE = "done", _("đã về đủ")
        CANCELLED = "cancelled", _("đã bỏ")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="remittances")
    connection = models.ForeignKey(CarrierConnection, on_delete=models.PROTECT, null=True, related_name="remittances")
    carrier_name = models.CharField(max_length=80, help_text="Who brings it: a carrier, a driver, a neighbour.")
    code = models.CharField(max_length=12, unique=True)
    reference = models.CharField(max_length=40, blank=True)
    made_on = models.DateField()
    net_dong = models.BigIntegerField(help_text="What is to come: what it says it collected, less what it keeps.")
    received_dong = models.BigIntegerField(default=0, help_text="What of it has come.")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = RemittanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(net_dong__gte=1, net_dong__lte=MAX_DONG, received_dong__gte=0)
                & Q(received_dong__lte=F("net_dong")),
                name="remittance_sums",
            ),
            models.UniqueConstraint(
                fields=["organization", "carrier_name", "reference"],
                condition=~Q(reference="") & ~Q(state="cancelled"),
                name="remittance_reference_once",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "-id"], name="remittance_by_state")]

    @property
    def missing_dong(self) -> int:
        return self.net_dong - self.received_dong


class RemittanceLine(models.Model):
    """What the list says of one parcel. ``said_dong`` is what the carrier says it collected: 0 for one that came back
    and only costs. ``fee_dong`` is what it keeps for it."""

    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, related_name="lines")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="remittance_lines")
    said_dong = models.BigIntegerField()
    fee_dong = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("id",)  # as on the list
        constraints = [
            models.UniqueConstraint(fields=["remittance", "shipment"], name="remittance_line_once"),
            models.CheckConstraint(condition=Q(said_dong__gte=0, fee_dong__gte=0), name="remittance_line_sums"),
        ]


class RemittancePayment(Undoable):
    """Money that came for a list: (part of) a line of the bank, or cash into a keeper's box (books: remitted)."""

    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, related_name="payments")
    transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, null=True, related_name="remitted")
    keeper = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    amount_dong = models.BigIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="remittance_payment")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(transaction__isnull=False, keeper=None) | Q(transaction=None, keeper__isnull=False),
                name="remittance_payment_one_source",
            ),
            models.CheckConstraint(condition=Q(amount_dong__gte=1), name="remittance_payment_amount"),
        ]


class RemittanceShare(models.Model):
    """What of one payment cleared which parcel: ``net_dong`` of the money, ``fee_dong`` of what the carrier kept
    (its own or, where a parcel that came back costs more than it brings, another's of the same list)."""

    payment = models.ForeignKey(RemittancePayment, on_delete=models.PROTECT, related_name="shares")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="remittance_shares")
    net_dong = models.BigIntegerField()
    fee_dong = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "shipment"], name="remittance_share_once"),
            models.CheckConstraint(
                condition=Q(net_dong__gte=0, fee_dong__gte=0) & (Q(net_dong__gte=1) | Q(fee_dong__gte=1)),
                name="remittance_share_sums",
            ),
        ]
