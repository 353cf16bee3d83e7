"""What sellers type, brought into one form: names on one line, descriptions without control signs, prices."""

import unicodedata

from django.utils.translation import gettext_lazy as _

from base.money import MAX_TRANSFER_DONG, BadAmount, checked_dong
from base.refusals import Refused
from base.text import composed

DESCRIPTION_LETTERS = 4000


class EmptyName(Refused):
    """A product or a variant without a name."""

    code = "EMPTY_NAME"
    sentence = _("Hãy ghi tên hàng.")


class TooLong(Refused):
    """A text longer than its place."""

    code = "TOO_LONG"
    sentence = _("Dài quá: nhiều nhất %(most)s ký tự.")


class BadPrice(Refused):
    """A price that is no whole number of đồng, or more than one transfer can carry."""

    code = "BAD_PRICE"
    sentence = _("Giá phải là số đồng chẵn, từ 1 đến 499.999.999.")


def checked_price(value: object, *, field: str) -> int:
    """A price in đồng that one transfer can pay. Raises BadPrice."""
    try:
        return checked_dong(value, most=MAX_TRANSFER_DONG)
    except BadAmount:
        raise BadPrice(field=field) from None


def one_line(text: str, *, most: int, field: str) -> str:
    """What was typed, in one form and on one line. Raises EmptyName, TooLong."""
    line = composed(" ".join(_without_controls(text).split()))
    if not line:
        raise EmptyName(field=field)
    if len(line) > most:
        raise TooLong(field=field, most=most)
    return line


def plain_description(text: str) -> str:
    """What was typed, line breaks kept. Raises TooLong."""
    plain = composed(_without_controls(text))
    if len(plain) > DESCRIPTION_LETTERS:
        raise TooLong(field="description", most=DESCRIPTION_LETTERS)
    return plain


def _without_controls(text: str) -> str:
    """Line breaks stay; what no database takes (NUL, half a surrogate) and no reader sees goes."""
    unified = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(c for c in unified if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
