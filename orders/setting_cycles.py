"""Setting a market day and changing it while it takes orders. What buyers have ordered on is not taken from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from base.periods import iso_vietnam, vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import versions
from catalog.models import Product
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from cooperatives.permissions import require
from orders import cycling
from orders.buyers import one_line
from orders.cycle_words import day_words
from orders.models import Cycle, CyclePickup, PickupPoint

NAME_LETTERS, NOTE_LETTERS = 80, 300
MOST_STOPS, MOST_PRODUCTS = 20, 200
FURTHEST = timedelta(days=366)
FURTHEST_YEARS = 2


class BadCycleWords(Refused):
    code = "BAD_CYCLE_WORDS"
    sentence = _("Tên phiên tối đa 80 chữ, lời dặn tối đa 300 chữ.")


class BadCycleTimes(Refused):
    """Orders are taken first, then the goods are fetched: on the day itself, at every stop, within a year."""

    code = "BAD_CYCLE_TIMES"
    sentence = _("Giờ chưa hợp lệ: mở nhận đơn, rồi chốt đơn, rồi mới đến giờ nhận hàng trong đúng ngày nhận.")


class BadCycleSums(Refused):
    code = "BAD_CYCLE_SUMS"
    sentence = _("Mức tối đa phải bằng hoặc lớn hơn mức tối thiểu.")


class BadStops(Refused):
    """No stop, one twice, more than 20, or a point that is closed or somebody else's."""

    code = "BAD_STOPS"
    sentence = _("Mỗi phiên cần từ 1 đến 20 điểm nhận hàng đang mở, mỗi điểm một lần.")


class CycleHasOrders(Refused):
    """People have ordered on it: their goods, stops and day stay, and it does not close earlier or need more."""

    code = "CYCLE_HAS_ORDERS"
    sentence = _(
        "Phiên này đã có người đặt: không bỏ được mặt hàng và điểm nhận họ đã chọn, không đổi ngày nhận, "
        "không chốt sớm hơn, không nâng mức tối thiểu. Nếu không họp được nữa thì bỏ phiên."
    )


class CycleSettled(Refused):
    """It was decided, dropped, or is past its closing time."""

    code = "CYCLE_SETTLED"
    sentence = _("Phiên này %(state)s, không sửa được nữa.")


