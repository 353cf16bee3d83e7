"""The basket: measures by variant, kept in the session. Pure; what it holds is only what the buyer wants so far.

Whatever a session holds that is no basket (an old version, a damaged row) counts as nothing; the verb that places
the order has the last word on every line.
"""

import re
from collections.abc import Mapping

from catalog.measures import MOST_MEASURES
from orders.placing import MOST_LINES, TooManyLines, UnknownGoods

KEY = "basket"
_LARGEST_ID = 2**63 - 1
_LINE = re.compile(r"([1-9][0-9]{0,18}):([1-9][0-9]{0,9})")

Basket = dict[int, int]


def basket_in(session: Mapping[str, object]) -> Basket:
    """Measures by variant id, in the order chosen; at most 50 lines."""
    held = session.get(KEY)
    if not isinstance(held, dict):
        return {}
    lines = ((str(variant_id), measures) for variant_id, measures in held.items())
    whole = {
        int(variant_id): measures
        for variant_id, measures in lines
        if variant_id.isascii() and variant_id.isdigit() and _is_line(int(variant_id), measures)
    }
    return dict(list(whole.items())[:MOST_LINES])


def with_line(basket: Basket, variant_id: int, measures: int) -> Basket:
    """The basket with so much of ``variant_id``, whatever it held before; 0 takes it out. Raises TooManyLines."""
    changed = {**basket, variant_id: measures}
    if not measures:
        del changed[variant_id]
    if len(changed) > MOST_LINES:
        raise TooManyLines(field="quantity", most=MOST_LINES)
    return changed


def for_session(basket: Basket) -> dict[str, int]:
    """What is stored: JSON has text keys only."""
    return {str(variant_id): measures for variant_id, measures in basket.items()}


def as_text(basket: Basket) -> str:
    """``12:2,15:500``: the lines a form carries, so that what was shown is what is ordered."""
    return ",".join(f"{variant_id}:{measures}" for variant_id, measures in basket.items())


def from_text(text: str) -> Basket:
    """The lines of ``as_text``. Raises TooManyLines, and UnknownGoods for anything else."""
    if not text:
        return {}
    parts = text.split(",", MOST_LINES)
    if len(parts) > MOST_LINES:
        raise TooManyLines(field="lines", most=MOST_LINES)
    basket: Basket = {}
    for part in parts:
        line = _LINE.fullmatch(part)
        if not line or not _is_line(int(line[1]), int(line[2])) or int(line[1]) in basket:
            raise UnknownGoods(field="lines")
        basket[int(line[1])] = int(line[2])
    return basket


def _is_line(variant_id: int, measures: object) -> bool:
    return type(measures) is int and 0 < measures <= MOST_MEASURES and 0 < variant_id <= _LARGEST_ID
