"""``{% review_links order %}``: for goods that reached the buyer, a place to say what they were like."""

from dataclasses import dataclass
from typing import Any

from django import template

from catalog.models import Product
from orders.models import Order, Review

register = template.Library()


@dataclass(frozen=True, slots=True)
class Link:
    """One product of the order, and what was said of it already."""

    product: Product
    said: Review | None


@register.inclusion_tag("storefront/parts/review_links.html")
def review_links(order: Order) -> dict[str, Any]:
    """Nothing before the hand-over; then one query, whatever the lines. ``order`` is preloaded with its goods."""
    if not order.is_accepted:
        return {"order": order, "links": []}
    goods = {line.variant.product_id: line.variant.product for line in order.lines.all()}
    said = {review.product_id: review for review in Review.objects.filter(order=order)}
    return {"order": order, "links": [Link(product, said.get(pk)) for pk, product in goods.items()]}
