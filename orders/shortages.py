"""Orders that go short: more was promised to them than members have, by what was brought and what was answered.

Nothing is cancelled for it. Somebody calls the buyer, brings more, or cancels the order; then the list is shorter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from catalog.measures import shown_quantity
from catalog.models import Lot, Variant
from cooperatives.models import Organization
from orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Short:
    """One line, with its order, of which ``lacks`` measures are missing."""

    line: OrderLine
    lacks: int

    @property
    def order(self) -> Order:
        return self.line.order

    @property
    def lacks_shown(self) -> str:
        return shown_quantity(self.line.variant, self.lacks)


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is missing of one variant, and whose orders go short if they are served as they were placed."""

    variant: Variant
    missing: int
    orders: tuple[Short, ...]

    @property
    def missing_shown(self) -> str:
        return shown_quantity(self.variant, self.missing)


def shortages(organization: Organization) -> list[Shortage]:
    """Everything that is missing. Three queries for any number."""
    rows = Lot.objects.filter(variant__product__organization=organization, missing__gt=0).order_by()
    missing = dict(rows.values_list("variant").annotate(Sum("missing")))
    variants = Variant.objects.filter(pk__in=missing).select_related("product").order_by("pk")
    lines: dict[int, list[OrderLine]] = {variant.pk: [] for variant in variants}
    touched = OrderLine.objects.filter(variant__in=missing, order__state=Order.State.PLACED)
    for line in touched.select_related("order", "variant").order_by("-order__placed_at", "-order_id"):
        lines[line.variant_id].append(line)
    return [
        Shortage(variant, missing[variant.pk], tuple(last_go_short(lines[variant.pk], missing[variant.pk])))
        for variant in variants
    ]


def last_go_short(lines: Sequence[OrderLine], missing: int) -> list[Short]:
    """Pure: who came last goes without first. ``lines`` the latest first; those that lack nothing are left out."""
    found = []
    for line in lines:
        part = min(line.quantity, missing)
        missing -= part
        if part:
            found.append(Short(line, part))
    return found
