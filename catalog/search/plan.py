"""What a query became: which terms may stand for each of its words, and what each is worth. Pure.

Both engines read a plan and nothing else, so both rank alike. A *term* is ``<form>:<word>`` (terms.py). A *slot* is one
thing the buyer asked for. A product's score is the sum over the slots of its best term there (``weight`` × the factor
of the place where the product holds it); it is found when at least ``needed`` slots that are not optional are hit.
Equal scores: the fewer words in the name, then the newer product, then the higher id.

Beginnings of words are no business of the engines: Vietnamese has some seven thousand syllables, so the words of a
whole market fit in memory (vocabulary.py), and a plan names every word it means. Weights and factors are small whole
numbers: an engine that counts in 32-bit floats adds them up without rounding.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.search.terms import Place

NAME_FACTOR = 4
ELSEWHERE_FACTOR = 1

MOST_SLOTS = 40
MOST_CHOICES = 48
"""In one slot. Together with the largest weight this keeps every score far below 2^24."""

FACTORS: Mapping[Place, int] = {Place.NAME: NAME_FACTOR, Place.ELSEWHERE: ELSEWHERE_FACTOR}


@dataclass(frozen=True, slots=True)
class Choice:
    """One term that would do, and what it is worth: a whole number from 1 to 1000."""

    term: str
    weight: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing asked for. An optional one raises a product that has it and is not missed elsewhere."""

    choices: tuple[Choice, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """``needed``: at least one, and at most the slots that are not optional."""

    slots: tuple[Slot, ...]
    needed: int

    @property
    def terms(self) -> frozenset[str]:
        """Every term that some slot can be hit by."""
        return frozenset(choice.term for slot in self.slots for choice in slot.choices)
