"""Two people at two screens, at the same moment, on the database that the suite runs on: exactly one of them wins."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from orders.models import Order
from tests.orders.making import pay, place
from tests.people import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
ROUNDS = 8
BAGS = 2


class Racer:
    """A process with a connection of its own, that does what it is told."""

    def __init__(self, database_url: str) -> None:
        environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.orders.racer"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True,
        )  # fmt: skip

    def __enter__(self) -> "Racer":
        return self

    def __exit__(self, *_how: object) -> None:
        self.process.communicate(timeout=30)

    def told(self, deed: str, order: Order) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{deed} {order.pk}\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Where other processes find what this test has written. SQLite's test database is in memory: they get a copy."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{tmp_path / 'race.sqlite3'}"
    asked = connection.settings_dict
    return f"postgres://{asked['USER']}:{asked['PASSWORD']}@{asked['HOST']}:{asked['PORT']}/{asked['NAME']}"


@pytest.fixture
def paid_orders(world: World, database_url: str) -> list[Order]:
    orders = [pay(place((world.variant, BAGS))[0], world=world) for _round in range(ROUNDS)]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as copy:
            connection.connection.backup(copy)
    return orders


@pytest.fixture
def racers(paid_orders: list[Order], database_url: str) -> Iterator[tuple[Racer, Racer]]:
    with ExitStack() as both:
        first, second = (both.enter_context(Racer(database_url)) for _side in range(2))
        assert first.answer() == second.answer() == "ready"
        yield first, second


def race(racers: tuple[Racer, Racer], deeds: tuple[str, str], order: Order) -> tuple[tuple[str, str], dict[str, Any]]:
    """Both answers, and what is stored afterwards."""
    first, second = racers
    first.told(deeds[0], order)
    second.told(deeds[1], order)
    answers = first.answer(), second.answer()
    first.told("look", order)
    return answers, json.loads(first.answer())


def test_handed_over_or_cancelled_and_never_both(racers: tuple[Racer, Racer], paid_orders: list[Order]) -> None:
    won: dict[str, int] = {"HANDED_OVER": 0, "CANCELLED": 0}
    for turn, order in enumerate(paid_orders):
        # The one that is told first has a head start; it changes from round to round.
        sides, deeds = (racers, ("hand_over", "cancel")) if turn % 2 else (racers[::-1], ("cancel", "hand_over"))
        answers, stored = race(sides, deeds, order)  # type: ignore[arg-type]
        said = dict(zip(deeds, answers, strict=True))
        assert stored["purse_dong"] == 0
        if stored["state"] == "HANDED_OVER":
            assert said == {"hand_over": "done", "cancel": "ALREADY_HANDED_OVER"}
            assert (stored["handed_over"], stored["allocated"], stored["back_to_payer_dong"]) == (1, BAGS, 0)
        else:
            assert said == {"hand_over": "NOT_DELIVERABLE", "cancel": "done"}
            assert (stored["handed_over"], stored["allocated"]) == (0, 0)
            assert stored["back_to_payer_dong"] == order.total_dong
        won[stored["state"]] += 1
        on_hand, reserved = stored["stock"][0]
        assert on_hand == 30 - BAGS * won["HANDED_OVER"]
        assert reserved == BAGS * (ROUNDS - turn - 1)
    assert sum(won.values()) == ROUNDS


def test_handed_over_by_two_clerks_is_handed_over_once(racers: tuple[Racer, Racer], paid_orders: list[Order]) -> None:
    for turn, order in enumerate(paid_orders, start=1):
        answers, stored = race(racers, ("hand_over", "hand_over"), order)
        assert answers == ("done", "done")
        assert (stored["state"], stored["handed_over"], stored["allocated"]) == ("HANDED_OVER", 1, BAGS)
        assert stored["members_dong"] == order.total_dong * turn * 9 // 10
        assert stored["stock"] == [[30 - BAGS * turn, BAGS * (ROUNDS - turn)]]
