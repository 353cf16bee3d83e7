"""What moved a Stripe balance, as Arrivals. Amounts of VND are whole đồng (a "zero-decimal" currency of Stripe's).

The same functions read an object inside an event and inside the pulled list of the balance, so that one charge is one
``source_id`` with the same words, whoever tells of it first. An Arrival names no ``account``: what is signed with, or
pulled with, one Stripe account's secret is about that account.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from base.hostile_json import MAX_INTEGER, canonical_json
from payments.providers.arrival import Arrival, Direction
from payments.providers.call_fields import number_of, text_of, words_of
from payments.providers.stripe_objects import Event, currency_of, id_of, metadata_of, own_id, when

_FEES = {"stripe_fee", "stripe_fx_fee", "tax_fee"}


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of the pulled balance. ``is_fee``: what the processor keeps for its work.

    ``charge`` is the card payment that it is about, "" for none.
    """

    arrival: Arrival
    is_fee: bool
    charge: str


def money_in(event: Event, *, raw: str) -> tuple[Arrival, ...]:
    """The money that an event tells of: none, one, or two (a refund that went out and came back)."""
    about = event.about
    if event.type in {"charge.succeeded", "charge.captured"}:
        is_money = about.get("captured") is True and about.get("paid") is not False
        return (_charge(about, raw=raw),) if is_money else ()
    if event.type == "payment_intent.succeeded":
        return _intent(event, raw=raw)
    if event.type in {"refund.created", "refund.updated", "refund.failed"}:
        return tuple(_refund(about, failed_at=event.created, raw=raw))
    if event.type == "charge.dispute.funds_withdrawn":
        return (_dispute(about, direction="out", at=event.created, raw=raw),)
    if event.type == "charge.dispute.funds_reinstated":
        return (_dispute(about, direction="in", at=event.created, raw=raw),)
    return ()


def movements(transaction: Mapping[str, Any]) -> tuple[Movement, ...]:
    """One balance transaction, pulled with its ``source`` expanded: what moved, and the fee beside it.

    What a card was charged is told in the currency that its holder paid, as the events tell it; fees and all else in
    the currency of the balance. Raises Unreadable.
    """
    raw = canonical_json(transaction)
    source = transaction.get("source")
    about: Mapping[str, Any] = source if isinstance(source, Mapping) else {}
    charge = id_of(about) if about.get("object") == "charge" else id_of(about.get("charge"))
    kind = text_of(transaction, "type")
    told = [Movement(arrival, kind in _FEES, charge) for arrival in _moved(transaction, kind, about, raw=raw)]
    fee = number_of(transaction, "fee", least=-MAX_INTEGER)
    if fee:
        details = transaction.get("fee_details")
        words = [words_of(detail, "description") for detail in details] if isinstance(details, list) else []
        memo = ", ".join(filter(None, words)) or "fee"
        arrival = _of_balance(transaction, source_id=f"{own_id(transaction)}:fee", signed=-fee, memo=memo, raw=raw)
        told.append(Movement(arrival, fee > 0, charge))
    return tuple(told)


def _moved(transaction: Mapping[str, Any], kind: str, about: Mapping[str, Any], *, raw: str) -> Iterator[Arrival]:
    signed = number_of(transaction, "amount", least=-MAX_INTEGER)
    created = number_of(transaction, "created")
    what = about.get("object")
    if kind in {"charge", "payment"} and what == "charge":
        yield _charge(about, raw=raw)
    elif kind in {"refund", "payment_refund"} and what == "refund":
        yield _refund_out(about, raw=raw)
    elif kind in {"refund_failure", "payment_failure_refund"} and what == "refund":
        yield _refund_back(about, at=created, raw=raw)
    elif kind == "adjustment" and what == "dispute":
        yield _dispute(about, direction="out" if signed < 0 else "in", at=created, raw=raw)
    elif signed:
        memo = words_of(transaction, "description") or kind
        yield _of_balance(transaction, source_id=own_id(transaction), signed=signed, memo=memo, raw=raw)


def _of_balance(transaction: Mapping[str, Any], *, source_id: str, signed: int, memo: str, raw: str) -> Arrival:
    return Arrival(
        source_id=source_id, account="", dong=abs(signed), direction="in" if signed > 0 else "out", memo=memo,
        happened_at=when(number_of(transaction, "created")), reference=source_id, currency=currency_of(transaction),
        raw=raw,
    )  # fmt: skip


def _charge(charge: Mapping[str, Any], *, raw: str) -> Arrival:
    """Money of one captured charge, gross."""
    buyer = charge.get("billing_details")
    return _about(
        charge, source_id=own_id(charge), dong=number_of(charge, "amount_captured"), direction="in",
        at=number_of(charge, "created"), memo=_code_or_words(charge), link=metadata_of(charge, "link"),
        payer_name=words_of(buyer, "name") if isinstance(buyer, Mapping) else "", raw=raw,
    )  # fmt: skip


def _intent(event: Event, *, raw: str) -> tuple[Arrival, ...]:
    """The same money under the same id as its charge's own event. An intent is older than its payment."""
    charge = id_of(event.about.get("latest_charge"))
    if not charge:
        return ()
    return (
        _about(
            event.about, source_id=charge, dong=number_of(event.about, "amount_received"), direction="in",
            at=event.created, memo=_code_or_words(event.about), link=metadata_of(event.about, "link"), raw=raw,
        ),
    )  # fmt: skip


def _refund(refund: Mapping[str, Any], *, failed_at: int, raw: str) -> Iterator[Arrival]:
    """What a refund took from the balance, once it has, and what a failed one brought back."""
    if id_of(refund.get("balance_transaction")):
        yield _refund_out(refund, raw=raw)
    if id_of(refund.get("failure_balance_transaction")):
        yield _refund_back(refund, at=failed_at, raw=raw)


def _refund_out(refund: Mapping[str, Any], *, raw: str) -> Arrival:
    return _about(
        refund, source_id=own_id(refund), dong=number_of(refund, "amount"), direction="out",
        at=number_of(refund, "created"), memo=metadata_of(refund, "code") or "refund",
        link=metadata_of(refund, "link"), raw=raw,
    )  # fmt: skip


def _refund_back(refund: Mapping[str, Any], *, at: int, raw: str) -> Arrival:
    return _about(
        refund, source_id=f"{own_id(refund)}:failed", dong=number_of(refund, "amount"), direction="in", at=at,
        memo=metadata_of(refund, "code") or "refund", raw=raw,
    )  # fmt: skip


def _dispute(dispute: Mapping[str, Any], *, direction: Direction, at: int, raw: str) -> Arrival:
    """The disputed sum, taken from the balance (``out``) or given back to it (``in``)."""
    moment = "withdrawn" if direction == "out" else "reinstated"
    return _about(
        dispute, source_id=f"{own_id(dispute)}:{moment}", dong=number_of(dispute, "amount"), direction=direction,
        at=at, memo=f"dispute {words_of(dispute, 'reason')}".strip(), raw=raw,
    )  # fmt: skip


def _about(about: Mapping[str, Any], *, source_id: str, at: int, **more: Any) -> Arrival:
    return Arrival(
        source_id=source_id, reference=source_id, account="", happened_at=when(at), currency=currency_of(about), **more
    )  # fmt: skip


def _code_or_words(about: Mapping[str, Any]) -> str:
    """Our code where we made the payment; else what its maker wrote about it."""
    return metadata_of(about, "code") or words_of(about, "description")
