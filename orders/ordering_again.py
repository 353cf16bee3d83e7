"""The goods of an old order, as far as they are still for sale: what to put into a basket, and what to say."""

from dataclasses import dataclass

from catalog.models import Product, Variant
from orders.models import Order


@dataclass(frozen=True, slots=True)
class Again:
    """``wanted``: measures by variant id, at most what was ordered then and can be had now. The rest by name:
    ``gone`` (sold out, or off the shop), ``fewer`` (less is left), ``dearer`` and ``cheaper`` than it was."""

    wanted: dict[int, int]
    gone: tuple[str, ...]
    fewer: tuple[str, ...]
    dearer: tuple[str, ...]
    cheaper: tuple[str, ...]


def again(order: Order) -> Again:
    """What of ``order`` could be ordered now. Two queries beside the order's own lines; promises nothing."""
    lines = list(order.lines.all())
    ids = [line.variant_id for line in lines]
    variants = Variant.objects.in_bulk(ids)
    on_sale = set(Product.objects.published().filter(variants__in=ids).values_list("variants", flat=True))
    wanted: dict[int, int] = {}
    told: dict[str, list[str]] = {"gone": [], "fewer": [], "dearer": [], "cheaper": []}
    for line in lines:
        name = f"{line.product_name}, {line.variant_name}"
        variant = variants[line.variant_id]
        left = variant.available // variant.step * variant.step if variant.pk in on_sale else 0
        measures = min(line.quantity // variant.step * variant.step, left)
        if not measures:
            told["gone"].append(name)
            continue
        wanted[variant.pk] = measures
        if measures < line.quantity:
            told["fewer"].append(name)
        # For the same amount: what one price is for may have been measured otherwise then.
        now, then = variant.price_dong * line.unit, line.price_dong * variant.unit
        if now != then:
            told["dearer" if now > then else "cheaper"].append(name)
    return Again(wanted, *(tuple(told[kind]) for kind in ("gone", "fewer", "dearer", "cheaper")))
