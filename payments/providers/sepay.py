"""SePay's webhook: its proof, its fields, and how to sign one."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, cast

from base.periods import VIETNAM_OFFSET
from payments.providers.arrival import Arrival, Direction, Forged, NotForUs, Unreadable
from payments.providers.call_fields import (
    account_of,
    by_lower_name,
    comparable,
    memo_of,
    number_of,
    object_in,
    text_of,
    time_of,
    words_of,
)

CLOCK_TOLERANCE_SECONDS = 300
TIMESTAMP_HEADER = "X-SePay-Timestamp"
SIGNATURE_HEADER = "X-SePay-Signature"

_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def read(
    *,
    body: bytes,
    headers: Mapping[str, str],
    keys: Sequence[str],
    now: int,
    auth: Literal["hmac", "apikey"] | None = None,
) -> tuple[Arrival, ...]:
    """The one Arrival of a genuine call.

    ``body`` is what came over the wire, byte for byte; ``headers`` in any case; ``keys`` are the live secrets of
    *this* connection (two while one is being replaced); ``now`` in Unix seconds. Without ``auth`` a signature
    header, when present, decides and never falls back to the key.

    Raises Forged (no valid proof), Unreadable (proof right, content not usable), NotForUs (a test call).
    """
    given = by_lower_name(headers)
    live = [key.encode("utf-8", "surrogatepass") for key in keys if key]
    if auth == "hmac" or (auth is None and SIGNATURE_HEADER.lower() in given):
        _check_signature(body=body, given=given, keys=live, now=now)
    else:
        _check_api_key(given=given, keys=live)
    return (_arrival(body),)


def signed_call(*, key: str, body: bytes, now: int) -> dict[str, str]:
    """The headers with which SePay would send ``body`` at ``now`` (Unix seconds) in HMAC mode."""
    timestamp = str(now)
    return {
        "Content-Type": "application/json",
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: _signature(key=key.encode(), timestamp=timestamp, body=body),
    }


def call_body(
    *,
    source_id: int,
    account: str,
    dong: int,
    memo: str,
    happened_at: datetime,
    direction: Direction = "in",
    reference: str = "",
    gateway: str = "Vietcombank",
) -> bytes:
    """A body of SePay's shape, for the simulator and the tests: twelve fields, ``accumulated`` 0 as it often is."""
    return json.dumps(
        {
            "id": source_id,
            "gateway": gateway,
            "transactionDate": happened_at.astimezone(VIETNAM_OFFSET).strftime("%Y-%m-%d %H:%M:%S"),
            "accountNumber": account,
            "subAccount": None,
            "code": None,
            "content": memo,
            "transferType": direction,
            "transferAmount": dong,
            "accumulated": 0,
            "referenceCode": reference,
            "description": f"BankAPINotify {memo}",
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def _signature(*, key: bytes, timestamp: str, body: bytes) -> str:
    return "sha256=" + hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _check_signature(*, body: bytes, given: Mapping[str, str], keys: Sequence[bytes], now: int) -> None:
    timestamp = given.get(TIMESTAMP_HEADER.lower(), "")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise Forged(reason="bad_timestamp")
    if abs(now - int(timestamp)) > CLOCK_TOLERANCE_SECONDS:
        raise Forged(reason="stale_timestamp")
    signature = comparable(given.get(SIGNATURE_HEADER.lower(), ""))
    # a list, not a generator: every live key is tried, so timing does not tell which one fits
    fits = [hmac.compare_digest(signature, _signature(key=k, timestamp=timestamp, body=body).encode()) for k in keys]
    if not any(fits):
        raise Forged(reason="bad_signature")


def _check_api_key(*, given: Mapping[str, str], keys: Sequence[bytes]) -> None:
    shown = comparable(given.get("authorization", ""))
    fits = [hmac.compare_digest(shown, b"Apikey " + key) for key in keys]
    if not any(fits):
        raise Forged(reason="bad_api_key")


def _arrival(body: bytes) -> Arrival:
    call = object_in(body)
    source_id = number_of(call, "id")
    if source_id == 0:  # no bank line has the id 0: feeds send it when somebody presses "send a test"
        raise NotForUs(reason="test_call")
    account = account_of(text_of(call, "accountNumber"))
    direction = call.get("transferType")
    if direction not in ("in", "out"):
        raise Unreadable(reason="bad_direction")
    return Arrival(
        source_id=str(source_id),
        account=account,
        dong=number_of(call, "transferAmount"),
        direction=cast(Direction, direction),
        memo=memo_of(call, "content"),
        happened_at=time_of(text_of(call, "transactionDate"), reason="bad_transaction_date"),
        reference=words_of(call, "referenceCode"),
        raw=body.decode(),  # balance_dong stays None: ``accumulated`` is often 0 and never proves anything
    )
