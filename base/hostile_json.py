"""JSON from strangers: small, shallow, whole numbers, every key once. Anything else is refused.

Two wishes besides: fields that nobody reads may hold any number (``any_numbers``), and a signature over the parsed
value needs each number exactly as it was written (``read_for_proof`` and ``canonical_json``).
"""

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
MAX_INTEGER = 2**53 - 1  # beyond it other readers of the same text round in silence

PROOF_MOST_BYTES = 1024 * 1024  # a proof may be right over a text that is too long or too deep to be used
PROOF_MOST_DEPTH = 100

_STRUCTURE = re.compile(r'["\\\[\]{}]')


class BadJson(Refused):
    """``reason`` (lower_snake) says which rule the text broke."""

    code = "BAD_JSON"
    sentence = _("Dữ liệu JSON gửi đến không đọc được (%(reason)s).")

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number that no int holds faithfully (a fraction, an exponent, beyond 2^53−1, -0): its text, never computed."""

    text: str


def read_json(
    raw: bytes, *, most_bytes: int = MAX_BYTES, most_depth: int = MAX_DEPTH, any_numbers: bool = False
) -> Any:
    """The value written in ``raw`` (UTF-8 without a byte order mark).

    Raises BadJson for text that is too long (``most_bytes``), too deep (``most_depth``), not UTF-8, not JSON; for a
    fraction or exponent, NaN, Infinity, an integer beyond 2^53−1, and for a key that stands twice (two readers would
    then see two different payments). With ``any_numbers`` fractions, exponents and big integers come as WrittenNumber,
    so that the one who needs a whole number still refuses them. Nothing else is raised.
    """
    return _parsed(
        _text(raw, most_bytes=most_bytes, most_depth=most_depth),
        parse_int=_int_or_written if any_numbers else _whole_number,
        parse_float=WrittenNumber if any_numbers else _no_fraction,
        parse_constant=_no_constant,
        object_pairs_hook=_every_key_once,
    )


def read_for_proof(raw: bytes, *, most_bytes: int = PROOF_MOST_BYTES) -> Any:
    """The value that a signer saw who parses and dumps again: any number as written, the last of equal keys.

    Only to compare a signature with: what is then used is read by ``read_json``. Raises BadJson where there is no
    value at all (not UTF-8, not JSON, beyond ``most_bytes`` or PROOF_MOST_DEPTH).
    """
    return _parsed(
        _text(raw, most_bytes=most_bytes, most_depth=PROOF_MOST_DEPTH),
        parse_int=_int_or_written,
        parse_float=WrittenNumber,
        parse_constant=WrittenNumber,
    )


def canonical_json(value: Any) -> str:
    """``value`` on one line, keys sorted at every level, non-ASCII and ``/`` as they are, numbers as they came."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_dumped(key)}:{canonical_json(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical_json, value)) + "]"
    return value.text if isinstance(value, WrittenNumber) else _dumped(value)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text(raw: bytes, *, most_bytes: int, most_depth: int) -> str:
    if len(raw) > most_bytes:
        raise BadJson(reason="too_long")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadJson(reason="not_utf8") from None
    if _depth(text) > most_depth:
        raise BadJson(reason="too_deep")
    return text


def _parsed(text: str, **hooks: Any) -> Any:
    try:
        return json.loads(text, **hooks)
    except ValueError:
        raise BadJson(reason="not_json") from None


def _depth(text: str) -> int:
    """Deepest nesting of brackets outside strings, in one pass, before the recursive parser sees the text."""
    deepest = depth = 0
    in_string = False
    escaped_at = -1
    for match in _STRUCTURE.finditer(text):
        sign, at = match.group(), match.start()
        if in_string:
            if at == escaped_at:
                continue
            if sign == "\\":
                escaped_at = at + 1
            elif sign == '"':
                in_string = False
        elif sign == '"':
            in_string = True
        elif sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth = max(depth - 1, 0)
    return deepest


def _whole_number(digits: str) -> int:
    if len(digits) > 17 or abs(number := int(digits)) > MAX_INTEGER:
        raise BadJson(reason="number_too_big")
    return number


def _int_or_written(digits: str) -> int | WrittenNumber:
    if len(digits) > 17 or abs(number := int(digits)) > MAX_INTEGER or digits == "-0":
        return WrittenNumber(digits)
    return number


def _no_fraction(_digits: str) -> NoReturn:
    raise BadJson(reason="fraction")


def _no_constant(_name: str) -> NoReturn:
    raise BadJson(reason="not_a_number")


def _every_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson(reason="key_twice")
    return found
