"""What carrying goods costs the buyer: rates by way, zone and gross weight. Pure; the rule: docs/postage.md.

A cooperative's rates are tried in its own order, and the first that fits the place and the weight counts. Picking up
costs nothing. Without a rate of its own, a neighbour brings goods within the cooperative's commune for nothing, and
no other way is offered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from orders.models import Order, ShippingRate

Way = Order.Delivery
Zone = ShippingRate.Zone

PACKING_BP, LEAST_PACKING_G = 1000, 100
"""A box, paper and tape weigh a tenth of the goods, and 100 g at the least."""

ANY_WEIGHT_G = 1_000_000_000
"""``up_to_g`` of a rate that does not look at weight."""

Why = Literal["not_offered", "too_far", "too_heavy", "weight_unknown", "place_unknown"]


class Rate(Protocol):
    """The columns of ShippingRate that a price hangs on."""

    way: str
    zone: str
    province_codes: str
    up_to_g: int
    price_dong: int
    free_above_dong: int


@dataclass(frozen=True, slots=True)
class Place:
    """Codes of base/places; "" for what nobody has said."""

    commune: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """One line: ``measures`` of what weighs ``weight_g`` a piece, or is sold by the gram. ``weight_g`` None: nobody
    has written down what a piece weighs."""

    measures: int
    is_by_weight: bool
    weight_g: int | None


@dataclass(frozen=True, slots=True)
class Postage:
    """``dong`` is what the buyer pays. ``saved_dong`` is what she would pay had she ordered for less."""

    dong: int
    saved_dong: int = 0


def gross_g(goods: Iterable[Goods]) -> int | None:
    """Goods and packing together, in grams, rounded up. None where a weight is unknown: it is never guessed."""
    net = 0
    for line in goods:
        weight_g = 1 if line.is_by_weight else line.weight_g
        if not weight_g:
            return None
        net += weight_g * line.measures
    return net + max(LEAST_PACKING_G, -(-net * PACKING_BP // 10_000))


def postage(
    rates: Sequence[Rate], *, way: str, start: Place, to: Place, gross_g: int | None, goods_dong: int
) -> Postage | Why:
    """What ``way`` costs from ``start`` to ``to``, or why it is not to be had.

    ``rates`` are those of one cooperative, in its order; those of other ways are passed over. An address without a
    commune counts as near only for a neighbour, who is told the rest by people.
    """
    if way == Way.PICKUP:
        return Postage(0)
    of_way = [rate for rate in rates if rate.way == way]
    if way != Way.HOME:
        if not of_way:
            return "not_offered"
        if not to.commune:
            return "place_unknown"
    near = [rate for rate in of_way if _reaches(rate, start, to, is_near=way == Way.HOME and not to.commune)]
    if not near:
        return Postage(0) if way == Way.HOME and _within(start, to) else "too_far"
    for rate in near:
        if rate.up_to_g < ANY_WEIGHT_G:
            if gross_g is None:
                return "weight_unknown"
            if gross_g > rate.up_to_g:
                continue
        if rate.free_above_dong and goods_dong >= rate.free_above_dong:
            return Postage(0, saved_dong=rate.price_dong)
        return Postage(rate.price_dong)
    return "too_heavy"


def _within(start: Place, to: Place) -> bool:
    """Whether a neighbour goes there: where no commune was said, or the shop has said none, people see to it."""
    return not to.commune or not start.commune or start.commune == to.commune


def _reaches(rate: Rate, start: Place, to: Place, *, is_near: bool) -> bool:
    if rate.zone == Zone.ANYWHERE:
        return True
    if rate.zone == Zone.LISTED:
        return to.province in rate.province_codes.split(",") if to.province else False
    if is_near:
        return True
    if rate.zone == Zone.COMMUNE:
        return bool(to.commune) and start.commune == to.commune
    return bool(to.province) and start.province == to.province
