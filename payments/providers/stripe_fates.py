"""What Stripe's events say of a card payment's fate, and which of two sayings counts.

Events come twice, late and in any order. So a saying is ranked by the stage it belongs to, then by when it happened at
Stripe, then by its kind; the highest counts. That is a maximum: it does not matter which came first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from payments.providers.call_fields import number_of, words_of
from payments.providers.stripe_objects import Event, id_of, metadata_of

Fate = Literal[
    "processing", "declined", "expired", "cancelled", "paid",
    "part_refunded", "refunded", "disputed", "dispute_won", "dispute_lost",
]  # fmt: skip
"""In the words of ``PaymentLink.State``, without the two that we say ourselves (asked, open)."""

_STAGES: tuple[tuple[str, ...], ...] = (
    ("asked",),
    ("open",),
    ("processing", "declined"),  # a declined card may be tried again, or another one
    ("cancelled", "expired"),
    ("paid", "part_refunded", "refunded", "disputed", "dispute_won", "dispute_lost"),  # money says the last word
)
_RANK = {state: (stage, place) for stage, states in enumerate(_STAGES) for place, state in enumerate(states)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChange:
    """What one event says of one card payment; ``at`` is when it happened at Stripe, Unix seconds.

    ``link`` is our own name of the payment (its metadata), ``session`` and ``charge`` are Stripe's; whichever the event
    names. ``trouble`` is Stripe's word for why a card was declined.
    """

    fate: Fate
    at: int
    link: str = ""
    session: str = ""
    charge: str = ""
    trouble: str = ""


def outranks(state: str, at: int, *, over: str, since: int) -> bool:
    """Whether ``state``, said of the moment ``at``, counts over the state that stands ``since``."""
    return _key(state, at) > _key(over, since)


def _key(state: str, at: int) -> tuple[int, int, int]:
    stage, place = _RANK[state]
    return stage, at, place


def fate_in(event: Event) -> CardChange | None:
    """What ``event`` says of a card payment; None where it says nothing of its fate."""
    kind, _, moment = event.type.rpartition(".")
    said: tuple[Fate, str] | None = None
    charge = ""
    if kind == "checkout.session":
        said = _of_session(moment, event.about)
    elif kind == "payment_intent":
        said = _of_intent(moment, event.about)
        charge = id_of(event.about.get("latest_charge")) if moment == "succeeded" else ""
    elif kind == "charge":
        said = _of_charge(moment, event.about)
        charge = id_of(event.about) if said is not None and said[0] != "declined" else ""
    elif kind == "charge.dispute":
        said = (fate_of_dispute(event.about), "")
        charge = id_of(event.about.get("charge"))
    if said is None:
        return None
    return CardChange(
        fate=said[0], at=event.created, link=metadata_of(event.about, "link"),
        session=id_of(event.about) if kind == "checkout.session" else "", charge=charge, trouble=said[1],
    )  # fmt: skip


def fate_of_dispute(dispute: Mapping[str, Any]) -> Fate:
    """A bank's mere question that was closed counts as won: no money stays away."""
    status = words_of(dispute, "status")
    if status in {"won", "warning_closed", "prevented"}:
        return "dispute_won"
    return "dispute_lost" if status == "lost" else "disputed"


def fate_of_charge(charge: Mapping[str, Any]) -> Fate:
    """Of a captured charge by its own figures. Raises Unreadable."""
    given_back, taken = number_of(charge, "amount_refunded"), number_of(charge, "amount")
    return "paid" if not given_back else "refunded" if given_back >= taken else "part_refunded"


def _of_session(moment: str, session: Mapping[str, Any]) -> tuple[Fate, str] | None:
    if moment == "completed":
        return ("paid" if session.get("payment_status") == "paid" else "processing"), ""
    if moment == "async_payment_succeeded":
        return "paid", ""
    if moment == "async_payment_failed":
        return "declined", ""
    return ("expired", "") if moment == "expired" else None


def _of_intent(moment: str, intent: Mapping[str, Any]) -> tuple[Fate, str] | None:
    if moment == "succeeded":
        return "paid", ""
    if moment in {"processing", "requires_action"}:
        return "processing", ""
    if moment == "payment_failed":
        return "declined", trouble_of(intent)
    return ("cancelled", "") if moment == "canceled" else None


def _of_charge(moment: str, charge: Mapping[str, Any]) -> tuple[Fate, str] | None:
    if moment in {"succeeded", "captured"}:
        return ("paid", "") if charge.get("captured") is True else None
    if moment == "refunded":
        return fate_of_charge(charge), ""
    return None


def trouble_of(intent: Mapping[str, Any]) -> str:
    """Stripe's word for why the last card was declined: ``insufficient_funds``, ``authentication_required`` …"""
    error = intent.get("last_payment_error")
    if not isinstance(error, Mapping):
        return ""
    return (words_of(error, "decline_code") or words_of(error, "code"))[:60]
