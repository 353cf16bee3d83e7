"""A small Stripe of our own, with a memory: what the card payments of the tests talk to and are called by.

It speaks HTTP on 127.0.0.1 for Stripe's own client library (``base_addresses={"api": fake.address}``): Checkout
Sessions with their hosted page, PaymentIntents, charges, the balance with its fees, refunds, disputes; idempotency
keys, Stripe's error objects, failures on demand. What the card's holder and her bank do are its methods (``pays``,
``authenticates``, ``disputes`` …). Each leaves events behind in ``events``; a test delivers them, signed by
``signed``, as often and in whatever order it likes.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.outside.fake_stripe_words import (
    FORGOTTEN_AFTER_SECONDS,
    Refusal,
    nested,
    not_found,
    signature,
)

Json = dict[str, Any]

GOOD = "4242424242424242"
DECLINED = "4000000000000002"
NO_FUNDS = "4000000000009995"
ASKS_FIRST = "4000002500003155"  # 3-D Secure
DECLINES = {DECLINED: "generic_decline", NO_FUNDS: "insufficient_funds"}

API_VERSION = "2026-10-28.endive"

LEAST, MOST = 13_000, 99_999_999
"""Half a US dollar at 26,000 đồng, and eight digits: the limits of Stripe's documentation."""


