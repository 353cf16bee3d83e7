"""Stories that a treasurer can check without reading code: what happened, and what stands in the books afterwards.

Prices: a bag of dried loach costs 75,000 đ and the cooperative keeps 10 %. An brought 20 bags first, Hoa 10 after her.
Every story ends with the audit: not one đồng unexplained.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from cooperatives import income
from cooperatives.models import LedgerAccount
from orders import fulfilling
from orders.models import Order
from payments import cash, closing, opening, triage, undoing
from payments.audit import audit
from payments.models import BankTransaction
from tests.payments import conftest
from tests.payments.conftest import order_bags, request_of
from tests.people import World

Comes = Callable[..., BankTransaction]
comes = conftest.comes  # the fixture


@pytest.fixture(autouse=True)
def nothing_unexplained(world: World) -> Iterator[None]:
    yield
    for organization in (world.organization, world.other_organization):
        seen = audit(organization, at=world.now)
        assert seen.is_clean, seen.checks


def stands(world: World) -> dict[str, int]:
    """What the accounts hold, by kind, those with nothing left out."""
    held: dict[str, int] = {}
    for account in LedgerAccount.objects.filter(organization=world.organization):
        held[account.kind] = held.get(account.kind, 0) + account.balance_dong
    return {kind: dong for kind, dong in held.items() if dong}


def owed_to(member: Any) -> int:
    return income.owed_dong(member=member)


def hand_over(world: World, order: Order) -> None:
    fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)


def test_an_order_is_no_money(world: World) -> None:
    """Dũng orders 2 bags. Until the bank has seen his money there is nothing to book."""
    order_bags(world, 2)
    assert stands(world) == {}


def test_money_is_kept_for_the_buyer_until_he_has_his_goods(world: World, comes: Comes) -> None:
    """Dũng transfers 150,000 đ. It lies in the bank and belongs to his order: to no member yet."""
    comes(request_of(order_bags(world, 2)).code, 150_000)
    assert stands(world) == {"bank": 150_000, "prepaid": 150_000}
    assert owed_to(world.member_an) == 0


def test_dried_loach_of_two_members_is_sold_with_a_fee(world: World, comes: Comes) -> None:
    """Dũng takes 22 bags for 1,650,000 đ: 20 of An's and 2 of Hoa's, whose bags came later.

    An: 1,500,000 − 10 % = 1,350,000. Hoa: 150,000 − 10 % = 135,000. The cooperative keeps 165,000.
    """
    order = order_bags(world, 22)
    comes(request_of(order).code, 1_650_000)
    hand_over(world, order)
    assert (owed_to(world.member_an), owed_to(world.member_hoa)) == (1_350_000, 135_000)
    assert stands(world) == {"bank": 1_650_000, "owed_to_members": 1_485_000, "fee": 165_000}


def test_it_is_the_month_of_the_hand_over_that_counts(world: World, comes: Comes) -> None:
    """Ordered and paid on 15 March, fetched on 1 April: An's income of April."""
    order = order_bags(world, 1)
    comes(request_of(order).code, 75_000)
    fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now + timedelta(days=17))
    months = income.months(member=world.member_an, first="2026-03", last="2026-04")
    assert [(month.month, month.income_dong) for month in months] == [("2026-03", 0), ("2026-04", 67_500)]


def test_paid_in_two_parts(world: World, comes: Comes) -> None:
    """100,000 đ today, the rest of 150,000 tomorrow: both in his order's purse."""
    order = order_bags(world, 2)
    comes(request_of(order).code, 100_000)
    assert stands(world) == {"bank": 100_000, "prepaid": 100_000}
    comes(request_of(order).code, 50_000)
    assert stands(world) == {"bank": 150_000, "prepaid": 150_000}


def test_twenty_thousand_too_much_is_owed_back(world: World, comes: Comes) -> None:
    """He sends 95,000 for one bag. 20,000 are his and stay apart from everybody's income."""
    order = order_bags(world, 1)
    comes(request_of(order).code, 95_000)
    hand_over(world, order)
    assert stands(world) == {"bank": 95_000, "owed_to_payers": 20_000, "owed_to_members": 67_500, "fee": 7_500}


