"""A market under load meets faults of its database, one after the other, and has to get over each by itself."""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.kill.load import Load
from tests.kill.reconciling import assert_audit_is_clean, compared, wait_until_settled
from tests.market import Market

RECOVERED_WITHIN_S = 60
NOTICED_WITHIN_S = 60
Fault = Callable[[random.Random], AbstractContextManager[None]]
"""Inside the block the database is in trouble; at its end the cause is gone and nobody helps."""


@dataclass
class Figures:
    """What a run came to; ``str()`` is the line that is printed."""

    database: str
    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    refused: int = 0
    unanswered: int = 0
    lost: int = 0
    twice: int = 0
    slowest_s: float = 0.0
    seconds: float = 0.0

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} × {name}" for name, count in sorted(self.faults.items()))
        return (
            f"faults: {self.database} seed {self.seed}: {kinds}; {self.acknowledged} acknowledged, {self.refused} "
            f"tries refused and {self.unanswered} unanswered, all sent again, {self.lost} lost, {self.twice} twice, "
            f"audit 0, back within {self.slowest_s:.1f} s, {self.seconds:.0f} s"
        )


def endure(
    market: Market, faults: Mapping[str, Fault], *, seed: int, times: int, until_refused: bool = False
) -> Figures:
    """Every kind of fault ``times`` times, in a shuffled order. Fails on the first thing lost, doubled or not back.

    ``until_refused``: each lasts until somebody was refused because of it, however slow the machine; fails when nobody
    is for NOTICED_WITHIN_S.
    """
    began, chance = time.monotonic(), random.Random(seed)
    figures = Figures(market.database_url.split(":")[0], seed)
    order = [name for name in faults for _time in range(times)]
    chance.shuffle(order)
    server, worker = market.process_ids()
    with Load(market, seed=seed, pause_s=0.01) as load:
        for name in order:
            time.sleep(chance.uniform(0.2, 0.6))
            with faults[name](chance):
                refused = load.book.refused
                time.sleep(chance.uniform(0.1, 0.8))
                if until_refused:
                    _wait_until_refused(load, name, market, refused)
            figures.faults[name] += 1
            figures.slowest_s = max(figures.slowest_s, _seconds_until_acknowledged(load, name, market))
    wait_until_settled(market)
    assert market.process_ids() == (server, worker), f"somebody had to be started again\n{market.logs()}"
    difference, book = compared(market, load), load.book
    figures.acknowledged, figures.refused, figures.unanswered = book.acknowledged, book.refused, book.unanswered
    figures.lost, figures.twice = len(difference.missing), len(difference.twice)
    figures.seconds = time.monotonic() - began
    assert not difference, f"{figures}\n{difference}"
    assert_audit_is_clean(market)
    return figures


def _wait_until_refused(load: Load, name: str, market: Market, before: int) -> None:
    until = time.monotonic() + NOTICED_WITHIN_S
    while load.book.refused == before:
        assert time.monotonic() < until, f"{name}: nobody was refused for {NOTICED_WITHIN_S} s\n{market.logs()}"
        assert load.book.wrong == [], load.book.wrong[:5]
        time.sleep(0.02)


def _seconds_until_acknowledged(load: Load, name: str, market: Market) -> float:
    """Until both doors have acknowledged something new after the fault: a call and an order."""
    began, calls, orders = time.monotonic(), len(load.book.calls), len(load.book.orders)
    while len(load.book.calls) == calls or len(load.book.orders) == orders:
        taken = time.monotonic() - began
        assert taken < RECOVERED_WITHIN_S, f"{name}: nothing acknowledged for {taken:.0f} s\n{market.logs()}"
        assert load.book.wrong == [], load.book.wrong[:5]
        time.sleep(0.02)
    return time.monotonic() - began
