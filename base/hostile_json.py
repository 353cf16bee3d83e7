"""JSON from strangers: small, shallow, whole numbers only, every key once. Anything else is refused."""

import json
import re
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
MAX_INTEGER = 2**53 - 1  # beyond it other readers of the same text round in silence

_STRUCTURE = re.compile(r'["\\\[\]{}]')


class BadJson(Refused):
    """``reason`` (lower_snake) says which rule the text broke."""

    code = "BAD_JSON"
    sentence = _("Dữ liệu JSON gửi đến không đọc được (%(reason)s).")

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


def read_json(raw: bytes, *, most_bytes: int = MAX_BYTES, most_depth: int = MAX_DEPTH) -> Any:
    """The value written in ``raw`` (UTF-8 without a byte order mark).

    Raises BadJson for text that is too long (``most_bytes``), too deep (``most_depth``), not UTF-8, not JSON; for a
    fraction or exponent, NaN, Infinity, an integer beyond 2^53−1, and for a key that stands twice (two readers would
    then see two different payments). Nothing else is raised.
    """
    if len(raw) > most_bytes:
        raise BadJson(reason="too_long")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadJson(reason="not_utf8") from None
    if _depth(text) > most_depth:
        raise BadJson(reason="too_deep")
    try:
        return json.loads(
            text,
            parse_int=_whole_number,
            parse_float=_no_fraction,
            parse_constant=_no_constant,
            object_pairs_hook=_every_key_once,
        )
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


def _no_fraction(_digits: str) -> NoReturn:
    raise BadJson(reason="fraction")


def _no_constant(_name: str) -> NoReturn:
    raise BadJson(reason="not_a_number")


def _every_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson(reason="key_twice")
    return found
