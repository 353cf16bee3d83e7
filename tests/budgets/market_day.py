"""What the pages of market days show: one that takes orders, goods promised for it, a member who is asked."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from base.periods import VIETNAM_OFFSET, vietnam_day
from catalog import promising_lots
from catalog.models import Variant
from cooperatives.models import Member, Organization, RoleGrant, User
from orders import setting_cycles
from orders.models import PickupPoint, StockQuestion
from storefront.demo import cast


def set_up() -> None:
    """A market day that takes orders, goods promised for it, and a question that nobody has answered."""
    here, now = Organization.objects.get(slug=cast.SLUG), timezone.now()
    manager = User.objects.filter(roles__organization=here, roles__role=RoleGrant.Role.MANAGER).order_by("pk")[0]
    point = PickupPoint.objects.filter(organization=here, is_open=True).order_by("position", "pk")[0]
    day = vietnam_day(now) + timedelta(days=6)
    morning = datetime.combine(day, time(7), tzinfo=VIETNAM_OFFSET)
    plan = setting_cycles.Plan(
        opens_at=now, closes_at=now + timedelta(days=3), pickup_day=day, needs_dong=80_000_000, most_dong=120_000_000,
        stops=[setting_cycles.Stop(point.pk, morning, morning + timedelta(hours=2))],
    )  # fmt: skip
    setting_cycles.set_cycle(organization_id=here.pk, plan=plan, actor=manager, key="every-page", at=now)
    maker = Member.objects.filter(organization=here, products__isnull=False).order_by("pk")[0]
    goods = Variant.objects.filter(product__maker=maker).order_by("pk")[0]
    promising_lots.promise_lot(
        variant_id=goods.pk, member_id=maker.pk, quantity=20 * goods.step, expected_on=day, actor=manager,
        key="every-page", at=now,
    )  # fmt: skip
    StockQuestion.objects.get_or_create(
        member=maker, variant=goods, answer="", defaults={"asked_at": now, "call_from": now, "decide_from": now}
    )
