"""Market days of the demo: one that was, one that takes orders, and what members promised to bring to it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from base.periods import VIETNAM_OFFSET, vietnam_day
from catalog import promising_lots
from catalog.models import Variant
from cooperatives.models import Member, Organization, User
from orders.models import PickupPoint
from orders.placing import Buyer, Wanted
from orders.setting_cycles import Plan, Stop, set_cycle
from payments import checkout
from storefront.demo import cast

SATURDAY = 5
GOODS = ("Trứng vịt đồng", "Chè lam gừng", "Cơm cháy ruốc")


def hold(
    *,
    organization: Organization,
    goods: Mapping[str, Variant],
    members: Sequence[Member],
    clerk: User,
    manager: User,
    keys: Iterator[str],
    now: datetime,
) -> None:
    """The market of the coming Saturday: orders until two days before, fetched in the morning at the first point."""
    today = vietnam_day(now)
    day = today + timedelta(days=(SATURDAY - today.weekday()) % 7 or 7)
    if (day - today).days < 3:
        day += timedelta(days=7)
    point = PickupPoint.objects.filter(organization=organization).order_by("position", "pk")[0]
    morning = datetime.combine(day, time(7), VIETNAM_OFFSET)
    opens_at = now - timedelta(days=2)
    plan = Plan(
        opens_at=opens_at, closes_at=datetime.combine(day - timedelta(days=2), time(20), VIETNAM_OFFSET),
        pickup_day=day, stops=[Stop(point.pk, morning, morning + timedelta(hours=2))],
        name=f"Chợ phiên thứ Bảy {day:%d/%m}", note="Hàng tươi nhặt sáng thứ Bảy.",
        product_ids=[goods[name].product_id for name in GOODS], needs_dong=400_000, most_dong=5_000_000,
    )  # fmt: skip
    cycle = set_cycle(organization_id=organization.pk, plan=plan, actor=manager, key=next(keys), at=opens_at)
    for name, place, quantity in (("Trứng vịt đồng", 5, 30), ("Chè lam gừng", 8, 12)):
        promising_lots.promise_lot(
            variant_id=goods[name].pk, member_id=members[place].pk, quantity=quantity, expected_on=day, actor=clerk,
            key=next(keys), at=opens_at + timedelta(hours=1),
        )  # fmt: skip
    for hours, buyer, pieces in ((6, 4, 2), (20, 8, 3)):
        name, phone, _address = cast.BUYERS[buyer]
        checkout.place(
            wanted=[Wanted(goods["Trứng vịt đồng"].pk, pieces)], buyer=Buyer(name, phone), delivery="PICKUP",
            pickup_point_id=point.pk, pay_by="CASH", note="", key=next(keys), placed_by=None,
            at=opens_at + timedelta(hours=hours), cycle_id=cycle.pk,
        )  # fmt: skip
