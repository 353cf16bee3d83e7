"""Every call that we make to Stripe, and what its refusals mean to us. Called outside of transactions only.

With ``stripe`` 16 a StripeObject is no dict: what leaves this file is plain Python. Retries after a cut line are the
library's, bounded, and safe because every POST carries our idempotency key.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments.feeds import credentials_of
from payments.models import Feed, PaymentLink, Refund
from payments.providers.stripe_fates import fate_of_charge, fate_of_dispute, trouble_of

log = logging.getLogger(__name__)

SECRET = "secret_key"  # noqa: S105  its name among the feed's credentials
WHILE_SOMEBODY_WAITS_S = (3.05, 8)
"""Connect, read: a buyer looks at a blank page meanwhile; one retry."""
IN_THE_BACKGROUND_S = (3.05, 25)
FORGETFUL_AFTER_H = 20
"""Stripe may forget an idempotency key after 24 hours; before that we look whether the thing exists already."""


class CardsUnavailable(Refused):
    """Nothing is known to have happened: the same call may be made again, with the same key."""

    code = "CARDS_UNAVAILABLE"
    sentence = _("Chưa nối được với bên nhận thẻ. Thử lại sau ít phút, hoặc chuyển khoản.")


class CardRefused(Refused):
    """Stripe has decided: repeating the same call will not help. ``trouble`` is its word for why."""

    code = "CARD_REFUSED"
    sentence = _("Bên nhận thẻ không nhận khoản này (%(trouble)s). Hãy chuyển khoản.")

    def __init__(self, *, trouble: str) -> None:
        super().__init__(trouble=trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Account:
    """``currency``: what its balance is kept in, ISO 4217, upper case."""

    id: str
    currency: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a payment stands at Stripe right now, in the words of PaymentLink.State. ``link`` is our name of it."""

    state: str
    charge: str = ""
    link: str = ""
    trouble: str = ""


def client_of(feed: Feed, *, in_background: bool = False) -> stripe.StripeClient:
    return _client(credentials_of(feed).get(SECRET, ""), in_background=in_background)


