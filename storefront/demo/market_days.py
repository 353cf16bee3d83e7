"""Market days of the demo: one that takes orders, with what members promised to bring to it; one that too few wanted;
and goods that were promised, sold, and did not come."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from base.periods import VIETNAM_OFFSET, vietnam_day
from catalog import promising_lots
from catalog.models import Lot, Variant
from cooperatives.models import Member, Organization, User
from orders.models import Cycle, Order, PickupPoint
from orders.placing import Buyer, Wanted
from orders.setting_cycles import Plan, Stop, set_cycle
from payments import checkout, failing_cycles
from storefront.demo import cast

SATURDAY = 5
EGGS, TEA_SWEET, CRISP_RICE = "Trứng vịt đồng", "Chè lam gừng", "Cơm cháy ruốc"
SWEET_POTATO, CRISPS = "Khoai lang dẻo", "Rau củ sấy giòn"


class MarketDays:
    """``goods``: the demo's variants by product name, first variant of each; ``pays``: the bank tells of a transfer for
    all of an order at a time."""

    def __init__(
        self,
        *,
        organization: Organization,
        goods: Mapping[str, Variant],
        members: Sequence[Member],
        clerk: User,
        manager: User,
        keys: Iterator[str],
        pays: Callable[[Order, datetime], None],
        now: datetime,
    ) -> None:
        self.organization, self.goods, self.members = organization, goods, members
        self.clerk, self.manager, self.keys, self.pays, self.now = clerk, manager, keys, pays, now
        self.today = vietnam_day(now)
        self.point = PickupPoint.objects.filter(organization=organization).order_by("position", "pk")[0]

    def take_orders(self) -> None:
        """The market of the coming Saturday: orders until two days before, fetched in the morning."""
        day = self.today + timedelta(days=(SATURDAY - self.today.weekday()) % 7 or 7)
        if (day - self.today).days < 3:
            day += timedelta(days=7)
        opens_at = self.now - timedelta(days=2)
        cycle = self._set(
            f"Chợ phiên thứ Bảy {day:%d/%m}", opens_at=opens_at, closes_on=day - timedelta(days=2), day=day, hour=7,
            goods=(EGGS, TEA_SWEET, CRISP_RICE), note="Hàng tươi nhặt sáng thứ Bảy.", needs_dong=400_000,
        )  # fmt: skip
        for name, place, quantity in ((EGGS, 5, 30), (TEA_SWEET, 8, 12)):
            self._promised(name, place, quantity, on=day, at=opens_at + timedelta(hours=1))
        for hours, buyer, pieces in ((6, 4, 2), (20, 8, 3)):
            self._placed(buyer, EGGS, pieces, pay_by="CASH", at=opens_at + timedelta(hours=hours), cycle=cycle)

    def fail(self) -> None:
        """The one of this afternoon closed two evenings ago below its minimum: its orders were cancelled and their
        buyers told; who had paid is owed it back, and the treasurer has it to send."""
        opens_at, closes_on = self.now - timedelta(days=6), self.today - timedelta(days=2)
        cycle = self._set(
            f"Phiên chiều {self.today:%d/%m}", opens_at=opens_at, closes_on=closes_on, day=self.today, hour=15,
            goods=(TEA_SWEET, CRISP_RICE), note="Nhận hàng lúc tan chợ.", needs_dong=2_000_000,
        )  # fmt: skip
        paid = self._placed(1, CRISP_RICE, 2, pay_by="TRANSFER", at=opens_at + timedelta(hours=9), cycle=cycle)
        self.pays(paid, opens_at + timedelta(hours=10))
        self._placed(6, TEA_SWEET, 1, pay_by="CASH", at=opens_at + timedelta(hours=30), cycle=cycle)
        failing_cycles.decide_due(at=cycle.closes_at + timedelta(minutes=1))

    def go_short(self) -> None:
        """Promised for yesterday: of one only a part came, and an order that is paid waits for the rest; of the other
        nobody has written down what came."""
        yesterday, promised_at = self.today - timedelta(days=1), self.now - timedelta(days=4)
        lot = self._promised(SWEET_POTATO, 7, 10, on=yesterday, at=promised_at)
        wanted = Variant.objects.get(pk=self.goods[SWEET_POTATO].pk).available
        order = self._placed(7, SWEET_POTATO, wanted, pay_by="TRANSFER", at=promised_at + timedelta(hours=2))
        self.pays(order, promised_at + timedelta(hours=3))
        promising_lots.brought(
            lot_id=lot.pk, quantity=6, made_on=yesterday, best_before=yesterday + timedelta(days=120), actor=self.clerk,
            at=self.now - timedelta(hours=20),
        )  # fmt: skip
        self._promised(CRISPS, 3, 5, on=yesterday, at=promised_at)

    def _set(
        self,
        name: str,
        *,
        opens_at: datetime,
        closes_on: date,
        day: date,
        hour: int,
        goods: Sequence[str],
        note: str,
        needs_dong: int,
    ) -> Cycle:
        """Orders until 20:00, two hours at the first point; at most five million đồng."""
        there = datetime.combine(day, time(hour), VIETNAM_OFFSET)
        plan = Plan(
            opens_at=opens_at, closes_at=datetime.combine(closes_on, time(20), VIETNAM_OFFSET), pickup_day=day,
            stops=[Stop(self.point.pk, there, there + timedelta(hours=2))], name=name, note=note,
            product_ids=[self.goods[one].product_id for one in goods], needs_dong=needs_dong, most_dong=5_000_000,
        )  # fmt: skip
        return set_cycle(
            organization_id=self.organization.pk, plan=plan, actor=self.manager, key=next(self.keys), at=opens_at
        )

    def _promised(self, name: str, place: int, quantity: int, *, on: date, at: datetime) -> Lot:
        return promising_lots.promise_lot(
            variant_id=self.goods[name].pk, member_id=self.members[place].pk, quantity=quantity, expected_on=on,
            actor=self.clerk, key=next(self.keys), at=at,
        )  # fmt: skip

    def _placed(
        self, buyer: int, name: str, pieces: int, *, pay_by: str, at: datetime, cycle: Cycle | None = None
    ) -> Order:
        who, phone, _address = cast.BUYERS[buyer]
        return checkout.place(
            wanted=[Wanted(self.goods[name].pk, pieces)], buyer=Buyer(who, phone), delivery="PICKUP",
            pickup_point_id=self.point.pk, pay_by=pay_by, note="", key=next(self.keys), placed_by=None, at=at,
            cycle_id=cycle.pk if cycle else None,
        ).orders[0]  # fmt: skip
