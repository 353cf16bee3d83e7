"""Carrying out the verdict about one line of the bank: booked once, on the right request, or before a person."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import Error as DatabaseFailure
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from base.retrying import again_when_locked_out
from cooperatives.models import Message
from orders import cancelling, messages
from payments import asking, crediting, entering, matching, refund_lines, refunds, remittance_lines, remittance_money
from payments.bills import carrying
from payments.models import BankTransaction, PaymentRequest, Refund, Remittance, Sighting
from payments.telling import SMS

log = logging.getLogger(__name__)

State, Reason = BankTransaction.State, BankTransaction.Reason

_LONGEST_PAUSE_S, _LONGEST_PAUSE_IN_TROUBLE_S = 300, 30


@again_when_locked_out
def settle(*, transaction_id: int, at: datetime) -> BankTransaction:
    """Book a NEW line as arrived (or departed), then give it to the request or the carrier's list, or close the refund,
    that its memo proves.

    A line that only a text message tells of is booked nowhere: it waits for another source or for a person. Opens one
    transaction: all of it or nothing; a failure leaves the line NEW for the worker. A line that is no longer NEW is
    returned as it stands, so calling it again is harmless.
    """
    with transaction.atomic():
        line, refunds_named, lists = _locked(transaction_id)
        if line.state != State.NEW:
            return line
        evidence = set(line.sightings.values_list("source", "contradicted"))
        sources = {source for source, _contradicted in evidence}
        if sources == {SMS}:
            line.state, line.reason = State.NEEDS_YOU, Reason.SMS_ONLY
        else:
            contradicted = any(contradicted for _source, contradicted in evidence)
            _carry_out(line, refunds_named, lists, contradicted=contradicted, told_by_text=SMS in sources, at=at)
        line.next_try_at = None
        line.save(update_fields=["state", "reason", "used_dong", "next_try_at", "booked_at"])
    return line


def _locked(transaction_id: int) -> tuple[BankTransaction, list[Refund], list[Remittance]]:
    """The line, the refunds that its memo may name with the lines that they give back, and then the carriers' lists
    that it may name: lines and lists locked in id order."""
    told_by_text = Exists(Sighting.objects.filter(transaction=OuterRef("pk"), source=SMS))
    looked = BankTransaction.objects.filter(pk=transaction_id)
    state, memo, organization_id, by_text = looked.values_list("state", "memo", "organization_id", told_by_text).get()
    refunds_named: list[Refund] = []
    lists_named: list[int] = []
    if state == State.NEW:
        refunds_named = refund_lines.named_by(memo, organization_id=organization_id)
        lists_named = remittance_lines.named_by(memo, organization_id=organization_id)
        if by_text:  # another source may be telling of it right now
            entering.lock_account_of(transaction_id)
    rows = BankTransaction.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("organization")
    wanted = {transaction_id, *refund_lines.lines_behind(refunds_named)} if refunds_named else {transaction_id}
    lines = {line.pk: line for line in rows.filter(pk__in=wanted).order_by("id")}
    lists = list(remittance_money.locked(lists_named).values()) if lists_named else []
    return lines[transaction_id], refunds_named, lists


def _carry_out(
    line: BankTransaction,
    refunds_named: list[Refund],
    lists: list[Remittance],
    *,
    contradicted: bool,
    told_by_text: bool,
    at: datetime,
) -> None:
    # Locked before they are looked at: what the verdict rests on still holds when it is carried out.
    codes = _codes_to_look_up(line)
    order_ids = {refund.order_id for refund in refunds_named if refund.order_id}
    order_ids |= remittance_money.order_ids([one.pk for one in lists])
    named = crediting.locked_requests(
        sorted(codes), organization_id=line.organization_id, others=True, order_ids=order_ids
    )
    remittance_money.lock_parcels([one.pk for one in lists])
    refunds = refund_lines.locked([refund.pk for refund in refunds_named]) if refunds_named else {}
    found, verdict = _examined(line, [request for code, request in named.items() if code in codes])
    requests = {code: one for code, one in named.items() if one.organization_id == line.organization_id}
    if contradicted:
        verdict = matching.Verdict(reason=matching.Reason.CONFLICT)
    late = _late_request(line, found, requests) if verdict.reason is matching.Reason.LATE else None
    outcome = "" if late is None else _late_outcome(line, late, at=at)
    entering.enter(line, at=at, again=told_by_text)
    if refunds and not contradicted and _closes_refund(line, refunds, at=at):
        return
    if lists and not contradicted and line.link_id is None and remittance_lines.settle(line, lists, at=at):
        return
    if verdict.settles is not None:
        _give(line, requests[verdict.settles], reason=verdict.reason or "", at=at)
    elif late is not None and outcome == "reopened":
        _give(line, late, reason=Reason.LATE, at=at)
    elif late is not None and outcome == "goods gone":
        _owe_back(line, late, at=at)
    else:
        line.state, line.reason = State.NEEDS_YOU, verdict.reason or Reason.NO_CODE
        if lists and line.reason in (Reason.NO_CODE, Reason.UNKNOWN_CODE):
            line.reason = remittance_lines.why_not(line, lists)
        if refunds and line.direction == BankTransaction.Direction.IN and not contradicted:
            line.reason = Reason.BOUNCED  # it names a refund, and is not it


def examine(line: BankTransaction) -> matching.Verdict:
    """What the rules say about ``line`` as things stand: its verdict and the prepared proposals. Changes nothing.

    What is owed by whoever paid from the same account before is suggested here; settling never looks at it. Nothing is
    proposed for a cancelled order: its money goes back (``triage.return_line``).
    """
    named = PaymentRequest.objects.filter(code__in=_codes_to_look_up(line))
    verdict = _examined(line, named, same_payer=asking.of_same_payer(line))[1]
    return replace(verdict, proposals=()) if verdict.reason is matching.Reason.CANCELLED_ORDER else verdict


def _examined(
    line: BankTransaction, named: Iterable[PaymentRequest], *, same_payer: Sequence[matching.Asked] = ()
) -> tuple[matching.Found, matching.Verdict]:
    """``named``: the requests, whosever they are, with the codes to look up for this line.

    A payment link that the provider names proves as a whole code does; another code beside it needs a person.
    """
    linked, possible = _linked_code(line), _possible(line)
    asked = [asking.asked(row, account_id=line.bank_account_id if row.code == linked else None) for row in named]
    found = matching.codes_in(line.memo, open_codes={one.code for one in asked if one.code in possible})
    others = [code for code in (*found.codes, *found.bare, *found.unknown) if code != linked]
    if linked:
        found = replace(
            found, codes=(linked, *(code for code in found.codes if code != linked)),
            bare=tuple(code for code in found.bare if code != linked),
            inside=tuple(code for code in found.inside if code != linked),
        )  # fmt: skip
    verdict = matching.verdict(
        received_dong=line.unused_dong, found=found, asked=asked, organization_id=line.organization_id,
        account_id=line.bank_account_id, direction="in" if line.direction == BankTransaction.Direction.IN else "out",
        same_payer=same_payer,
    )  # fmt: skip
    if linked and others and line.direction == BankTransaction.Direction.IN:
        verdict = matching.Verdict(reason=matching.Reason.TWO_CODES, proposals=verdict.proposals)
    return found, verdict


def _codes_to_look_up(line: BankTransaction) -> set[str]:
    linked = _linked_code(line)
    return _possible(line) | ({linked} if linked else set())


def _possible(line: BankTransaction) -> set[str]:
    return set(matching.possible_codes(line.memo))


def _linked_code(line: BankTransaction) -> str:
    """The code of the request for which a provider made the link that was paid; "" where none was."""
    return line.link.payment_request.code if line.link is not None else ""


def settle_new(*, at: datetime, most: int = 200) -> int:
    """Settle the lines that wait, oldest first; returns how many were tried. The worker's errand.

    A line that fails is logged in full, keeps its evidence, and is tried again later (2 s, 4 s … 5 min; at most 30 s
    where not the line but the database was in trouble).
    """
    due = BankTransaction.objects.new().filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=at))
    waiting = list(due.order_by("id").values_list("pk", flat=True)[:most])
    for transaction_id in waiting:
        try_to_settle(transaction_id=transaction_id, at=at)
    return len(waiting)


def try_to_settle(*, transaction_id: int, at: datetime) -> BankTransaction | None:
    """``settle``, where a failure must reach neither the sender nor the next line. None when it failed."""
    most_s = _LONGEST_PAUSE_S
    try:
        return settle(transaction_id=transaction_id, at=at)
    except (OperationalError, InterfaceError):  # a cut connection, a lost lock, a full disk: it will pass
        log.exception("settling failed for the database's sake, transaction %s stays NEW", transaction_id)
        most_s = _LONGEST_PAUSE_IN_TROUBLE_S
    except Exception:  # a bug: the row stays NEW, the log has everything
        log.exception("settling failed, transaction %s stays NEW", transaction_id)
    if not connection.in_atomic_block:
        _put_off(transaction_id, at=at, most_s=most_s)
    return None


def _put_off(transaction_id: int, *, at: datetime, most_s: int) -> None:
    """Note the failed try. Where even that fails, the line is simply tried again in the next round."""
    try:
        with transaction.atomic():
            line = BankTransaction.objects.select_for_update(no_key=True).get(pk=transaction_id)
            line.tries = min(line.tries + 1, 1000)
            line.next_try_at = at + timedelta(seconds=min(2**line.tries, most_s))
            line.save(update_fields=["tries", "next_try_at"])
    except DatabaseFailure:
        log.exception("transaction %s: the failed try could not be noted", transaction_id)


def _closes_refund(line: BankTransaction, refunds: dict[str, Refund], *, at: datetime) -> bool:
    """Whether the memo names one refund and nothing else, and the line is that refund going out or coming back."""
    requests = PaymentRequest.objects.filter(code__in=_codes_to_look_up(line)).values_list("code", flat=True)
    found = matching.codes_in(line.memo, open_codes={*refunds, *requests})
    whole = [code for code in (*found.codes, *found.bare) if code not in found.inside]
    if len(whole) != 1 or found.unknown or found.inside:
        return False
    refund = refunds.get(whole[0])
    if refund is None or not refund_lines.fits(line, refund):
        return False
    refund_lines.take(line, refund, actor=None, reason="", at=at)
    return True


def _give(line: BankTransaction, request: PaymentRequest, *, reason: str, at: datetime) -> None:
    settlement = crediting.settle_part(
        line=line, request=request, amount_dong=line.amount_dong, actor=None, reason="", at=at
    )
    if settlement.excess_dong and request.account is not None:
        carrying.treat_excess(request.account, actor=None, at=at)
    line.state = crediting.line_state(line)
    if reason in ("", Reason.OVERPAID):  # a bundle may have taken what the verdict thought too much
        reason = Reason.OVERPAID if settlement.excess_dong else ""
    line.reason = reason
    crediting.tell_buyer(request=request, at=at)


def _late_request(
    line: BankTransaction, found: matching.Found, requests: dict[str, PaymentRequest]
) -> PaymentRequest | None:
    """The one expired request that the memo proves. A second code of any kind leaves it to a person."""
    if len(found.codes) != 1 or found.bare or found.unknown or found.repaired:
        return None
    request = requests.get(found.codes[0])
    if request is None or (line.bank_account_id != request.bank_account_id and _linked_code(line) != request.code):
        return None
    return request if request.state == PaymentRequest.State.EXPIRED else None


def _late_outcome(line: BankTransaction, request: PaymentRequest, *, at: datetime) -> str:
    """Money for an expired order: in full, and its goods can be reserved right now: it stands again ("reopened"). In
    full, and they went to others, or its market day is over: "goods gone". Less than that: "", a person decides. Where
    the order does not stand again, the buyer is told that the money came late."""
    order = request.order
    assert order is not None
    outcome = ""
    if line.amount_dong >= asking.would_be_due(request):
        try:
            crediting.reopen(request=request, at=at)
            return "reopened"
        except cancelling.GONE:
            outcome = "goods gone"
    messages.tell_buyer(order=order, kind=Message.Kind.MONEY_LATE, at=at, paid_dong=line.amount_dong)
    return outcome


def _owe_back(line: BankTransaction, request: PaymentRequest, *, at: datetime) -> None:
    """The order cannot be had any more: all of the money is a debt to its buyer, with the task to send it back."""
    order = request.order
    assert order is not None
    why = str(_("tiền về sau khi đơn quá hạn, hàng đã hết"))
    crediting.keep(line=line, order=order, amount_dong=line.amount_dong, actor=None, reason=why, at=at)
    line.state, line.reason = State.SETTLED, Reason.LATE
    owed = refunds.owed_dong(organization=line.organization, order_id=order.pk)
    if owed:  # less than came where the buyer owes for a dispute
        refunds.write(
            organization=line.organization, order_id=order.pk, transaction_id=None,
            amount_dong=min(owed, line.amount_dong), reason=why, actor=None, at=at,
        )  # fmt: skip
