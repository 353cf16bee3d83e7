"""The bank of a demo: what each source would send about one transfer, signed as it signs."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cooperatives.models import BankAccount
from payments import remittance_asking
from payments.feeds import keys_of
from payments.models import Feed, PaymentLink, PaymentRequest, Refund, Remittance
from payments.providers import casso, payos, sepay
from payments.providers.arrival import Direction


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a code waits for: ``due_dong`` into the account (``in``), or out of it (``out``); 0 where nothing is due."""

    code: str
    account: BankAccount
    due_dong: int
    direction: Direction = "in"
    request: PaymentRequest | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money on its way because of what ``waiting`` asks: whole đồng, and the memo as the bank will show it."""

    waiting: Waiting
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


def waiting_for(code: str) -> Waiting | None:
    """The payment request, the list of collected money or the ordered refund with this code; None where there is none.

    A list is brought to the account that its own QR names; a refund leaves the account that it was ordered from.
    """
    request = PaymentRequest.objects.select_related("bank_account__organization").filter(code=code).first()
    if request is not None:
        return Waiting(code, request.bank_account, request.due_dong, request=request)
    remittance = Remittance.objects.filter(code=code).first()
    asked = remittance_asking.asked_of(remittance) if remittance else None
    if asked is not None:
        return Waiting(code, asked.account, asked.dong)
    ordered = Refund.objects.filter(code=code, state=Refund.State.ORDERED, way=Refund.Way.TRANSFER)
    refund = ordered.select_related("from_account__organization").first()
    if refund is None or refund.from_account is None:
        return None
    return Waiting(code, refund.from_account, refund.amount_dong, "out")


def tells(provider: str, direction: Direction) -> bool:
    """Whether this source tells of such a line at all: payOS knows only what arrives."""
    return direction == "in" or provider != Feed.Provider.PAYOS


def call_of(transfer: Transfer, *, feed: Feed) -> Call:
    """What ``feed``'s provider would send about ``transfer``."""
    return _PLAYED[feed.provider](transfer, feed)


def _sepay(transfer: Transfer, feed: Feed) -> Call:
    body = sepay.call_body(
        source_id=transfer.number, account=feed.bank_account.number, dong=transfer.dong, memo=transfer.memo,
        happened_at=transfer.happened_at, reference=transfer.reference, direction=transfer.waiting.direction,
    )  # fmt: skip
    key = keys_of(feed)[0]
    if feed.auth == Feed.Auth.APIKEY:
        return Call(feed, body, lambda _at: _JSON | {"Authorization": f"Apikey {key}"})
    return Call(feed, body, lambda at: sepay.signed_call(key=key, body=body, now=int(at.timestamp())))


def _casso(transfer: Transfer, feed: Feed) -> Call:
    body = casso.call_body(
        source_id=transfer.number, account=feed.bank_account.number, dong=transfer.dong, memo=transfer.memo,
        happened_at=transfer.happened_at, reference=transfer.reference, direction=transfer.waiting.direction,
    )  # fmt: skip
    return Call(feed, body, lambda at: casso.signed_call(key=keys_of(feed)[0], body=body, now=int(at.timestamp())))


def _payos(transfer: Transfer, feed: Feed) -> Call:
    request = transfer.waiting.request
    link = request.links.filter(feed=feed, state=PaymentLink.State.OPEN).first() if request else None
    data = payos.call_data(
        order_code=int(link.number) if link else secrets.randbelow(10**12) + 10**12,
        account=feed.bank_account.number, dong=transfer.dong, memo=transfer.memo, happened_at=transfer.happened_at,
        reference=transfer.reference, payment_link_id=link.external_id if link else f"choithu{transfer.number}",
    )  # fmt: skip
    body = payos.signed_body(key=keys_of(feed)[0], data=data)
    return Call(feed, body, lambda _at: _JSON)


def _sms(transfer: Transfer, feed: Feed) -> Call:
    tail = feed.bank_account.number[-3:]
    sign = "+" if transfer.waiting.direction == "in" else "-"
    text = (
        f"SD TK 0011xxxx{tail} {sign}{transfer.dong:,}VND luc {transfer.happened_at:%d-%m-%Y %H:%M:%S}."
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
