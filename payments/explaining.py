"""Saying what (part of) a line of the bank was for, where it belongs to no request and no refund."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from base.codes import is_well_formed
from base.money import checked_dong, figures
from base.periods import vietnam_day
from base.refusals import Refused
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.models import User
from payments import cash_boxes, crediting, deeds, entering, postings
from payments.models import BankTransaction, Explanation, PaymentRequest

ExplanationKind, Direction = Explanation.Kind, BankTransaction.Direction
State, Reason = BankTransaction.State, BankTransaction.Reason

EVENTS: dict[str, Event] = {
    ExplanationKind.BANK_FEE: Event.COST_PAID,
    ExplanationKind.OWN_SPENDING: Event.COST_PAID,
    ExplanationKind.CARRIER_COST: Event.COST_PAID,
    ExplanationKind.OTHER_RECEIPT: Event.OTHER_RECEIPT,
    ExplanationKind.OWN_TRANSFER: Event.OWN_TRANSFER,
    ExplanationKind.DISPUTED: Event.DISPUTED,
    ExplanationKind.BANKED: Event.BANKED,
}
_COMES = {ExplanationKind.OTHER_RECEIPT, ExplanationKind.BANKED}


class WrongDirection(Refused):
    code = "WRONG_DIRECTION"
    sentence = _("Lời giải thích này không hợp với chiều tiền của dòng (vào hay ra).")


class NotTheOtherSide(Refused):
    code = "NOT_THE_OTHER_SIDE"
    sentence = _("Hãy chọn dòng ngược chiều, cùng số tiền, ở tài khoản khác của mình.")


class NoOrderDisputed(Refused):
    code = "NO_ORDER_DISPUTED"
    sentence = _("Hãy ghi mã của đơn mà chủ thẻ khiếu nại.")


class NoKeeper(Refused):
    code = "NO_KEEPER"
    sentence = _("Hãy chọn người đã đem tiền trong két ra ngân hàng.")


class MoreThanIsLeft(Refused):
    code = "MORE_THAN_IS_LEFT"
    sentence = _("Nhiều hơn số tiền còn chưa rõ của dòng này.")


def explain(
    *,
    transaction_id: int,
    kind: str,
    counterpart_id: int | None = None,
    code: str | None = None,
    keeper_id: int | None = None,
    amount_dong: int | None = None,
    reason: str,
    actor: User | None,
    key: str | None,
    at: datetime,
) -> Explanation:
    """Book ``amount_dong`` of a line (None: all that is left of it) as what it was.

    A bank's fee, own spending, the cost of a carrier and a dispute explain money that left; another receipt and cash
    brought to the bank money that came, the latter out of the box of ``keeper_id``, which must hold it. An own transfer
    names the line of the other account as ``counterpart_id``, from whichever side. A dispute is about the order of
    ``code``, else of the line's payment link: it takes the order's purse while the goods are here, the rest is owed by
    the buyer. ``actor`` None: the machine, for a card's lines. A line that only a text message tells of is thereby
    declared by ``actor``. Repeat-safe by ``key``. Raises NotFound, ReasonMissing, NotYetBooked, NothingLeft,
    WrongDirection, MoreThanIsLeft, NotTheOtherSide, NoOrderDisputed, NoKeeper, MoreThanInBox, BadAmount.
    """
    kind = ExplanationKind(kind)
    if amount_dong is not None:
        checked_dong(amount_dong)
    if kind == ExplanationKind.OWN_TRANSFER:
        if counterpart_id is None:
            raise NotTheOtherSide(field="counterpart_id")
        also = [counterpart_id]
    else:
        counterpart_id, also = None, []
    keeper = _keeper(keeper_id) if kind == ExplanationKind.BANKED else None

    def do(line: BankTransaction, why: str) -> str:
        _check(line, kind, amount_dong)
        if counterpart_id is not None:
            explanation = _own_transfer(line, counterpart_id, reason=why, actor=actor, at=at)
        else:
            dong = line.unused_dong if amount_dong is None else amount_dong
            request = _disputed_request(line, code) if kind == ExplanationKind.DISPUTED else None
            entering.declare(line, actor=actor, at=at)
            if keeper is not None:
                _check_box(line, keeper, dong)
            explanation = _one(line, kind, dong, request=request, keeper=keeper, reason=why, actor=actor, at=at)
        return str(explanation.pk)

    meaning = [transaction_id, kind, counterpart_id, code, amount_dong]
    if keeper is not None:
        meaning.append(keeper.pk)
    result = deeds.on_line("bank_transaction_explain", transaction_id, meaning, reason, actor, key, at, do, also=also)
    return Explanation.objects.select_related("transaction").get(pk=result)


def _check(line: BankTransaction, kind: str, amount_dong: int | None) -> None:
    if line.booked_at is None and not entering.is_claim(line):
        raise deeds.NothingLeft()
    wanted = Direction.IN if kind in _COMES else Direction.OUT
    if kind != ExplanationKind.OWN_TRANSFER and line.direction != wanted:
        raise WrongDirection(field="kind")
    if not line.unused_dong:
        raise deeds.NothingLeft()
    if amount_dong is not None and amount_dong > line.unused_dong:
        raise MoreThanIsLeft(field="amount_dong")


def _keeper(keeper_id: int | None) -> User:
    found = User.objects.filter(pk=keeper_id).first() if keeper_id is not None else None
    if found is None:
        raise NoKeeper(field="keeper_id")
    return found


def _check_box(line: BankTransaction, keeper: User, dong: int) -> None:
    """Whoever never kept a box here has an empty one."""
    holds = cash_boxes.locked_box_dong(line.organization, keeper)
    if dong > holds:
        raise cash_boxes.MoreThanInBox(field="keeper_id", box=figures(holds))


def _own_transfer(
    line: BankTransaction, counterpart_id: int, *, reason: str, actor: User | None, at: datetime
) -> Explanation:
    """Both lines are locked; the document stands with the one that left."""
    other = (
        BankTransaction.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .filter(pk=counterpart_id, organization_id=line.organization_id)
        .first()
    )
    if other is None or other.booked_at is None or other.unused_dong != line.unused_dong:
        raise NotTheOtherSide(field="counterpart_id")
    if other.direction == line.direction or other.bank_account_id == line.bank_account_id:
        raise NotTheOtherSide(field="counterpart_id")
    entering.declare(line, actor=actor, at=at)
    left, came = (line, other) if line.direction == Direction.OUT else (other, line)
    explanation = Explanation.objects.create(
        transaction=left, kind=ExplanationKind.OWN_TRANSFER, amount_dong=left.unused_dong, counterpart=came, at=at,
        actor=actor, reason=reason,
    )  # fmt: skip
    _post(explanation, left, at=at)
    for one in (left, came):
        _used(one, explanation.amount_dong)
    other.save(update_fields=deeds.SAVED)
    return explanation


def _one(
    line: BankTransaction,
    kind: str,
    dong: int,
    *,
    request: PaymentRequest | None,
    keeper: User | None,
    reason: str,
    actor: User | None,
    at: datetime,
) -> Explanation:
    from_purse = 0
    if request is not None and request.order is not None and request.order.is_open:
        from_purse = min(dong, _purse_dong(request))
    explanation = Explanation.objects.create(
        transaction=line, kind=kind, amount_dong=dong, order=request.order if request else None,
        keeper=keeper, from_purse_dong=from_purse, at=at, actor=actor, reason=reason,
    )  # fmt: skip
    _post(explanation, line, at=at)
    if request is not None and from_purse:  # what was taken out of the purse is due again
        request.credited_dong -= from_purse
        crediting.refresh_states(request=request, at=at)
        crediting.give_time(request=request, at=at)
    _used(line, dong)
    if kind == ExplanationKind.DISPUTED:
        line.reason = Reason.DISPUTED
    return explanation


def _post(explanation: Explanation, line: BankTransaction, *, at: datetime) -> None:
    meaning = {
        "transaction": line.pk, "kind": str(explanation.kind), "amount": explanation.amount_dong,
        "counterpart": explanation.counterpart_id, "order": explanation.order_id,
        "from_purse": explanation.from_purse_dong, "keeper": explanation.keeper_id,
    }  # fmt: skip
    explanation.entry = ledger.post(
        organization=line.organization, key=f"explained:{explanation.pk}", event=EVENTS[explanation.kind],
        meaning=meaning, moves=postings.explained(explanation), booked_on=vietnam_day(at), at=at,
        actor=explanation.actor,
    )  # fmt: skip
    explanation.save(update_fields=["entry"])


def _used(line: BankTransaction, dong: int) -> None:
    """So much of it is explained now; once all is, nobody needs to look any more."""
    line.used_dong += dong
    line.state = crediting.line_state(line)
    if line.state == State.SETTLED:
        line.reason = ""
    line.dismissed_by, line.dismissed_why = None, ""


def _disputed_request(line: BankTransaction, code: str | None) -> PaymentRequest:
    """The request of the disputed payment, locked with its order."""
    own = PaymentRequest.objects.filter(organization_id=line.organization_id)
    if code:
        own = own.filter(code=code) if is_well_formed(code) else own.none()
    else:
        own = own.filter(links=line.link_id) if line.link_id else own.none()
    found = own.values_list("pk", flat=True).first()
    if found is None:
        raise NoOrderDisputed(field="code")
    return crediting.locked_request(found)


def _purse_dong(request: PaymentRequest) -> int:
    return ledger.balance_dong(
        organization=request.organization, kind=Kind.PREPAID, subject=f"order:{request.order_id}"
    )  # fmt: skip
