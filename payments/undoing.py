"""Taking back by hand what a line of the bank was used for: a reversing entry, and the line needs a person again."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import User
from cooperatives.permissions import require
from orders.models import Order
from payments import crediting, deeds, entering, refund_lines, refunds, remittance_money
from payments.bills import carrying
from payments.models import (
    BankTransaction,
    Explanation,
    KeptDebt,
    PaymentRequest,
    Refund,
    RefundMovement,
    Release,
    RemittancePayment,
    Settlement,
)

D = TypeVar("D", Settlement, KeptDebt, Explanation, RefundMovement, RemittancePayment)
Document = Settlement | KeptDebt | Explanation | RefundMovement


class GoodsGone(Refused):
    code = "GOODS_GONE"
    sentence = _("Hàng của đơn này đã giao hoặc đơn đã đóng: tiền đã chia cho bà con, không gỡ được ở đây.")


class MoneyReleased(Refused):
    code = "MONEY_RELEASED"
    sentence = _("Đơn đã hết hạn hoặc đã hủy, nên tiền này đã ghi là phải trả lại người mua. Không gỡ được ở đây.")


class MoneyOnItsWay(Refused):
    code = "MONEY_ON_ITS_WAY"
    sentence = _("Tiền này đang được trả lại hoặc đã trả lại rồi. Hãy bỏ khoản trả lại trước.")


class CameBack(Refused):
    code = "CAME_BACK"
    sentence = _("Khoản trả lại này đã bị trả về. Hãy gỡ lần trả về trước.")


@again_when_locked_out
def undo(
    *,
    settlement_id: int | None = None,
    kept_debt_id: int | None = None,
    explanation_id: int | None = None,
    refund_movement_id: int | None = None,
    remittance_payment_id: int | None = None,
    actor: User,
    at: datetime,
) -> BankTransaction:
    """Take back one thing that a line was used for, by a reversing entry; its line goes before a person again.

    Repeating it changes nothing. An order that falls due again gets its whole time to be paid anew; a refund is on its
    way again, or sent; what a text message alone had told is a claim again. Raises NotFound; GoodsGone once the order's
    goods are handed over or it has ended; GivenBackSince for bills; MoneyReleased when the order had ended meanwhile:
    that money is owed to its payer since, or was set off against what a dispute made the buyer owe; MoneyOnItsWay when
    the debt that it made is being paid back; CameBack.
    """
    with transaction.atomic():
        if settlement_id is not None:
            return _undo_settlement(settlement_id, actor=actor, at=at)
        if kept_debt_id is not None:
            return _undo_debt(kept_debt_id, actor=actor, at=at)
        if explanation_id is not None:
            return _undo_explanation(explanation_id, actor=actor, at=at)
        if remittance_payment_id is not None:
            return _undo_remittance(remittance_payment_id, actor=actor, at=at)
        assert refund_movement_id is not None
        return _undo_movement(refund_movement_id, actor=actor, at=at)


def _undo_settlement(settlement_id: int, *, actor: User, at: datetime) -> BankTransaction:
    found = _found(Settlement, settlement_id, actor=actor, at=at)
    line = _locked_line(found.transaction)
    request = crediting.locked_request(found.payment_request_id)
    settlement = Settlement.objects.select_related("entry").get(pk=settlement_id)
    if not settlement.is_live:
        return line
    if request.order is not None:
        _check_not_released(settlement, request, request.order)
        subject = f"order:{request.order_id}"
    else:
        if settlement.excess_dong:
            refunds.lock_subject(None, None, request.account_id)
        carrying.check_still_paid(settlement.shares.all())
        subject = f"account:{request.account_id}"
    _check_still_owed(line, subject, settlement.excess_dong)
    _take_back(settlement, actor=actor, at=at)
    request.credited_dong -= settlement.credited_dong
    request.excess_dong -= settlement.excess_dong
    crediting.refresh_states(request=request, at=at)
    crediting.give_time(request=request, at=at)
    if settlement.excess_dong:
        refunds.drop_what_is_not_owed(
            organization=line.organization, order_id=request.order_id, account_id=request.account_id,
            transaction_id=None, actor=actor, at=at,
        )  # fmt: skip
    return _before_a_person(line, settlement.amount_dong, actor=actor, at=at)


def _check_not_released(settlement: Settlement, request: PaymentRequest, order: Order) -> None:
    if settlement.credited_dong and not crediting.may_be_owed_again(request, settlement.credited_dong):
        raise GoodsGone()
    released = Release.objects.filter(order=order, entry_id__gt=settlement.entry_id, undone_at=None)
    if settlement.credited_dong and released.exists():
        raise MoneyReleased()
    if settlement.credited_dong > request.credited_dong:  # a card's holder took it back out of the purse
        raise MoneyReleased()


def _undo_debt(kept_debt_id: int, *, actor: User, at: datetime) -> BankTransaction:
    found = _found(KeptDebt, kept_debt_id, actor=actor, at=at)
    line = _locked_line(found.transaction)
    order = None
    if found.order_id is not None:
        asked = crediting.locked_requests([], organization_id=line.organization_id, order_ids=[found.order_id])
        order = next(iter(asked.values())).order
    elif found.account_id is not None:
        refunds.lock_subject(None, None, account_id=found.account_id)
    debt = KeptDebt.objects.select_related("entry").get(pk=kept_debt_id)
    if not debt.is_live:
        return line
    _check_still_owed(line, debt.subject, debt.amount_dong)
    _take_back(debt, actor=actor, at=at)
    refunds.drop_what_is_not_owed(
        organization=line.organization, order_id=debt.order_id, account_id=debt.account_id,
        transaction_id=None if debt.order_id or debt.account_id else line.pk, actor=actor, at=at,
    )  # fmt: skip
    if order is not None:
        refund_lines.refresh_order(order)
    line.dismissed_by, line.dismissed_why = None, ""
    return _before_a_person(line, debt.amount_dong, actor=actor, at=at)


def _undo_explanation(explanation_id: int, *, actor: User, at: datetime) -> BankTransaction:
    found = _found(Explanation, explanation_id, actor=actor, at=at)
    line = _locked_line(found.transaction, also=[found.counterpart] if found.counterpart else [])
    request = None
    if found.order_id is not None:
        asked = crediting.locked_requests([], organization_id=line.organization_id, order_ids=[found.order_id])
        request = next(iter(asked.values()))
    explanation = Explanation.objects.select_related("entry").get(pk=explanation_id)
    if not explanation.is_live:
        return line
    back = explanation.from_purse_dong
    if request is not None and back:
        assert request.order is not None
        if not request.order.is_open or back > request.due_dong:
            raise GoodsGone()
    if explanation.kind == Explanation.Kind.DISPUTED:
        owing = ledger.balance_dong(
            organization=line.organization, kind=Kind.OWED_BY_BUYERS, subject=f"order:{explanation.order_id}"
        )
        if owing < explanation.amount_dong - back:  # a release of the purse has paid it
            raise MoneyReleased()
    _take_back(explanation, actor=actor, at=at)
    if request is not None and back:
        request.credited_dong += back
        crediting.refresh_states(request=request, at=at)
    if explanation.counterpart_id is not None:
        _before_a_person(deeds.locked_line(explanation.counterpart_id), explanation.amount_dong, actor=actor, at=at)
    return _before_a_person(line, explanation.amount_dong, actor=actor, at=at)


def _undo_movement(movement_id: int, *, actor: User, at: datetime) -> BankTransaction:
    found = _found(RefundMovement, movement_id, actor=actor, at=at)
    behind = BankTransaction.objects.filter(pk__in=refund_lines.lines_behind([found.refund]))
    line = _locked_line(found.transaction, also=list(behind))
    refund_lines.lock_orders(line.organization, [found.refund])
    refund = refunds.locked(found.refund_id)
    movement = RefundMovement.objects.select_related("entry").get(pk=movement_id)
    if not movement.is_live:
        return line
    if movement.kind == RefundMovement.Kind.SENT:
        if refund.state != Refund.State.SENT:
            raise CameBack()
        becomes = Refund.State.ORDERED
    else:
        _check_still_owed(line, refund.subject, movement.amount_dong)
        becomes = Refund.State.SENT
    _take_back(movement, actor=actor, at=at)
    refund.state = becomes
    refund.save(update_fields=["state"])
    refunds.drop_what_is_not_owed(
        organization=line.organization, order_id=refund.order_id, account_id=refund.account_id,
        transaction_id=refund.transaction_id, actor=actor, at=at,
    )  # fmt: skip
    refund_lines.refresh(refund)
    return _before_a_person(line, movement.amount_dong, actor=actor, at=at)


def _undo_remittance(payment_id: int, *, actor: User, at: datetime) -> BankTransaction:
    found = _found(RemittancePayment, payment_id, actor=actor, at=at)
    assert found.transaction is not None, "found by its line"
    line = _locked_line(found.transaction)
    remittance = remittance_money.locked([found.remittance_id])[found.remittance_id]
    remittance_money.lock_under([remittance])
    payment = RemittancePayment.objects.select_related("entry").get(pk=payment_id)
    if not payment.is_live:
        return line
    payment.remittance = remittance
    remittance_money.give_back(payment, actor=actor, at=at)
    return _before_a_person(line, payment.amount_dong, actor=actor, at=at)


def _found(kind: type[D], pk: int, *, actor: User, at: datetime) -> D:
    """The document with its line, for the treasurer of the line's organization. Raises NotFound."""
    found = kind._default_manager.select_related("transaction__organization").filter(pk=pk).first()
    if found is None or found.transaction is None:
        raise NotFound()
    require(actor, "settle_money", organization=found.transaction.organization, on=vietnam_day(at))
    return found


