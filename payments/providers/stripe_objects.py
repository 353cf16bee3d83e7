"""Stripe's JSON, field by field: events, ids that may be whole objects, times, currencies, our own metadata.

Few fields are read, all of them old ones, so that an event of any API version is understood.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from payments.providers.arrival import Unreadable, readable_text
from payments.providers.call_fields import as_object, number_of, object_in, text_of, words_of

_ID = re.compile(r"[A-Za-z0-9_]{3,60}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800  # 2000 and 2100


@dataclass(frozen=True, slots=True)
class Event:
    """``type`` happened at ``created`` (Unix seconds) to the object ``about``."""

    type: str
    created: int
    livemode: bool
    about: Mapping[str, Any]


def event_in(body: bytes) -> Event:
    """The event in a body. Raises Unreadable."""
    call = object_in(body)
    if call.get("object") != "event":
        raise Unreadable(reason="not_an_event")
    livemode = call.get("livemode")
    if type(livemode) is not bool:
        raise Unreadable(reason="bad_livemode")
    created = number_of(call, "created")
    when(created)
    return Event(text_of(call, "type"), created, livemode, as_object(as_object(call.get("data")).get("object")))


def when(seconds: int) -> datetime:
    """An aware time for Unix seconds. Raises Unreadable outside of 2000 to 2100."""
    if not _EARLIEST <= seconds < _LATEST:
        raise Unreadable(reason="bad_created")
    return datetime.fromtimestamp(seconds, UTC)


def id_of(value: Any) -> str:
    """The id in a field that holds either it or the whole object; "" for none."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def own_id(about: Mapping[str, Any]) -> str:
    """The object's id. Raises Unreadable."""
    own = id_of(about)
    if not own:
        raise Unreadable(reason="bad_id")
    return own


def currency_of(about: Mapping[str, Any]) -> str:
    """ISO 4217, upper case. Raises Unreadable."""
    currency = text_of(about, "currency").upper()
    if not _CURRENCY.fullmatch(currency):
        raise Unreadable(reason="bad_currency")
    return currency


def metadata_of(about: Mapping[str, Any], name: str) -> str:
    """What we wrote beside an object when we made it; "" where somebody else made it."""
    given = about.get("metadata")
    return readable_text(words_of(given, name))[:80] if isinstance(given, Mapping) else ""
