"""payOS: the webhook that signs its ``data``, and the signature of a new payment link.

What is not signed (the outer ``code``, ``success``, ``desc``) is never looked at. ``&`` and ``=`` inside values are
not escaped in the signed text, so a payer's memo could be cut into other fields by somebody who replays a captured
call; a text that can be read in two ways is therefore not used (``ambiguous_proof``).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from base.hostile_json import MAX_INTEGER, BadJson, WrittenNumber, canonical_json, read_for_proof
from base.periods import VIETNAM_OFFSET
from payments.providers.arrival import Arrival, Forged, NotForUs, Unreadable, readable_text
from payments.providers.call_fields import account_of, as_object, comparable, number_of, object_in, snake, time_of

_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LINK_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_LONGEST_ID = 80  # what a Sighting holds of an id
_EMPTY = (None, "null", "undefined")

# What an arrival is made of. Where one of these is named twice in the signed text, the fields can be cut in two ways.
_DECIDING = (
    "accountNumber", "amount", "code", "counterAccountName", "counterAccountNumber", "currency", "description",
    "orderCode", "paymentLinkId", "reference", "transactionDateTime", "virtualAccountNumber",
)  # fmt: skip
_A_FIELD_BEGINS = re.compile("&(?:" + "|".join(_DECIDING) + ")=")


def read(
    *,
    body: bytes,
    headers: Mapping[str, str],
    keys: Sequence[str],
    now: int,
    auth: Literal["hmac", "apikey"] | None = None,
) -> tuple[Arrival, ...]:
    """The one Arrival of a genuine call. Arguments as in sepay.read; the proof stands in the body, without a time.

    ``link`` is the order code, which we chose when the link was made. The call that ``confirm-webhook`` sends (order
    code 123) is signed like any other: an arrival on an account and for an order that nobody has, so never issue 123.
    An absent optional field, null, ``"null"`` and ``"undefined"`` are all empty: they share one signature.

    Raises Forged (no valid proof), Unreadable (proof right, content not usable), NotForUs (no money moved).
    """
    try:
        call = read_for_proof(body)
    except BadJson as no:
        raise Forged(reason=no.reason) from no
    if not isinstance(call, dict) or not isinstance(call.get("data"), dict):
        raise Forged(reason="nothing_signed")
    signature = call.get("signature")
    if not isinstance(signature, str) or not _SIGNATURE.fullmatch(signature):
        raise Forged(reason="bad_signature")
    # lists, not generators: every live key is tried, so timing does not tell which one fits
    texts = {signed_text(call["data"]), signed_text(call["data"], objects_as_json=False)}
    fits = [
        hmac.compare_digest(signature, _hex(key=comparable(key), signed=text)) for key in keys if key for text in texts
    ]
    if not any(fits):
        raise Forged(reason="bad_signature")
    return (_arrival(body),)


def create_link_signature(
    *, amount: int, cancel_url: str, description: str, order_code: int, return_url: str, key: str
) -> str:
    """The hex signature with which payOS is asked for a payment link: these five fields, in this order, as they are.
    ``amount`` in whole đồng."""
    text = (
        f"amount={amount}&cancelUrl={cancel_url}&description={description}"
        f"&orderCode={order_code}&returnUrl={return_url}"
    )
    return _hex(key=comparable(key), signed=text)


def signature_of(data: Mapping[str, Any], *, key: str) -> str:
    """The hex signature of ``data`` as ``read_for_proof`` gives it, in webhooks and in payOS's answers alike."""
    return _hex(key=comparable(key), signed=signed_text(data))


def signed_text(data: Mapping[str, Any], *, objects_as_json: bool = True) -> str:
    """``k1=v1&k2=v2…`` over the sorted keys of ``data``. Arrays are compact JSON with sorted keys.

    The rule says nothing of an object as a value: JSON is the likely reading, but the provider's own JavaScript would
    write ``[object Object]``; without ``objects_as_json`` it is written so.
    """
    return "&".join(f"{name}={_value(data[name], objects_as_json=objects_as_json)}" for name in sorted(data))


