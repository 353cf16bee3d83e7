"""What a treasurer does by hand with a line of the bank: assign, split, keep as debt, return, say "not ours"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.codes import is_well_formed
from base.money import checked_dong
from base.refusals import Refused
from cooperatives.models import User
from orders import cancelling
from orders.models import Order
from payments import (
    crediting,
    deeds,
    entering,
    matching,
    payees,
    refund_lines,
    refunds,
    remittance_lines,
    remittance_money,
)
from payments.bills import carrying
from payments.deeds import NothingLeft, NotYetBooked, ReasonMissing
from payments.models import BankTransaction, PaymentRequest, Refund

__all__ = [
    "MoreThanItHolds",
    "NoParts",
    "NotYetBooked",
    "NothingLeft",
    "OnlyMoneyIn",
    "Part",
    "ReasonMissing",
    "RequestEnded",
    "UnknownRequest",
    "assign",
    "dismiss",
    "keep_as_debt",
    "return_line",
]

State, Reason = BankTransaction.State, BankTransaction.Reason
_ENDED = {PaymentRequest.State.EXPIRED, PaymentRequest.State.CANCELLED, PaymentRequest.State.REFUNDED}


class NoParts(Refused):
    code = "NO_PARTS"
    sentence = _("Hãy chọn ít nhất một khoản và ghi số tiền.")


class MoreThanItHolds(Refused):
    code = "MORE_THAN_IT_HOLDS"
    sentence = _("Cộng lại nhiều hơn số tiền còn chưa dùng của dòng này.")


class UnknownRequest(Refused):
    code = "UNKNOWN_REQUEST"
    sentence = _("Không có khoản cần trả nào mang mã %(code)s.")


class RequestEnded(Refused):
    code = "REQUEST_ENDED"
    sentence = _("Khoản của mã %(code)s đã hủy hoặc không mở lại được. Hãy ghi là tiền phải trả lại.")


class OnlyMoneyIn(Refused):
    code = "ONLY_MONEY_IN"
    sentence = _("Việc này chỉ làm với tiền vào.")


@dataclass(frozen=True)
class Part:
    """``dong`` of the line for the request, or the carrier's list, with ``code``."""

    code: str
    dong: int


def assign(
    *, transaction_id: int, parts: Sequence[Part], reason: str, actor: User, key: str | None, at: datetime
) -> BankTransaction:
    """Give (parts of) a line to one or several requests, or to carriers' lists (a list's code stands for it). What a
    request cannot take is owed back to its payer; a list takes no more than it lacks.

    An expired order is reopened if its goods can be reserved in the same transaction. What of a list was written off
    and comes after all takes the writing-off back. Raises NotFound, NoParts, BadAmount, MoreThanItHolds,
    UnknownRequest, RequestEnded, ReasonMissing, NotYetBooked, NothingLeft, OnlyMoneyIn, remittance_money.ListOver,
    MoreThanListLacks.
    """
    if not parts:
        raise NoParts(field="parts")
    for part in parts:
        checked_dong(part.dong)
    meaning = [transaction_id, sorted([part.code, part.dong] for part in parts)]
    return _deed(
        "bank_transaction_assign", transaction_id, meaning, reason, actor, key, at,
        lambda line, why: _assign(line, parts=parts, reason=why, actor=actor, at=at),
    )  # fmt: skip


def keep_as_debt(
    *, transaction_id: int, code: str | None, reason: str, actor: User, key: str | None, at: datetime
) -> BankTransaction:
    """What is left of a line is owed to whoever paid it (late, twice, cancelled). ``code`` names the order or bill."""
    return _deed(
        "bank_transaction_keep", transaction_id, [transaction_id, code], reason, actor, key, at,
        lambda line, why: _keep(line, code=code, reason=why, actor=actor, at=at),
    )  # fmt: skip


