"""Money reached for by several processes at one moment, on the suite's own database. PROVE=1: 200 rounds of each."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Entry
from orders.models import Order
from payments import inbox
from payments.models import BankTransaction, CashReceipt, Feed, Settlement, Sighting, StatementFile
from payments.providers import sepay
from tests.payments.conftest import KEY, arrival, is_clean, order_bags, request_of, statement
from tests.people import World
from tests.race.conftest import ROUNDS, Race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.usefixtures("plenty")]


@pytest.fixture(autouse=True)
def later_books(world: World) -> Iterator[None]:
    """Whatever was raced: afterwards the books add up."""
    yield
    assert is_clean(world.organization, at=timezone.now())


def call(feed: Feed, memo: str, dong: int, source_id: int) -> dict[str, Any]:
    account = feed.bank_account.number
    now = timezone.now()
    body = sepay.call_body(source_id=source_id, account=account, dong=dong, memo=memo, happened_at=now)
    return {"deed": "call", "token": feed.token, "key": KEY, "body": body.decode()}


def purse(order: Order, kind: Kind = Kind.PREPAID) -> int:
    return ledger.balance_dong(organization=order.organization, kind=kind, subject=f"order:{order.pk}")


def fresh_order(world: World, bags: int = 1) -> Order:
    return order_bags(world, bags, at=timezone.now())


def test_one_call_sixteen_times_at_once_is_one_booking(world, feed, race, rounds):
    for number in rounds("same call ×16"):
        order = fresh_order(world)
        answers = race([call(feed, request_of(order).code, 75_000, number)] * 16)
        assert answers == ["200"] * 16
        order.refresh_from_db()
        assert (order.payment, purse(order), BankTransaction.objects.count(), Sighting.objects.count()) == (
            "PAID", 75_000, number, number,
        )  # fmt: skip
        assert Counter(Entry.objects.values_list("event", flat=True)) == {"arrived": number, "settled": number}


def test_eight_payments_of_one_order_at_once_are_all_kept_and_one_is_used(world, feed, race, rounds):
    for number in rounds("eight payments of one order"):
        order = fresh_order(world)
        code = request_of(order).code
        ids = range(8 * number, 8 * number + 8)
        assert race([call(feed, code, 75_000, source_id) for source_id in ids]) == ["200"] * 8
        assert Counter(BankTransaction.objects.filter(memo=code).values_list("state", "reason")) == {
            ("SETTLED", ""): 1, ("NEEDS_YOU", "ALREADY_PAID"): 7,
        }  # fmt: skip
        assert (purse(order), purse(order, Kind.OWED_TO_PAYERS)) == (75_000, 0)
        assert ledger.total_dong(organization=world.organization, kind=Kind.BANK) == number * 8 * 75_000


def waiting_line(feed: Feed, race: Race, source_id: int, dong: int = 75_000) -> BankTransaction:
    race([call(feed, "tien ca khong ma", dong, source_id)])
    return BankTransaction.objects.latest("pk")


def test_the_bank_and_the_treasurer_pay_one_order_at_once(world, feed, race, rounds):
    for number in rounds("call and treasurer pay one order"):
        order, line = fresh_order(world), waiting_line(feed, race, 100 + number)
        code = request_of(order).code
        by_hand = {"deed": "assign", "line": line.pk, "code": code, "dong": 75_000, "actor": world.treasurer.pk}
        race([call(feed, code, 75_000, 200 + number), by_hand | {"key": f"k{number}"}])
        called = BankTransaction.objects.latest("pk")
        excess = purse(order, Kind.OWED_TO_PAYERS)
        assert purse(order) == 75_000
        assert (called.state, called.reason, excess) in {
            ("SETTLED", "", 75_000), ("NEEDS_YOU", "ALREADY_PAID", 0),
        }  # fmt: skip


def test_two_treasurers_give_one_line_to_two_orders(world, feed, race, rounds):
    for number in rounds("two treasurers, one line"):
        line, orders = waiting_line(feed, race, number), [fresh_order(world), fresh_order(world)]
        answers = race(
            [
                {
                    "deed": "assign", "line": line.pk, "code": request_of(order).code, "dong": 75_000,
                    "actor": world.treasurer.pk, "key": f"{number}-{order.pk}",
                }
                for order in orders
            ]
        )  # fmt: skip
        assert sorted(answers) == ["NOTHING_LEFT", "SETTLED"]
        assert sorted(purse(order) for order in orders) == [0, 75_000]
        line.refresh_from_db()
        assert line.used_dong == 75_000


def test_an_order_is_cancelled_while_its_money_comes(world, feed, race, rounds):
    for number in rounds("cancelled while paid"):
        order = fresh_order(world)
        answers = race([call(feed, request_of(order).code, 75_000, number), {"deed": "cancel", "order": order.pk}])
        assert answers == ["200", "CANCELLED"]
        order.refresh_from_db()
        line = BankTransaction.objects.latest("pk")
        assert (order.state, order.payment, purse(order)) == ("CANCELLED", "UNPAID", 0)
        assert (line.state, line.reason, purse(order, Kind.OWED_TO_PAYERS)) in {
            ("SETTLED", "", 75_000), ("NEEDS_YOU", "CANCELLED_ORDER", 0),
        }  # fmt: skip
        world.variant.refresh_from_db()
        assert world.variant.reserved == 0


def test_an_order_falls_due_while_its_money_comes(world, feed, race, rounds):
    for number in rounds("expires while paid"):
        order = order_bags(world, 1)  # placed months ago
        race([call(feed, request_of(order).code, 75_000, number), {"deed": "expire"}, {"deed": "expire"}])
        order.refresh_from_db()
        assert (order.state, order.payment, purse(order)) == ("PLACED", "PAID", 75_000)  # in time, or brought back


def test_cash_and_the_treasurer_and_two_undoings_never_wait_for_each_other(world, feed, race, rounds):
    """Cash holds the organization's row while others write entries that point at it."""
    for number in rounds("cash, treasurer, two undoings"):
        order, line = fresh_order(world, 2), waiting_line(feed, race, number, dong=150_000)
        code, treasurer = request_of(order).code, world.treasurer.pk
        settled = waiting_line(feed, race, 500 + number, dong=10_000)
        by_hand = {"deed": "assign", "code": code, "actor": treasurer}
        race([by_hand | {"line": settled.pk, "dong": 10_000, "key": f"s{number}"}])
        undoing = {"deed": "undo", "settlement_id": Settlement.objects.latest("pk").pk, "actor": treasurer}
        cash = {"deed": "cash", "code": code, "dong": 40_000, "actor": world.clerk.pk}
        race(
            [
                cash | {"key": f"1-{number}"}, undoing,
                by_hand | {"line": line.pk, "dong": 60_000, "key": f"{number}"},
                undoing, cash | {"key": f"2-{number}"}, cash | {"key": f"1-{number}"},
            ]
        )  # fmt: skip
        assert purse(order) == request_of(order).credited_dong == 140_000
    numbers = CashReceipt.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 2 * ROUNDS + 1))


