"""One debt that several want to pay back at one moment. PROVE=1: 200 rounds of each."""

from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from cooperatives import ledger
from cooperatives.chart import Kind
from payments import closing
from payments.models import BankTransaction, KeptDebt, Refund
from payments.providers import sepay
from tests.payments.conftest import KEY, request_of
from tests.race.test_payments import call, fresh_order, later_books

__all__ = ["later_books"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.usefixtures("plenty")]


def owed_order(world, feed, race, number, *, paid_first=True):
    """An order of 75,000 that was cancelled, before or after its money came; its money is owed to the buyer."""
    order = fresh_order(world)
    if paid_first:
        race([call(feed, request_of(order).code, 75_000, number)])
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="khách đổi ý", at=timezone.now())
    return order


def ask(order, dong, actor, key) -> dict[str, Any]:
    return {"deed": "ask_back", "order": order.pk, "dong": dong, "actor": actor.pk, "key": key}


def way_out(world) -> int:
    return ledger.total_dong(organization=world.organization, kind=Kind.ON_THE_WAY_OUT)


def test_eight_refunds_of_one_debt_are_never_more_than_it(world, feed, race, rounds):
    for number in rounds("eight refunds of one debt"):
        order = owed_order(world, feed, race, number)
        answers = race([ask(order, 30_000, world.treasurer, f"{number}-{one}") for one in range(8)])
        assert Counter(answers) == {"to_do": 2, "MORE_THAN_OWED": 6}
        tasks = Refund.objects.filter(order=order).values_list("pk", flat=True)
        by_her = {"deed": "order_out", "actor": world.treasurer.pk}
        answers = race([by_her | {"refund": pk, "key": f"{pk}-{one}"} for pk in tasks for one in range(2)])
        assert Counter(answers) == {"ordered": 2, "REFUND_GONE": 2}
        assert way_out(world) == number * 60_000


def test_a_debt_is_paid_back_or_taken_back_and_never_both(world, feed, race, rounds):
    for number in rounds("debt paid back and taken back"):
        order = owed_order(world, feed, race, number, paid_first=False)
        race([call(feed, request_of(order).code, 75_000, number)])
        line = BankTransaction.objects.latest("pk")
        keep = {"deed": "keep", "line": line.pk, "code": request_of(order).code, "actor": world.treasurer.pk}
        race([keep | {"key": f"k{number}"}])
        race([ask(order, 75_000, world.treasurer, f"a{number}")])
        refund, debt = Refund.objects.get(order=order), KeptDebt.objects.get(order=order)
        by_her = {"actor": world.treasurer.pk}
        answers = race(
            [
                by_her | {"deed": "order_out", "refund": refund.pk, "key": f"o{number}"},
                by_her | {"deed": "undo", "kept_debt_id": debt.pk},
                by_her | {"deed": "undo", "kept_debt_id": debt.pk},
            ]
        )
        refund.refresh_from_db()
        assert (*answers, refund.state) in {
            ("ordered", "MONEY_ON_ITS_WAY", "MONEY_ON_ITS_WAY", "ordered"),
            ("REFUND_GONE", "NEEDS_YOU", "NEEDS_YOU", "cancelled"),
        }


def test_one_refund_is_closed_by_one_of_two_debits_or_dropped(world, feed, race, rounds):
    for number in rounds("two debits close one refund"):
        order = owed_order(world, feed, race, 10 * number)
        race([ask(order, 75_000, world.treasurer, f"a{number}")])
        refund = Refund.objects.get(order=order)
        by_her = {"actor": world.treasurer.pk, "refund": refund.pk}
        race([by_her | {"deed": "order_out", "key": f"o{number}"}])
        debits = [debit(feed, f"{refund.code} lan {one}", 10 * number + one) for one in (1, 2)]
        *calls, dropped = race([*debits * 3, by_her | {"deed": "drop_refund"}])
        assert calls == ["200"] * 6
        refund.refresh_from_db()
        lines = Counter(BankTransaction.objects.filter(memo__startswith=refund.code).values_list("state", flat=True))
        assert (dropped, refund.state, lines) in [
            ("REFUND_GONE", "sent", {"SETTLED": 1, "NEEDS_YOU": 1}), ("cancelled", "cancelled", {"NEEDS_YOU": 2}),
        ]  # fmt: skip
        assert way_out(world) == 0


def debit(feed, memo, source_id) -> dict[str, Any]:
    body = sepay.call_body(
        source_id=source_id, account=feed.bank_account.number, dong=75_000, memo=memo, happened_at=timezone.now(),
        direction="out",
    )  # fmt: skip
    return {"deed": "call", "token": feed.token, "key": KEY, "body": body.decode()}
