"""Single cells as people type them: text in one form, numbers with their zeros, phones, days, counts."""

import re
from datetime import date, datetime
from typing import Any

from base.text import composed, storable
from cooperatives.phones import BadPhone, e164
from payments.bills.roster.faults import Faulty
from payments.statements.sheet import as_text

_UNSEEN = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_EXCEL_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)", re.IGNORECASE)
_SHORTENED = re.compile(r"[0-9][.,][0-9]+E\+[0-9]+", re.IGNORECASE)
_WHOLE = re.compile(r"[0-9]{1,9}(?:[.,]0{1,2})?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
_NO_FRACTION = re.compile(r"(?<=[.][0-9]{3}),0{1,2}$|(?<=,[0-9]{3})[.]0{1,2}$")
_FLOAT_END = re.compile(r"(?<=^[0-9]{9})[.]0$|(?<=^[0-9]{10})[.]0$|(?<=^[0-9]{11})[.]0$")
"""As a file of text keeps a number that a spreadsheet took the phone for."""
_PHONES_APART = re.compile(r"[/;,\n]|(?:\s+-\s+)|\bhoặc\b")
_DAY = re.compile(r"([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})(?:\s*[/.-]\s*([0-9]{4}|[0-9]{2}))?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?")
_MOST_FIGURE = 100_000_000
_MOST_PHONE_DIGITS = 9


def text_of(cell: Any) -> str:
    """One line, composed, without what no one sees; ``'0012`` and ``12.0`` as a person means them. Raises Faulty."""
    text = composed(as_text(cell).translate(_UNSEEN)).replace("\n", " ")
    if text.startswith(("'", "’")) and text[1:2].isalnum():
        text = text[1:]  # typed so that a spreadsheet keeps it as text
    if _EXCEL_ERRORS.fullmatch(text):
        raise Faulty("EXCEL_ERROR", text=text)
    if not storable(text):
        raise Faulty("BAD_NAME", text=text.encode("ascii", "replace").decode())
    return text


def number_of(cell: Any) -> str:
    """The biller's own number. ``12.0`` typed as text is ``12``; zeros in front are kept. Raises Faulty."""
    text = text_of(cell)
    if isinstance(cell, float) and not cell.is_integer():
        raise Faulty("BAD_NUMBER", text=text)
    if _SHORTENED.fullmatch(text):
        raise Faulty("LOST_DIGITS", text=text)
    if re.fullmatch(r"[0-9]+\.0", text):
        text = text[:-2]
    if len(text) > 40 or not text.isprintable():
        raise Faulty("BAD_NUMBER", text=text[:60])
    return text


def phone_of(cell: Any) -> str:
    """E.164 of the first number in the cell, empty for none. A 0 that a spreadsheet took away comes back. Raises
    Faulty."""
    text = text_of(cell)
    if not text or text.lower() in {"-", "–", "không", "không có", "ko", "0"}:
        return ""
    for piece in _PHONES_APART.split(text):
        digits = re.sub(r"[\s.()\-\u2013]", "", _FLOAT_END.sub("", piece.strip()))
        if not digits:
            continue
        try:
            return e164(_with_its_zero(digits))
        except BadPhone:
            raise Faulty("BAD_PHONE", text=text) from None
    raise Faulty("BAD_PHONE", text=text)


def _with_its_zero(digits: str) -> str:
    if len(digits) == _MOST_PHONE_DIGITS and digits.isdigit() and digits[0] in "35789":
        return "0" + digits
    if digits.startswith("84") and len(digits) == _MOST_PHONE_DIGITS + 2:
        return "+" + digits
    return digits


def figure_of(cell: Any) -> int | None:
    """A whole number from 0, None for an empty cell. Raises Faulty for anything that could be read in two ways."""
    if isinstance(cell, bool):
        raise Faulty("BAD_FIGURE", text=str(cell))
    text = text_of(cell)
    if text in {"", "-", "–"}:
        return None
    if _WHOLE.fullmatch(text):
        figure = int(re.split(r"[.,]", text)[0])
    elif _GROUPED.fullmatch(text := _NO_FRACTION.sub("", text)):
        figure = int(re.sub(r"[., ]", "", text))
    else:
        raise Faulty("BAD_FIGURE", text=text[:60])
    if figure > _MOST_FIGURE:
        raise Faulty("BAD_FIGURE", text=text[:60])
    return figure


def day_of(cell: Any, *, year: int) -> date | None:
    """A day, day first; ``01/02`` alone is of ``year``. None for an empty cell. Raises Faulty."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return _within(cell, str(cell))
    text = text_of(cell)
    if text in {"", "-", "–"}:
        return None
    if found := _ISO.fullmatch(text):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    elif found := _DAY.fullmatch(text):
        said = found[3]
        parts = (year if not said else int(said) + 2000 * (len(said) == 2), int(found[2]), int(found[1]))
    else:
        raise Faulty("BAD_DATE", text=text[:60])
    try:
        return _within(date(*parts), text)
    except ValueError:
        raise Faulty("BAD_DATE", text=text[:60]) from None


def _within(day: date, text: str) -> date:
    if not 2000 <= day.year <= 2100:
        raise Faulty("BAD_DATE", text=text[:60])
    return day


def could_be_month_first(cell: Any) -> tuple[bool, bool]:
    """Of a day in text: whether it could be read with the month first, and whether it only can be."""
    if not isinstance(cell, str) or not (found := _DAY.fullmatch(cell.strip())):
        return False, False
    first, second = int(found[1]), int(found[2])
    return first <= 12 and second <= 12 and first != second, first <= 12 < second <= 31
