"""Casso's webhooks: v2 signs its whole body, v1 shows a shared token and brings many rows.

``runningBalance`` and ``cusum_balance`` are never taken as the account's balance. Casso calls them the money left
after the line, but also adds them up itself, and its own samples repeat one figure over several lines. A balance that
is not the bank's would tell two sources of one line apart, and the money would count twice.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from base.hostile_json import MAX_INTEGER, BadJson, canonical_json, read_for_proof
from base.periods import VIETNAM_OFFSET
from payments.providers.arrival import Arrival, Direction, Forged, NotForUs, Unreadable
from payments.providers.call_fields import (
    account_of,
    as_object,
    by_lower_name,
    comparable,
    memo_of,
    number_of,
    object_in,
    text_of,
    time_of,
    words_of,
)

SIGNATURE_HEADER = "X-Casso-Signature"
V1_PROOF_HEADER = "secure-token"

_SIGNATURE = re.compile(r"t=([0-9]{1,16}),v1=([0-9a-f]{128})")
_PARTS_OF_A_SECOND = re.compile(r"(?<=:[0-9]{2})\.[0-9]{1,9}(?=Z?$)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_v2(
    *,
    body: bytes,
    headers: Mapping[str, str],
    keys: Sequence[str],
    now: int,
    auth: Literal["hmac", "apikey"] | None = None,
) -> tuple[Arrival, ...]:
    """The one Arrival of a genuine v2 call. Arguments as in sepay.read; there is one proof, so ``auth`` is not asked,
    and no time window is documented for its ``t``, so neither is ``now``.

    Raises Forged (no valid proof), Unreadable (proof right, content not usable), NotForUs (the dashboard's test).
    """
    signature = _SIGNATURE.fullmatch(by_lower_name(headers).get(SIGNATURE_HEADER.lower(), ""))
    if signature is None:
        raise Forged(reason="bad_signature")
    try:
        signed = _signed_text(stamp=signature[1], body=body)
    except BadJson as no:
        raise Forged(reason=no.reason) from no  # what cannot be parsed cannot have been signed
    # a list, not a generator: every live key is tried, so timing does not tell which one fits
    fits = [hmac.compare_digest(signature[2], _hex(key=comparable(key), signed=signed)) for key in keys if key]
    if not any(fits):
        raise Forged(reason="bad_signature")
    line = as_object(object_in(body).get("data"))
    source_id = number_of(line, "id")
    if source_id == 0:
        raise NotForUs(reason="test_call")
    dong, direction = _signed_amount(line)
    return (
        Arrival(
            source_id=str(source_id),
            account=account_of(text_of(line, "accountNumber")),
            dong=dong,
            direction=direction,
            memo=memo_of(line, "description"),
            happened_at=time_of(text_of(line, "transactionDateTime"), reason="bad_transaction_date_time"),
            reference=words_of(line, "reference"),
            payer_account=words_of(line, "counterAccountNumber"),
            payer_name=words_of(line, "counterAccountName"),
            raw=body.decode(),
        ),
    )


def read_v1(
    *,
    body: bytes,
    headers: Mapping[str, str],
    keys: Sequence[str],
    now: int,
    auth: Literal["hmac", "apikey"] | None = None,
) -> tuple[Arrival, ...]:
    """The Arrivals of a genuine v1 call, one a row, in the order of the rows; rows with the id 0 are tests.

    All or nothing: a row that cannot be used makes the call unreadable, so that none is lost in silence.
    Raises Forged, Unreadable, and NotForUs where no row is of money.
    """
    shown = comparable(by_lower_name(headers).get(V1_PROOF_HEADER, ""))
    fits = [hmac.compare_digest(shown, comparable(key)) for key in keys if key]
    if not any(fits):
        raise Forged(reason="bad_token")
    rows = object_in(body).get("data")
    if not isinstance(rows, list):
        raise Unreadable(reason="bad_data")
    arrivals = [row_arrival(as_object(row)) for row in rows]
    genuine = tuple(arrival for arrival in arrivals if arrival is not None)
    if not genuine:
        raise NotForUs(reason="test_call")
    return genuine


def row_arrival(row: Mapping[str, Any], *, account: str | None = None) -> Arrival | None:
    """The Arrival of one v1 row, in a call or in a pulled list; None for a test row. Raises Unreadable.

    ``account`` for a list, which names it otherwise or not at all; without it the row has to say it. ``raw`` is the
    row alone: the other rows of the call are evidence of other lines.
    """
    source_id = number_of(row, "id")
    if source_id == 0:
        return None
    dong, direction = _signed_amount(row)
    return Arrival(
        source_id=str(source_id),
        account=account_of(text_of(row, "bank_sub_acc_id")) if account is None else account,
        dong=dong,
        direction=direction,
        memo=memo_of(row, "description"),
        happened_at=_day_or_time(text_of(row, "when")),
        reference=words_of(row, "tid"),
        payer_account=words_of(row, "corresponsiveAccount"),
        payer_name=words_of(row, "corresponsiveName"),
        raw=canonical_json(row).encode("utf-8", "replace").decode(),
    )


def signed_call(*, key: str, body: bytes, now: int) -> dict[str, str]:
    """The headers with which Casso v2 would send ``body`` at ``now`` (Unix seconds)."""
    stamp = f"{now}000"
    proof = _hex(key=key.encode(), signed=_signed_text(stamp=stamp, body=body))
    return {"Content-Type": "application/json", SIGNATURE_HEADER: f"t={stamp},v1={proof}"}


def call_body(
    *,
    source_id: int,
    account: str,
    dong: int,
    memo: str,
    happened_at: datetime,
    direction: Direction = "in",
    reference: str = "",
    payer_account: str = "",
    payer_name: str = "",
) -> bytes:
    """A body of Casso v2's shape, for the simulator and the tests."""
    line = {
        "id": source_id,
        "reference": reference,
        "description": memo,
        "amount": dong if direction == "in" else -dong,
        "runningBalance": 0,
        "transactionDateTime": _written(happened_at),
        "accountNumber": account,
        "bankName": "VPBank",
        "bankAbbreviation": "VPB",
        "virtualAccountNumber": "",
        "virtualAccountName": "",
        "counterAccountName": payer_name,
        "counterAccountNumber": payer_account,
        "counterAccountBankId": "",
        "counterAccountBankName": "",
    }
    return json.dumps({"error": 0, "data": line}, ensure_ascii=False, separators=(",", ":")).encode()


def call_body_v1(*rows: Mapping[str, Any]) -> bytes:
    """A body of Casso v1's shape with these rows (see ``row_v1``)."""
    return json.dumps({"error": 0, "data": rows}, ensure_ascii=False, separators=(",", ":")).encode()


def row_v1(
    *,
    source_id: int,
    account: str,
    dong: int,
    memo: str,
    happened_at: datetime,
    direction: Direction = "in",
    reference: str = "",
) -> dict[str, Any]:
    """One row of a v1 call."""
    return {
        "id": source_id,
        "tid": reference,
        "description": memo,
        "amount": dong if direction == "in" else -dong,
        "cusum_balance": 0,
        "when": _written(happened_at),
        "bank_sub_acc_id": account,
    }


def _signed_text(*, stamp: str, body: bytes) -> bytes:
    return comparable(stamp + "." + canonical_json(read_for_proof(body)))


def _hex(*, key: bytes, signed: bytes) -> str:
    return hmac.new(key, signed, hashlib.sha512).hexdigest()


def _signed_amount(row: Mapping[str, Any]) -> tuple[int, Direction]:
    amount = number_of(row, "amount", least=-MAX_INTEGER)
    return abs(amount), "out" if amount < 0 else "in"


def _day_or_time(text: str) -> datetime:
    """v1 writes ``2021-01-01 00:00:00``; its list has been seen with the bare day, and parts of a second do no harm."""
    whole = _PARTS_OF_A_SECOND.sub("", text)
    return time_of(f"{whole} 00:00:00" if _DAY.fullmatch(whole) else whole, reason="bad_when")


def _written(at: datetime) -> str:
    return at.astimezone(VIETNAM_OFFSET).strftime("%Y-%m-%d %H:%M:%S")