def a_file(world: World, codes: list[str]) -> dict[str, Any]:
    today = timezone.localdate().strftime("%d/%m/%Y")
    rows = [(today, f"FT {code}", 75_000, code) for code in codes]
    text = statement(rows, opening=None).decode()
    return {"deed": "statement", "account": world.bank_account.pk, "text": text, "actor": world.treasurer.pk}


def test_one_file_and_its_calls_at_once(world, feed, race, rounds):
    for number in rounds("file ×2, its calls and the worker"):
        orders = [fresh_order(world) for _order in range(4)]
        codes = [request_of(order).code for order in orders]
        file = a_file(world, codes)
        calls = [call(feed, code, 75_000, 4 * number + place) for place, code in enumerate(codes)]
        race([*calls, file, {"deed": "settle_new"}, file])
        assert (BankTransaction.objects.count(), Sighting.objects.count()) == (4 * number, 8 * number)
        assert [purse(order) for order in orders] == [75_000] * 4


def test_one_file_four_times_at_once(world, race, rounds):
    for number in rounds("same file ×4"):
        orders = [fresh_order(world) for _order in range(4)]
        file = a_file(world, [request_of(order).code for order in orders])
        assert race([file] * 4) == ["4"] * 4
        assert StatementFile.objects.count() == number
        assert (BankTransaction.objects.count(), Sighting.objects.count()) == (4 * number, 4 * number)
        assert [purse(order) for order in orders] == [75_000] * 4


def new_line(world: World, memo: str) -> BankTransaction:
    """Written down by a server that then went away."""
    now = timezone.now()
    told = arrival(memo, 75_000, at=now, account=world.bank_account.number)
    written = inbox.write_down(
        arrival=told, organization=world.organization, bank_account=world.bank_account, source="sepay:live", at=now
    )
    assert written.transaction is not None
    return written.transaction


def test_the_call_again_the_worker_and_a_treasurer_at_once_on_one_new_line(world, feed, race, rounds):
    for number in rounds("call, worker and treasurer, one new line"):
        order, repeated = fresh_order(world), call(feed, "tien ca khong ma", 75_000, number)
        by_hand = {
            "deed": "assign", "code": request_of(order).code, "dong": 75_000, "actor": world.treasurer.pk,
            "line": new_line(world, f"tien ca {number}").pk, "key": f"{number}",
        }  # fmt: skip
        *_others, assigned = race([repeated, {"deed": "settle_new"}, repeated, {"deed": "settle_new"}, by_hand])
        line = BankTransaction.objects.get(pk=by_hand["line"])
        assert (assigned, line.state, line.used_dong, purse(order)) in {
            ("SETTLED", "SETTLED", 75_000, 75_000), ("NOT_YET_BOOKED", "NEEDS_YOU", 0, 0),
        }  # fmt: skip
        arrived = Entry.objects.filter(event="arrived", key=f"arrived:{line.pk}")
        assert (arrived.count(), BankTransaction.objects.count()) == (1, 2 * number)


def test_four_workers_settle_the_same_lines_at_once(world, race, rounds):
    for number in rounds("four workers, eight new lines"):
        orders = [fresh_order(world) for _order in range(8)]
        for order in orders:
            new_line(world, request_of(order).code)
        race([{"deed": "settle_new"}] * 4)
        assert not BankTransaction.objects.filter(state="NEW").exists()
        assert [purse(order) for order in orders] == [75_000] * 8
        assert Counter(Entry.objects.values_list("event", flat=True)) == {"arrived": 8 * number, "settled": 8 * number}
