"""Money reached for by several processes at one moment, on the suite's own database. PROVE=1: more rounds."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Entry
from orders.models import Order
from payments import feeds
from payments.models import BankTransaction, CashReceipt, Feed, Settlement, Sighting
from payments.providers import sepay
from tests.elsewhere import Elsewhere
from tests.payments.conftest import is_clean, order_bags, request_of, statement
from tests.people import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

PROCESSES = 16
ROUNDS = 25 if os.environ.get("PROVE") else 2
HEAD_START_S = 0.5
KEY = "khoa-bi-mat-cua-nguon"

Race = Callable[[list[dict[str, Any]]], list[str]]


@pytest.fixture(scope="module")
def elsewhere(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    return Elsewhere(tmp_path_factory.mktemp("race") / "payments.sqlite3")


@pytest.fixture(scope="module")
def payers(elsewhere: Elsewhere) -> Iterator[list[subprocess.Popen[str]]]:
    crowd = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.race.payer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=elsewhere.environment, cwd=settings.BASE_DIR, text=True,
        )
        for _number in range(PROCESSES)
    ]  # fmt: skip
    try:
        assert [answer_of(payer) for payer in crowd] == ["ready"] * PROCESSES
        yield crowd
    finally:
        for payer in crowd:
            payer.communicate(timeout=30)


def answer_of(payer: subprocess.Popen[str]) -> str:
    assert payer.stdout is not None
    return payer.stdout.readline().strip()


@pytest.fixture
def race(payers: list[subprocess.Popen[str]], elsewhere: Elsewhere) -> Race:
    """Do all deeds at one moment, spread over the processes; afterwards this process sees what they left."""

    def run(deeds: list[dict[str, Any]]) -> list[str]:
        elsewhere.send()
        start_at = time.time() + HEAD_START_S
        for number, payer in enumerate(payers):
            assert payer.stdin is not None
            payer.stdin.write(json.dumps({"start_at": start_at, "deeds": deeds[number::PROCESSES]}) + "\n")
            payer.stdin.flush()
        answers = [""] * len(deeds)
        for number, payer in enumerate(payers):
            answers[number::PROCESSES] = json.loads(answer_of(payer))
        elsewhere.fetch()
        assert not [answer for answer in answers if answer.startswith("error")], answers
        return answers

    return run


@pytest.fixture
def feed(world: World) -> Feed:
    return feeds.connect(
        bank_account=world.bank_account, provider=Feed.Provider.SEPAY, auth=Feed.Auth.HMAC, key=KEY, actor=None,
        at=world.now,
    )  # fmt: skip


@pytest.fixture
def later_books(world: World) -> Iterator[None]:
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


def test_one_call_sixteen_times_at_once_is_one_booking(world, feed, race, later_books):
    for number in range(1, ROUNDS + 1):
        order = fresh_order(world)
        answers = race([call(feed, request_of(order).code, 75_000, number)] * PROCESSES)
        assert answers == ["200"] * 16
        order.refresh_from_db()
        assert (order.payment, purse(order), BankTransaction.objects.count(), Sighting.objects.count()) == (
            "PAID", 75_000, number, number,
        )  # fmt: skip
        assert Counter(Entry.objects.values_list("event", flat=True)) == {"arrived": number, "settled": number}


def test_sixteen_payments_of_one_order_at_once_are_all_kept_and_one_is_used(world, feed, race, later_books):
    order = fresh_order(world)
    code = request_of(order).code
    assert race([call(feed, code, 75_000, number) for number in range(1, 17)]) == ["200"] * 16
    assert Counter(BankTransaction.objects.values_list("state", "reason")) == {
        ("SETTLED", ""): 1, ("NEEDS_YOU", "ALREADY_PAID"): 15,
    }  # fmt: skip
    assert (purse(order), purse(order, Kind.OWED_TO_PAYERS)) == (75_000, 0)
    assert ledger.total_dong(organization=world.organization, kind=Kind.BANK) == 16 * 75_000


def waiting_line(feed: Feed, race: Race, source_id: int, dong: int = 75_000) -> BankTransaction:
    race([call(feed, "tien ca khong ma", dong, source_id)])
    return BankTransaction.objects.latest("pk")


def test_the_bank_and_the_treasurer_pay_one_order_at_once(world, feed, race, later_books):
    for number in range(1, ROUNDS + 1):
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


def test_two_treasurers_give_one_line_to_two_orders(world, feed, race, later_books):
    for number in range(1, ROUNDS + 1):
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


def test_an_order_is_cancelled_while_its_money_comes(world, feed, race, later_books):
    for number in range(1, ROUNDS + 1):
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


def test_an_order_falls_due_while_its_money_comes(world, feed, race, later_books):
    for number in range(1, ROUNDS + 1):
        order = order_bags(world, 1)  # placed months ago
        race([call(feed, request_of(order).code, 75_000, number), {"deed": "expire"}, {"deed": "expire"}])
        order.refresh_from_db()
        assert (order.state, order.payment, purse(order)) == ("PLACED", "PAID", 75_000)  # in time, or brought back


def test_cash_and_the_treasurer_and_two_undoings_never_wait_for_each_other(world, feed, race, later_books):
    """Cash holds the organization's row while others write entries that point at it."""
    for number in range(1, ROUNDS + 1):
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


def test_one_file_and_its_calls_at_once(world, feed, race, later_books):
    today = timezone.localdate().strftime("%d/%m/%Y")
    orders = [fresh_order(world) for _order in range(4)]
    codes = [request_of(order).code for order in orders]
    data = statement([(today, "", 75_000, code) for code in codes]).decode()
    file = {"deed": "statement", "account": world.bank_account.pk, "text": data, "actor": world.treasurer.pk}
    race(
        [call(feed, code, 75_000, number) for number, code in enumerate(codes, start=1)]
        + [file, {"deed": "settle_new"}, file]
    )
    assert (BankTransaction.objects.count(), Sighting.objects.count()) == (4, 8)
    assert [purse(order) for order in orders] == [75_000] * 4
