"""What racers do around market days."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from orders.models import Order
from orders.placing import Buyer, Wanted
from payments import checkout, failing_cycles


def place_on(*, cycle: int, variant: int, quantity: int, key: str, at: str = "") -> int:
    """A guest orders for a market day, to pay on receipt; her order."""
    placed = checkout.place(
        wanted=[Wanted(variant, quantity)], buyer=Buyer("Hoàng Văn Dũng", "0912000004"),
        delivery=Order.Delivery.PICKUP, pickup_point_id=None, pay_by=Order.PayBy.CASH, note="", key=key,
        placed_by=None, cycle_id=cycle, at=datetime.fromisoformat(at) if at else timezone.now(),
    )  # fmt: skip
    return placed.orders[0].pk


def decide(*, at: str) -> str:
    """The worker, as the clock stands at ``at``."""
    return str(failing_cycles.decide_due(at=datetime.fromisoformat(at)))


CYCLE_DEEDS: dict[str, Callable[..., Any]] = {"place_on": place_on, "decide": decide}
