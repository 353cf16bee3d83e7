"""The bank's lines that bring a carrier's money: what proves a list, what only suggests it (decision 0028)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import combinations

from django.db.models import F, Q

from base.text import squeezed
from cooperatives.models import User
from payments import crediting, making_good, matching, remittance_money
from payments.matching import MOST_SUMMED, Part, Proposal
from payments.models import BankTransaction, MadeGood, PaymentRequest, Refund, Remittance
from payments.remittance_money import State

SHORTEST_REFERENCE = 8
Direction, Reason = BankTransaction.Direction, BankTransaction.Reason


def is_telling(reference: str) -> bool:
    """Whether a carrier's number of a list says enough to be looked for: eight signs, a digit among them."""
    text = squeezed(reference)
    return len(text) >= SHORTEST_REFERENCE and any(sign.isdigit() for sign in text)


def referred_in(memo: str, references: Iterable[str]) -> list[str]:
    """Those of ``references`` (as the carriers write them) that stand in ``memo``, whole. Pure.

    Blanks and signs between letters do not count. A number is not found inside a longer one, nor a reference that is
    part of another one found.
    """
    text = squeezed(memo)
    found = {one: squeezed(one) for one in references if is_telling(one) and _stands_in(text, squeezed(one))}
    return [one for one, said in found.items() if not any(said != other and said in other for other in found.values())]


def _stands_in(text: str, said: str) -> bool:
    start = text.find(said)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(said) : start + len(said) + 1]
        if not (said[0].isdigit() and before.isdigit()) and not (said[-1].isdigit() and after.isdigit()):
            return True
        start = text.find(said, start + 1)
    return False


def named_by(memo: str, *, organization_id: int) -> list[int]:
    """The organization's lists that ``memo`` may name: any by their code, those that wait by their reference."""
    codes = matching.possible_codes(memo)
    here = Remittance.objects.filter(organization_id=organization_id)
    rows = here.filter(Q(code__in=codes) | (Q(state__in=[State.WAITING, State.PART]) & ~Q(reference="")))
    found = list(rows.order_by("id").values_list("pk", "code", "reference"))
    if not found:
        return []
    referred = set(referred_in(memo, {reference for _pk, _code, reference in found}))
    return [pk for pk, code, reference in found if code in codes or reference in referred]


def references_waiting(organization_id: int) -> frozenset[str]:
    """The references that a memo of this organization may carry."""
    waiting = Remittance.objects.waiting().filter(organization_id=organization_id).exclude(reference="")
    return frozenset(waiting.values_list("reference", flat=True))


def settle(line: BankTransaction, named: Collection[Remittance], *, at: datetime) -> bool:
    """Give a booked, unused ``line`` to the one list that its memo proves; whether it did. Everything is locked.

    Proven by our code in full, for as much as the list still waits for or less; by our code without its prefix, or by
    the carrier's reference, for exactly what it still waits for. A second name of any kind needs a person.
    """
    one, by_code = _only_one(line, named)
    if one is None or line.direction != Direction.IN or one.state not in (State.WAITING, State.PART):
        return False
    lacks = remittance_money.lacks_dong(one)
    if not (0 < line.amount_dong <= lacks if by_code else line.amount_dong == lacks):
        return False
    remittance_money.take(one, dong=line.amount_dong, line=line, actor=None, reason="", at=at)
    line.state, line.reason = crediting.line_state(line), ""
    return True


def _only_one(line: BankTransaction, named: Collection[Remittance]) -> tuple[Remittance | None, bool]:
    """The list that the memo names, and whether by its whole code; None where it names nothing, or more than that."""
    by_code = {one.code: one for one in named}
    found = _codes_in(line, by_code)
    if found.unknown or found.inside or found.repaired:
        return None, False
    whole = (*found.codes, *found.bare)
    if any(code not in by_code for code in whole) or len(whole) > 1:
        return None, False
    referred = set(referred_in(line.memo, {one.reference for one in named}))
    meant = {one.pk: one for one in named if one.code in whole or one.reference in referred}
    if len(meant) != 1:
        return None, False
    return next(iter(meant.values())), bool(found.codes)


