"""Throwing: one input, or as many as fit into some seconds, with crashes and slow ones kept."""

import random
import time
from dataclasses import dataclass, field

from tests.fuzz.mutating import spoiled
from tests.fuzz.targets import TARGETS, Target

SLOW_S = 1.0


class TooSlow(AssertionError):
    """One input took more than SLOW_S of CPU."""


def thrown(target: Target, data: bytes) -> float:
    """Seconds of CPU. Raises what the target raised, or TooSlow."""
    began = time.thread_time()
    target(data)
    took = time.thread_time() - began
    if took > SLOW_S:
        raise TooSlow(f"{took:.1f} s")
    return took


@dataclass
class Outcome:
    """``crashes``: what was raised and the input that did it, the first of each kind."""

    inputs: int = 0
    slowest_s: float = 0.0
    crashes: dict[str, bytes] = field(default_factory=dict)


def throw_for(name: str, *, seconds: float, seed: int) -> Outcome:
    """Spoiled seeds at the target ``name`` until ``seconds`` are over; the seeds themselves first."""
    target, dice, outcome = TARGETS[name], random.Random(f"{name} {seed}"), Outcome()
    grown = list(target.seeds())
    queue = list(grown)
    until = time.monotonic() + seconds
    while queue or time.monotonic() < until:
        data = queue.pop() if queue else spoiled(dice.choice(grown), dice, others=grown, longest=target.longest)
        outcome.inputs += 1
        try:
            outcome.slowest_s = max(outcome.slowest_s, thrown(target, data))
        except Exception as crash:  # noqa: BLE001 — whatever it is, it is what we look for
            outcome.crashes.setdefault(f"{type(crash).__name__}: {str(crash)[:120]}", data)
    return outcome
