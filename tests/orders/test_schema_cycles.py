"""Market days through GraphQL: the same rules, and no more questions for more of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from graphql_relay import to_global_id

from base.periods import VIETNAM_OFFSET, vietnam_day
from orders.setting_cycles import Plan, Stop, set_cycle
from tests.orders.making import place
from tests.people import World

pytestmark = pytest.mark.django_db

ASKED = """{ cycles(first: 20) { edges { node {
  name state closesAt orderedDong stops { name place fromAt } products { name inSeason rating { count } }
} } } }"""

SET = "mutation ($input: CycleSetInput!) { cycleSet(input: $input) { cycle { id } errors { code } } }"


def market_day(world: World, number: int) -> Any:
    now = timezone.now()
    day = vietnam_day(now) + timedelta(days=5)
    morning = datetime(day.year, day.month, day.day, 7, tzinfo=VIETNAM_OFFSET)
    plan = Plan(
        name=f"Phiên {number}", opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=2), pickup_day=day,
        stops=[Stop(world.pickup_point.pk, morning, morning + timedelta(hours=1))], product_ids=[world.product.pk],
    )  # fmt: skip
    return set_cycle(organization_id=world.organization.pk, plan=plan, actor=world.clerk, key=f"{number}", at=now)


def asked() -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as made:
        answer = Client().post("/graphql/", {"query": ASKED}, content_type="application/json").json()
    return answer["data"]["cycles"]["edges"], len(made)


def test_a_list_says_what_was_ordered_in_as_many_questions_as_one(world: World) -> None:
    first = market_day(world, 1)
    place((world.variant, 2), cycle_id=first.pk, at=timezone.now())
    [edge], one = asked()
    assert (edge["node"]["orderedDong"], edge["node"]["state"]) == ("150000", "SET")
    assert [stop["name"] for stop in edge["node"]["stops"]] == ["Nhà văn hóa thôn"]
    assert [product["name"] for product in edge["node"]["products"]] == ["Cá chạch sấy khô"]
    for number in range(2, 6):
        market_day(world, number)
    edges, five = asked()
    assert (len(edges), five) == (5, one)


def test_a_time_without_a_zone_is_refused_by_name(world: World) -> None:
    """``2026-12-05T08:00`` is no moment, and the year 1 has none in Việt Nam: a typed refusal, not a fault of ours."""
    client = Client()
    client.force_login(world.clerk)
    now = timezone.now()
    day = vietnam_day(now) + timedelta(days=5)
    morning = datetime(day.year, day.month, day.day, 7, tzinfo=VIETNAM_OFFSET)
    point = to_global_id("PickupPoint", world.pickup_point.pk)
    right = {
        "opensAt": now.isoformat(), "closesAt": (now + timedelta(days=2)).isoformat(), "pickupDay": day.isoformat(),
        "stops": [{"pointId": point, "fromAt": morning.isoformat(), "toAt": morning.replace(hour=9).isoformat()}],
    }  # fmt: skip
    for number, wrong in enumerate(
        [
            {"opensAt": "2026-12-05T08:00:00", "closesAt": "2026-12-06T08:00:00"},
            {"opensAt": "0001-01-01T00:00:00+14:00"},
        ]
    ):
        given = {"organization": world.organization.slug, "plan": {**right, **wrong}, "idempotencyKey": f"k{number}"}
        answer = client.post(
            "/graphql/", {"query": SET, "variables": {"input": given}}, content_type="application/json"
        ).json()
        assert "errors" not in answer, answer
        assert answer["data"]["cycleSet"] == {"cycle": None, "errors": [{"code": "BAD_CYCLE_TIMES"}]}