def _codes_in(line: BankTransaction, lists: Collection[str]) -> matching.Found:
    possible = matching.possible_codes(line.memo)
    others = [
        code
        for carried in (PaymentRequest, Refund)
        for code in carried._default_manager.filter(code__in=possible).values_list("code", flat=True)
    ]
    return matching.codes_in(line.memo, open_codes={*others, *(code for code in lists if code in possible)})


def why_not(line: BankTransaction, named: Collection[Remittance]) -> str:
    """Why a line that names a list did not settle, among the reasons that lines have."""
    one, _by_code = _only_one(line, named)
    if one is None:
        return Reason.TWO_CODES
    return Reason.AMOUNT_DIFFERS if one.state in (State.WAITING, State.PART) else Reason.ALREADY_PAID


def proposals(line: BankTransaction) -> tuple[Proposal, ...]:
    """For a person: the lists that the memo names, else those that wait whose sum is exactly the money.

    Carriers transfer several lists at once; the only set that fits is marked best.
    """
    if line.direction != Direction.IN or not line.unused_dong:
        return ()
    ids = named_by(line.memo, organization_id=line.organization_id)
    waiting = Remittance.objects.filter(organization_id=line.organization_id).exclude(state=State.CANCELLED)
    named = list(waiting.filter(pk__in=ids).select_related("organization").order_by("id")[:MOST_SUMMED])
    lacking = {one.code: remittance_money.lacks_dong(one) or one.missing_dong for one in named}
    lacking = {code: dong for code, dong in lacking.items() if dong}
    if lacking:
        if sum(lacking.values()) == line.unused_dong:
            return (Proposal("split", _parts(lacking), best=True),)
        if len(lacking) == 1:
            [(code, dong)] = lacking.items()
            return (Proposal("as_written", (Part(code, min(dong, line.unused_dong)),), best=True),)
        return _sums(lacking, line.unused_dong)
    missing = F("net_dong") - F("received_dong")
    waiting = Remittance.objects.waiting().filter(organization_id=line.organization_id).alias(missing=missing)
    fitting = waiting.filter(missing__lte=line.unused_dong).order_by("-id")[:MOST_SUMMED]
    return _sums({one.code: one.missing_dong for one in fitting}, line.unused_dong)


def _parts(lacking: dict[str, int]) -> tuple[Part, ...]:
    return tuple(Part(code, dong) for code, dong in lacking.items())


def _sums(lacking: dict[str, int], dong: int) -> tuple[Proposal, ...]:
    """Every set of lists whose missing sums are exactly ``dong``."""
    every = sorted(lacking.items())
    fitting = [
        chosen
        for size in range(1, len(every) + 1)
        for chosen in combinations(every, size)
        if sum(missing for _code, missing in chosen) == dong
    ]
    return tuple(Proposal("subset", _parts(dict(chosen)), best=len(fitting) == 1) for chosen in fitting)


def assign(line: BankTransaction, remittance: Remittance, dong: int, *, reason: str, actor: User, at: datetime) -> None:
    """A person gives ``dong`` of a line to a locked list. Money for what was written off takes the writing-off back.

    Raises remittance_money.ListOver, MoreThanListLacks.
    """
    write_on_again(remittance, dong, actor=actor, at=at)
    remittance_money.take(remittance, dong=dong, line=line, actor=actor, reason=reason, at=at)


def write_on_again(remittance: Remittance, dong: int, *, actor: User, at: datetime) -> None:
    """Where a list lacks less than ``dong`` because something of it was written off: take that back, the latest first,
    until so much can come. Needs the locked list and what is under it."""
    missing = dong - remittance_money.lacks_dong(remittance)
    if missing <= 0:
        return
    short = MadeGood.objects.filter(
        kind=MadeGood.Kind.SHORT, undone_at=None, shipment__in=remittance_money.held_back(remittance)
    )
    for made in short.order_by("-id"):
        if missing > 0:
            making_good.undo(made_good_id=made.pk, actor=actor, at=at)
            missing -= made.amount_dong
