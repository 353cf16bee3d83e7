"""Market days in plain words: “nhận đơn đến 20:00 thứ Năm 26/11, nhận hàng 7:00–9:00 ở nhà văn hóa xóm 3”.

Times are said as they stand on the clock of Việt Nam and never as “2 hours left”: a page that is kept stays true.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from base.money import figures, grouped
from base.periods import VIETNAM_OFFSET, vietnam_day
from orders.models import Cycle, CyclePickup, Order

_MILLION = 1_000_000


def day_words(day: date) -> str:
    """``thứ Bảy 28/11``."""
    names = (
        _("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"),
    )  # fmt: skip
    return _("%(weekday)s %(day)s") % {"weekday": names[day.weekday()], "day": f"{day.day}/{day.month}"}


def clock_words(at: datetime) -> str:
    """``7:00``, by the clock of Việt Nam."""
    local = at.astimezone(VIETNAM_OFFSET)
    return f"{local.hour}:{local.minute:02d}"


def moment_words(at: datetime) -> str:
    """``20:00 thứ Năm 26/11``."""
    return _("%(time)s %(day)s") % {"time": clock_words(at), "day": day_words(vietnam_day(at))}


def stop_words(stop: CyclePickup) -> str:
    """``7:00–9:00 ở Nhà văn hóa xóm 3, thôn Nộn Khê``. Needs the stop's point."""
    place = ", ".join(part for part in (stop.point.name, stop.point.place) if part)
    hours = f"{clock_words(stop.from_at)}–{clock_words(stop.to_at)}"
    return _("%(hours)s ở %(place)s") % {"hours": hours, "place": place}


def ordering_words(cycle: Cycle, *, at: datetime) -> str:
    """When orders are taken. What is said at one moment stays true: who has opened is open until it closes."""
    if cycle.opens_at <= at:
        return _("nhận đơn đến %(closes)s") % {"closes": moment_words(cycle.closes_at)}
    return _("nhận đơn từ %(opens)s đến %(closes)s") % {
        "opens": moment_words(cycle.opens_at), "closes": moment_words(cycle.closes_at),
    }  # fmt: skip


def pickup_words(cycle: Cycle, stops: Iterable[CyclePickup]) -> str:
    """Where and when the goods are there: each stop of the day."""
    told = "; ".join(stop_words(stop) for stop in stops)
    if not told:
        return _("nhận hàng %(day)s") % {"day": day_words(cycle.pickup_day)}
    return _("nhận hàng %(day)s, %(stops)s") % {"day": day_words(cycle.pickup_day), "stops": told}


def when_words(order: Order) -> str:
    """When the buyer of an order of a market day has the goods: her own stop, or the day."""
    cycle = order.cycle
    assert cycle is not None
    if order.delivery != Order.Delivery.PICKUP:
        return _("giao %(day)s") % {"day": day_words(cycle.pickup_day)}
    return pickup_words(cycle, cycle.pickups.filter(point=order.pickup_point_id).select_related("point"))


def shown_dong(dong: int, *, needs_dong: int) -> int:
    """What a page says has been ordered of ``needs_dong``: rounded down to a fiftieth or so, in a round figure.

    So that the page stands while one bag more is ordered, and never says more than there is.
    """
    step, tens = 1, 1
    while True:
        for first in (1, 2, 5):
            if first * tens * 50 > needs_dong:
                return max(dong // step * step, needs_dong if dong >= needs_dong else 0)
            step = first * tens
        tens *= 10


def progress_words(dong: int, *, needs_dong: int) -> str:
    """``62/80 triệu``; sums below a million in full."""
    if needs_dong < _MILLION:
        return f"{figures(dong)}/{figures(needs_dong)}"
    return _("%(there)s/%(needs)s triệu") % {"there": _millions(dong), "needs": _millions(needs_dong)}


def _millions(dong: int) -> str:
    whole, rest = divmod(dong, _MILLION)
    decimals = f",{rest:06d}".rstrip("0") if rest else ""
    return f"{grouped(whole)}{decimals}"