REFUSALS: tuple[type[Refused], ...] = (
    NotFound, BadCycleWords, BadCycleTimes, BadCycleSums, BadStops, CycleHasOrders, CycleSettled,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stop:
    """One place, and when the goods are there."""

    point_id: int
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """A market day as somebody wrote it down. ``product_ids`` empty: everything in the shop; sums 0: none of either.
    Without a name it is called by its day."""

    opens_at: datetime
    closes_at: datetime
    pickup_day: date
    stops: Sequence[Stop]
    name: str = ""
    note: str = ""
    product_ids: Sequence[int] = ()
    needs_dong: int = 0
    most_dong: int = 0

    @property
    def meaning(self) -> list[object]:
        stops = [[stop.point_id, iso_vietnam(stop.from_at), iso_vietnam(stop.to_at)] for stop in self.stops]
        times = [iso_vietnam(self.opens_at), iso_vietnam(self.closes_at), self.pickup_day.isoformat()]
        return [self.name, self.note, times, stops, sorted(self.product_ids), self.needs_dong, self.most_dong]


@again_when_locked_out
def set_cycle(*, organization_id: int, plan: Plan, actor: User, key: str | None = None, at: datetime) -> Cycle:
    """A market day, open for orders from its opening time on. The same ``key`` returns the same one.

    Opens its own transaction; locks the done-once row, the shop's version. Raises what REFUSALS lists, KeyReused,
    BadKey; NotFound for a stranger and for goods of somebody else too.
    """
    organization = Organization.objects.filter(pk=organization_id, sells=True).first()
    if organization is None:
        raise NotFound()
    require(actor, "keep_cycles", organization=organization, on=vietnam_day(at))
    _check_near(plan, at=at)

    def do() -> str:
        cycle = Cycle(organization=organization, created_at=at, created_by=actor)
        _write(cycle, plan, at=at)
        return str(cycle.pk)

    meaning = [organization_id, plan.meaning]
    with transaction.atomic():
        result, _replayed = done_once(verb="cycle_set", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return Cycle.objects.select_related("organization").get(pk=result)


@again_when_locked_out
def change_cycle(*, cycle_id: int, plan: Plan, actor: User, at: datetime) -> Cycle:
    """Write it anew while it takes orders; the same plan again changes nothing.

    Opens its own transaction; locks the market day, the shop's version. Raises what REFUSALS lists.
    """
    with transaction.atomic():
        try:
            cycle = Cycle.objects.locked(cycle_id)
        except Cycle.DoesNotExist:
            raise NotFound() from None
        require(actor, "keep_cycles", organization=cycle.organization, on=vietnam_day(at))
        if cycle.state != Cycle.State.SET or cycle.closes_at <= at:
            raise CycleSettled(state=cycle.get_state_display())
        _check_near(plan, at=at)
        _check_what_was_ordered_on(cycle, plan)
        _write(cycle, plan, at=at)
    return cycle


def _write(cycle: Cycle, plan: Plan, *, at: datetime) -> None:
    name, note = one_line(plan.name), one_line(plan.note)
    if len(name) > NAME_LETTERS or len(note) > NOTE_LETTERS:
        raise BadCycleWords(field="name" if len(name) > NAME_LETTERS else "note")
    _check_times(plan, at=at)
    for dong, field in ((plan.needs_dong, "needs_dong"), (plan.most_dong, "most_dong")):
        if type(dong) is not int or not 0 <= dong <= MAX_DONG:
            raise BadCycleSums(field=field)
    if plan.most_dong and plan.most_dong < plan.needs_dong:
        raise BadCycleSums(field="most_dong")
    products = _products(cycle, plan)
    _check_stops(cycle, plan)
    cycle.name = name or str(_("Chợ phiên %(day)s") % {"day": day_words(plan.pickup_day)})
    cycle.note, cycle.opens_at, cycle.closes_at = note, plan.opens_at, plan.closes_at
    cycle.pickup_day, cycle.needs_dong, cycle.most_dong = plan.pickup_day, plan.needs_dong, plan.most_dong
    cycle.save()
    cycle.products.set(products)
    kept = {stop.point_id: stop for stop in plan.stops}
    CyclePickup.objects.filter(cycle=cycle).exclude(point__in=kept).delete()
    for stop in plan.stops:
        CyclePickup.objects.update_or_create(
            cycle=cycle, point_id=stop.point_id, defaults={"from_at": stop.from_at, "to_at": stop.to_at}
        )
    versions.moved([cycle.organization_id])


def _check_near(plan: Plan, *, at: datetime) -> None:
    """Before anything is compared: a time without a zone is no moment, and at the calendar's edges there is no day."""
    moments = {"opens_at": [plan.opens_at], "closes_at": [plan.closes_at]}
    moments["stops"] = [end for stop in plan.stops for end in (stop.from_at, stop.to_at)]
    for field, times in moments.items():
        if any(one.tzinfo is None or abs(one.year - at.year) > FURTHEST_YEARS for one in times):
            raise BadCycleTimes(field=field)


def _check_times(plan: Plan, *, at: datetime) -> None:
    if not plan.opens_at < plan.closes_at:
        raise BadCycleTimes(field="closes_at")
    if plan.closes_at <= at:
        raise BadCycleTimes(field="closes_at")
    if plan.pickup_day > vietnam_day(at) + FURTHEST:
        raise BadCycleTimes(field="pickup_day")
    for stop in plan.stops:
        on_the_day = vietnam_day(stop.from_at) == plan.pickup_day == vietnam_day(stop.to_at)
        if not (on_the_day and plan.closes_at <= stop.from_at < stop.to_at):
            raise BadCycleTimes(field="stops")


def _check_stops(cycle: Cycle, plan: Plan) -> None:
    chosen = {stop.point_id for stop in plan.stops}
    own = PickupPoint.objects.filter(organization_id=cycle.organization_id, is_open=True, pk__in=chosen).count()
    if not plan.stops or len(chosen) != len(plan.stops) or len(chosen) > MOST_STOPS or own != len(chosen):
        raise BadStops(field="stops")


def _products(cycle: Cycle, plan: Plan) -> list[Product]:
    wanted = set(plan.product_ids)
    if len(wanted) > MOST_PRODUCTS:
        raise NotFound(field="products")
    products = list(Product.objects.filter(organization_id=cycle.organization_id, pk__in=wanted))
    if len(products) != len(wanted):
        raise NotFound(field="products")
    return products


def _check_what_was_ordered_on(cycle: Cycle, plan: Plan) -> None:
    """Raises CycleHasOrders where a live order would lose what it was placed on."""
    orders = cycling.live_orders(cycle)
    if not orders.exists():
        return
    stops = {stop.point_id for stop in plan.stops}
    goods = set(plan.product_ids)
    ordered = set(orders.values_list("lines__variant__product_id", flat=True))
    fetched = set(orders.exclude(pickup_point=None).values_list("pickup_point_id", flat=True))
    if (
        plan.pickup_day != cycle.pickup_day or plan.closes_at < cycle.closes_at or plan.opens_at > cycle.opens_at
        or plan.needs_dong > cycle.needs_dong or fetched - stops or (goods and ordered - goods)
        or (plan.most_dong and plan.most_dong < cycling.ordered_dong(cycle))
    ):  # fmt: skip
        raise CycleHasOrders()
