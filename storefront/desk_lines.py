"""What the desk reads of lines of the bank: the table grouped by reason, and all that stands beside one line."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, Sum, Window
from django.db.models.functions import RowNumber

from base.text import squeezed
from cooperatives.models import Organization
from payments import cash_finding, matching, owing, remittance_lines, settlement
from payments.models import BankTransaction, KeptDebt, PaymentRequest, Refund, Remittance
from payments.models.arriving import BankTransactionQuerySet
from storefront import desk_reading, desk_reasons
from storefront.templatetags import asked_for

State, Direction = BankTransaction.State, BankTransaction.Direction
MOST_FOUND = 20
DAYS_APART = timedelta(days=3)
"""Two sources rarely date the same transfer further apart: a weekend."""


@dataclass(frozen=True, slots=True)
class Group:
    """The lines that wait for the same reason: how many, how much, and the latest of them."""

    reason: str
    name: str
    count: int
    dong: int
    lines: Sequence[BankTransaction]


def groups(organization: Organization, *, most: int) -> list[Group]:
    """What waits for a person, grouped by reason, at most ``most`` lines of each. In a fixed number of queries."""
    waiting = desk_reading.to_look_at(organization)
    first = Window(RowNumber(), partition_by=[F("reason")], order_by=[F("happened_at").desc(), F("id").desc()])
    shown: defaultdict[str, list[BankTransaction]] = defaultdict(list)
    for line in waiting.annotate(place=first).filter(place__lte=most).preloaded().latest_first():
        shown[line.reason].append(line)
    counted = waiting.order_by().values_list("reason").annotate(Count("pk"), Sum("amount_dong"))
    names = dict(BankTransaction.Reason.choices)
    found = [
        Group(reason, str(names.get(reason) or State.PART_SETTLED.label), count, dong, shown[reason])
        for reason, count, dong in counted
    ]
    return sorted(found, key=lambda group: desk_reasons.place_of(group.reason))


@dataclass(frozen=True, slots=True)
class Sums:
    """Money in and out among some lines, whole đồng, and how many lines that were."""

    in_dong: int
    in_count: int
    out_dong: int
    out_count: int


def sums(lines: BankTransactionQuerySet) -> Sums:
    """In one query."""
    came, went = Q(direction=Direction.IN), Q(direction=Direction.OUT)
    found = lines.exclude(state=State.NOT_OURS, reason=BankTransaction.Reason.JOINED).aggregate(
        in_dong=Sum("amount_dong", filter=came, default=0), in_count=Count("pk", filter=came),
        out_dong=Sum("amount_dong", filter=went, default=0), out_count=Count("pk", filter=went),
    )  # fmt: skip
    return Sums(**found)


@dataclass(frozen=True, slots=True)
class Suggested:
    """One proposal of the rules with the requests or carriers' lists that it names, for one tap."""

    proposal: matching.Proposal
    parts: Sequence[tuple[matching.Part, PaymentRequest | None, Remittance | None]]

    @property
    def sum_dong(self) -> int:
        return sum(part.dong for part, _request, _list in self.parts)


def suggestions(line: BankTransaction, *, but_not: PaymentRequest | None) -> list[Suggested]:
    """What the rules would propose as things stand. ``but_not``: the request shown with words of its own."""
    verdict = settlement.examine(line)
    proposals = verdict.proposals
    if verdict.settles is not None:  # it would settle by itself, were it not for a person's undoing or a text alone
        whole = matching.Part(verdict.settles, verdict.settle_dong + verdict.excess_dong)
        proposals = (matching.Proposal("as_written", (whole,), best=True),)
    if but_not is not None:
        proposals = tuple(one for one in proposals if {part.code for part in one.parts} != {but_not.code})
    proposals += remittance_lines.proposals(line)
    codes = {part.code for proposal in proposals for part in proposal.parts}
    named = {asked.code: asked for asked in _requests(line.organization_id).filter(code__in=codes)} if codes else {}
    of_lists = Remittance.objects.filter(organization_id=line.organization_id, code__in=codes - named.keys())
    lists = {one.code: one for one in of_lists} if codes - named.keys() else {}
    return [
        Suggested(one, [(part, named.get(part.code), lists.get(part.code)) for part in one.parts])
        for one in proposals
    ]  # fmt: skip


def closed_request(line: BankTransaction) -> PaymentRequest | None:
    """The one request that its memo (or its payment link) names and that takes no more money by itself."""
    link_code = [line.link.payment_request.code] if line.link is not None else []
    named = _requests(line.organization_id).filter(code__in=[*matching.possible_codes(line.memo), *link_code])
    closed = [
        asked for asked in named if not asked.takes_money and asked.code in squeezed(line.memo) + "".join(link_code)
    ]
    return closed[0] if len(closed) == 1 else None


