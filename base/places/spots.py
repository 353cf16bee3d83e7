"""One spot: an Open Location Code from a pin, and the codes that authorities give to a house. Form only. Pure.

Four schemes are about and none is universal, so a code is kept as scheme and value beside the
address, never required and never the address by itself. Whether a house has the code is nobody's to check here.

The Open Location Code is computed after its public specification, ten digits, a square of 14 m by 14 m at most.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused

_DIGITS = "23456789CFGHJMPQRVWX"
_STEPS = 8000
"""Steps of a degree in a code of ten digits: 20 × 20 × 20, the first two digits being 20 degrees each."""
_PAIRS = 5
_BLANKS = re.compile(r"[\s.\-]+")
_OLC = re.compile(rf"[{_DIGITS}]{{8}}\+[{_DIGITS}]{{2,7}}")
_VPOSTCODE = re.compile(rf"\d{{5}}[{_DIGITS}]{{7}}")


class BadAddressCode(Refused):
    code = "BAD_ADDRESS_CODE"
    sentence = _("Mã địa chỉ này không đúng dạng. Bỏ trống cũng được.")


class BadPin(Refused):
    code = "BAD_PIN"
    sentence = _("Vị trí trên bản đồ không đọc được. Bỏ trống cũng được.")


class Scheme(StrEnum):
    VPOSTCODE = "vpostcode"
    DAP = "dap"
    PLACE_ID = "place_id"
    POSTAL = "postal"
    OLC = "olc"


@dataclass(frozen=True, slots=True)
class AddressCode:
    """``value`` in one form: capitals, without blanks, dots and hyphens."""

    scheme: Scheme
    value: str


_FORMS: dict[Scheme, Callable[[str], bool]] = {
    Scheme.VPOSTCODE: lambda value: _VPOSTCODE.fullmatch(value) is not None,
    Scheme.DAP: lambda value: _of_digits(value, 10),
    Scheme.PLACE_ID: lambda value: _of_digits(value, 12),
    Scheme.POSTAL: lambda value: _of_digits(value, 5),
    Scheme.OLC: lambda value: _OLC.fullmatch(value) is not None and _on_earth(value),
}


def address_code(scheme: str, written: str) -> AddressCode:
    """The code that somebody wrote. Raises BadAddressCode for an unknown scheme and for another form than its own."""
    value = _BLANKS.sub("", written).upper()
    if scheme == Scheme.VPOSTCODE:
        value = value.replace("+", "")
    if scheme not in set(Scheme) or not _FORMS[Scheme(scheme)](value):
        raise BadAddressCode(field="address_code")
    return AddressCode(Scheme(scheme), value)


def open_location_code(latitude: Decimal | float, longitude: Decimal | float) -> str:
    """``(20.1125, 106.005)`` → a code like 7PG85264+R2. Degrees of WGS 84; raises BadPin outside ±90 and ±180."""
    north, east = Decimal(str(latitude)), Decimal(str(longitude))
    if not (north.is_finite() and east.is_finite() and abs(north) <= 90 and abs(east) <= 180):
        raise BadPin(field="pin")
    up = min(_floor((north + 90) * _STEPS), 180 * _STEPS - 1)
    right = _floor((east + 180) * _STEPS) % (360 * _STEPS)
    digits = ""
    for _pair in range(_PAIRS):
        digits = _DIGITS[up % 20] + _DIGITS[right % 20] + digits
        up, right = up // 20, right // 20
    return f"{digits[:8]}+{digits[8:]}"


def centre(code: str) -> tuple[Decimal, Decimal]:
    """Latitude and longitude of the middle of the square. Raises BadAddressCode for what is no full code."""
    pairs = address_code(Scheme.OLC, code).value.replace("+", "")[: 2 * _PAIRS]
    up = right = 0
    for at in range(0, 2 * _PAIRS, 2):
        up, right = up * 20 + _DIGITS.index(pairs[at]), right * 20 + _DIGITS.index(pairs[at + 1])
    half = Decimal("0.5")
    return (up + half) / _STEPS - 90, (right + half) / _STEPS - 180


def _floor(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_FLOOR))


def _of_digits(value: str, count: int) -> bool:
    return len(value) == count and value.isascii() and value.isdecimal()


def _on_earth(code: str) -> bool:
    """The first pair counts twenties of degrees: no more than 9 to the north, 18 to the east."""
    return _DIGITS.index(code[0]) < 9 and _DIGITS.index(code[1]) < 18