def signed_body(*, key: str, data: Mapping[str, Any], **outer: Any) -> bytes:
    """The body with which payOS would send ``data``; ``outer`` changes the unsigned fields. For simulator and tests."""
    call = {"code": "00", "desc": "success", "success": True, "data": data} | outer
    signature = signature_of(_as_parsed(data), key=key)
    return json.dumps(call | {"signature": signature}, ensure_ascii=False, separators=(",", ":")).encode()


def call_data(
    *,
    order_code: int,
    account: str,
    dong: int,
    memo: str,
    happened_at: datetime,
    reference: str,
    payment_link_id: str,
    payer_account: str = "",
    payer_name: str | None = None,
) -> dict[str, Any]:
    """``data`` of payOS's shape, for ``signed_body``."""
    return {
        "orderCode": order_code,
        "amount": dong,
        "description": memo,
        "accountNumber": account,
        "reference": reference,
        "transactionDateTime": happened_at.astimezone(VIETNAM_OFFSET).strftime("%Y-%m-%d %H:%M:%S"),
        "currency": "VND",
        "paymentLinkId": payment_link_id,
        "code": "00",
        "desc": "Thành công",
        "counterAccountBankId": "",
        "counterAccountBankName": "",
        "counterAccountName": payer_name,
        "counterAccountNumber": payer_account,
        "virtualAccountName": None,
        "virtualAccountNumber": "",
    }


def _arrival(body: bytes) -> Arrival:
    data = as_object(object_in(body).get("data"))
    _check_one_reading(data)
    if _words(data, "code") != "00":
        raise NotForUs(reason="not_paid")
    link_id, reference = _words(data, "paymentLinkId"), _words(data, "reference")
    if not _LINK_ID.fullmatch(link_id):
        raise Unreadable(reason="bad_payment_link_id")
    if not 0 < len(reference) <= 128:
        raise Unreadable(reason="bad_reference")
    currency = _words(data, "currency") or "VND"
    if not _CURRENCY.fullmatch(currency):
        raise Unreadable(reason="bad_currency")
    return Arrival(
        source_id=source_id_of(link_id, reference),
        account=account_of(_words(data, "accountNumber") or _words(data, "virtualAccountNumber")),
        dong=number_of(data, "amount"),
        direction="in",
        memo=_words(data, "description"),
        happened_at=time_of(_words(data, "transactionDateTime"), reason="bad_transaction_date_time"),
        reference=reference,
        payer_account=_words(data, "counterAccountNumber"),
        payer_name=_words(data, "counterAccountName"),
        link=str(number_of(data, "orderCode", least=-MAX_INTEGER)),
        currency=currency,
        raw=body.decode(),
    )


def source_id_of(link_id: str, reference: str) -> str:
    """Both together name a transfer, in a call as in an answer about its link; what a Sighting cannot hold is told by
    its hash instead, or a bank with long references would be answered with an error for ever."""
    whole = f"{link_id}:{reference}"
    return whole if len(whole) <= _LONGEST_ID else hashlib.sha256(whole.encode()).hexdigest()


def _check_one_reading(data: Mapping[str, Any]) -> None:
    """Raises Unreadable where a value holds what begins a field that decides, or a name what ends one."""
    for name, value in data.items():
        if "&" in name or "=" in name or _A_FIELD_BEGINS.search(_value(value, objects_as_json=True)):
            raise Unreadable(reason="ambiguous_proof")


def _words(data: Mapping[str, Any], field: str) -> str:
    """A text of ``data``, "" when it is absent or counts as empty. Raises Unreadable for anything but a text."""
    value = data.get(field)
    if value in _EMPTY:
        return ""
    if not isinstance(value, str):
        raise Unreadable(reason=f"bad_{snake(field)}")
    return readable_text(value).strip() if field != "description" else readable_text(value)


def _value(value: Any, *, objects_as_json: bool) -> str:
    if isinstance(value, str):
        return "" if value in _EMPTY else value
    if value is None:
        return ""
    if isinstance(value, dict) and not objects_as_json:
        return "[object Object]"
    return value.text if isinstance(value, WrittenNumber) else canonical_json(value)


def _as_parsed(data: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` as the one who receives it will read it: floats as they are written."""
    parsed = read_for_proof(json.dumps(data).encode())
    assert isinstance(parsed, dict)
    return parsed


def _hex(*, key: bytes, signed: str) -> str:
    return hmac.new(key, comparable(signed), hashlib.sha256).hexdigest()
