"""Eight buyers, eight processes, one moment, five bags: five orders, whichever database runs."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from catalog.models import Variant
from tests.people import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

BUYERS = 8
BAGS_LEFT = 5
HEAD_START_S = 0.15  # until everybody has read what to want

Ask = Callable[[list[list[list[int]]], list[str]], list[dict[str, Any]]]


class Buyer:
    """One process with a connection of its own (tests/race/buyer.py)."""

    def __init__(self, database_url: str) -> None:
        environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.race.buyer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=settings.BASE_DIR,
            text=True,
        )

    def tell(self, **told: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture(scope="module")
def database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For SQLite, whose test database lives in this process's memory: the buyers get a copy on disk."""
    return tmp_path_factory.mktemp("race") / "last_bags.sqlite3"


@pytest.fixture(scope="module")
def buyers(django_db_setup: None, database_file: Path) -> Iterator[list[Buyer]]:
    named = connection.settings_dict
    url = (
        f"sqlite:///{database_file}"
        if connection.vendor == "sqlite"
        else f"postgres://{named['USER']}:{named['PASSWORD']}@{named['HOST']}:{named['PORT']}/{named['NAME']}"
    )
    crowd = [Buyer(url) for _number in range(BUYERS)]
    try:
        assert [buyer.answer() for buyer in crowd] == ["ready"] * BUYERS
        yield crowd
    finally:
        for buyer in crowd:
            buyer.process.communicate(timeout=30)


@pytest.fixture
def five_left(world: World) -> World:
    """Of thirty bags twenty-five are promised; loose fish is there in plenty."""
    Variant.objects.filter(pk=world.variant.pk).update(reserved=30 - BAGS_LEFT)
    return world


@pytest.fixture
def ask(buyers: list[Buyer], five_left: World, database_file: Path) -> Ask:
    """Tell each buyer her basket and her key, let all begin at one moment, and hear what each was answered.

    Afterwards the test's own connection sees what they left behind.
    """

    def ask_all(baskets: list[list[list[int]]], keys: list[str]) -> list[dict[str, Any]]:
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(database_file)) as file:
                connection.connection.backup(file)
        start_at = time.time() + HEAD_START_S
        for buyer, basket, key in zip(buyers, baskets, keys, strict=True):
            buyer.tell(start_at=start_at, lines=basket, key=key)
        answers = [json.loads(buyer.answer()) for buyer in buyers]
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(database_file)) as file:
                file.backup(connection.connection)
        return answers

    return ask_all


def stock_of(variant: Variant) -> tuple[int, int]:
    variant.refresh_from_db()
    return variant.on_hand, variant.reserved


def placed_and_refused(answers: list[dict[str, Any]]) -> tuple[int, list[str]]:
    placed = [answer["orders"] for answer in answers if "orders" in answer]
    assert len({orders[0] for orders in placed}) == len(placed), "two buyers were given one order"
    return len(placed), [answer["refused"] for answer in answers if "refused" in answer]


def keys(count: int = BUYERS) -> list[str]:
    return [f"tap-{number}" for number in range(count)]


def test_eight_buyers_take_the_last_five_bags(ask: Ask, five_left: World) -> None:
    bag = five_left.variant
    answers = ask([[[bag.pk, 1]]] * BUYERS, keys())
    assert placed_and_refused(answers) == (5, ["SOLD_OUT"] * 3)
    assert stock_of(bag) == (30, 30)
    orders = five_left.organization.orders
    assert orders.count() == 5
    assert [order.lines.get().quantity for order in orders.all()] == [1] * 5
    assert five_left.organization.payment_requests.count() == 5


def test_who_wants_two_gets_two_or_none(ask: Ask, five_left: World) -> None:
    bag = five_left.variant
    answers = ask([[[bag.pk, 2]]] * BUYERS, keys())
    assert placed_and_refused(answers) == (2, ["SOLD_OUT"] * 6)
    assert stock_of(bag) == (30, 29)


def test_baskets_in_opposite_order_do_not_wait_for_each_other(ask: Ask, five_left: World) -> None:
    """One takes bags first, the other loose fish first. A loser's loose fish is let go with her bag."""
    bag, loose = five_left.variant, five_left.variant_by_weight
    one_way, other_way = [[bag.pk, 1], [loose.pk, 100]], [[loose.pk, 100], [bag.pk, 1]]
    answers = ask([one_way, other_way] * (BUYERS // 2), keys())
    assert placed_and_refused(answers) == (5, ["SOLD_OUT"] * 3)
    assert stock_of(bag) == (30, 30)
    assert stock_of(loose) == (5000, 500)


def test_one_impatient_buyer_taps_eight_times(ask: Ask, five_left: World) -> None:
    answers = ask([[[five_left.variant.pk, 1]]] * BUYERS, ["one-key"] * BUYERS)
    orders = {tuple(answer["orders"]) for answer in answers}
    assert len(orders) == 1
    assert stock_of(five_left.variant) == (30, 26)
    assert five_left.organization.orders.count() == 1
