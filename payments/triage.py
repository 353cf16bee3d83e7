"""What a treasurer does by hand with a line of the bank: assign, split, keep as debt, say "not ours"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.codes import is_well_formed
from base.money import checked_dong
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog.stock import SoldOut
from cooperatives.doing_once import done_once, fingerprint
from cooperatives.models import User
from cooperatives.permissions import require
from orders import cancelling
from orders.buyers import one_line
from orders.models import Order
from payments import crediting
from payments.models import BankTransaction, KeptDebt, PaymentRequest, Settlement

State, Reason = BankTransaction.State, BankTransaction.Reason
_ENDED = {PaymentRequest.State.EXPIRED, PaymentRequest.State.CANCELLED}


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
    sentence = _("Đơn của mã %(code)s đã hủy hoặc không lấy lại được hàng. Hãy ghi là tiền phải trả lại.")


class NothingLeft(Refused):
    code = "NOTHING_LEFT"
    sentence = _("Dòng này đã dùng hết, không còn gì để xử lý.")


class NotYetBooked(Refused):
    code = "NOT_YET_BOOKED"
    sentence = _("Dòng này vừa đến, máy đang ghi sổ. Thử lại sau vài giây.")


class ReasonMissing(Refused):
    code = "REASON_MISSING"
    sentence = _("Hãy ghi lý do (3 đến 200 ký tự), để sau này ai cũng hiểu.")


class OnlyMoneyIn(Refused):
    code = "ONLY_MONEY_IN"
    sentence = _("Việc này chỉ làm với tiền vào.")


@dataclass(frozen=True)
class Part:
    """``dong`` of the line for the request with ``code``."""

    code: str
    dong: int


def assign(
    *, transaction_id: int, parts: Sequence[Part], reason: str, actor: User, key: str | None, at: datetime
) -> BankTransaction:
    """Give (parts of) a line to one or several requests. What a request cannot take is owed back to its payer.

    An expired order is reopened if its goods can be reserved in the same transaction. Raises NotFound, NoParts,
    BadAmount, MoreThanItHolds, UnknownRequest, RequestEnded, ReasonMissing, NotYetBooked, NothingLeft, OnlyMoneyIn.
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
    """What is left of a line is owed to whoever paid it (late, twice, cancelled). ``code`` names the order."""
    return _deed(
        "bank_transaction_keep", transaction_id, [transaction_id, code], reason, actor, key, at,
        lambda line, why: _keep(line, code=code, reason=why, actor=actor, at=at),
    )  # fmt: skip


def dismiss(*, transaction_id: int, reason: str, actor: User, key: str | None, at: datetime) -> BankTransaction:
    """Say that a line is not ours. Nothing is erased: memo, payer and raw body stay.

    Money in becomes a debt to the unknown payer. Money out keeps standing as an unmatched departure (the alarm
    stays until it is explained); only the line is marked.
    """
    return _deed(
        "bank_transaction_dismiss", transaction_id, [transaction_id], reason, actor, key, at,
        lambda line, why: _dismiss(line, reason=why, actor=actor, at=at),
    )  # fmt: skip


@again_when_locked_out
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
    """Check who asks and why, lock the line, ``do`` it once with the reason in one line.

    Without a ``key`` the same deed on the same line is a repeat until something of the line is undone.
    """
    found = BankTransaction.objects.select_related("organization").filter(pk=transaction_id).first()
    if found is None:
        raise NotFound()
    require(actor, "settle_money", organization=found.organization, on=vietnam_day(at))
    why = one_line(reason)
    if not 3 <= len(why) <= 200:
        raise ReasonMissing(field="reason")

    def locked() -> str:
        line = locked_line(transaction_id)
        do(line, why)
        line.save(update_fields=["state", "reason", "used_dong", "dismissed_by", "dismissed_why"])
        return str(line.pk)

    with transaction.atomic():
        key = _key_of(transaction_id, meaning) if key is None else key
        done_once(verb=verb, actor=actor, key=key, meaning=meaning, at=at, do=locked)
    return BankTransaction.objects.preloaded().get(pk=transaction_id)


