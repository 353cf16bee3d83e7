"""Goods that several hands take back at one moment, and a member who is paid meanwhile. PROVE=1: 200 rounds of each."""

from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from cooperatives import ledger
from cooperatives.chart import Kind
from orders.models import Order, Return
from payments import cash, handing_over
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.usefixtures("plenty")]


@pytest.fixture(autouse=True)
def later_books(world: World) -> Any:
    yield
    assert is_clean(world.organization, at=timezone.now())


def paid(world: World, bags: int, key: str) -> Order:
    """Bags paid in cash into the treasurer's box, not handed over yet."""
    order = order_bags(world, bags, pay_by="CASH", at=timezone.now())
    asked = request_of(order)
    cash.receive(code=asked.code, amount_dong=asked.due_dong, actor=world.treasurer, key=key, at=timezone.now())
    return order


def sold(world: World, bags: int, key: str) -> Order:
    order = paid(world, bags, key)
    return handing_over.hand_over(order_id=order.pk, actor=world.clerk, at=timezone.now())


def bring_back(world: World, order: Order, bags: int, key: str) -> dict[str, Any]:
    line = order.lines.get().pk
    return {
        "deed": "return_goods",
        "order": order.pk,
        "line": line,
        "bags": bags,
        "actor": world.treasurer.pk,
        "key": key,
    }


def test_the_last_bag_comes_back_once(world, race, rounds):
    for number in rounds("eight returns of the last bag"):
        order = sold(world, 2, f"c{number}")
        before = world.variant.lots.get(pk=order.lines.get().allocations.get().lot_id).left
        one = [bring_back(world, order, 1, f"{number}-{hand}") for hand in range(8)]
        again = [bring_back(world, order, 1, f"{number}-0")]  # a double tap of the first
        answers = Counter(race(one + again))
        # Two bags were sold: two of the hands got one each, and the double tap repeats its first.
        assert answers[75_000] in (2, 3)
        assert answers["NOT_RETURNABLE"] == 9 - answers[75_000]
        order.refresh_from_db()
        assert order.state == Order.State.RETURNED
        assert Return.objects.filter(order=order).count() == 2
        lot = order.lines.get().allocations.get().lot
        assert lot.left == before + 2
        assert owed_back(world, order) == 150_000


def test_a_return_another_return_a_sale_and_her_pay_at_one_moment(world, race, rounds):
    """Whichever comes first, what she is owed less what she owes is the same, and nobody is paid twice."""
    an = world.member_an
    for number in rounds("two returns, a sale and a payment"):
        first, second = sold(world, 1, f"a{number}"), sold(world, 1, f"b{number}")
        third = paid(world, 1, f"d{number}")
        before = balance(world, an)
        if number == 1:
            assert before == 2 * 67_500
        answers = race(
            [
                bring_back(world, first, 1, f"r{number}"),
                bring_back(world, second, 1, f"s{number}"),
                {"deed": "give_goods", "order": third.pk, "actor": world.clerk.pk},
                {
                    "deed": "pay_member",
                    "member": an.pk,
                    "dong": 67_500,
                    "actor": world.treasurer.pk,
                    "key": f"p{number}",
                },
            ]
        )
        assert answers[:3] == [75_000, 75_000, Order.State.HANDED_OVER]
        assert answers[3] in (67_500, "MORE_THAN_OWED")
        her_pay = 67_500 if answers[3] == 67_500 else 0
        assert balance(world, an) == before - 2 * 67_500 + 67_500 - her_pay
        race([bring_back(world, third, 1, f"t{number}")])  # her bags last for all rounds


def owed_back(world: World, order: Order) -> int:
    subject = f"order:{order.pk}"
    return ledger.balance_dong(organization=world.organization, kind=Kind.OWED_TO_PAYERS, subject=subject)


def balance(world: World, member: Any) -> int:
    """Owed to her, less owed by her."""
    subject = f"member:{member.pk}"
    owed_to, owed_by = (
        ledger.balance_dong(organization=world.organization, kind=kind, subject=subject)
        for kind in (Kind.OWED_TO_MEMBERS, Kind.OWED_BY_MEMBERS)
    )
    return owed_to - owed_by
