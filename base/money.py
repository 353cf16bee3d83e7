"""Whole đồng: checks, shares, figures and words. No float, no Decimal, anywhere."""

import re

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused

MAX_DONG = 2**53 - 1  # a JSON reader never rounds it
MAX_TRANSFER_DONG = 499_999_999  # one NAPAS 247 transfer stays under 500,000,000

_ASCII_INTEGER = re.compile(r"-?[0-9]{1,16}")


class BadAmount(Refused):
    code = "BAD_AMOUNT"
    sentence = _("Số tiền không hợp lệ.")


def checked_dong(value: object, *, least: int = 1, most: int = MAX_DONG) -> int:
    """``value`` itself if it is a whole number of đồng from ``least`` to ``most``.

    Only ``int`` passes: not ``bool``, ``float``, ``Decimal`` or text (databases round some of them in
    silence). Raises BadAmount.
    """
    if type(value) is not int or not least <= value <= most:
        raise BadAmount()
    return value


def dong_from_text(text: str) -> int:
    """Whole đồng from plain ASCII digits, as the wire carries them ("185000"). Raises BadAmount."""
    if not isinstance(text, str) or not _ASCII_INTEGER.fullmatch(text):
        raise BadAmount()
    value = int(text)
    if abs(value) > MAX_DONG:
        raise BadAmount()
    return value


def line_total_dong(*, price_dong: int, quantity: int, unit: int) -> int:
    """Price of a line: half up, once (docs/prices-and-shares.md §1).

    ``price_dong`` is for ``unit`` measures (1 piece, or 1,000 g); ``quantity`` counts measures.
    """
    return (price_dong * quantity + unit // 2) // unit


def fee_dong(*, gross_dong: int, fee_bp: int) -> int:
    """The part kept at ``fee_bp`` basis points (7.2 % = 720), rounded down."""
    return gross_dong * fee_bp // 10_000


def figures(amount_dong: int) -> str:
    """``185.000 ₫``: thousands by dots, the way it is written in Việt Nam."""
    return f"{grouped(amount_dong)}\u00a0₫"


def grouped(number: int) -> str:
    """``1.234.567``; a real minus sign before negatives."""
    text = f"{abs(number):,}".replace(",", ".")
    return f"−{text}" if number < 0 else text


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _three_digits(number: int, *, leading: bool) -> list[str]:
    """Words for 0–999; ``leading`` says the hundreds even when they are zero (1.005 → không trăm linh năm)."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words: list[str] = []
    if hundreds or (leading and rest):
        words += [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if ones:
            words += ["linh", _DIGITS[ones]] if words else [_DIGITS[ones]]
        return words
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 5:
        words.append("lăm")
    elif ones:
        words.append(_DIGITS[ones])
    return words


def number_in_words(number: int) -> str:
    """Vietnamese words, northern: 185000 → "một trăm tám mươi lăm nghìn". Range: |number| ≤ 2^53−1."""
    if number == 0:
        return _DIGITS[0]
    if number < 0:
        return "âm " + number_in_words(-number)
    billions, rest = divmod(number, 1_000_000_000)
    words: list[str] = []
    if billions:
        words += [number_in_words(billions), "tỷ"]
    for size, name in ((1_000_000, "triệu"), (1_000, "nghìn"), (1, "")):
        group, rest = divmod(rest, size)
        if group:
            words += _three_digits(group, leading=bool(words))
            if name:
                words.append(name)
    return " ".join(words)


def in_words(amount_dong: int) -> str:
    """ "một trăm tám mươi lăm nghìn đồng", for places where money moves."""
    return number_in_words(amount_dong) + " đồng"
