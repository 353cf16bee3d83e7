"""payOS payment links, as bytes: what to ask for one, and what its answers say.

Own code and not the official Python package (1.1.0, MIT): that one refuses an answer with a field it does not know,
so the day payOS adds one no link could be made; docs/decisions/0016-payos-links-without-the-package.md.
Source: payos.vn/docs/api, read beside the package's code. No real payOS account was at hand.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from base.hostile_json import BadJson, read_for_proof
from payments.providers import payos
from payments.providers.arrival import AdapterRefused, Arrival, Forged, Unreadable, readable_text
from payments.providers.call_fields import as_object, number_of, object_in, text_of, time_of, words_of
from payments.providers.vietqr_reading import decode

HOST = "https://api-merchant.payos.vn"
GREATEST_ORDER_CODE = 2**53 - 1
TEST_ORDER_CODE = 123
"""The order code of payOS's own test call: never issued."""
_ALREADY_THERE = "231"
_GONE = ("CANCELLED", "EXPIRED", "FAILED")
_OK = "00"


@dataclass(frozen=True, slots=True)
class Request:
    """One outgoing call; ``headers`` hold secrets."""

    method: str
    url: str
    headers: Mapping[str, str]
    json: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class LinkMade:
    """A link as payOS opened it: ``account`` at the bank ``bin`` takes ``dong`` with ``memo``; ``payload`` is its
    VietQR, proved to say the same."""

    external_id: str
    url: str
    bin: str
    account: str
    holder: str
    memo: str
    payload: str


@dataclass(frozen=True, slots=True)
class LinkStands:
    """Where a link stands: ``is_over`` when it takes no more money; every transfer that came through it."""

    is_over: bool
    arrivals: tuple[Arrival, ...]


class LinkExists(AdapterRefused):
    """payOS knows this order code already: an answer of ours was lost, or the code was used before."""

    code = "LINK_EXISTS"
    sentence = _("payOS đã có yêu cầu mang số này.")


class LinkRefused(AdapterRefused):
    """payOS makes no such link; ``reason`` is its own code."""

    code = "LINK_REFUSED"
    sentence = _("payOS không tạo được yêu cầu (%(reason)s).")


def ask(
    *,
    credentials: Mapping[str, str],
    key: str,
    order_code: int,
    dong: int,
    memo: str,
    page: str,
    expires_at: int | None = None,
) -> Request:
    """Ask for a link of ``dong`` under ``order_code`` (ours, 1 … GREATEST_ORDER_CODE, never used before).

    ``memo``: at most 9 characters of A–Z and 0–9, the shortest limit that payOS is known to set. ``page``: where the
    buyer is sent back to, paid or not. ``expires_at`` in Unix seconds.
    """
    assert 0 < order_code <= GREATEST_ORDER_CODE
    assert order_code != TEST_ORDER_CODE
    assert len(memo) <= 9
    signature = payos.create_link_signature(
        amount=dong, cancel_url=page, description=memo, order_code=order_code, return_url=page, key=key
    )
    wanted = {
        "orderCode": order_code, "amount": dong, "description": memo, "cancelUrl": page, "returnUrl": page,
        "signature": signature,
    }  # fmt: skip
    if expires_at is not None:
        wanted["expiredAt"] = expires_at
    return Request("POST", f"{HOST}/v2/payment-requests", _headers(credentials), wanted)


def look(*, credentials: Mapping[str, str], order_code: str) -> Request:
    """Ask where the link of ``order_code`` stands."""
    return Request("GET", f"{HOST}/v2/payment-requests/{int(order_code)}", _headers(credentials))


def cancel(*, credentials: Mapping[str, str], order_code: str) -> Request:
    """Ask payOS to take no more money through the link."""
    url = f"{HOST}/v2/payment-requests/{int(order_code)}/cancel"
    return Request("POST", url, _headers(credentials), {"cancellationReason": "closed"})


def made(body: bytes, *, key: str, order_code: int, dong: int) -> LinkMade:
    """The link in payOS's answer. Raises Forged (not signed with ``key``), Unreadable (not what was asked for),
    LinkExists, LinkRefused."""
    data = _proved(body, key=key)
    if number_of(data, "orderCode") != order_code or number_of(data, "amount") != dong:
        raise Unreadable(reason="another_link")
    if words_of(data, "currency") != "VND":
        raise Unreadable(reason="other_currency")
    link = LinkMade(
        external_id=text_of(data, "paymentLinkId"), url=text_of(data, "checkoutUrl"), bin=text_of(data, "bin"),
        account=text_of(data, "accountNumber"), holder=words_of(data, "accountName"),
        memo=readable_text(text_of(data, "description")).strip(), payload=text_of(data, "qrCode"),
    )  # fmt: skip
    shown = decode(link.payload)
    if not shown.valid or (shown.bin, shown.account, shown.amount_dong) != (link.bin, link.account, dong):
        raise Unreadable(reason="another_qr")
    if not 1 <= len(link.external_id) <= 120 or not link.url.startswith("https://"):
        raise Unreadable(reason="bad_link")
    return link


def stands(body: bytes, *, key: str, account: str) -> LinkStands:
    """Where a link stands, and its transfers as Arrivals with the ids that the webhook gives them.

    ``account``: our account's number, for transfers that name the virtual one alone. Raises Forged, Unreadable,
    LinkRefused.
    """
    data = _proved(body, key=key)
    link_id, order_code = text_of(data, "id"), number_of(data, "orderCode")
    transfers = data.get("transactions")
    if not isinstance(transfers, list):
        raise Unreadable(reason="bad_transactions")
    arrivals = tuple(_transfer(as_object(one), link_id, order_code, account, body) for one in transfers)
    return LinkStands(is_over=text_of(data, "status") in _GONE, arrivals=arrivals)


def _transfer(one: Mapping[str, Any], link_id: str, order_code: int, account: str, body: bytes) -> Arrival:
    reference = readable_text(text_of(one, "reference")).strip()
    if not 0 < len(reference) <= 128:
        raise Unreadable(reason="bad_reference")
    return Arrival(
        source_id=payos.source_id_of(link_id, reference),
        account=words_of(one, "accountNumber") or account,
        dong=number_of(one, "amount"),
        direction="in",
        memo=readable_text(text_of(one, "description")),
        happened_at=time_of(text_of(one, "transactionDateTime"), reason="bad_transaction_date_time"),
        reference=reference,
        payer_account=words_of(one, "counterAccountNumber"),
        payer_name=words_of(one, "counterAccountName"),
        link=str(order_code),
        raw=body.decode(),
    )


def _proved(body: bytes, *, key: str) -> dict[str, Any]:
    """``data`` of a signed answer."""
    answer = object_in(body, most_bytes=1024 * 1024)
    code = answer.get("code")
    if code != _OK:
        refused = LinkExists if code == _ALREADY_THERE else LinkRefused
        raise refused(reason=readable_text(str(code))[:20])
    data, signature = answer.get("data"), answer.get("signature")
    try:
        written = read_for_proof(body)
    except BadJson as no:
        raise Unreadable(reason=no.reason) from no
    assert isinstance(written, dict)
    if not isinstance(data, dict) or not isinstance(signature, str) or not signature.isascii():
        raise Forged(reason="bad_signature")
    if not hmac.compare_digest(signature, payos.signature_of(written["data"], key=key)):
        raise Forged(reason="bad_signature")
    return data


def _headers(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"x-client-id": credentials["client_id"], "x-api-key": credentials["api_key"]}
