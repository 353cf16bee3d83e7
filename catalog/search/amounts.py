"""How much: "5 lạng", "nửa cân", "0,5kg", "1 lít rưỡi", "chục quả", read alike in names and in queries. Pure.

An amount becomes one term (``g:500``, ``ml:1500``, ``n:10``), and its words are taken out of the text.
"""

import re
from dataclasses import dataclass

from base.syllables import folded_word, tidy

_IN_WORDS = {
    number_word: number
    for number, spellings in enumerate(
        ("một mot", "hai", "ba", "bốn bon", "năm nam", "sáu sau", "bảy bẩy bay", "tám tam", "chín chin", "mười muoi"), 1
    )
    for number_word in spellings.split()
}
_UNITS = {
    "g": (
        {"g": 1, "gr": 1, "gam": 1, "gram": 1, "grams": 1, "lạng": 100, "lang": 100, "kg": 1000, "kgs": 1000}
        | {"kí": 1000, "ký": 1000, "ki": 1000, "ky": 1000, "kilo": 1000, "kilogam": 1000, "kilogram": 1000}
        | {"cân": 1000, "can": 1000, "yến": 10_000, "yen": 10_000, "tạ": 100_000}
    ),
    "ml": {"ml": 1, "cc": 1, "xị": 250, "l": 1000, "lít": 1000, "lit": 1000},
    "n": (
        {"quả": 1, "qua": 1, "trái": 1, "trai": 1, "cái": 1, "chiếc": 1, "chiec": 1, "bắp": 1, "viên": 1, "vien": 1}
        | {"miếng": 1, "mieng": 1, "củ": 1, "con": 1, "đôi": 2, "doi": 2, "cặp": 2, "cap": 2}
        | {"chục": 10, "chuc": 10, "tá": 12}
    ),
}
_KIND_OF = {unit: (kind, size) for kind, units in _UNITS.items() for unit, size in units.items()}
_DIGITS = r"[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,6}(?:[.,][0-9]{1,2})?"
_COUNT = rf"(?P<count>{_DIGITS}|nửa|nua|{'|'.join(_IN_WORDS)})"
_UNIT = rf"(?P<unit>{'|'.join(sorted(_KIND_OF, key=len, reverse=True))})"
_REST = r"(?:(?P<tenths>[1-9])(?![0-9])|\s+(?P<half>rưỡi|ruoi))?"
_ALONE = rf"{_UNIT.replace('unit', 'half_more')}\s+(?:rưỡi|ruoi)|(?P<set_of>chục|chuc|tá)"
_AMOUNT = re.compile(rf"(?<![^\W_])(?:{_COUNT}\s*{_UNIT}{_REST}|{_ALONE})(?![^\W_])")
_MOST = 10**9


@dataclass(frozen=True, slots=True)
class Amounts:
    """``terms``: each once, in order. ``rest``: the text without them."""

    terms: tuple[str, ...]
    rest: str


def amounts_in(text: str) -> Amounts:
    """``"Lạc đỏ, 5 lạng"`` → ``g:500`` and "lạc đỏ,". A number without a unit stays a word."""
    terms: list[str] = []

    def taken(found: re.Match[str]) -> str:
        term = _term(found)
        if term is None:
            return found[0]
        terms.append(term)
        return " "

    rest = _AMOUNT.sub(taken, tidy(text))
    return Amounts(tuple(dict.fromkeys(terms)), rest)


def _term(found: re.Match[str]) -> str | None:
    if found["set_of"]:
        return f"n:{_UNITS['n'][found['set_of']]}"
    if found["half_more"]:
        kind, size = _KIND_OF[found["half_more"]]
        return f"{kind}:{size * 3 // 2}" if kind != "n" else None
    kind, size = _KIND_OF[found["unit"]]
    hundredths = _hundredths(found["count"])
    if found["half"]:
        hundredths += 50
    elif found["tenths"]:
        if size != 1000:
            return None
        hundredths += int(found["tenths"]) * 10  # "1kg2" is 1,2 kg
    measures, odd = divmod(hundredths * size, 100)
    return f"{kind}:{measures}" if not odd and 0 < measures <= _MOST else None


def _hundredths(count: str) -> int:
    if folded_word(count) == "nua":
        return 50
    if count in _IN_WORDS:
        return _IN_WORDS[count] * 100
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+", count):
        return int(count.replace(".", "")) * 100
    whole, _, rest = count.replace(",", ".").partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)
