"""What a public page says is left: the exact figure while it is small, a floor above. Pure.

Counted in steps, the smallest difference one can buy: up to five are told exactly, more as "more than" the next
lower of 5, 10, 20, 50, 100, 200 … So it is never more than can be sold, and a page about full shelves stands while
they are sold from: it changes when a sale crosses into another band, not with each sale.
"""

from dataclasses import dataclass
from typing import Protocol

EXACT_STEPS = 5


class Shelf(Protocol):
    """What is needed of a Variant."""

    step: int

    @property
    def available(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Band:
    """``measures`` (pieces or grams, whole steps) can surely be had; ``is_more``: and more than that."""

    measures: int
    is_more: bool

    @property
    def is_none(self) -> bool:
        return self.measures == 0

    @property
    def most(self) -> int | None:
        """The largest number that can be asked for, where a page may tell it."""
        return None if self.is_more else self.measures


def shown_at_most(shelf: Shelf) -> Band:
    """The band of what can still be promised of ``shelf``."""
    return band_of(available=shelf.available, step=shelf.step)


def band_of(*, available: int, step: int) -> Band:
    """The band of ``available`` measures sold in steps of ``step``; what does not fill a step is nothing."""
    steps = max(available, 0) // step
    if steps <= EXACT_STEPS:
        return Band(measures=steps * step, is_more=False)
    return Band(measures=_next_lower(steps) * step, is_more=True)


def _next_lower(steps: int) -> int:
    """The largest of 5, 10, 20, 50, 100, 200 … that is less than ``steps``."""
    floor, tens = EXACT_STEPS, 10
    while True:
        for first in (1, 2, 5):
            if first * tens >= steps:
                return floor
            floor = first * tens
        tens *= 10
