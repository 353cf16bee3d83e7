"""The buyer changes her mind about how an unpaid order is paid: by transfer now, or in cash once she sees the goods.

The request to pay stays as it is, with its code and its QR: cash is counted against it, and whoever transfers all the
same has paid (docs/walk-of-a-payment.md). Nothing is booked, so the books cannot notice. What changes is how long the
goods wait (a transfer order lets them go after its hours), and whether they are packed before any money has come.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import MAX_TRANSFER_DONG, figures
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from base.text import storable
from cooperatives.doing_once import done_once
from cooperatives.models import User
from orders import first_orders, offering
from orders.models import Order
from orders.placing import TooDear, holds_until
from payments import crediting
from payments.models import PaymentRequest


class TooLateToChange(Refused):
    """Some money has come, the order is packed, gone or over, or a carrier has been told what to collect."""

    code = "TOO_LATE_TO_CHANGE"
    sentence = _(
        "Đơn %(number)s đã có tiền về, đã gói hoặc đã xong, nên không đổi cách trả được nữa. Cần thì gọi điện."
    )


@again_when_locked_out
def choose(*, token: str, pay_by: str, actor: User | None, key: str, at: datetime) -> Order:
    """Have the order with this token paid by ``pay_by`` (TRANSFER or CASH). Whoever has the token may; repeat-safe.

    Locks as a payment does (docs/locking.md): the request, then the order. Money that comes at the same moment is
    either there first, and then this is refused, or it pays an order that is to be paid on receipt: both are fine.
    A first order on receipt is asked for what its cooperative asks (orders/first_orders.py), however late she chooses.
    Raises NotFound, TooLateToChange, TooDear (more than one transfer carries), CannotCollect, KeyReused, BadKey.
    """
    pay_by = Order.PayBy(pay_by)
    found = (
        PaymentRequest.objects.filter(order__token=token).values("pk", "order_id").first() if storable(token) else None
    )
    if found is None:
        raise NotFound()

    def do() -> str:
        request = crediting.locked_request(found["pk"])
        order = request.order
        assert order is not None
        if order.pay_by != pay_by:
            _change(order, request, pay_by=pay_by, at=at)
        return f"order:{order.pk}"

    with transaction.atomic():
        done_once(
            verb="order_pay_by", actor=actor, key=key, meaning=[found["order_id"], str(pay_by)], at=at, do=do
        )  # fmt: skip
    return Order.objects.preloaded().get(pk=found["order_id"])


def may_change(order: Order) -> bool:
    """Whether nothing has happened yet that hangs on how it is paid, and there is another way."""
    is_untouched = order.state == Order.State.PLACED and order.payment == Order.Payment.UNPAID
    return is_untouched and (order.pay_by == Order.PayBy.CASH or order.delivery in offering.COLLECTS)


def _change(order: Order, request: PaymentRequest, *, pay_by: Order.PayBy, at: datetime) -> None:
    offering.check_collects(order.delivery, pay_by)
    told_a_carrier = order.shipments.live().filter(connection__isnull=False).exists()
    if not may_change(order) or told_a_carrier or request.state != PaymentRequest.State.WAITING:
        raise TooLateToChange(number=order.number)
    if pay_by == Order.PayBy.TRANSFER and order.total_dong > MAX_TRANSFER_DONG:
        raise TooDear(most=figures(MAX_TRANSFER_DONG))
    seller = order.organization
    known = first_orders.who_know(order.buyer_phone, [seller]) if pay_by == Order.PayBy.CASH else set()
    asked = first_orders.asked_of(
        seller, pay_by=pay_by, total_dong=order.total_dong, is_known=seller.pk in known
    )  # fmt: skip
    order.pay_by, order.deposit_dong, order.needs_call = pay_by, asked.deposit_dong, asked.needs_call
    order.expires_at = holds_until(seller, pay_by, at=at, deposit_dong=asked.deposit_dong, cycle=order.cycle)
    request.expires_at = order.expires_at
    order.save(update_fields=["pay_by", "deposit_dong", "needs_call", "expires_at"])
    request.save(update_fields=["expires_at"])
