"""What a person types for an amount: ``185000``, ``185.000``, ``185 000 đ``. Pure."""

import re

from base.money import BadAmount, checked_dong
from base.text import composed

_TYPED = re.compile(
    r"(?P<figures>[0-9]{1,16}|[0-9]{1,3}(?:(?P<mark>[. ])[0-9]{3})(?:(?P=mark)[0-9]{3})*) ?(?:đ|₫|đồng|vnđ|vnd)?"
)


def dong_typed(text: str, *, field: str, least: int = 1) -> int:
    """Whole đồng. Dots or blanks may stand between thousands; a comma, a sign or a letter is refused: BadAmount."""
    typed = _TYPED.fullmatch(composed(text).lower()) if len(text) <= 40 else None
    if typed is None or not typed["figures"].isascii():
        raise BadAmount(field=field)
    try:
        return checked_dong(int(typed["figures"].replace(".", "").replace(" ", "")), least=least)
    except BadAmount:
        raise BadAmount(field=field) from None
