"""What an order is of, line by line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.models import Variant


class OrderLine(models.Model):
    """Names, price and fee rate are frozen the moment the order is placed."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="order_lines")
    position = models.PositiveSmallIntegerField()
    product_name = models.CharField(max_length=120)
    variant_name = models.CharField(max_length=60)
    unit_name = models.CharField(max_length=20)
    unit = models.PositiveIntegerField()
    price_dong = models.BigIntegerField()
    quantity = models.PositiveBigIntegerField(help_text="Measures: pieces or grams.")
    total_dong = models.BigIntegerField()
    fee_bp = models.PositiveSmallIntegerField()
    weighed_at = models.DateTimeField(null=True, help_text="Goods by weight: weighed again when they were packed.")

    class Meta:
        ordering = ("position",)  # the lines of one order, as the buyer put them
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position"),
            models.UniqueConstraint(fields=["order", "variant"], name="order_line_variant_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, total_dong__gte=1, price_dong__gte=1, unit__gte=1),
                name="order_line_positive",
            ),
        ]
