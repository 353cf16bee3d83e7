"""Where an order stands, as a row of steps: done, now, still to come. Pure."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orders.models import Order


@dataclass(frozen=True, slots=True)
class Step:
    """``state``: ``done``, ``current``, ``off`` (ended here) or empty (still to come)."""

    what: str
    state: str = ""
    at: datetime | None = None
    note: str = ""


def steps_of(order: Order) -> list[Step]:
    """đã đặt → đã nhận tiền → đã gói → đã giao; for cash the money comes last, at the hand-over. A parcel is sent, and
    then received."""
    placed = Step(_("Đã đặt"), "done", order.placed_at)
    if order.is_ended:
        return [placed, *_sent(order), Step(_ended(order), "off", order.ended_at, order.end_reason)]
    to_come: list[tuple[str, str, bool, datetime | None]] = [
        (_("Đã gói"), _("Chờ gói hàng"), order.packed_at is not None or order.handed_over_at is not None,
         order.packed_at),
        *((step.what, "", True, step.at) for step in _sent(order)),
    ]  # fmt: skip
    has_goods = order.is_accepted
    if order.pay_by == Order.PayBy.TRANSFER:
        to_come.insert(0, (_("Đã nhận tiền"), _("Chờ nhận tiền"), order.is_covered, None))
        to_come.append((_("Đã giao"), _("Chờ giao hàng"), has_goods, order.accepted_at))
    else:
        waiting = _("Chờ giao hàng, trả tiền khi nhận")
        to_come.append((_("Đã giao và trả tiền"), waiting, has_goods, order.accepted_at))
    if order.state == Order.State.RETURNED:
        to_come.append((_("Đã trả lại hàng"), "", True, order.ended_at))
    now = next((place for place, (_done, _waits, is_done, _at) in enumerate(to_come) if not is_done), None)
    return [
        placed,
        *(
            Step(done, "done", at) if is_done else Step(waits, "current" if place == now else "")
            for place, (done, waits, is_done, at) in enumerate(to_come)
        ),
    ]


def _sent(order: Order) -> list[Step]:
    """A parcel left before its buyer had it; at the counter both are one moment."""
    if order.handed_over_at is None or order.handed_over_at == order.accepted_at:
        return []
    return [Step(_("Đã gửi đi"), "done", order.handed_over_at)]


def _ended(order: Order) -> str:
    if order.state == Order.State.EXPIRED:
        return _("Quá hạn, hàng đã để lại cho người khác")
    if order.state == Order.State.RETURNED:
        return _("Hàng đã quay về, đơn đóng")
    return _("Đã hủy")
