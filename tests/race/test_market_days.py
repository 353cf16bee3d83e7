"""Two buyers and a cap; buyers and the closing: whichever comes first, nobody is left in between."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from base.periods import VIETNAM_OFFSET, vietnam_day
from orders import cycling, setting_cycles
from orders.models import Cycle, Order
from orders.setting_cycles import Plan, Stop
from payments import failing_cycles
from tests.people import World
from tests.race.conftest import ROUNDS, Race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

FEW = ROUNDS // 2
BAG_DONG = 75_000


def market_day(world: World, number: int, **sums: int) -> Cycle:
    now = timezone.now()
    day = vietnam_day(now) + timedelta(days=3)
    morning = datetime(day.year, day.month, day.day, 7, tzinfo=VIETNAM_OFFSET)
    plan = Plan(
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=1), pickup_day=day,
        stops=[Stop(world.pickup_point.pk, morning, morning + timedelta(hours=1))], name=f"Phiên {number}", **sums,
    )  # fmt: skip
    return setting_cycles.set_cycle(
        organization_id=world.organization.pk, plan=plan, actor=world.clerk, key=None, at=now
    )


def test_two_buyers_never_pass_a_cap_together(plenty: World, race: Race) -> None:
    for number in range(FEW):
        cycle = market_day(plenty, number, most_dong=3 * BAG_DONG)
        wish = {"deed": "place_on", "cycle": cycle.pk, "variant": plenty.variant.pk, "quantity": 2}
        answers = race([{**wish, "key": f"{number}-{buyer}"} for buyer in range(4)])
        assert sorted(str(answer) == "CYCLE_FULL" for answer in answers) == [False, True, True, True]
        assert cycling.ordered_dong(cycle) == 2 * BAG_DONG


def test_an_order_at_the_closing_is_in_or_out(plenty: World, race: Race) -> None:
    """Buyers one second before it closes, and two workers at the closing: what got in is ended with the others."""
    for number in range(FEW):
        cycle = market_day(plenty, number, needs_dong=100 * BAG_DONG)
        closing, before = cycle.closes_at.isoformat(), (cycle.closes_at - timedelta(seconds=1)).isoformat()
        wish = {"deed": "place_on", "cycle": cycle.pk, "variant": plenty.variant.pk, "quantity": 1, "at": before}
        deeds = [{**wish, "key": f"{number}-{buyer}"} for buyer in range(3)]
        answers = race([*deeds, {"deed": "decide", "at": closing}, {"deed": "decide", "at": closing}])
        got_in = [answer for answer in answers[:3] if answer != "CYCLE_CLOSED"]
        failing_cycles.decide_due(at=cycle.closes_at + timedelta(seconds=5))
        cycle.refresh_from_db()
        states = set(Order.objects.filter(cycle=cycle).values_list("state", flat=True))
        assert (cycle.state, states) == (Cycle.State.FAILED, {"CANCELLED"} if got_in else set())
        assert Order.objects.filter(cycle=cycle).count() == len(got_in)
