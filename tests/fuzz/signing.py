"""Calls that carry a valid proof whatever is in them, so that what lies behind the proof is reached."""

import json

from payments.providers import casso, payos, sepay, stripe_events

KEY = "khoa-de-thu-nghiem"
NOW = 1_790_000_000


def signed(provider: str, body: bytes, *, now: int = NOW) -> tuple[bytes, dict[str, str]]:
    """``body`` and headers as ``provider`` would send them; unsigned where the provider itself could not sign it."""
    if provider == "sepay":
        return body, sepay.signed_call(key=KEY, body=body, now=now)
    if provider == "casso":
        try:
            return body, casso.signed_call(key=KEY, body=body, now=now)
        except Exception:  # noqa: BLE001 — the signer refuses what is no JSON; then it goes unsigned
            return body, {casso.SIGNATURE_HEADER: f"t={now}000,v1={'0' * 128}"}
    if provider == "stripe":
        return body, stripe_events.signed_call(key=KEY, body=body, now=now)
    if provider == "casso-v1":
        return body, {casso.V1_PROOF_HEADER: KEY}
    if provider == "payos":
        try:
            return payos.signed_body(key=KEY, data=json.loads(body)["data"]), {}
        except Exception:  # noqa: BLE001 — as above
            return body, {}
    return body, {}
