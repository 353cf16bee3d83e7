"""Stripe's signed events: their proof, and what they are turned into (stripe_money.py, stripe_fates.py).

Named so that it does not stand in the way of Stripe's own package, ``stripe``.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from payments.providers.arrival import Arrival, Forged
from payments.providers.call_fields import by_lower_name, comparable
from payments.providers.stripe_fates import CardChange, fate_in
from payments.providers.stripe_money import money_in
from payments.providers.stripe_objects import event_in

CLOCK_TOLERANCE_SECONDS = 300
SIGNATURE_HEADER = "Stripe-Signature"
MOST_SIGNATURES = 8
"""While a secret is replaced Stripe signs with each live one; more than a few is nobody's genuine call."""

EVENTS = (
    "charge.captured",
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_reinstated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
    "charge.refunded",
    "charge.succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "payment_intent.canceled",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.succeeded",
    "refund.created",
    "refund.failed",
    "refund.updated",
)
"""What the endpoint at Stripe is to send. Any other event is taken and says nothing."""

_PART = re.compile(r"(t|v[0-9]+)=([0-9a-f]{1,128})")
_STAMP = re.compile(r"[0-9]{1,12}")


def read(
    *,
    body: bytes,
    headers: Mapping[str, str],
    keys: Sequence[str],
    now: int,
    auth: Literal["hmac", "apikey"] | None = None,
) -> tuple[Arrival, ...]:
    """The money that a genuine event tells of: none, one, or two (a refund that went out and came back).

    Arguments as in sepay.read; there is one proof, so ``auth`` is not asked. An Arrival names no ``account``: an event
    belongs to the Stripe account whose secret signed it. Raises Forged (no valid proof, or a stamp more than 300 s off
    in either direction) and Unreadable.
    """
    _check_signature(body=body, header=by_lower_name(headers).get(SIGNATURE_HEADER.lower(), ""), keys=keys, now=now)
    return told_by(body)


def told_by(body: bytes) -> tuple[Arrival, ...]:
    """The money that a proven event tells of. Raises Unreadable."""
    return money_in(event_in(body), raw=body.decode())


def changes(body: bytes) -> tuple[CardChange, ...]:
    """What a proven event says of a card payment's fate: nothing or one thing. Raises Unreadable."""
    change = fate_in(event_in(body))
    return () if change is None else (change,)


def environment_of(body: bytes) -> Literal["live", "sandbox"]:
    """Whether an event is of real money or of Stripe's sandbox. Raises Unreadable."""
    return "live" if event_in(body).livemode else "sandbox"


def signed_call(*, key: str, body: bytes, now: int) -> dict[str, str]:
    """The headers with which Stripe would send ``body`` at ``now`` (Unix seconds)."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        SIGNATURE_HEADER: f"t={now},v1={_hex(key=comparable(key), stamp=str(now), body=body)}",
    }


def call_body(
    kind: str, about: Mapping[str, Any], *, event_id: str, created: int, livemode: bool = False, api_version: str = ""
) -> bytes:
    """An event of Stripe's shape about the object ``about``, for the fake server and the tests."""
    event = {
        "id": event_id,
        "object": "event",
        "api_version": api_version or None,
        "created": created,
        "data": {"object": about},
        "livemode": livemode,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
    return json.dumps(event, ensure_ascii=False, indent=2).encode()


def _check_signature(*, body: bytes, header: str, keys: Sequence[str], now: int) -> None:
    """``t=1492774577,v1=5257…,v1=6ffb…,v0=…``: any v1 under any live key. Other schemes prove nothing."""
    parts = [_PART.fullmatch(part.strip()) for part in header.split(",")] if len(header) <= 4096 else []
    stamps = [part[2] for part in parts if part is not None and part[1] == "t"]
    if len(stamps) != 1 or not _STAMP.fullmatch(stamps[0]):
        raise Forged(reason="bad_timestamp")
    if abs(now - int(stamps[0])) > CLOCK_TOLERANCE_SECONDS:
        raise Forged(reason="stale_timestamp")
    given = [part[2] for part in parts if part is not None and part[1] == "v1"]
    if len(given) > MOST_SIGNATURES:
        raise Forged(reason="bad_signature")
    genuine = [_hex(key=comparable(key), stamp=stamps[0], body=body) for key in keys if key]
    # a list, not a generator: every live key is tried, so timing does not tell which one fits
    fits = [hmac.compare_digest(one.encode(), other.encode()) for one in given for other in genuine]
    if not any(fits):
        raise Forged(reason="bad_signature")


def _hex(*, key: bytes, stamp: str, body: bytes) -> str:
    return hmac.new(key, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