def dismiss(*, transaction_id: int, reason: str, actor: User, key: str | None, at: datetime) -> BankTransaction:
    """Say that a line is not ours. Nothing is erased: memo, payer and raw body stay.

    Money in becomes a debt to the unknown payer. Money out keeps standing as an unmatched departure (the alarm
    stays until it is explained); only the line is marked. Of what only a text message tells nothing is booked.
    """
    return _deed(
        "bank_transaction_dismiss", transaction_id, [transaction_id], reason, actor, key, at,
        lambda line, why: _dismiss(line, reason=why, actor=actor, at=at),
    )  # fmt: skip


def return_line(
    *,
    transaction_id: int,
    payee_bin: str = "",
    payee_account: str = "",
    payee_holder: str = "",
    reason: str,
    actor: User,
    key: str | None,
    at: datetime,
) -> Refund:
    """In one tap: what is left of a line is owed to whoever paid it, and goes back.

    It is owed for the order or bill whose code the memo carries, else to the stranger who sent the line. With the whole
    payee (or by card) it is ordered out at once, otherwise it is a task that waits for one. Raises NotFound,
    ReasonMissing, NotYetBooked, NothingLeft, OnlyMoneyIn, MoreThanOwed, PayeeUnusable.
    """
    payee = payees.part(payee_bin, payee_account, payee_holder)

    def do(line: BankTransaction, why: str) -> str:
        _check_money_left(line)
        dong, asked = line.unused_dong, _request_behind(line)
        order, account = (asked.order, asked.account) if asked else (None, None)
        _keep_for(line, asked, reason=why, actor=actor, at=at)
        line.save(update_fields=deeds.SAVED)
        refund = refunds.write(
            organization=line.organization, order_id=order.pk if order else None,
            account_id=account.pk if account else None, transaction_id=None if asked else line.pk, amount_dong=dong,
            payee=payee, reason=why, actor=actor, at=at,
        )  # fmt: skip
        if all(payee) or refund.way == Refund.Way.CARD:
            refunds.order_now(refund, actor=actor, at=at)
        return str(refund.pk)

    meaning = [transaction_id, *payee]
    refund_id = deeds.on_line("bank_transaction_return", transaction_id, meaning, reason, actor, key, at, do)
    return Refund.objects.preloaded().get(pk=refund_id)


def _request_behind(line: BankTransaction) -> PaymentRequest | None:
    """The request, locked with its order, that alone is named by the memo or by the payment link; ended and paid ones
    too."""
    codes = matching.possible_codes(line.memo)
    asked = PaymentRequest.objects.filter(organization_id=line.organization_id)
    named = asked.filter(Q(code__in=codes) | Q(links=line.link_id) if line.link_id else Q(code__in=codes)).distinct()
    found = matching.codes_in(line.memo, open_codes={request.code for request in named})
    whole = {*found.codes, *found.bare} - {*found.inside}
    if line.link_id:
        whole |= set(asked.filter(links=line.link_id).values_list("code", flat=True))
    if len(whole) != 1:
        return None
    return crediting.locked_request(asked.values_list("pk", flat=True).get(code=whole.pop()))


def _deed(
    verb: str,
    transaction_id: int,
    meaning: Any,
    reason: str,
    actor: User,
    key: str | None,
    at: datetime,
    do: Callable[[BankTransaction, str], None],
) -> BankTransaction:
    deeds.on_line(verb, transaction_id, meaning, reason, actor, key, at, do)
    return BankTransaction.objects.preloaded().get(pk=transaction_id)


