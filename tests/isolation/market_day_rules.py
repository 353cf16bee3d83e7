"""Who may do what with market days, pick-up points, promised goods and rests."""

from datetime import timedelta
from typing import Any

from base.periods import today_in_vietnam
from tests.isolation.rule import EVERYBODY, MONEY, SELLERS, STAFF, Rule
from tests.isolation.sides import Names

_HER_TOO = frozenset({"member"})


def _plan(names: Names) -> dict[str, Any]:
    day = today_in_vietnam() + timedelta(days=6)
    return {
        "name": "Phiên mới", "opensAt": f"{day - timedelta(days=8)}T07:00:00+07:00",
        "closesAt": f"{day - timedelta(days=1)}T20:00:00+07:00", "pickupDay": day.isoformat(),
        "stops": [
            {
                "pointId": names.pickup_point, "fromAt": f"{day}T07:00:00+07:00", "toAt": f"{day}T09:00:00+07:00",
            }
        ],
        "needsDong": "0",
    }  # fmt: skip


def _in_a_week() -> str:
    return (today_in_vietnam() + timedelta(days=7)).isoformat()


QUERIES: dict[str, Rule] = {
    "cycle": Rule(EVERYBODY, lambda a: {"id": a.cycle}, frozenset({"cycle"})),
    "cycles": Rule(EVERYBODY, lambda a: {"organization": a.organization}, frozenset({"organization"})),
    "stockQuestions": Rule(EVERYBODY),
    "promisedLots": Rule(STAFF | _HER_TOO, lambda a: {"organization": a.organization}),
}

MUTATIONS: dict[str, Rule] = {
    "cycleSet": Rule(
        SELLERS, lambda a: {"organization": a.organization, "plan": _plan(a), "idempotencyKey": "một lần"}
    ),
    "cycleChange": Rule(SELLERS, lambda a: {"cycleId": a.cycle, "plan": _plan(a)}),
    "cycleGoAhead": Rule(SELLERS, lambda a: {"cycleId": a.cycle}),
    "cycleDrop": Rule(MONEY, lambda a: {"cycleId": a.cycle, "why": "bão về"}),
    "pickupPointSet": Rule(
        SELLERS,
        lambda a: {
            "organization": a.organization, "pointId": a.pickup_point, "name": "Đình làng", "place": "Thôn 2",
            "idempotencyKey": "một lần",
        },
    ),
    "pickupPointOpen": Rule(SELLERS, lambda a: {"pointId": a.pickup_point, "isOpen": False}),
    "stockAnswer": Rule(STAFF | _HER_TOO, lambda a: {"questionId": a.stock_question, "answer": "NO"}),
    "productRest": Rule(SELLERS | _HER_TOO, lambda a: {"productId": a.draft, "until": _in_a_week()}),
    "shopRest": Rule(MONEY, lambda a: {"organization": a.organization, "until": _in_a_week()}),
    "lotPromise": Rule(
        SELLERS | _HER_TOO,
        lambda a: {
            "variantId": a.draft_variant, "memberId": a.member, "quantity": 5, "expectedOn": _in_a_week(),
            "idempotencyKey": "một lần",
        },
    ),
    "lotBrought": Rule(SELLERS, lambda a: {"lotId": a.promised_lot, "quantity": 2}),
}  # fmt: skip