def _locked_line(looked: BankTransaction, *, also: list[BankTransaction] | None = None) -> BankTransaction:
    """The line, locked with those ``also`` touched; its account first where a claim may come of it."""
    every = [looked, *(also or [])]
    for declared in sorted((one for one in every if one.declared_by_id), key=lambda one: one.bank_account_id):
        entering.lock_account_of(declared.pk)
    return deeds.locked_lines({one.pk for one in every})[looked.pk]


def _check_still_owed(line: BankTransaction, subject: str, dong: int) -> None:
    """What a debt made can be taken back only while nobody has begun to pay it back."""
    if not dong:
        return
    owed = ledger.balance_dong(organization=line.organization, kind=Kind.OWED_TO_PAYERS, subject=subject)
    if owed < dong:
        raise MoneyOnItsWay()


def _take_back(document: Document, *, actor: User, at: datetime) -> None:
    assert document.entry is not None
    ledger.reverse(entry=document.entry, at=at, booked_on=vietnam_day(at), actor=actor)
    document.undone_at, document.undone_by = at, actor
    document.save(update_fields=["undone_at", "undone_by"])


def _before_a_person(line: BankTransaction, given_back_dong: int, *, actor: User, at: datetime) -> BankTransaction:
    line.used_dong -= given_back_dong
    line.state, line.reason = crediting.line_state(line), BankTransaction.Reason.UNDONE
    entering.withdraw(line, actor=actor, at=at)
    line.save(update_fields=deeds.SAVED)
    return line
