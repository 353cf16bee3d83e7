"""What happens to money that arrived: a table, not a score. Pure; ``settlement`` carries the verdict out.

The code proves, the amount confirms, everything else only suggests. What is not proven goes to a person, with a
reason and with the work prepared:

    possible = matching.possible_codes(memo)
    asked = [… the rows with those codes, in whatever state …]
    found = matching.codes_in(memo, open_codes={one.code for one in asked})
    verdict = matching.verdict(received_dong=…, found=found, asked=asked, …)
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Literal

from payments.finding import Found, codes_in, find_open, possible_codes

__all__ = [
    "Asked",
    "Found",
    "Part",
    "Proposal",
    "Reason",
    "Verdict",
    "codes_in",
    "find_open",
    "possible_codes",
    "verdict",
]

MOST_SUMMED = 12
"""Subset sums are tried over so many open dues; more would be guessing, and slow."""


class Reason(StrEnum):
    """Why a person is needed, or what is worth saying about money that settled by itself (``OVERPAID``)."""

    NO_CODE = "NO_CODE"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    MISTYPED_CODE = "MISTYPED_CODE"
    TWO_CODES = "TWO_CODES"
    AMOUNT_DIFFERS = "AMOUNT_DIFFERS"
    OVERPAID = "OVERPAID"
    ALREADY_PAID = "ALREADY_PAID"
    LATE = "LATE"
    CANCELLED_ORDER = "CANCELLED_ORDER"
    OTHER_ORGANIZATION = "OTHER_ORGANIZATION"
    OTHER_ACCOUNT = "OTHER_ACCOUNT"
    OTHER_CURRENCY = "OTHER_CURRENCY"
    SMS_ONLY = "SMS_ONLY"
    CONFLICT = "CONFLICT"
    OUTGOING = "OUTGOING"
    NO_AMOUNT = "NO_AMOUNT"


AskedState = Literal["open", "paid", "expired", "cancelled"]
_CLOSED = {"paid": Reason.ALREADY_PAID, "expired": Reason.LATE, "cancelled": Reason.CANCELLED_ORDER}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a verdict needs to know of one PaymentRequest. ``due_dong`` is what is still owed on it, 0 once paid."""

    code: str
    due_dong: int
    state: AskedState
    organization_id: Hashable
    account_id: Hashable
    """The bank account that its QR names."""


