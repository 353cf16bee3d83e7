"""What buyers say of goods that reached them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from catalog.models import Product
from cooperatives.models import User
from cooperatives.models.people import staffed_by
from orders.models.orders import Order


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, viewer: Any) -> ReviewQuerySet:
        """What stands on the pages of goods on sale; the staff of the cooperative reads all that concerns it."""
        on_sale = Product.objects.published().values("pk")
        public = Q(hidden_at__isnull=True, product__in=on_sale)
        if not getattr(viewer, "is_authenticated", False):
            return self.filter(public)
        return self.filter(public | Q(order__organization__in=staffed_by(viewer)))

    def shown(self) -> ReviewQuerySet:
        return self.filter(hidden_at__isnull=True)

    def latest_first(self) -> ReviewQuerySet:
        return self.order_by("-written_at", "-id")

    def preloaded(self) -> ReviewQuerySet:
        """With the goods and the cooperative it speaks of, in one query."""
        return self.select_related("product", "order__organization", "replied_by", "hidden_by")


class Review(models.Model):
    """One a product and order, of goods that were handed over. The cooperative may answer; hiding leaves a trace."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reviews")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="reviews")
    stars = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000, blank=True)
    shown_name = models.CharField(max_length=40, help_text="As the buyer wants to be called in public.")
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=1000, blank=True)
    replied_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=200, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="review_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="review_one_to_five_stars"),
        ]
        indexes = [models.Index(fields=["product", "-written_at"], name="review_latest")]
