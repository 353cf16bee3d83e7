"""The crowd: sixteen processes that begin at one moment, and this process, which then sees what they left."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.elsewhere import Elsewhere
from tests.figures import Figure
from tests.payments.conftest import feed
from tests.people import World, stock, world

__all__ = ["feed", "world"]

PROCESSES = 16
ROUNDS = 200 if os.environ.get("PROVE") else 3
HEAD_START_S = 0.03  # everybody stands at the line already; until all have heard "go"

Race = Callable[[list[dict[str, Any]]], list[Any]]
Rounds = Callable[[str], Iterator[int]]


class Racer:
    """One process with connections of its own (tests/race/racer.py)."""

    def __init__(self, elsewhere: Elsewhere) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.race.racer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=elsewhere.environment, cwd=settings.BASE_DIR, text=True,
        )  # fmt: skip

    def tell(self, told: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def dismiss(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    def wait(self) -> None:
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="session")
def elsewhere(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    return Elsewhere(tmp_path_factory.mktemp("race") / "race.sqlite3")


@pytest.fixture(scope="session")
def crowd(elsewhere: Elsewhere) -> Iterator[list[Racer]]:
    racers: list[Racer] = []
    try:
        racers += [Racer(elsewhere) for _number in range(PROCESSES)]
        assert [racer.answer() for racer in racers] == ["ready"] * PROCESSES
        yield racers
    finally:
        for racer in racers:
            racer.dismiss()
        for racer in racers:
            racer.wait()


@pytest.fixture
def race(crowd: list[Racer], elsewhere: Elsewhere) -> Race:
    """Do all deeds at one moment, spread over the processes, two at most in each; what each came to, in their order.

    A deed that fails with anything but a refusal fails the test.
    """

    def run(deeds: list[dict[str, Any]]) -> list[Any]:
        assert len(deeds) <= 2 * PROCESSES
        elsewhere.send()
        racers = crowd[: len(deeds)]
        for number, racer in enumerate(racers):
            racer.tell(deeds[number::PROCESSES])
        assert [racer.answer() for racer in racers] == ["at the line"] * len(racers)
        start_at = time.time() + HEAD_START_S
        for racer in racers:
            racer.tell(start_at)
        answers: list[Any] = [None] * len(deeds)
        for number, racer in enumerate(racers):
            answers[number::PROCESSES] = racer.answer()
        elsewhere.fetch()
        failed = [answer for answer in answers if isinstance(answer, str) and answer.startswith("error")]
        assert not failed, failed
        return answers

    return run


@pytest.fixture
def rounds(figure: Figure) -> Rounds:
    """``for number in rounds("same call ×16"):`` counts from 1; says the figure once all of them went right."""

    def counted(name: str) -> Iterator[int]:
        began = time.monotonic()
        yield from range(1, ROUNDS + 1)
        figure(f"race: {connection.vendor}, {name}: {ROUNDS} rounds, 0 wrong, {time.monotonic() - began:.1f} s")

    return counted


@pytest.fixture
def plenty(world: World) -> World:
    """Enough bags for every round."""
    stock(world.variant, 10 * ROUNDS, owner=None)
    return world
