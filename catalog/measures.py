"""Measures: what quantities count. Pieces, or grams; always whole. Pure.

A *unit* is what one price is for: 1 piece, or the grams in a kg, a lạng, a yến. A *step* is the smallest
difference that can be bought.
"""

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from django.utils.translation import gettext_lazy as _

from base.money import grouped
from base.refusals import Refused
from base.text import composed, folded

PIECE: Literal["piece"] = "piece"
WEIGHT: Literal["weight"] = "weight"

MOST_MEASURES = 10**9
"""A thousand tonnes, or a thousand million pieces: more than any commune has, far from every integer's end."""

LANG_G = 100
KG_G = 1_000

_GRAMS = {
    "g": 1,
    "gam": 1,
    "gram": 1,
    "lạng": LANG_G,
    "kg": KG_G,
    "kí": KG_G,
    "ký": KG_G,
    "cân": KG_G,
    "kilogam": KG_G,
    "yến": 10 * KG_G,
    "tạ": 100 * KG_G,
}
# "lang" and "yen" typed without accents mean the weights too; "can" could be a canister, "ta" a person.
_GRAMS |= {folded(word): _GRAMS[word] for word in ("lạng", "yến")}
_WEIGHT = re.compile(r"(?:([1-9][0-9]{0,4}) ?)?([^\W\d_]+)")


class BadQuantity(Refused):
    """A quantity that is no whole number of measures, too small, too large, or between two steps."""

    code = "BAD_QUANTITY"
    sentence = _("Số lượng không hợp lệ.")


class BadStep(BadQuantity):
    """A quantity between two steps."""

    sentence = _("“%(name)s” bán theo từng %(step)s một.")


class BadUnit(Refused):
    """A unit word that is empty or too long."""

    code = "BAD_UNIT"
    sentence = _("Hãy ghi đơn vị bán, ví dụ: gói, hộp, kg.")


@dataclass(frozen=True, slots=True)
class Unit:
    """``measures`` is what one price is for; ``step`` the smallest difference one can buy."""

    sold_by: str
    name: str
    measures: int
    step: int


class Sold(Protocol):
    """What is needed to say a quantity; every Variant has it."""

    sold_by: str
    unit_name: str


def unit_from_word(word: str, *, field: str = "unit") -> Unit:
    """The unit a seller means: "kg", "lạng", "yến", "500 g" are weights, everything else is a piece.

    Raises BadUnit for nothing and for more than 20 letters.
    """
    name = composed(word)
    if not 1 <= len(name) <= 20 or not name.isprintable():
        raise BadUnit(field=field)
    weight = _WEIGHT.fullmatch(name.lower())
    grams = _GRAMS.get(weight[2]) if weight else None
    if not weight or grams is None:
        return Unit(sold_by=PIECE, name=name, measures=1, step=1)
    measures = int(weight[1] or 1) * grams
    # At a market one asks for lạng; of things priced by the yến, for kilograms; by the tạ, for tens of them.
    step = max(LANG_G, grams // 10) if grams >= LANG_G else LANG_G
    return Unit(sold_by=WEIGHT, name=name, measures=measures, step=step)


def checked_measures(value: object, *, least: int = 1, field: str | None = None) -> int:
    """``value`` itself if it is a whole number of measures from ``least`` to 10^9. Raises BadQuantity."""
    if type(value) is not int or not least <= value <= MOST_MEASURES:
        raise BadQuantity(field=field)
    return value


def shown_quantity(sold: Sold, measures: int) -> str:
    """``2 gói``, ``1,5 kg``, ``500 g``: decimals by a comma, as in Việt Nam. A no-break space between."""
    if sold.sold_by == PIECE:
        return f"{grouped(measures)}\u00a0{sold.unit_name}"
    if abs(measures) < KG_G:
        return f"{grouped(measures)}\u00a0g"
    whole, rest = divmod(abs(measures), KG_G)
    decimals = f",{rest:03d}".rstrip("0") if rest else ""
    sign = "−" if measures < 0 else ""
    return f"{sign}{grouped(whole)}{decimals}\u00a0kg"