def test_money_without_a_code_waits(world: World, comes: Comes) -> None:
    """Nobody guesses whose it is."""
    comes("tien ca kho", 75_000)
    assert stands(world) == {"bank": 75_000, "unmatched_arrivals": 75_000}


def test_bình_assigns_it_and_takes_it_back(world: World, comes: Comes) -> None:
    """He gives it to an order, sees that it was the wrong one, and undoes it: as if it had just come."""
    order = order_bags(world, 1)
    line = comes("tien ca kho", 75_000)
    triage.assign(
        transaction_id=line.pk, parts=[triage.Part(request_of(order).code, 75_000)], reason="anh Dũng gọi điện",
        actor=world.treasurer, key="assign", at=world.now,
    )  # fmt: skip
    assert stands(world) == {"bank": 75_000, "prepaid": 75_000}
    undoing.undo(settlement_id=line.settlements.get().pk, kept_debt_id=None, actor=world.treasurer, at=world.now)
    assert stands(world) == {"bank": 75_000, "unmatched_arrivals": 75_000}


def test_the_same_order_paid_twice(world: World, comes: Comes) -> None:
    """The second 75,000 waits, until Bình writes down that it is owed back."""
    code = request_of(order_bags(world, 1)).code
    comes(code, 75_000)
    second = comes(code, 75_000)
    assert stands(world) == {"bank": 150_000, "prepaid": 75_000, "unmatched_arrivals": 75_000}
    triage.keep_as_debt(
        transaction_id=second.pk, code=code, reason="trả hai lần", actor=world.treasurer, key="keep", at=world.now
    )
    assert stands(world) == {"bank": 150_000, "prepaid": 75_000, "owed_to_payers": 75_000}


def test_a_cancelled_order_gives_its_purse_back(world: World, comes: Comes) -> None:
    """30,000 of 75,000 had come when Dũng changed his mind. They are owed to him."""
    order = order_bags(world, 1)
    comes(request_of(order).code, 30_000)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="khách đổi ý", at=world.now)
    assert stands(world) == {"bank": 30_000, "owed_to_payers": 30_000}


def test_cash_at_the_counter(world: World) -> None:
    """Lan counts 75,000 into her box. It is in her hands, not in the bank, and An is owed her share all the same."""
    order = order_bags(world, 1, pay_by="CASH")
    cash.receive(code=request_of(order).code, amount_dong=75_000, actor=world.clerk, key="cash", at=world.now)
    hand_over(world, order)
    assert stands(world) == {"cash": 75_000, "owed_to_members": 67_500, "fee": 7_500}


def test_cash_is_rounded_to_the_step(world: World) -> None:
    """One bag at 75,400 đ: 75,000 are counted, the 400 missing are the cooperative's loss and not An's."""
    world.variant.price_dong = 75_400
    world.variant.save()
    order = order_bags(world, 1, pay_by="CASH")
    cash.receive(code=request_of(order).code, amount_dong=75_000, actor=world.clerk, key="cash", at=world.now)
    hand_over(world, order)
    assert stands(world) == {"cash": 75_000, "losses": 400, "owed_to_members": 67_860, "fee": 7_540}


def test_money_that_leaves_is_an_alarm_until_it_is_explained(world: World, comes: Comes) -> None:
    """The bank takes 11,000 in fees. The books follow the bank and say that nobody has explained it."""
    opening.open_account(bank_account=world.bank_account, amount_dong=1_000_000, actor=None, at=world.now)
    comes("phi dich vu", 11_000, direction="out")
    assert stands(world) == {"bank": 989_000, "opening": 1_000_000, "unmatched_departures": 11_000}
    assert audit(world.organization, at=world.now).alarm_dong == 11_000


def test_an_account_that_was_overdrawn_when_the_books_began(world: World) -> None:
    """−200,000 đ on the opening day: the bank's account may stand below 0, because the truth is at the bank."""
    opening.open_account(bank_account=world.bank_account, amount_dong=-200_000, actor=None, at=world.now)
    assert stands(world) == {"bank": -200_000, "opening": -200_000}
