"""The bank of a demo: what each source would send about one transfer, signed as it signs."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from payments.feeds import keys_of
from payments.models import Feed, PaymentLink, PaymentRequest
from payments.providers import casso, payos, sepay


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money on its way to ``request``: whole đồng, and the memo as the bank will show it."""

    request: PaymentRequest
    dong: int
    memo: str
    happened_at: datetime
    number: int
    """The source's own id of it."""

    @property
    def reference(self) -> str:
        return f"FT{self.happened_at:%y%j}{self.number % 10**6:06d}"


@dataclass(frozen=True, slots=True)
class Call:
    """Bytes to post to the hook of ``feed``; the headers are made anew for each sending, since some name the time."""

    feed: Feed
    body: bytes
    headers: Callable[[datetime], Mapping[str, str]]


def call_of(transfer: Transfer, *, feed: Feed) -> Call:
    """What ``feed``'s provider would send about ``transfer``."""
    return _PLAYED[feed.provider](transfer, feed)


def _sepay(transfer: Transfer, feed: Feed) -> Call:
    body = sepay.call_body(
        source_id=transfer.number, account=feed.bank_account.number, dong=transfer.dong, memo=transfer.memo,
        happened_at=transfer.happened_at, reference=transfer.reference,
    )  # fmt: skip
    key = keys_of(feed)[0]
    if feed.auth == Feed.Auth.APIKEY:
        return Call(feed, body, lambda _at: _JSON | {"Authorization": f"Apikey {key}"})
    return Call(feed, body, lambda at: sepay.signed_call(key=key, body=body, now=int(at.timestamp())))


def _casso(transfer: Transfer, feed: Feed) -> Call:
    body = casso.call_body(
        source_id=transfer.number, account=feed.bank_account.number, dong=transfer.dong, memo=transfer.memo,
        happened_at=transfer.happened_at, reference=transfer.reference,
    )  # fmt: skip
    return Call(feed, body, lambda at: casso.signed_call(key=keys_of(feed)[0], body=body, now=int(at.timestamp())))


def _payos(transfer: Transfer, feed: Feed) -> Call:
    link = transfer.request.links.filter(feed=feed, state=PaymentLink.State.OPEN).first()
    data = payos.call_data(
        order_code=int(link.number) if link else secrets.randbelow(10**12) + 10**12,
        account=feed.bank_account.number, dong=transfer.dong, memo=transfer.memo, happened_at=transfer.happened_at,
        reference=transfer.reference, payment_link_id=link.external_id if link else f"choithu{transfer.number}",
    )  # fmt: skip
    body = payos.signed_body(key=keys_of(feed)[0], data=data)
    return Call(feed, body, lambda _at: _JSON)


def _sms(transfer: Transfer, feed: Feed) -> Call:
    tail = feed.bank_account.number[-3:]
    text = (
        f"SD TK 0011xxxx{tail} +{transfer.dong:,}VND luc {transfer.happened_at:%d-%m-%Y %H:%M:%S}."
        f" SD {transfer.dong + 1_000_000:,}VND. Ref {transfer.memo}"
    )
    body = json.dumps({"from": feed.senders.split(",")[0], "text": text}).encode()
    return Call(feed, body, lambda _at: _JSON)


_JSON = {"Content-Type": "application/json"}
_PLAYED: Mapping[str, Callable[[Transfer, Feed], Call]] = {
    Feed.Provider.SEPAY: _sepay,
    Feed.Provider.CASSO: _casso,
    Feed.Provider.PAYOS: _payos,
    Feed.Provider.SMS: _sms,
}
PROVIDERS = tuple(str(provider) for provider in _PLAYED)