class FakeStripe:
    """One account. ``now`` is its clock, Unix seconds, moved by the test; each deed takes a second."""

    def __init__(self, *, now: int, secret_key: str, webhook_secret: str, settles: str = "vnd") -> None:
        self.now, self.secret_key, self.webhook_secret, self.settles = now, secret_key, webhook_secret, settles
        self.livemode = "_live_" in secret_key
        self.account_id = "acct_1FakeOfTheTests"
        self.sessions: dict[str, Json] = {}
        self.intents: dict[str, Json] = {}
        self.charges: dict[str, Json] = {}
        self.refunds: dict[str, Json] = {}
        self.all_disputes: dict[str, Json] = {}
        self.balance: list[Json] = []
        self.events: list[Json] = []
        self.asked: list[tuple[str, str, Json, str]] = []
        """Every request in its order: method, path, form, idempotency key."""
        self.failures: list[int] = []
        """Answers to come: a status, or 0 to do the work and then cut the line."""
        self.address = ""
        self._done: dict[str, tuple[str, Json, int, Json, int]] = {}
        self._ids = count(1)
        self._lock = threading.RLock()

    # -- What holders and banks do ------------------------------------------------------------------

    def pays(self, session_id: str, card: str = GOOD, *, name: str = "Linh Tran") -> Json:
        """The holder types a card on the hosted page. Returns the PaymentIntent as it then stands."""
        with self._lock:
            session = self.sessions[session_id]
            assert session["status"] == "open", "the hosted page takes no card any more"
            intent = self.intents.get(session["payment_intent"] or "") or self._new_intent(session)
            session["payment_intent"] = intent["id"]
            intent["_name"] = name
            if card == ASKS_FIRST:
                intent["status"] = "requires_action"
                self._tell("payment_intent.requires_action", intent)
            elif card in DECLINES:
                self._decline(intent, DECLINES[card])
            else:
                self._succeed(session, intent)
            return intent

    def authenticates(self, session_id: str, *, well: bool = True) -> Json:
        """3-D Secure: the holder proves to her bank that it is she, or fails to."""
        with self._lock:
            session = self.sessions[session_id]
            intent = self.intents[session["payment_intent"]]
            assert intent["status"] == "requires_action"
            if well:
                self._succeed(session, intent)
            else:
                self._decline(intent, "", code="payment_intent_authentication_failure")
            return intent

    def disputes(self, charge_id: str, *, reason: str = "fraudulent", fee: int = 390_000) -> Json:
        """The holder's bank takes the money back, and Stripe a fee for it."""
        with self._lock:
            charge = self.charges[charge_id]
            dispute = self._new(
                "dp", "dispute", amount=charge["amount"], charge=charge_id, currency=charge["currency"], metadata={},
                payment_intent=charge["payment_intent"], reason=reason, status="needs_response",
                balance_transactions=[],
            )  # fmt: skip
            self.all_disputes[dispute["id"]] = dispute
            charge["disputed"] = True
            self._tell("charge.dispute.created", dispute)
            moved = self._moves("adjustment", -dispute["amount"], dispute["id"], fee=fee, category="dispute")
            dispute["balance_transactions"].append(moved)
            self._tell("charge.dispute.funds_withdrawn", dispute)
            return dispute

    def closes(self, dispute_id: str, *, won: bool) -> Json:
        """The bank decides."""
        with self._lock:
            dispute = self.all_disputes[dispute_id]
            dispute["status"] = "won" if won else "lost"
            self._tell("charge.dispute.closed", dispute)
            if won:
                moved = self._moves("adjustment", dispute["amount"], dispute_id, category="dispute_reversal")
                dispute["balance_transactions"].append(moved)
                self._tell("charge.dispute.funds_reinstated", dispute)
            return dispute

    def fails_refund(self, refund_id: str) -> Json:
        """The holder's bank cannot take the money back: the account was closed."""
        with self._lock:
            refund = self.refunds[refund_id]
            moved = self._moves("refund_failure", refund["amount"], refund_id)
            refund.update(status="failed", failure_reason="expired_or_canceled_card")
            refund["failure_balance_transaction"] = moved["id"]
            self._given_back(self.charges[refund["charge"]], -refund["amount"])
            self._tell("refund.failed", refund)
            return refund

    def refunds_in_dashboard(self, charge_id: str, amount: int) -> Json:
        """Somebody gives money back at Stripe's own pages: we hear of it by events alone."""
        with self._lock:
            return self._refund({"charge": charge_id, "amount": str(amount)})

    def pays_out(self, amount: int) -> Json:
        """Stripe sends money to the bank account."""
        with self._lock:
            return self._moves("payout", -amount, f"po_{next(self._ids)}", description="STRIPE PAYOUT")

    def passes(self, seconds: int) -> None:
        """Time goes by; sessions that are over say so."""
        with self._lock:
            self.now += seconds
            for session in self.sessions.values():
                if session["status"] == "open" and session["expires_at"] <= self.now:
                    self._expire(session)

    def session_of(self, number: str) -> Json:
        """The newest session made for the payment that we call ``number``."""
        return [one for one in self.sessions.values() if one["metadata"]["link"] == number][-1]

    def charge_of(self, session_id: str) -> Json:
        return self.charges[self.intents[self.sessions[session_id]["payment_intent"]]["latest_charge"]]

    # -- What the client library asks ---------------------------------------------------------------

    def answer(self, method: str, path: str, form: Json, key: str) -> tuple[int, Json, bool]:
        """Status, body, and whether it is the answer of an earlier request with the same key."""
        with self._lock:
            self.asked.append((method, path, form, key))
            if method == "POST" and key in self._done:
                path_before, form_before, status, body, at = self._done[key]
                if self.now - at <= FORGOTTEN_AFTER_SECONDS:
                    if (path_before, form_before) != (path, form):
                        words = "Keys for idempotent requests can only be used with the same parameters."
                        return 400, Refusal(400, "idempotency_error", words).body(), False
                    return status, body, True
            try:
                status, body = 200, deepcopy(_public(self._do(method, path.removeprefix("/v1/").split("/"), form)))
            except Refusal as no:
                status, body = no.status, no.body()
            if method == "POST" and key and status != 401:
                self._done[key] = (path, form, status, body, self.now)
            return status, body, False

    def _do(self, method: str, parts: list[str], form: Json) -> Json:
        match method, *parts:
            case "GET", "account":
                return {"id": self.account_id, "object": "account", "default_currency": self.settles, "country": "XX"}
            case "POST", "checkout", "sessions":
                return self._new_session(form)
            case "GET", "checkout", "sessions", session_id:
                return self._found(self.sessions, session_id)
            case "POST", "checkout", "sessions", session_id, "expire":
                session = self._found(self.sessions, session_id)
                if session["status"] != "open":
                    raise Refusal(
                        400, "invalid_request_error", 'Only Checkout Sessions with a status in ["open"] can be expired.'
                    )
                return self._expire(session)
            case "GET", "payment_intents", intent_id:
                return self._expanded(self._found(self.intents, intent_id), form, "latest_charge", self.charges)
            case "GET", "charges", charge_id:
                return self._found(self.charges, charge_id)
            case "GET", "disputes":
                return self._page("disputes", _of(self.all_disputes, form), form)
            case "POST", "refunds":
                return self._refund(form)
            case "GET", "refunds":
                return self._page("refunds", _of(self.refunds, form), form)
            case "GET", "balance_transactions":
                return self._listed_balance(form)
        raise Refusal(404, "invalid_request_error", f"Unrecognized request URL ({method}: /v1/{'/'.join(parts)}).")

    def _new_session(self, form: Json) -> Json:
        [item] = form["line_items"].values()
        amount = int(item["price_data"]["unit_amount"]) * int(item["quantity"])
        if amount < LEAST:
            raise Refusal(
                400,
                "invalid_request_error",
                "The total amount due must convert to at least 50 cents.",
                code="amount_too_small",
            )
        if amount > MOST:
            raise Refusal(400, "invalid_request_error", "The amount is too large.", code="amount_too_large")
        expires_at = int(form["expires_at"])
        if not self.now + 1800 <= expires_at <= self.now + 86_400:
            words = "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from creation."
            raise Refusal(400, "invalid_request_error", words, param="expires_at")
        session = self._new(
            "cs_test", "checkout.session", amount_total=amount, currency=item["price_data"]["currency"],
            client_reference_id=form.get("client_reference_id"), metadata=form.get("metadata", {}), mode=form["mode"],
            payment_intent=None, payment_status="unpaid", status="open", expires_at=expires_at,
            success_url=form["success_url"], cancel_url=form["cancel_url"],
        )  # fmt: skip
        session["_intent_data"] = form.get("payment_intent_data", {})
        session["url"] = f"{self.address}/c/pay/{session['id']}"
        self.sessions[session["id"]] = session
        return session

    def _refund(self, form: Json) -> Json:
        charge = self._found(self.charges, form["charge"])
        amount = int(form.get("amount", charge["amount"] - charge["amount_refunded"]))
        if charge["amount_refunded"] >= charge["amount"]:
            raise Refusal(
                400, "invalid_request_error", "Charge has already been refunded.", code="charge_already_refunded"
            )
        if amount > charge["amount"] - charge["amount_refunded"]:
            raise Refusal(400, "invalid_request_error", "Refund amount is greater than unrefunded amount on charge.")
        if charge["disputed"]:
            raise Refusal(400, "invalid_request_error", "The charge has been charged back.", code="charge_disputed")
        refund = self._new(
            "re", "refund", amount=amount, charge=charge["id"], currency=charge["currency"], status="succeeded",
            metadata=form.get("metadata", {}), payment_intent=charge["payment_intent"], reason=form.get("reason"),
            failure_balance_transaction=None,
        )  # fmt: skip
        self.refunds[refund["id"]] = refund
        refund["balance_transaction"] = self._moves("refund", -amount, refund["id"])["id"]
        self._given_back(charge, amount)
        self._tell("refund.created", refund)
        self._tell("charge.refunded", charge)
        return refund

    def _listed_balance(self, form: Json) -> Json:
        since = int(form.get("created", {}).get("gte", 0))
        rows = [row for row in reversed(self.balance) if row["created"] >= since]
        page = self._page("balance_transactions", rows, form)
        sources = {**self.charges, **self.refunds, **self.all_disputes}
        page["data"] = [{**row, "source": sources.get(row["source"], row["source"])} for row in page["data"]]
        return page

    def _page(self, name: str, rows: list[Json], form: Json) -> Json:
        ids = [row["id"] for row in rows]
        start = ids.index(form["starting_after"]) + 1 if "starting_after" in form else 0
        end = start + int(form.get("limit", 10))
        return {"object": "list", "url": f"/v1/{name}", "has_more": end < len(rows), "data": rows[start:end]}

    @staticmethod
    def _expanded(about: Json, form: Json, name: str, others: dict[str, Json]) -> Json:
        wanted = name in form.get("expand", {}).values()
        return {**about, name: others.get(about[name], about[name])} if wanted else about

    @staticmethod
    def _found(where: dict[str, Json], own: str) -> Json:
        if own not in where:
            raise not_found(own)
        return where[own]

    # -- How it goes on inside ----------------------------------------------------------------------

    def _new(self, prefix: str, kind: str, **fields: Any) -> Json:
        self.now += 1
        own = f"{prefix}_{next(self._ids):06d}Fake"
        return {"id": own, "object": kind, "created": self.now, "livemode": self.livemode, **fields}

    def _new_intent(self, session: Json) -> Json:
        data = session["_intent_data"]
        intent = self._new(
            "pi", "payment_intent", amount=session["amount_total"], amount_received=0, currency=session["currency"],
            description=data.get("description"), metadata=data.get("metadata", {}), latest_charge=None,
            last_payment_error=None, status="requires_payment_method",
        )  # fmt: skip
        self.intents[intent["id"]] = intent
        return intent

    def _charge(self, intent: Json, *, paid: bool, trouble: str = "") -> Json:
        charge = self._new(
            "ch", "charge", amount=intent["amount"], amount_captured=intent["amount"] if paid else 0,
            amount_refunded=0, refunded=False, captured=paid, paid=paid, status="succeeded" if paid else "failed",
            currency=intent["currency"], description=intent["description"], metadata=dict(intent["metadata"]),
            payment_intent=intent["id"], disputed=False, failure_code=trouble or None, balance_transaction=None,
            billing_details={"name": intent["_name"], "email": None, "phone": None, "address": {"country": "FR"}},
            payment_method_details={"type": "card", "card": {"brand": "visa", "last4": "4242", "country": "FR"}},
        )  # fmt: skip
        self.charges[charge["id"]] = charge
        intent["latest_charge"] = charge["id"]
        return charge

    def _decline(self, intent: Json, decline_code: str, *, code: str = "card_declined") -> None:
        charge = self._charge(intent, paid=False, trouble=code)
        intent["status"] = "requires_payment_method"
        error = {"type": "card_error", "code": code, "message": "Your card was declined.", "charge": charge["id"]}
        intent["last_payment_error"] = {**error, "decline_code": decline_code} if decline_code else error
        self._tell("charge.failed", charge)
        self._tell("payment_intent.payment_failed", intent)

    def _succeed(self, session: Json, intent: Json) -> None:
        charge = self._charge(intent, paid=True)
        fee = charge["amount"] * 44 // 1000 + 10_000
        moved = self._moves("charge", charge["amount"], charge["id"], fee=fee)
        charge["balance_transaction"] = moved["id"]
        intent.update(status="succeeded", amount_received=intent["amount"], last_payment_error=None)
        session.update(status="complete", payment_status="paid")
        self._tell("charge.succeeded", charge)
        self._tell("payment_intent.succeeded", intent)
        self._tell("checkout.session.completed", session)

    def _expire(self, session: Json) -> Json:
        session["status"] = "expired"
        self._tell("checkout.session.expired", session)
        intent = self.intents.get(session["payment_intent"] or "")
        if intent is not None:
            intent["status"] = "canceled"
            self._tell("payment_intent.canceled", intent)
        return session

    @staticmethod
    def _given_back(charge: Json, amount: int) -> None:
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]

    def _moves(
        self, kind: str, amount: int, source: str, *, fee: int = 0, category: str = "", description: str | None = None
    ) -> Json:
        """A movement of the balance; in another currency where the account settles in one."""
        shown = 1 if self.settles == "vnd" else 260  # đồng for a cent
        words = {"currency": self.settles, "description": "Stripe processing fees", "type": "stripe_fee"}
        row = self._new(
            "txn", "balance_transaction", amount=amount // shown, fee=fee // shown, net=(amount - fee) // shown,
            currency=self.settles, source=source, type=kind, reporting_category=category or kind, status="available",
            description=description, exchange_rate=None if shown == 1 else 0.003846,
            fee_details=[{"amount": fee // shown, **words}] if fee else [],
        )  # fmt: skip
        self.balance.append(row)
        return row

    def _tell(self, kind: str, about: Json) -> None:
        event = self._new("evt", "event", type=kind, data={"object": deepcopy(_public(about))})
        self.events.append({**event, "api_version": API_VERSION, "pending_webhooks": 1, "request": {"id": None}})

    def signed(self, event: Json, *, at: int | None = None) -> tuple[bytes, dict[str, str]]:
        """An event as it goes over the wire: its bytes, and the headers of a delivery ``at`` (Unix seconds)."""
        body = json.dumps(event, ensure_ascii=False, indent=2).encode()
        proof = signature(self.webhook_secret, body, self.now if at is None else at)
        return body, {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": proof}


def _of(where: dict[str, Json], form: Json) -> list[Json]:
    """Those of one charge, newest first."""
    return [one for one in reversed(where.values()) if one["charge"] == form["charge"]]


def _public(about: Any) -> Any:
    """An object as the world sees it: without what this file alone remembers of it."""
    if isinstance(about, list):
        return [_public(one) for one in about]
    if isinstance(about, Mapping):
        return {name: _public(value) for name, value in about.items() if not name.startswith("_")}
    return about


def _handler(fake: FakeStripe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _answer(self, method: str) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if url.path.startswith("/c/pay/"):
                self._hosted_page(method, url.path.rsplit("/", 1)[1], dict(parse_qsl(body)))
                return
            if url.path == "/favicon.ico":  # what a browser asks of the hosted page's server
                self.send_response(204)
                self.end_headers()
                return
            failure = fake.failures.pop(0) if fake.failures else None
            if failure:
                self._send(failure, Refusal(failure, "api_error", "Something went wrong at our end.").body())
                return
            if self.headers.get("Authorization") != f"Bearer {fake.secret_key}":
                self._send(401, Refusal(401, "invalid_request_error", "Invalid API Key provided.").body())
                return
            form = nested(parse_qsl(url.query if method == "GET" else body, keep_blank_values=True))
            key = self.headers.get("Idempotency-Key") or ""
            status, answer, replayed = fake.answer(method, url.path, form, key)
            if failure == 0:
                self.close_connection = True
                self.connection.close()
                return
            self._send(status, answer, {"Idempotent-Replayed": "true"} if replayed else {})

        def _hosted_page(self, method: str, session_id: str, form: dict[str, str]) -> None:
            """What stands at Stripe's address: never ours, and no card number reaches us."""
            session = fake.sessions[session_id]
            if method == "POST":
                done = fake.pays(session_id, form["card"])["status"] == "succeeded"
                self.send_response(303)
                self.send_header("Location", session["success_url"] if done else session["url"])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            page = (
                "<!doctype html><html lang=en><meta charset=utf-8><title>Checkout</title><main>"
                f"<h1>{session['amount_total']} {session['currency']}</h1><form method=post>"
                f"<label>Card <input name=card value={GOOD}></label> <button>Pay</button></form>"
                f"<a href='{session['cancel_url']}'>Back</a></main></html>"
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def _send(self, status: int, answer: Json, more: Mapping[str, str] | None = None) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Request-Id": "req_fake", **(more or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def fake_stripe(
    *, now: int, secret_key: str = "sk_test_fake", webhook_secret: str = "whsec_of_the_tests", settles: str = "vnd"
) -> Iterator[FakeStripe]:
    """A running one, on a free port of 127.0.0.1; gone afterwards."""
    fake = FakeStripe(now=now, secret_key=secret_key, webhook_secret=webhook_secret, settles=settles)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    fake.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
