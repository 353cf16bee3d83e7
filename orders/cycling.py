"""Market days as placing and closing see them: whether one takes orders, whether there is room, how much there is.

Whoever places into a market day holds its row (docs/locking.md: before variants), so two buyers at once never pass the
cap together. An order in one waits for it: nothing is packed before it is settled that the market takes place.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from base.money import figures
from base.periods import day_bounds
from base.refusals import NotFound, Refused
from catalog import versions
from catalog.models import Product
from orders.cycle_words import moment_words, shown_dong
from orders.models import Cycle, CycleQuerySet, Order, PickupPoint

State = Cycle.State
ENDED = (Order.State.EXPIRED, Order.State.CANCELLED, Order.State.RETURNED)


class CycleClosed(Refused):
    """It does not take orders: not yet, no more, or it was dropped."""

    code = "CYCLE_CLOSED"
    sentence = _("Phiên “%(name)s” chỉ nhận đơn từ %(opens)s đến %(closes)s. Hãy đặt không theo phiên, hoặc phiên sau.")


class NotInCycle(Refused):
    """Goods that are not sold on this market day, or by somebody else."""

    code = "NOT_IN_CYCLE"
    sentence = _("“%(goods)s” không bán trong phiên “%(name)s”. Hãy bỏ ra khỏi giỏ rồi đặt riêng.")


class CycleFull(Refused):
    """The order would take it above its cap."""

    code = "CYCLE_FULL"
    sentence = _("Phiên “%(name)s” sắp đầy, chỉ nhận thêm được %(room)s tiền hàng. Hãy bớt hàng, hoặc đợi phiên sau.")


class CycleOver(Refused):
    """An order that has ended is not brought back into a market day that is decided or over."""

    code = "CYCLE_OVER"
    sentence = _("Phiên “%(name)s” đã qua lúc nhận đơn, đơn không mở lại được. Hãy trả lại tiền cho người mua.")


class CycleUndecided(Refused):
    """Nothing of it is packed before it is settled that it takes place."""

    code = "CYCLE_UNDECIDED"
    sentence = _("Đơn %(number)s thuộc phiên “%(name)s” chưa chốt. Chốt phiên rồi mới gói.")


# Everything that placing into a market day may answer.
REFUSALS: tuple[type[Refused], ...] = (NotFound, CycleClosed, NotInCycle, CycleFull)


def opened(*, cycle_id: int, products: Iterable[Product], at: datetime) -> Cycle:
    """The market day, locked, if it takes orders for all of ``products`` now.

    Needs an open transaction (asserted). Raises NotFound (of a closed shop too), CycleClosed, NotInCycle.
    """
    try:
        cycle = Cycle.objects.locked(cycle_id)
    except Cycle.DoesNotExist:
        raise NotFound(field="cycle_id") from None
    shop = cycle.organization
    if not (shop.is_open and shop.sells):
        raise NotFound(field="cycle_id")
    if cycle.state != State.SET or not cycle.opens_at <= at < cycle.closes_at:
        opens, closes = moment_words(cycle.opens_at), moment_words(cycle.closes_at)
        raise CycleClosed(field="cycle_id", name=cycle.name, opens=opens, closes=closes)
    own = set(cycle.products.values_list("pk", flat=True))
    for product in products:
        if product.organization_id != cycle.organization_id or (own and product.pk not in own):
            raise NotInCycle(field="cycle_id", goods=product.name, name=cycle.name)
    return cycle


def room(*, cycle: Cycle, goods_dong: int) -> None:
    """Whether ``goods_dong`` more fit into the locked market day; what its page says moves with it. Raises CycleFull.

    Call it before the order is written, and after its variants are locked: the shop's version comes after those.
    """
    assert connection.in_atomic_block, "there is room as long as the market day is locked"
    ordered = ordered_dong(cycle)
    if cycle.most_dong and ordered + goods_dong > cycle.most_dong:
        raise CycleFull(field="cycle_id", name=cycle.name, room=figures(max(cycle.most_dong - ordered, 0)))
    needs = cycle.needs_dong
    if needs and shown_dong(ordered, needs_dong=needs) != shown_dong(ordered + goods_dong, needs_dong=needs):
        versions.moved([cycle.organization_id])


def point_of(cycle: Cycle, *, chosen: int | None) -> PickupPoint | None:
    """Where an order of this market day is fetched: the chosen one of its stops, else the first. None: not there."""
    points = [stop.point for stop in cycle.pickups.select_related("point")]
    if chosen is None:
        return points[0] if points else None
    return next((point for point in points if point.pk == chosen), None)


def live_orders(cycle: Cycle) -> Any:
    """Its orders that have not ended."""
    return Order.objects.filter(cycle=cycle).exclude(state__in=ENDED)


def ordered_dong(cycle: Cycle) -> int:
    """Goods in its orders that have not ended, paid or not: what counts against the cap."""
    return _goods_dong(live_orders(cycle))


def counted(cycles: CycleQuerySet) -> CycleQuerySet:
    """With ``ordered_now``, what ``ordered_dong`` says, for lists: in their one query."""
    live = ~Q(orders__state__in=ENDED)
    return cycles.annotate(ordered_now=Coalesce(Sum("orders__goods_dong", filter=live), 0))


def standing_dong(cycle: Cycle) -> int:
    """Goods in orders that stand: paid, or to be paid on receipt with nothing to come first. It goes by these."""
    covered = Q(payment__in=[Order.Payment.COVERED, Order.Payment.PAID])
    deposit_here = Q(deposit_dong=0) | Q(deposit_paid_at__isnull=False)
    called = Q(needs_call=False) | Q(confirmed_at__isnull=False)
    on_receipt = Q(pay_by=Order.PayBy.CASH) & deposit_here & called
    return _goods_dong(live_orders(cycle).filter(covered | on_receipt))


def check_decided(order: Order) -> None:
    """Raises CycleUndecided for an order whose market day is not settled yet, or was dropped."""
    if order.waits_for_cycle:
        assert order.cycle is not None
        raise CycleUndecided(number=order.number, name=order.cycle.name)


def check_comes_back(order: Order, *, at: datetime) -> None:
    """Whether an ended order may stand again, as far as its market day goes: it takes orders still, or it goes ahead
    and its day has not come. Raises CycleOver, CycleFull.

    Its row comes before the order's in docs/locking.md, and whoever calls holds the order: a row that a rival holds is
    not waited for, and the verb is done again (base/retrying.py).
    """
    if order.cycle_id is None:
        return
    rows = Cycle.objects.select_for_update(of=("self",), no_key=True, nowait=True)
    cycle = rows.get(pk=order.cycle_id)
    open_still = cycle.state == State.SET and at < cycle.closes_at
    goes = cycle.state == State.GOES and at < day_bounds(cycle.pickup_day)[0]
    if not (open_still or goes):
        raise CycleOver(name=cycle.name)
    if cycle.most_dong:
        left = cycle.most_dong - ordered_dong(cycle)
        if order.goods_dong > left:
            raise CycleFull(name=cycle.name, room=figures(max(left, 0)))


def changed(order: Order) -> None:
    """An order of a market day ended, or came back: its page says so, and members are told anew what to bring.

    Needs an open transaction; call it after the order's variants are locked."""
    if order.cycle_id is None:
        return
    Cycle.objects.filter(pk=order.cycle_id, state=State.GOES).update(lists_sent_at=None)
    versions.moved([order.organization_id])


def _goods_dong(orders: Any) -> int:
    return int(orders.aggregate(total=Sum("goods_dong"))["total"] or 0)
