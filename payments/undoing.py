"""Taking back by hand what a line of the bank was used for: a reversing entry, and the line needs a person again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives import ledger
from cooperatives.models import User
from cooperatives.permissions import require
from payments import crediting
from payments.models import BankTransaction, KeptDebt, Release, Settlement
from payments.triage import locked_line


class GoodsGone(Refused):
    code = "GOODS_GONE"
    sentence = _("Hàng của đơn này đã giao hoặc đơn đã đóng: tiền đã chia cho bà con, không gỡ được ở đây.")


class MoneyReleased(Refused):
    code = "MONEY_RELEASED"
    sentence = _("Đơn đã hết hạn hoặc đã hủy, nên tiền này đã ghi là phải trả lại người mua. Không gỡ được ở đây.")


@again_when_locked_out
def undo(*, settlement_id: int | None, kept_debt_id: int | None, actor: User, at: datetime) -> BankTransaction:
    """Take one settlement or kept debt back by a reversing entry; its line goes before a person again.

    Repeating it changes nothing. An order that falls due again gets its whole time to be paid anew. Raises
    NotFound; GoodsGone once the order's goods are handed over or it has ended; MoneyReleased when the order had
    ended meanwhile and was brought back: that money is owed to its payer since.
    """
    with transaction.atomic():
        if settlement_id is not None:
            return _undo_settlement(settlement_id, actor=actor, at=at)
        assert kept_debt_id is not None
        return _undo_debt(kept_debt_id, actor=actor, at=at)


def _undo_settlement(settlement_id: int, *, actor: User, at: datetime) -> BankTransaction:
    found = Settlement.objects.select_related("transaction__organization", "payment_request").filter(
        pk=settlement_id
    ).first()  # fmt: skip
    if found is None:
        raise NotFound()
    require(actor, "settle_money", organization=found.transaction.organization, on=vietnam_day(at))
    line = locked_line(found.transaction_id)
    request = crediting.locked_request(found.payment_request_id)
    settlement = Settlement.objects.select_related("entry").get(pk=settlement_id)
    if not settlement.is_live:
        return line
    order = request.order
    assert order is not None
    if settlement.credited_dong and not order.is_open:
        raise GoodsGone()
    if settlement.credited_dong and Release.objects.filter(order=order, entry_id__gt=settlement.entry_id).exists():
        raise MoneyReleased()
    _take_back(settlement, actor=actor, at=at)
    request.credited_dong -= settlement.credited_dong
    request.excess_dong -= settlement.excess_dong
    crediting.refresh_states(request=request)
    crediting.give_time(request=request, at=at)
    return _before_a_person(line, settlement.amount_dong)


def _undo_debt(kept_debt_id: int, *, actor: User, at: datetime) -> BankTransaction:
    found = KeptDebt.objects.select_related("transaction__organization").filter(pk=kept_debt_id).first()
    if found is None:
        raise NotFound()
    require(actor, "settle_money", organization=found.transaction.organization, on=vietnam_day(at))
    line = locked_line(found.transaction_id)
    debt = KeptDebt.objects.select_related("entry").get(pk=kept_debt_id)
    if not debt.is_live:
        return line
    _take_back(debt, actor=actor, at=at)
    line.dismissed_by, line.dismissed_why = None, ""
    return _before_a_person(line, debt.amount_dong)


def _take_back(document: Settlement | KeptDebt, *, actor: User, at: datetime) -> None:
    assert document.entry is not None
    ledger.reverse(entry=document.entry, at=at, booked_on=vietnam_day(at), actor=actor)
    document.undone_at, document.undone_by = at, actor
    document.save(update_fields=["undone_at", "undone_by"])


def _before_a_person(line: BankTransaction, given_back_dong: int) -> BankTransaction:
    line.used_dong -= given_back_dong
    line.state, line.reason = crediting.line_state(line), BankTransaction.Reason.UNDONE
    line.save(update_fields=["state", "reason", "used_dong", "dismissed_by", "dismissed_why"])
    return line