def _key_of(transaction_id: int, meaning: Any) -> str:
    """For a sender without a key: the deed, and how often something of its line was undone before it."""
    undone = sum(
        given.objects.filter(transaction_id=transaction_id, undone_at__isnull=False).count()
        for given in (Settlement, KeptDebt)
    )
    return f"{transaction_id}:{undone}:{fingerprint(meaning)}"


def locked_line(transaction_id: int) -> BankTransaction:
    """The line, locked; needs an open transaction. Raises NotYetBooked while the machine is at it."""
    locked = BankTransaction.objects.select_for_update(of=("self",), no_key=True)
    line = locked.select_related("organization").get(pk=transaction_id)
    if line.state == State.NEW:
        raise NotYetBooked()
    return line


def _assign(line: BankTransaction, *, parts: Sequence[Part], reason: str, actor: User, at: datetime) -> None:
    _check_money_left(line)
    if sum(part.dong for part in parts) > line.unused_dong:
        raise MoreThanItHolds(field="parts")
    codes = [part.code for part in parts if is_well_formed(part.code)]
    requests = crediting.locked_requests(codes, organization_id=line.organization_id)
    for part in parts:
        if part.code not in requests:
            raise UnknownRequest(field="parts", code=part.code)
    ended = [request for request in requests.values() if request.state in _ENDED]
    if ended:  # all before the first posting: stock is locked before the ledger
        cancelling.lock_goods(orders=[request.order for request in ended if request.order])
    for request in ended:
        _reopen(request, at=at)
    excess_dong = 0
    for part in parts:
        request = requests[part.code]
        settlement = crediting.settle_part(
            line=line, request=request, amount_dong=part.dong, actor=actor, reason=reason, at=at
        )
        excess_dong += settlement.excess_dong
        crediting.tell_buyer(request=request, at=at)
    line.state = crediting.line_state(line)
    if line.state == State.SETTLED:  # why it needed a person is no longer so
        line.reason = Reason.OVERPAID if excess_dong else ""


def _check_money_left(line: BankTransaction) -> None:
    """A line that was never booked (before the opening day, 0 đồng) and one that is used up have nothing to give."""
    if line.direction != BankTransaction.Direction.IN:
        raise OnlyMoneyIn()
    if line.state == State.NOT_OURS or not line.unused_dong:
        raise NothingLeft()


def _reopen(request: PaymentRequest, *, at: datetime) -> None:
    if request.order is None or request.order.state != Order.State.EXPIRED:
        raise RequestEnded(field="parts", code=request.code)
    try:
        crediting.reopen(request=request, at=at)
    except SoldOut as sold_out:
        raise RequestEnded(field="parts", code=request.code) from sold_out


def _keep(line: BankTransaction, *, code: str | None, reason: str, actor: User, at: datetime) -> None:
    _check_money_left(line)
    order = None
    if code:
        asked = PaymentRequest.objects.select_related("order").filter(organization_id=line.organization_id)
        request = asked.filter(code=code).first() if is_well_formed(code) else None
        if request is None:
            raise UnknownRequest(field="code", code=code)
        order = request.order
    crediting.keep(line=line, order=order, amount_dong=line.unused_dong, actor=actor, reason=reason, at=at)
    line.state = State.SETTLED


def _dismiss(line: BankTransaction, *, reason: str, actor: User, at: datetime) -> None:
    if line.state == State.NOT_OURS:
        raise NothingLeft()
    whole = not line.used_dong
    if line.direction == BankTransaction.Direction.IN:
        _check_money_left(line)
        crediting.keep(line=line, order=None, amount_dong=line.unused_dong, actor=actor, reason=reason, at=at)
    line.state = State.NOT_OURS if whole else State.SETTLED  # part of it was ours after all
    line.dismissed_by, line.dismissed_why = actor, reason
