"""SMS that reach us: forwarded by a phone to its own secret address, or pasted by hand.

The token in the address is the only proof of the phone, and nothing proves the bank: who reads this compares the
sender's name with those that the treasurer allowed, and an SMS alone settles nothing: texts can be faked.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qsl

from base.hostile_json import MAX_BYTES, BadJson, read_json
from payments.providers.arrival import Arrival, NotForUs, Unreadable, readable_text
from payments.providers.sms.notice import NotANotice
from payments.providers.sms.reading import parse

_SENDERS = ("from", "sender", "phone", "address")
_TEXTS = ("text", "message", "body", "msg", "content")
_STAMPS = ("sentStamp", "receivedStamp")

_FORM = re.compile(rb"[A-Za-z_]{1,40}=[^\s]*")
_STAMP = re.compile(r"[0-9]{12,14}")
_LATE = timedelta(days=60)  # a phone that was off forwards late; a stamp further off is a wrong clock
_EARLY = timedelta(days=1)
_MOST_FIELDS = 20


def read(
    *,
    body: bytes,
    headers: Mapping[str, str],
    keys: Sequence[str],
    now: int,
    auth: Literal["hmac", "apikey"] | None = None,
) -> tuple[Arrival, ...]:
    """The one Arrival of a forwarded text. ``body`` is a JSON object, a form, or the text itself; ``now`` in Unix
    seconds. Headers, keys and ``auth`` are not asked: the address is the proof.

    Raises NotForUs for every text that is no notice of money (the phone forwards chat too, and none of it may be kept)
    and Unreadable for a body that holds no text, or a movement without a direction.
    """
    sender, text, stamp = _forwarded(body)
    at = datetime.fromtimestamp(now, UTC)
    if stamp is not None and at - _LATE <= stamp <= at + _EARLY:
        at = stamp
    return (arrival_of(text, sender=sender, received_at=at),)


def sender_of(body: bytes) -> str:
    """The sender's name as the phone tells it, "" when it does not. Raises Unreadable."""
    return _forwarded(body)[0]


def arrival_of(
    text: str, *, sender: str, received_at: datetime, direction: Literal["in", "out"] | None = None
) -> Arrival:
    """The Arrival of one text; ``received_at`` (aware) stands in for a time or a year that the text does not say, and
    ``direction``, which a person has said, for a sign that it does not show.

    The same text has the same ``source_id`` whatever blanks a copy has lost or won. ``account`` is the tail of the
    number, "" when it is masked; ``raw`` is the sender (where known) and the text. Raises NotForUs, Unreadable.
    """
    try:
        notice = parse(text, received_at=received_at)
    except NotANotice as no:
        raise NotForUs(reason=no.reason) from no
    if notice.sign is not None:
        direction = "in" if notice.sign == "+" else "out"
    if direction is None:
        raise Unreadable(reason="no_direction")
    return Arrival(
        source_id=_name_of(text),
        account=notice.account_tail,
        dong=notice.amount_dong,
        direction=direction,
        memo=notice.memo,
        happened_at=notice.happened_at or received_at,
        # what is only available differs from the balance of the books, and would tell two sources apart
        balance_dong=None if notice.balance_is_available else notice.balance_dong,
        raw=readable_text(f"{sender}\n{text}" if sender else text),
    )


def _name_of(text: str) -> str:
    visible = re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", unicodedata.normalize("NFC", text))
    return hashlib.sha256(" ".join(visible.split()).encode("utf-8", "replace")).hexdigest()


def _forwarded(body: bytes) -> tuple[str, str, datetime | None]:
    """Sender, text, and when the phone says that it was sent. Raises Unreadable."""
    if len(body) > MAX_BYTES:
        raise Unreadable(reason="too_long")
    if not body:  # a body that was lost on the way is no text that says nothing
        raise Unreadable(reason="no_text")
    fields = _fields_of(body)
    texts = [fields[name] for name in _TEXTS if isinstance(fields.get(name), str)]
    if not texts:
        raise Unreadable(reason="no_text")
    senders = [fields[name] for name in _SENDERS if isinstance(fields.get(name), str)]
    sender = readable_text(senders[0]).strip()[:40] if senders else ""
    stamps = [str(fields[name]) for name in _STAMPS if _STAMP.fullmatch(str(fields.get(name)))]
    return sender, texts[0], datetime.fromtimestamp(int(stamps[0]) / 1000, UTC) if stamps else None


def _fields_of(body: bytes) -> dict[str, Any]:
    if body.lstrip()[:1] == b"{":
        try:
            fields = read_json(body, any_numbers=True)
        except BadJson as no:
            raise Unreadable(reason=no.reason) from no
        assert isinstance(fields, dict), "JSON that starts with a brace is an object"
        return fields
    try:
        plain = body.decode()
        form = parse_qsl(plain, errors="strict", max_num_fields=_MOST_FIELDS) if _FORM.fullmatch(body) else []
    except ValueError:  # not UTF-8, or a form with too many fields
        raise Unreadable(reason="bad_text") from None
    fields = dict(reversed(form))  # of two equal names the first counts
    return fields if fields.keys() & set(_TEXTS) else {"text": plain}
