"""Phone numbers: stored as E.164, shown as 0912 345 678."""

import phonenumbers
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused


class BadPhone(Refused):
    code = "BAD_PHONE"
    sentence = _("Số điện thoại chưa đúng. Ví dụ: 0912 345 678.")


def e164(text: str) -> str:
    """``0912 345 678`` → ``+84912345678``. Vietnamese numbers need no country code. Raises BadPhone."""
    if not text.isascii() or len(text) > 24:
        raise BadPhone(field="phone")
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException as error:
        raise BadPhone(field="phone") from error
    if number.extension or not phonenumbers.is_possible_number(number):
        raise BadPhone(field="phone")
    if number.country_code == 84 and not phonenumbers.is_valid_number(number):
        raise BadPhone(field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(stored: str | None) -> str:
    """``+84912345678`` → ``0912 345 678``; foreign numbers keep their country code."""
    if not stored:
        return ""
    if stored.startswith("+84") and len(stored) == 12:
        local = "0" + stored[3:]
        return f"{local[:4]} {local[4:7]} {local[7:]}"
    return stored
