"""Goods a buyer brings back: taken in (orders/returning.py), and what becomes of her money."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from cooperatives.permissions import may, require
from orders import returning
from orders.models import Order, Return
from orders.returning import Back
from payments import cash_out, deeds, owing, payees, refunds
from payments.models import Refund
from payments.payees import Payee

TRANSFER, CASH, DEBT = "transfer", "cash", "debt"
WAYS = (TRANSFER, CASH, DEBT)


class NoWayBack(Refused):
    code = "NO_WAY_BACK"
    sentence = _("Hãy chọn trả lại tiền bằng chuyển khoản, tiền mặt, hay ghi nợ.")


class NotYourCash(Refused):
    """Who may take goods back need not keep a box."""

    code = "NOT_YOUR_CASH"
    sentence = _("Chỉ thủ quỹ trả lại tiền mặt. Hãy chọn chuyển khoản hoặc ghi nợ, thủ quỹ sẽ trả sau.")


@again_when_locked_out
def take_back(
    *,
    order_id: int,
    lines: Sequence[Back],
    shipping_dong: int = 0,
    refund: str = DEBT,
    payee_bin: str = "",
    payee_account: str = "",
    payee_holder: str = "",
    reason: str,
    actor: User,
    key: str | None,
    at: datetime,
) -> Return:
    """Take accepted goods back, whole or in part, and owe the buyer what they cost her (and ``shipping_dong``, where
    that was agreed).

    ``refund``: ``transfer`` makes the task of sending it, ordered out at once where the payee is told whole by who may
    (what came by card goes back to the card); ``cash`` pays it out of the actor's box, down to the cash step;
    ``debt`` leaves it owed. What the buyer herself owes us is not given back. Repeat-safe by ``key``. Locks as cash
    does, then the order's requests, the order, goods, accounts (docs/locking.md). Raises NotFound, ReasonMissing,
    PayeeUnusable, NoWayBack, NotYourCash, MoreThanInBox, KeyReused, BadKey, and what returning.book raises.
    """
    found = Order.objects.select_related("organization").filter(pk=order_id).first()
    if found is None:
        raise NotFound()
    today = vietnam_day(at)
    require(actor, "return_goods", organization=found.organization, on=today)
    settles = may(actor, "settle_money", organization=found.organization, on=today)
    why, payee = deeds.checked_reason(reason), payees.part(payee_bin, payee_account, payee_holder)
    if refund not in WAYS:
        raise NoWayBack(field="refund")
    if refund == CASH and not settles:
        raise NotYourCash(field="refund")

    def do() -> str:
        organization = Organization.objects.held(found.organization_id) if refund == CASH else found.organization
        order = cash_out.locked_order(order_id)
        goods_return = returning.book(
            order=order, came=lines, shipping_dong=shipping_dong, reason=why, actor=actor, at=at
        )
        owed = owing.owed_dong(organization=organization, order_id=order_id)
        back_dong = min(goods_return.amount_dong, owed)
        if back_dong and refund == CASH:
            cash_out.to_buyer(
                organization, order, keeper=actor, to_name=order.buyer_name, reason=why, at=at,
                amount_dong=cash_out.in_cash_dong(back_dong, step_dong=organization.cash_step_dong),
            )  # fmt: skip
        elif back_dong and refund == TRANSFER:
            _transfer(order, back_dong, payee=payee, settles=settles, why=why, actor=actor, at=at)
        return str(goods_return.pk)

    meaning = [
        order_id, [[one.line_id, one.quantity, str(one.fate), one.lot_id] for one in lines], shipping_dong, refund,
        *payee,
    ]  # fmt: skip
    with transaction.atomic():
        result, _replayed = done_once(verb="order_return", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return Return.objects.select_related("order__organization", "actor").get(pk=result)


def _transfer(
    order: Order, amount_dong: int, *, payee: Payee, settles: bool, why: str, actor: User, at: datetime
) -> None:
    """The task of sending it back, and its order where nothing is missing for one."""
    task = refunds.write(
        organization=order.organization, order_id=order.pk, amount_dong=amount_dong, payee=payee, reason=why,
        actor=actor, at=at,
    )  # fmt: skip
    if settles and all(payee) and task.way == Refund.Way.TRANSFER:
        refunds.order_now(task, actor=actor, at=at)