def join_candidates(line: BankTransaction) -> list[BankTransaction]:
    """Lines that may be the same money: same account, direction and amount, at most three days apart."""
    if line.joined_into_id is not None:
        return []
    near = BankTransaction.objects.filter(
        bank_account_id=line.bank_account_id, direction=line.direction, amount_dong=line.amount_dong,
        happened_at__range=(line.happened_at - DAYS_APART, line.happened_at + DAYS_APART), joined_into=None,
    )  # fmt: skip
    if line.used_dong:  # one of the two must be unused: it is the one that goes under the other
        near = near.filter(used_dong=0)
    return list(near.exclude(pk=line.pk).preloaded().order_by("happened_at", "pk")[:MOST_FOUND])


def counterparts(line: BankTransaction) -> list[BankTransaction]:
    """The other side of a transfer between our own accounts: another account, the other way, the same sum, unused."""
    other_way = Direction.OUT if line.direction == Direction.IN else Direction.IN
    near = BankTransaction.objects.booked().filter(
        organization_id=line.organization_id, direction=other_way, amount_dong=line.unused_dong, used_dong=0,
        happened_at__range=(line.happened_at - DAYS_APART, line.happened_at + DAYS_APART),
    )  # fmt: skip
    apart = near.exclude(bank_account_id=line.bank_account_id).select_related("bank_account")
    return list(apart.order_by("happened_at", "pk")[:MOST_FOUND])


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a line made debts of: ``owed`` can still be asked back, ``refunds`` have been."""

    owed: Sequence[owing.Owed]
    refunds: Sequence[Refund]


def given_back(line: BankTransaction) -> GivenBack:
    """For the orders and billing accounts whose debts came with this line, and for the stranger who sent it."""
    over = [one.payment_request for one in line.settlements.all() if one.is_live and one.excess_dong]
    kept = [debt for debt in line.kept_debts.all() if debt.is_live]
    behind: list[PaymentRequest | KeptDebt] = [*over, *kept]
    orders = {one.order for one in behind if one.order is not None}
    accounts = {one.account for one in behind if one.account is not None}
    named = sorted(orders, key=lambda order: order.pk)
    payers = sorted(accounts, key=lambda account: account.pk)
    here = line.organization
    owed = [owing.Owed(owing.owed_dong(organization=here, order_id=order.pk), order, None) for order in named]
    owed += [
        owing.Owed(owing.owed_dong(organization=here, account_id=account.pk), None, None, account) for account in payers
    ]
    if any(debt.order_id is None and debt.account_id is None for debt in kept):
        owed.append(owing.Owed(owing.owed_dong(organization=here, transaction_id=line.pk), None, line))
    asked = Refund.objects.filter(Q(transaction=line) | Q(order__in=named) | Q(account__in=payers))
    asked = asked.exclude(state=Refund.State.CANCELLED)
    return GivenBack([one for one in owed if one.dong], list(asked.order_by("pk")))


def open_requests(organization: Organization, text: str) -> list[PaymentRequest]:
    """Requests that a person may mean by ``text``: code, amount asked or still due; order number, buyer's name or the
    last digits of her phone; a bill's name, number, class, the last digits of its household's phone, or several of
    these at once, as a memo writes them: without accents, in capitals. The latest first, and one more than
    ``MOST_FOUND`` where there are more."""
    digits = "".join(c for c in text if c in "0123456789")
    wanted = Q(code__contains=squeezed(text)[:12]) if squeezed(text) else Q(pk__in=[])
    wanted |= Q(order__number__icontains=text) | Q(order__buyer_name__icontains=text)
    wanted |= Q(bill__account_name__icontains=text) | Q(bill__section__iexact=text)
    wanted |= Q(bill__account__number__iexact=text)
    if organization.bills:
        payers = cash_finding.find(organization=organization, text=text)
        wanted |= Q(bill__account__in=[payer.account for payer in payers])
    if digits and not any(c.isalpha() for c in text):
        dong = int(digits[:15])
        wanted |= Q(asked_dong=dong) | Q(asked_dong=F("credited_dong") + dong)
        if len(digits) >= 3:
            ending = digits.removeprefix("0")
            wanted |= Q(order__buyer_phone__endswith=ending) | Q(bill__account__household__phone__endswith=ending)
    paying = [*desk_reading.PAYING, PaymentRequest.State.EXPIRED]  # an expired order reopens if its goods are there
    found = _requests(organization.pk).filter(wanted, state__in=paying)
    return list(found.order_by("-created_at", "-pk")[: MOST_FOUND + 1])


def same_due(line: BankTransaction) -> list[PaymentRequest]:
    """Requests of which exactly what is left of ``line`` is due: a hint to ask the payer about, never a proof.
    As many as ``open_requests`` finds."""
    same = _requests(line.organization_id).takes_money().filter(asked_dong=F("credited_dong") + line.unused_dong)
    return list(same.order_by("-created_at", "-pk")[: MOST_FOUND + 1])


def _requests(organization_id: int) -> Any:
    every = PaymentRequest.objects.filter(organization_id=organization_id)
    return every.select_related(*asked_for.BEHIND).prefetch_related(asked_for.PARTS)