def _assign(line: BankTransaction, *, parts: Sequence[Part], reason: str, actor: User, at: datetime) -> None:
    _check_money_left(line)
    if sum(part.dong for part in parts) > line.unused_dong:
        raise MoreThanItHolds(field="parts")
    codes = [part.code for part in parts if is_well_formed(part.code)]
    lists = remittance_money.locked_by_code(codes, organization_id=line.organization_id)
    order_ids = remittance_money.order_ids([one.pk for one in lists.values()])
    named = crediting.locked_requests(codes, organization_id=line.organization_id, order_ids=order_ids)
    requests = {code: request for code, request in named.items() if code in codes}
    for part in parts:
        if part.code not in requests and part.code not in lists:
            raise UnknownRequest(field="parts", code=part.code)
    remittance_money.lock_parcels([one.pk for one in lists.values()])
    ended = [request for request in requests.values() if request.state in _ENDED]
    if ended:  # all before the first posting: stock is locked before the ledger
        cancelling.lock_goods(orders=[request.order for request in ended if request.order])
    for request in ended:
        _reopen(request, at=at)
    entering.declare(line, actor=actor, at=at)
    excess_dong = 0
    for part in parts:
        if part.code in lists:
            remittance_lines.assign(line, lists[part.code], part.dong, reason=reason, actor=actor, at=at)
            continue
        request = requests[part.code]
        settlement = crediting.settle_part(
            line=line, request=request, amount_dong=part.dong, actor=actor, reason=reason, at=at
        )
        excess_dong += settlement.excess_dong
        if settlement.excess_dong and request.account is not None:
            carrying.treat_excess(request.account, actor=actor, at=at)
        crediting.tell_buyer(request=request, at=at)
    line.state = crediting.line_state(line)
    if line.state == State.SETTLED:  # why it needed a person is no longer so
        line.reason = Reason.OVERPAID if excess_dong else ""


def _check_money_left(line: BankTransaction) -> None:
    """A line that was never booked (before the opening day, 0 đồng) and one that is used up have nothing to give.

    What only a text message tells of has: whoever gives it says thereby that it came."""
    if line.direction != BankTransaction.Direction.IN:
        raise OnlyMoneyIn()
    if (line.state == State.NOT_OURS and not entering.is_claim(line)) or not line.unused_dong:
        raise NothingLeft()


def _reopen(request: PaymentRequest, *, at: datetime) -> None:
    if request.order is None or request.order.state != Order.State.EXPIRED:
        raise RequestEnded(field="parts", code=request.code)
    try:
        crediting.reopen(request=request, at=at)
    except cancelling.GONE as gone:
        raise RequestEnded(field="parts", code=request.code) from gone


def _keep(line: BankTransaction, *, code: str | None, reason: str, actor: User, at: datetime) -> None:
    _check_money_left(line)
    request = None
    if code:
        asked = PaymentRequest.objects.filter(organization_id=line.organization_id)
        named = asked.filter(code=code).first() if is_well_formed(code) else None
        if named is None:
            raise UnknownRequest(field="code", code=code)
        request = crediting.locked_request(named.pk)
    _keep_for(line, request, reason=reason, actor=actor, at=at)
    if request is not None and request.account is not None:
        carrying.treat_excess(request.account, actor=actor, at=at)


def _keep_for(line: BankTransaction, request: PaymentRequest | None, *, reason: str, actor: User, at: datetime) -> None:
    order, account = (request.order, request.account) if request else (None, None)
    if account is not None:
        refunds.lock_subject(None, None, account_id=account.pk)
    was_a_claim = entering.is_claim(line)
    entering.declare(line, actor=actor, at=at)
    crediting.keep(
        line=line, order=order, account=account, amount_dong=line.unused_dong, actor=actor, reason=reason, at=at
    )
    if order is not None:  # what was given back whole is owed for again
        refund_lines.refresh_order(order)
    line.state = State.SETTLED
    if was_a_claim:  # why it needed a person is no longer so
        line.reason = ""


def _dismiss(line: BankTransaction, *, reason: str, actor: User, at: datetime) -> None:
    if line.state == State.NOT_OURS:
        raise NothingLeft()
    whole = not line.used_dong
    if line.direction == BankTransaction.Direction.IN and not entering.is_claim(line):
        _check_money_left(line)
        crediting.keep(line=line, order=None, amount_dong=line.unused_dong, actor=actor, reason=reason, at=at)
    elif not line.unused_dong:
        raise NothingLeft()
    # Part of it was ours after all; money out of which something is unexplained keeps its alarm.
    line.state = State.NOT_OURS if whole or line.unused_dong else State.SETTLED
    line.dismissed_by, line.dismissed_why = actor, reason