@dataclass(frozen=True, slots=True)
class Part:
    """So much of the money for that request."""

    code: str
    dong: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Prepared work for one tap. ``kind`` says how it came about; ``best`` marks the one that is alone in fitting."""

    kind: Literal["as_written", "bare", "repaired", "split", "subset", "same_payer"]
    parts: tuple[Part, ...]
    best: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """``settles`` names the request that takes ``settle_dong``; ``excess_dong`` is then owed to the payer.

    Without ``settles`` a person is needed: ``reason`` says why and ``proposals`` what she could tap.
    """

    settles: str | None = None
    settle_dong: int = 0
    excess_dong: int = 0
    reason: Reason | None = None
    proposals: tuple[Proposal, ...] = ()

    @property
    def needs_you(self) -> bool:
        return self.settles is None


def verdict(
    *,
    received_dong: int,
    found: Found,
    asked: Sequence[Asked],
    organization_id: Hashable,
    account_id: Hashable,
    direction: Literal["in", "out"] = "in",
    currency: str = "VND",
    only_by_sms: bool = False,
    same_payer: Sequence[Asked] = (),
) -> Verdict:
    """Decide about one BankTransaction on ``account_id`` of ``organization_id``.

    ``asked``: the requests, in any state, whose codes ``found`` names. ``same_payer``: other open requests of whoever
    has paid from this account before; they only ever suggest. Money is never matched by name or by amount alone.
    """
    if direction == "out":
        return Verdict(reason=Reason.OUTGOING)
    if currency != "VND":
        return Verdict(reason=Reason.OTHER_CURRENCY)
    if received_dong <= 0:
        return Verdict(reason=Reason.NO_AMOUNT)
    by_code = {one.code: one for one in asked}
    assert all(code in by_code for code in (*found.codes, *found.bare, *found.repaired)), "found by the asked codes"
    ours = {code: one for code, one in by_code.items() if one.organization_id == organization_id}
    payers_own = [one for one in same_payer if one.organization_id == organization_id and one.state == "open"]

    whole = [by_code[code] for code in (*found.codes, *found.bare)]
    if not whole:
        return _nothing_whole(received_dong, found, ours, account_id, payers_own)
    if len(whole) + len(found.unknown) > 1:
        return _several(received_dong, whole, found, ours, account_id, payers_own, only_by_sms)
    one = whole[0]
    contradiction = _contradiction(one, organization_id, account_id)
    if contradiction is not None:
        foreign = contradiction is Reason.OTHER_ORGANIZATION  # nothing of another Organization is shown
        return Verdict(reason=contradiction, proposals=() if foreign else _as_written(one, received_dong))
    if one.code in found.bare and received_dong != one.due_dong:
        return Verdict(
            reason=Reason.AMOUNT_DIFFERS,
            proposals=(
                Proposal("bare", _parts_up_to_due(one, received_dong)),
                *_subsets(received_dong, [one], payers_own),
            ),
        )
    if one.code in found.inside:  # in a class where all owe the same, the amount proves nothing about a chance hit
        return Verdict(reason=Reason.MISTYPED_CODE, proposals=(Proposal("bare", _parts_up_to_due(one, received_dong)),))
    could_be_meant = [by_code[code].due_dong for code in found.repaired]
    if found.repaired and (received_dong != one.due_dong or received_dong in could_be_meant):
        # a second code, mistyped: the amount may be for both, or for that one
        return Verdict(reason=Reason.TWO_CODES, proposals=_as_written(one, received_dong))
    return _settled(one, received_dong, only_by_sms)


def _settled(one: Asked, received_dong: int, only_by_sms: bool) -> Verdict:
    if only_by_sms:  # a text message can be faked: it waits for a tap or for the bank's own word
        return Verdict(reason=Reason.SMS_ONLY, proposals=_as_written(one, received_dong))
    settle_dong = min(received_dong, one.due_dong)
    excess_dong = received_dong - settle_dong
    return Verdict(one.code, settle_dong, excess_dong, Reason.OVERPAID if excess_dong else None)


def _contradiction(one: Asked, organization_id: Hashable, account_id: Hashable) -> Reason | None:
    if one.organization_id != organization_id:
        return Reason.OTHER_ORGANIZATION
    if one.state != "open":
        return _CLOSED[one.state]
    return Reason.OTHER_ACCOUNT if one.account_id != account_id else None


def _several(
    received_dong: int,
    whole: list[Asked],
    found: Found,
    ours: dict[str, Asked],
    account_id: Hashable,
    payers_own: list[Asked],
    only_by_sms: bool,
) -> Verdict:
    """Two codes or more. Only where all but one are closed, and the amount is exactly what the open one is due, is
    nothing left to guess: an old memo was used again and the new code added."""
    can_take = [one for one in whole if one.code in ours and one.state == "open" and one.account_id == account_id]
    if not can_take:
        known = [one for one in whole if one.code in ours]
        reasons = {_CLOSED.get(one.state, Reason.OTHER_ACCOUNT) for one in known}
        if not known:
            return Verdict(reason=Reason.OTHER_ORGANIZATION)
        return Verdict(reason=reasons.pop() if len(reasons) == 1 else Reason.TWO_CODES)
    all_known_are_ours = all(one.code in ours for one in whole) and not found.unknown
    only = can_take[0]
    if len(can_take) == 1 and all_known_are_ours and only.code in found.codes and received_dong == only.due_dong:
        return _settled(only, received_dong, only_by_sms)
    if all_known_are_ours and len(can_take) == len(whole) and sum(one.due_dong for one in can_take) == received_dong:
        split = Proposal("split", tuple(Part(one.code, one.due_dong) for one in can_take), best=True)
        return Verdict(reason=Reason.TWO_CODES, proposals=(split,))
    return Verdict(reason=Reason.TWO_CODES, proposals=_subsets(received_dong, can_take, payers_own))


def _nothing_whole(
    received_dong: int, found: Found, ours: dict[str, Asked], account_id: Hashable, payers_own: list[Asked]
) -> Verdict:
    near = [ours[code] for code in found.repaired if code in ours]
    fitting = [
        one for one in near if one.state == "open" and one.account_id == account_id and one.due_dong == received_dong
    ]
    repaired = tuple(
        Proposal("repaired", (Part(one.code, received_dong),), best=len(found.repaired) == 1) for one in fitting
    )
    suggested = tuple(
        Proposal("same_payer", (Part(one.code, received_dong),)) for one in payers_own if one.due_dong == received_dong
    )
    not_ours = Reason.UNKNOWN_CODE if found.unknown else Reason.NO_CODE
    reason = Reason.MISTYPED_CODE if near and not found.unknown else not_ours
    return Verdict(reason=reason, proposals=repaired + suggested)


def _as_written(one: Asked, received_dong: int) -> tuple[Proposal, ...]:
    parts = _parts_up_to_due(one, received_dong)
    return (Proposal("as_written", parts, best=True),) if parts else ()


def _parts_up_to_due(one: Asked, received_dong: int) -> tuple[Part, ...]:
    dong = min(received_dong, one.due_dong)
    return (Part(one.code, dong),) if dong else ()


def _subsets(received_dong: int, written: list[Asked], payers_own: list[Asked]) -> tuple[Proposal, ...]:
    """Every set of dues that is exactly the money; best is the only one that fits, and only if it holds each code."""
    pool = list({one.code: one for one in (*written, *payers_own) if one.due_dong > 0}.values())[:MOST_SUMMED]
    fitting = [chosen for chosen in _combinations(pool) if sum(one.due_dong for one in chosen) == received_dong]
    must_hold = {one.code for one in written}
    return tuple(
        Proposal(
            "subset",
            tuple(Part(one.code, one.due_dong) for one in chosen),
            best=len(fitting) == 1 and must_hold <= {one.code for one in chosen},
        )
        for chosen in fitting
    )


def _combinations(pool: list[Asked]) -> Iterator[tuple[Asked, ...]]:
    for size in range(1, len(pool) + 1):
        yield from combinations(pool, size)