def _client(secret_key: str, *, in_background: bool) -> stripe.StripeClient:
    timeout = IN_THE_BACKGROUND_S if in_background else WHILE_SOMEBODY_WAITS_S
    return stripe.StripeClient(
        secret_key or "none", max_network_retries=2 if in_background else 1,
        http_client=stripe.RequestsClient(timeout=timeout),
        base_addresses={"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else {},
    )  # fmt: skip


def account_of(secret_key: str) -> Account:
    """Whose key it is. Raises CardsUnavailable, CardRefused."""
    with _plainly():
        account = _client(secret_key, in_background=False).v1.accounts.retrieve_current()
        return Account(account.id, str(account.default_currency or "").upper())


def create_session(link: PaymentLink, *, return_url: str, cancel_url: str) -> Session:
    """The hosted page of ``link``, made once: everything that is said comes from the row, under the row's key."""
    assert link.expires_at is not None
    metadata = {"code": link.payment_request.code, "link": link.number}
    price: Any = {
        "currency": "vnd",
        "unit_amount": link.amount_dong,
        "product_data": {"name": f"{link.organization.name} · {link.payment_request.code}"},
    }
    wanted: Any = {
        "mode": "payment",
        "payment_method_types": ["card"],
        "line_items": [{"quantity": 1, "price_data": price}],
        "client_reference_id": link.payment_request.code,
        "metadata": metadata,
        "payment_intent_data": {"description": link.payment_request.code, "metadata": metadata},
        "expires_at": int(link.expires_at.timestamp()),
        "success_url": return_url,
        "cancel_url": cancel_url,
    }
    with _plainly():
        session = client_of(link.feed).v1.checkout.sessions.create(wanted, {"idempotency_key": link.key})
        return Session(session.id, session.url or "")


def expire_session(link: PaymentLink) -> None:
    """Nobody can pay on that page any more. Raises CardRefused where it is too late: paid, or over by itself."""
    with _plainly():
        key = {"idempotency_key": f"{link.key}:expire"}
        client_of(link.feed, in_background=True).v1.checkout.sessions.expire(link.external_id, None, key)  # type: ignore[arg-type]


def standing_of(link: PaymentLink) -> Standing:
    """Fetched, not pieced together from events. Raises CardsUnavailable, CardRefused."""
    with _plainly():
        client = client_of(link.feed, in_background=True)
        if link.charge_id:
            return _standing_of_charge(client, client.v1.charges.retrieve(link.charge_id).to_dict())
        session = client.v1.checkout.sessions.retrieve(link.external_id)
        if not session.payment_intent:
            return Standing("expired" if session.status == "expired" else "open")
        intent = client.v1.payment_intents.retrieve(
            str(session.payment_intent), {"expand": ["latest_charge"]}
        ).to_dict()
        if intent["status"] == "succeeded":
            return _standing_of_charge(client, intent["latest_charge"])
        if session.status == "expired" or intent["status"] == "canceled":
            return Standing("expired")
        if intent["status"] != "requires_payment_method":  # her bank asks her something, or thinks it over
            return Standing("processing")
        trouble = trouble_of(intent)
        return Standing("declined" if trouble else "open", trouble=trouble)


def standing_of_charge(feed: Feed, charge_id: str) -> Standing:
    """The same, where only the charge is known."""
    with _plainly():
        client = client_of(feed)
        return _standing_of_charge(client, client.v1.charges.retrieve(charge_id).to_dict())


def _standing_of_charge(client: stripe.StripeClient, charge: dict[str, Any]) -> Standing:
    state: str = fate_of_charge(charge)
    if charge.get("disputed"):
        disputes = client.v1.disputes.list({"charge": charge["id"], "limit": 1}).to_dict()["data"]
        state = fate_of_dispute(disputes[0]) if disputes else state
    link = (charge.get("metadata") or {}).get("link", "")
    return Standing(state, charge=charge["id"], link=link if isinstance(link, str) else "")


def create_refund(refund: Refund, *, at: datetime) -> str:
    """Give ``refund`` back to its card; returns Stripe's id of it. However often it is called, it happens once."""
    assert refund.link is not None
    assert refund.ordered_at is not None
    with _plainly():
        client = client_of(refund.link.feed, in_background=True)
        if (at - refund.ordered_at).total_seconds() > FORGETFUL_AFTER_H * 3600:
            known = _refund_with_code(client, refund)
            if known:
                return known
        made = client.v1.refunds.create(
            {
                "charge": refund.link.charge_id,
                "amount": refund.amount_dong,
                "reason": "requested_by_customer",
                "metadata": {"code": refund.code, "link": refund.link.number},
            },
            {"idempotency_key": f"refund:{refund.code}"},
        )
        return made.id


def _refund_with_code(client: stripe.StripeClient, refund: Refund) -> str:
    assert refund.link is not None
    listed = client.v1.refunds.list({"charge": refund.link.charge_id, "limit": 100})
    for made in listed.auto_paging_iter():
        if (made.to_dict().get("metadata") or {}).get("code") == refund.code:
            return made.id
    return ""


def balance_since(feed: Feed, *, since: datetime) -> Iterator[dict[str, Any]]:
    """Every movement of the balance from ``since`` on, newest first, with what each was about."""
    with _plainly():
        listed = client_of(feed, in_background=True).v1.balance_transactions.list(
            {"created": {"gte": int(since.timestamp())}, "limit": 100, "expand": ["data.source"]}
        )
        for row in listed.auto_paging_iter():
            yield row.to_dict()


@contextmanager
def _plainly() -> Iterator[None]:
    """Stripe's exceptions as our two. Neither its words nor any key go to a person; both are logged without secrets."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as down:
        log.warning("Stripe did not answer: %s %s", type(down).__name__, down.http_status)
        raise CardsUnavailable() from down
    except stripe.StripeError as no:
        trouble = no.code or type(no).__name__
        log.warning("Stripe refused: %s %s, request %s", no.http_status, trouble, no.request_id)
        raise CardRefused(trouble=trouble) from no
