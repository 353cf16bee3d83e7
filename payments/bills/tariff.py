"""What so many units of a meter cost: one price for all, or steps that get dearer. Pure.

Steps are ``[[10, 6000], [20, 7500], [None, 9000]]``: units 1–10 cost 6,000 đ each, 11–20 cost 7,500 đ, all further ones
9,000 đ. A price is for units inside its own step only.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from base.money import MAX_TRANSFER_DONG
from base.refusals import Refused

MOST_STEPS = 10
MOST_UNITS = 999_999_999

Step = Sequence[int | None]


class BadSteps(Refused):
    code = "BAD_STEPS"
    sentence = _(
        "Các bậc giá không hợp lệ: mỗi bậc phải lớn hơn bậc trước, giá là số đồng, bậc cuối cùng không giới hạn."
    )


class Part(NamedTuple):
    """So many units at one price, and what they cost together."""

    units: int
    price_dong: int
    dong: int


def checked_steps(steps: object) -> list[list[int | None]]:
    """``steps`` as they are stored; [] stays []. Raises BadSteps.

    At most MOST_STEPS; upper ends rise, only the last is open (None); prices are whole đồng from 0 to one transfer.
    They may fall: some utilities charge less for more.
    """
    if not isinstance(steps, list | tuple) or len(steps) > MOST_STEPS:
        raise BadSteps(field="steps")
    made: list[list[int | None]] = []
    below = 0
    for place, step in enumerate(steps, 1):
        if not isinstance(step, list | tuple) or len(step) != 2:
            raise BadSteps(field="steps")
        upper, price = step
        if type(price) is not int or not 0 <= price <= MAX_TRANSFER_DONG:
            raise BadSteps(field="steps")
        if place == len(steps):
            if upper is not None:
                raise BadSteps(field="steps")
        elif type(upper) is not int or not below < upper <= MOST_UNITS:
            raise BadSteps(field="steps")
        else:
            below = upper
        made.append([upper, price])
    return made


def parts(*, used: int, price_dong: int, steps: Sequence[Step]) -> list[Part]:
    """How ``used`` units fall into the steps, those that hold none left out; without steps one part at the price."""
    assert used >= 0
    if not steps:
        return [Part(used, price_dong, used * price_dong)] if used else []
    found, below = [], 0
    for upper, price in steps:
        assert price is not None
        units = (used if upper is None else min(used, upper)) - below
        if units <= 0:
            break
        found.append(Part(units, price, units * price))
        below += units
    assert below == used, "the last step is open"
    return found


def cost_dong(*, used: int, price_dong: int, steps: Sequence[Step]) -> int:
    """Whole đồng for ``used`` units."""
    return sum(part.dong for part in parts(used=used, price_dong=price_dong, steps=steps))


def dearest_dong(*, price_dong: int, steps: Sequence[Step]) -> int:
    """The highest price that one unit can have: what a ceiling is held against."""
    return max((price for _upper, price in steps if price is not None), default=price_dong)
