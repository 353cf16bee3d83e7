"""The score of plan.py, counted in memory: what both engines are held to, and what ``search rank`` prints. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.search.plan import FACTORS, Plan, Slot
from catalog.search.reading import read
from catalog.search.terms import Goods, Place, name_words, terms_of
from catalog.search.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Listed:
    """A product as ranking sees it. Of equals the greater ``newness`` comes first."""

    key: str
    terms: Mapping[str, Place]
    name_words: int
    newness: int


def looser(plan: Plan) -> Iterable[Plan]:
    """The plan as it stands, then asking for less and less: for when nothing has all that is needed."""
    for needed in range(plan.needed, 0, -1):
        yield Plan(plan.slots, needed)


def score(plan: Plan, terms: Mapping[str, Place]) -> tuple[int, int]:
    """How many needed slots a product hits, and its score."""
    hits = total = 0
    for slot in plan.slots:
        best = _best(slot, terms)
        total += best
        hits += best > 0 and not slot.optional
    return hits, total


def _best(slot: Slot, terms: Mapping[str, Place]) -> int:
    held = (choice.weight * FACTORS[terms[choice.term]] for choice in slot.choices if choice.term in terms)
    return max(held, default=0)


class Shelf:
    """Goods in memory with their own vocabulary: a market without a database."""

    def __init__(self, listed: Sequence[Listed]) -> None:
        self.listed = listed
        self._by_term: defaultdict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(listed):
            for term in one.terms:
                self._by_term[term].append(at)
        self.vocabulary = Vocabulary({term: len(ats) for term, ats in self._by_term.items()})

    def rank(self, text: str, *, most: int, follow: Callable[[Plan], list[str]] | None = None) -> list[str]:
        """Keys of what ``text`` finds, best first. ``follow``: another engine that holds the same goods."""
        plan = read(text, vocabulary=self.vocabulary).plan
        for asked in () if plan is None else looser(plan):
            found = self.follow(asked, most=most) if follow is None else follow(asked)
            if found:
                return found
        return []

    def follow(self, plan: Plan, *, most: int) -> list[str]:
        """Keys of what this very plan finds, best first."""
        scored = []
        for at in {at for term in plan.terms for at in self._by_term.get(term, ())}:
            one = self.listed[at]
            hits, total = score(plan, one.terms)
            if hits >= plan.needed:
                scored.append((-total, one.name_words, -one.newness, one.key))
        return [key for *_order, key in sorted(scored)[:most]]


def shelf_of(names: Sequence[tuple[str, str]]) -> Shelf:
    """Goods known by key and name alone, the earlier one counting as the newer."""
    return Shelf(
        [
            Listed(key, terms_of(Goods(name)), name_words=name_words(name), newness=-at)
            for at, (key, name) in enumerate(names)
        ]
    )
