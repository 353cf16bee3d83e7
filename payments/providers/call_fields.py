"""What the readers of provider calls share: headers by name, JSON objects, exact fields, Vietnam time."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from base.hostile_json import MAX_INTEGER, BadJson, read_json
from base.periods import VIETNAM_OFFSET
from payments.providers.arrival import Forged, Unreadable, readable_text

_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,34}")
_WHEN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})?",
)


def by_lower_name(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case name; the same name twice leaves open which one counts, so it proves nothing."""
    given: dict[str, str] = {}
    for name, value in headers.items():
        if name.lower() in given:
            raise Forged(reason="header_twice")
        given[name.lower()] = value
    return given


def comparable(text: str) -> bytes:
    """Bytes, because compare_digest raises on text outside ASCII."""
    return text.encode("utf-8", "surrogatepass")


def object_in(body: bytes, *, most_bytes: int | None = None) -> dict[str, Any]:
    """The JSON object in ``body``. Numbers that are no whole ones come as WrittenNumber: a field that nobody reads may
    hold them. Raises Unreadable."""
    limit = {} if most_bytes is None else {"most_bytes": most_bytes}
    try:
        call = read_json(body, any_numbers=True, **limit)
    except BadJson as no:
        raise Unreadable(reason=no.reason) from no
    return as_object(call)


def as_object(value: Any) -> dict[str, Any]:
    """``value``, if it is a JSON object. Raises Unreadable."""
    if not isinstance(value, dict):
        raise Unreadable(reason="not_an_object")
    return value


def number_of(call: Mapping[str, Any], field: str, *, least: int = 0) -> int:
    """A whole number from ``least``. ``type() is int`` shuts out true, 1.5 and "185000" alike. Raises Unreadable."""
    value = call.get(field)
    if type(value) is not int or not least <= value <= MAX_INTEGER:
        raise Unreadable(reason=f"bad_{snake(field)}")
    return value


def text_of(call: Mapping[str, Any], field: str) -> str:
    """A text that has to be there. Raises Unreadable."""
    value = call.get(field)
    if not isinstance(value, str):
        raise Unreadable(reason=f"bad_{snake(field)}")
    return value


def memo_of(call: Mapping[str, Any], field: str) -> str:
    """The memo as it came; null is an empty one. Raises Unreadable where the field is absent or no text."""
    return "" if field in call and call[field] is None else readable_text(text_of(call, field))


def words_of(call: Mapping[str, Any], field: str) -> str:
    """A text that only suggests: "" when it is absent, null or anything else."""
    value = call.get(field)
    return readable_text(value).strip() if isinstance(value, str) else ""


def account_of(text: str) -> str:
    """An account number as banks write them: 1 to 34 letters and digits. Raises Unreadable."""
    account = text.strip()
    if not _ACCOUNT.fullmatch(account):
        raise Unreadable(reason="bad_account")
    return account


def time_of(text: str, *, reason: str) -> datetime:
    """``2025-11-23 09:15:42``; without a zone it is Vietnam time. Raises Unreadable with ``reason``."""
    if not _WHEN.fullmatch(text):
        raise Unreadable(reason=reason)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(reason=reason) from None
    if not 2000 <= at.year < 2100:  # a zone or a day more would leave the calendar
        raise Unreadable(reason=reason)
    return at if at.tzinfo else at.replace(tzinfo=VIETNAM_OFFSET)


def snake(field: str) -> str:
    """``transferAmount`` → ``transfer_amount``, for reasons."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field).lower()
