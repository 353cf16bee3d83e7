"""Ending an order that was not handed over, and bringing it back. Moves an order and its stock alone: the money in
its purse is the affair of payments/closing.py, which calls this."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from catalog import stock
from cooperatives.models import Message, User
from orders import cycling, parcels
from orders.buyers import one_line
from orders.messages import tell_buyer
from orders.models import Order, OrderLine
from orders.parcels import BookedAtCarrier
from orders.placing import holds_until

LONGEST_REASON = 200


class AlreadyHandedOver(Refused):
    """The goods are with the buyer."""

    code = "ALREADY_HANDED_OVER"
    sentence = _("Đơn %(number)s đã giao hàng, không hủy được nữa. Nếu hàng trả lại, hãy gọi người quản lý.")


class ParcelAway(Refused):
    """A parcel with the goods is on its way."""

    code = "PARCEL_AWAY"
    sentence = _(
        "Kiện hàng của đơn %(number)s đang trên đường, không hủy được. Hãy gọi người đang giữ kiện cho quay về, "
        "rồi ghi “hàng đã về lại”."
    )


class AlreadyEnded(Refused):
    """It expired, and is now to be cancelled, or the other way round."""

    code = "ALREADY_ENDED"
    sentence = _("Đơn %(number)s %(state)s từ trước, hàng đã để lại cho người khác. Không cần làm gì thêm.")


class ReasonTooLong(Refused):
    """The reason is longer than 200."""

    code = "REASON_TOO_LONG"
    sentence = _("Lý do dài quá %(longest)s chữ. Hãy viết ngắn lại.")


class NotEnded(Refused):
    """Only what has expired or was cancelled can be brought back."""

    code = "NOT_ENDED"
    sentence = _("Đơn %(number)s chưa kết thúc, không cần mở lại.")


# Why an order that has ended cannot be had any more, whatever is paid for it.
GONE: tuple[type[Refused], ...] = (stock.SoldOut, cycling.CycleOver, cycling.CycleFull)
# Everything that end may answer, for the doors that lead to it.
REFUSALS: tuple[type[Refused], ...] = (AlreadyHandedOver, ParcelAway, BookedAtCarrier, AlreadyEnded, ReasonTooLong)


def end(*, order: Order, state: str, actor: User | None, reason: str, at: datetime, tells: bool = True) -> Order:
    """Expire or cancel ``order``: its goods can be promised to others again, and the buyer is told (where the caller
    does not tell more itself).

    Needs an open transaction (asserted) and the locked order; locks variants in id order. Ending it the
    same way again changes nothing. Nothing is deleted. A parcel that was only made out ends with it. Raises
    AlreadyHandedOver, ParcelAway, BookedAtCarrier, AlreadyEnded, ReasonTooLong.
    """
    assert connection.in_atomic_block, "an order ends inside its caller's transaction"
    reason = one_line(reason)
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong(field="reason", longest=LONGEST_REASON)
    if order.state == state:
        return order
    if order.is_ended:
        raise AlreadyEnded(number=order.number, state=order.get_state_display())
    if not order.is_open:
        raise ParcelAway(number=order.number) if order.is_away else AlreadyHandedOver(number=order.number)
    parcels.end_waiting(order, expired=state == Order.State.EXPIRED, at=at, actor=actor)
    order.end(state=state, at=at, by=actor, reason=reason)
    stock.release(held=_promised(order))
    cycling.changed(order)
    expired = state == Order.State.EXPIRED
    if tells:
        tell_buyer(order=order, kind=Message.Kind.ORDER_EXPIRED if expired else Message.Kind.ORDER_CANCELLED, at=at)
    return order


def reopen(*, order: Order, at: datetime) -> Order:
    """Bring back an order that has ended, because its money came after all: promise its goods again.

    Needs an open transaction (asserted) and the locked order; locks variants in id order. Price and rate stay as
    frozen; a transfer gets its whole time anew. Raises SoldOut where the goods went to others, NotEnded,
    CycleOver and CycleFull where its market day does not take it back.
    """
    assert connection.in_atomic_block, "an order is brought back inside its caller's transaction"
    if not order.is_ended or order.handed_over_at is not None:  # what went out once is ordered anew
        raise NotEnded(number=order.number)
    cycling.check_comes_back(order, at=at)
    stock.reserve(wanted=_promised(order))
    deposit_dong, cycle = order.deposit_dong, order.cycle
    order.reopen(
        expires_at=holds_until(order.organization, order.pay_by, at=at, deposit_dong=deposit_dong, cycle=cycle)
    )
    cycling.changed(order)
    return order


def lock_goods(*, orders: Sequence[Order]) -> None:
    """Lock the variants of several orders in id order, before they are reopened one by one: another buyer locks in
    that order too. Needs an open transaction (asserted)."""
    stock.lock(variant_ids=OrderLine.objects.filter(order__in=orders).values_list("variant_id", flat=True))


def _promised(order: Order) -> dict[int, int]:
    return dict(order.lines.order_by("variant_id").values_list("variant_id", "quantity"))
