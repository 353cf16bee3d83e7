"""Whole đồng out of a bank's figures: one way of writing them for a whole file, or the file is refused."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from payments.statements.statement import DoubtfulStatement

Figure = str | int | float

_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})
_CURRENCY = re.compile(r" ?(?:đồng|vnđ|vnd|đ|₫)\.?$", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "–", "—"})


class BadFigure(DoubtfulStatement):
    code = "STATEMENT_BAD_NUMBER"
    sentence = _(
        "Dòng %(row)s: “%(text)s” không phải số tiền đồng viết rõ ràng. Sửa ô này hoặc xuất lại tệp từ ngân hàng."
    )


class MixedFigures(DoubtfulStatement):
    code = "STATEMENT_MIXED_NUMBERS"
    sentence = _(
        "Dòng %(row)s: “%(text)s” viết khác kiểu với các số phía trên. "
        "Hãy xuất lại tệp từ ngân hàng, đừng sửa bằng tay."
    )


class OtherFigures(DoubtfulStatement):
    code = "STATEMENT_OTHER_NUMBERS"
    sentence = _(
        "Dòng %(row)s: “%(text)s” không viết theo kiểu số đã chọn cho tệp này (dấu ngăn hàng nghìn khác). "
        "Hãy xuất lại tệp từ ngân hàng, hoặc chọn lại cách đọc."
    )


class FractionOfDong(DoubtfulStatement):
    code = "STATEMENT_FRACTION"
    sentence = _("Dòng %(row)s: “%(text)s” có phần lẻ dưới một đồng. Hãy xuất lại tệp từ ngân hàng.")


@dataclass(frozen=True, slots=True)
class Style:
    """A way of writing whole đồng: the sign between thousands and the zero decimals, both perhaps absent."""

    thousands: str
    decimals: str
    shape: re.Pattern[str]

    def value(self, digits: str) -> int | None:
        if not self.shape.fullmatch(digits):
            return None
        whole = digits.removesuffix(self.decimals) if self.decimals else digits
        return int(whole.replace(self.thousands, "") if self.thousands else whole)


def _styles() -> Iterable[Style]:
    for thousands in ("", ".", ",", " "):
        for decimals in ("", ".0", ",0", ".00", ",00"):
            if thousands and decimals.startswith(thousands):
                continue
            t, d = re.escape(thousands), re.escape(decimals)
            grouped = rf"(?:0|[1-9][0-9]{{0,2}}(?:{t}[0-9]{{3}}){{0,5}})"
            whole = grouped if thousands else r"(?:0|[1-9][0-9]{0,15})"
            yield Style(thousands, decimals, re.compile(f"{whole}{d}"))


STYLES = tuple(_styles())


class FigureReader:
    """Reads the figures of one file and remembers which styles are still possible.

    A figure narrows them; one that fits none of those left refuses the file, naming its row. Two styles that are
    left never read one text as two numbers, so the order of the figures does not matter to their values.
    """

    def __init__(self, styles: tuple[Style, ...] = STYLES) -> None:
        self._possible = self._allowed = styles

    def dong(self, figure: Figure | None, *, row: int) -> int | None:
        """Whole đồng with their sign; None for an empty cell or a lone dash.

        ``row`` is for the refusal. Numbers from spreadsheet cells count as they are. Raises BadFigure,
        MixedFigures, FractionOfDong.
        """
        if figure is None:
            return None
        if isinstance(figure, str):
            return self._from_text(figure, row=row)
        if type(figure) not in (int, float):
            raise BadFigure(row=row, text=str(figure))
        if isinstance(figure, float):
            if not figure.is_integer():
                raise FractionOfDong(row=row, text=str(figure))
            figure = int(figure)
        if abs(figure) > MAX_DONG:
            raise BadFigure(row=row, text=str(figure))
        return figure

    def _from_text(self, text: str, *, row: int) -> int | None:
        bare = text.strip() if text.isascii() else text.translate(_BLANKS).strip()
        if bare in _NOTHING:
            return None
        digits, negative = (bare, False) if bare[0].isdigit() and bare[-1].isdigit() else _unsigned(bare)
        if digits == "0":  # an empty column often holds a bare 0 beside figures with decimals
            return 0
        value = self._possible[0].value(digits) if len(self._possible) == 1 else self._narrowed(digits)
        if value is None:
            raise self._why_not(text=bare, digits=digits, row=row)
        if value > MAX_DONG:
            raise BadFigure(row=row, text=bare)
        return -value if negative else value

    def _narrowed(self, digits: str) -> int | None:
        """The value, after which only the styles that can write it so are possible; None where none of them can."""
        values = [(style, found) for style in self._possible if (found := style.value(digits)) is not None]
        if not values:
            return None
        self._possible = tuple(style for style, _found in values)
        return values[0][1]

    def _why_not(self, *, text: str, digits: str, row: int) -> DoubtfulStatement:
        if any(style.value(digits) is not None for style in self._allowed):
            return MixedFigures(row=row, text=text)
        if any(style.value(digits) is not None for style in STYLES):
            return OtherFigures(row=row, text=text)
        if re.fullmatch(r"[0-9]{1,3}(?:[., ]?[0-9]{3})*[.,][0-9]{1,3}", digits):
            return FractionOfDong(row=row, text=text)
        return BadFigure(row=row, text=text)


def _unsigned(text: str) -> tuple[str, bool]:
    """The digits without their currency and their sign; brackets mean minus, the way accountants write it."""
    text = _CURRENCY.sub("", text)
    if text.startswith("(") and text.endswith(")"):
        return _CURRENCY.sub("", text[1:-1].strip()), True
    if text.startswith(("-", "−")):
        return text[1:].lstrip(), True
    if text.startswith("+"):
        return text[1:].lstrip(), False
    return text, False
