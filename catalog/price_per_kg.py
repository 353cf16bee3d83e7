"""What a kilogram costs: so that a small bag and a large box can be compared. Pure."""

from typing import Protocol

from catalog.measures import KG_G, WEIGHT


class Priced(Protocol):
    """What is needed to compare a price; every Variant has it."""

    sold_by: str
    unit: int
    price_dong: int
    weight_g: int | None


def price_per_kg_dong(variant: Priced) -> int | None:
    """Đồng for 1,000 g, half up to a whole đồng; None where nobody said what a piece weighs.

    A figure to compare by: it is never charged, and multiplying it gives no order's total. What is paid is rounded
    once, on the order's line (docs/prices-and-shares.md §1).
    """
    grams = variant.unit if variant.sold_by == WEIGHT else variant.weight_g
    if not grams:
        return None
    return (2 * variant.price_dong * KG_G + grams) // (2 * grams)
