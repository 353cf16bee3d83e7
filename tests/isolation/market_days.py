"""A market day of one side, goods promised for it, and a question that waits."""

from datetime import datetime, time, timedelta

from graphql_relay import to_global_id

from base.periods import VIETNAM_OFFSET, vietnam_day
from catalog import promising_lots
from catalog.models import Variant
from cooperatives.models import Member, User
from orders import setting_cycles
from orders.models import PickupPoint, StockQuestion
from orders.setting_cycles import Plan, Stop


def make_market_day(
    letter: str, variant: Variant, member: Member, point: PickupPoint, *, staff: dict[str, User], at: datetime
) -> dict[str, str]:
    """The names by which a request could ask for them."""
    day = vietnam_day(at) + timedelta(days=6)
    morning = datetime.combine(day, time(7), tzinfo=VIETNAM_OFFSET)
    plan = Plan(
        opens_at=at, closes_at=at + timedelta(days=3), pickup_day=day, name=f"Phiên {letter}",
        stops=[Stop(point.pk, morning, morning + timedelta(hours=2))], product_ids=[variant.product_id],
    )  # fmt: skip
    cycle = setting_cycles.set_cycle(
        organization_id=member.organization_id, plan=plan, actor=staff["clerk"], key=f"phiên {letter}", at=at
    )
    lot = promising_lots.promise_lot(
        variant_id=variant.pk, member_id=member.pk, quantity=3, expected_on=day, actor=staff["clerk"],
        key=f"hẹn {letter}", at=at,
    )  # fmt: skip
    asked = StockQuestion.objects.create(
        member=member, variant=variant, asked_at=at, call_from=at, decide_from=at + timedelta(days=1)
    )
    return {
        "cycle": to_global_id("Cycle", cycle.pk), "promised_lot": to_global_id("Lot", lot.pk),
        "stock_question": to_global_id("StockQuestion", asked.pk),
    }  # fmt: skip
