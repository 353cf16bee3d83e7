"""What a buyer types for "how many": ``2``, ``2 gói``, ``1,5``, ``500 g``. Pure.

A bare number beside something sold by weight means kilograms, as at a market. Where two readings are possible
(``1.500``) nothing is guessed: the sentence shows how to write it.
"""

import re
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from base.text import composed, folded
from catalog.measures import KG_G, LANG_G, PIECE, BadQuantity, BadStep, checked_measures, shown_quantity


class UnreadableQuantity(BadQuantity):
    """Letters, two numbers, a sign, a fraction of a piece: nothing that one could count."""

    sentence = _("Chưa đọc được số lượng. Hãy ghi bằng chữ số, ví dụ: %(example)s.")


class SoldInSteps(Protocol):
    """What is needed to read a quantity; every Variant has it."""

    sold_by: str
    unit_name: str
    step: int


MOST_LETTERS = 40

_TYPED = re.compile(r"(?P<whole>[0-9]{1,9})(?:(?P<point>[.,])(?P<part>[0-9]{1,3}))? ?(?P<word>[^\W\d_]*)")
_WEIGHTS = {"": KG_G, "kg": KG_G, "ki": KG_G, "ky": KG_G, "can": KG_G, "g": 1, "gam": 1, "gram": 1, "lang": LANG_G}


def quantity_from_text(text: str, *, sold: SoldInSteps, field: str | None = "quantity") -> int:
    """Whole measures (pieces, or grams) from what was typed; at least 1, in steps of ``sold.step``.

    Raises UnreadableQuantity, BadStep, BadQuantity (0, or more than 10^9).
    """
    typed = _TYPED.fullmatch(composed(text).lower()) if len(text) <= MOST_LETTERS else None
    measures = None
    if typed is not None:
        measures = _pieces(typed, sold.unit_name) if sold.sold_by == PIECE else _grams(typed)
    if measures is None:
        example = "2" if sold.sold_by == PIECE else _("1,5 kg hoặc 500 g")
        raise UnreadableQuantity(field=field, example=example)
    measures = checked_measures(measures, field=field)
    if measures % sold.step:
        raise BadStep(field=field, name=str(sold), step=shown_quantity(sold, sold.step))
    return measures


def _pieces(typed: re.Match[str], unit_name: str) -> int | None:
    if typed["part"] or folded(typed["word"]) not in {"", folded(unit_name)}:
        return None
    return int(typed["whole"])


def _grams(typed: re.Match[str]) -> int | None:
    """``1,5`` is 1,500 g. None for ``1.500``, which could be either, and for parts of a gram."""
    grams = _WEIGHTS.get(folded(typed["word"]))
    part = typed["part"] or ""
    if grams is None or (typed["point"] == "." and len(part) == len("500")):
        return None
    thousandths = int(typed["whole"]) * 1000 + int(part.ljust(3, "0") or 0)
    measures, rest = divmod(thousandths * grams, 1000)
    return None if rest else measures
