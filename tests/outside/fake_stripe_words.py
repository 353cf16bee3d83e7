"""How Stripe's requests are written, its refusals worded and its calls signed: from its documentation, not our code."""

import hashlib
import hmac
from typing import Any

FORGOTTEN_AFTER_SECONDS = 24 * 3600
"""Stripe may forget an idempotency key after so long; the fake one does."""


class Refusal(Exception):
    """An error object, as it stands in the body of an answer that is not 200."""

    def __init__(self, status: int, kind: str, message: str, *, code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.code, self.param = status, kind, message, code, param

    def body(self) -> dict[str, Any]:
        error = {"type": self.kind, "message": self.message, "code": self.code, "param": self.param}
        return {"error": {name: value for name, value in error.items() if value}}


def not_found(own: str) -> Refusal:
    return Refusal(404, "invalid_request_error", f"No such object: '{own}'", code="resource_missing", param="id")


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """``line_items[0][price_data][currency]=vnd`` as dictionaries; the numbers of a list stay keys."""
    form: dict[str, Any] = {}
    for name, value in pairs:
        first, *inner = name.replace("]", "").split("[")
        where, key = form, first
        for part in inner:
            where = where.setdefault(key, {})
            key = part or str(len(where))
        where[key] = value
    return form


def signature(secret: str, body: bytes, at: int) -> str:
    """The ``Stripe-Signature`` header of a call sent at ``at``, with the old scheme's dummy beside it."""
    proof = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={proof},v0={'6f' * 32}"
