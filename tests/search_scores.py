"""How well a ranking answers labelled queries: the four scores of facts/search.md §6, and what went wrong in words.

Pure: rankings in, figures out. A ranking is a list of product ids, best first; a query without one found nothing.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"
PUBLIC = SAMPLES / "search.json"
BLIND = tuple(SAMPLES / "search" / f"blind_{part}.json" for part in "abcd")

FIRST = 10  # a buyer on a phone looks at no more


class BadSample(Exception):
    """A file of labelled queries contradicts itself; the message names the query."""


@dataclass(frozen=True)
class Labelled:
    """A query, and what a sensible shopper thinks of the products; what is in none of the three sets is noise."""

    id: str
    q: str
    kinds: tuple[str, ...]
    must: frozenset[str]
    may: frozenset[str]
    must_not_above: frozenset[str]


@dataclass(frozen=True)
class Sample:
    """A shop's names by product id, in the order of the file, and its labelled queries."""

    products: Mapping[str, str]
    queries: tuple[Labelled, ...]


@dataclass(frozen=True)
class Verdict:
    """One ranking held against its query."""

    query: Labelled
    missing: tuple[str, ...]
    "in ``must``, not in the first ten"
    first_is_right: bool
    above: tuple[str, ...]
    "in ``must_not_above``, yet above something in ``must``"
    noise: tuple[str, ...]
    "in no set, yet above something in ``must``"

    @property
    def recall(self) -> float:
        return 1 - len(self.missing) / len(self.query.must)

    @property
    def clean(self) -> bool:
        return not self.missing and not self.above


@dataclass(frozen=True)
class Scores:
    """Shares from 0 to 1 over ``queries`` queries."""

    queries: int
    recall_at_10: float
    top_1: float
    clean: float
    noisy: float

    def __str__(self) -> str:
        return (
            f"{self.queries} queries: recall@10 {self.recall_at_10:.3f}, top-1 {self.top_1:.3f}, "
            f"clean {self.clean:.3f}, noisy {self.noisy:.3f}"
        )


def read(path: Path) -> Sample:
    """The products and labelled queries of ``path``.

    Raises BadSample where an id is used twice or unknown, a query asks for nothing, or asks for more than ten, or
    where two of its sets overlap: such a label would punish every ranking, or none.
    """
    held = json.loads(path.read_text(encoding="utf-8"))
    products = {one["id"]: one["name"] for one in held["products"]}
    queries = tuple(
        Labelled(
            id=one["id"],
            q=one["q"],
            kinds=tuple(one["kinds"]),
            must=frozenset(one["must"]),
            may=frozenset(one["may"]),
            must_not_above=frozenset(one["must_not_above"]),
        )
        for one in held["queries"]
    )
    if len(products) != len(held["products"]) or len({query.id for query in queries}) != len(queries):
        raise BadSample(f"{path.name}: an id is used twice")
    for query in queries:
        sets = (query.must, query.may, query.must_not_above)
        if not 0 < len(query.must) <= FIRST:
            raise BadSample(f"{path.name} {query.id}: must holds {len(query.must)} products, wanted 1 to {FIRST}")
        if len(frozenset().union(*sets)) != sum(map(len, sets)):
            raise BadSample(f"{path.name} {query.id}: a product is in two sets")
        if unknown := frozenset().union(*sets) - products.keys():
            raise BadSample(f"{path.name} {query.id}: no such product {', '.join(sorted(unknown))}")
    return Sample(products=products, queries=queries)


def judge(query: Labelled, hits: Sequence[str]) -> Verdict:
    """``hits`` held against ``query``.

    What must be found and was not counts as standing below everything, so that a ranking that answers with noise alone
    is noisy. (So counted, the plain "any word" search comes to the figures that §6 gives for it.)
    """
    assert len(set(hits)) == len(hits), f"{query.id}: a product is ranked twice"
    last = len(hits) if query.must - set(hits) else max(hits.index(wanted) for wanted in query.must)
    before = hits[:last]
    listed = query.must | query.may | query.must_not_above
    return Verdict(
        query=query,
        missing=tuple(sorted(query.must - set(hits[:FIRST]))),
        first_is_right=bool(hits) and hits[0] in query.must,
        above=tuple(hit for hit in before if hit in query.must_not_above),
        noise=tuple(hit for hit in before if hit not in listed),
    )


def scores(verdicts: Sequence[Verdict]) -> Scores:
    """The four scores over ``verdicts``, which must not be empty."""
    count = len(verdicts)
    return Scores(
        queries=count,
        recall_at_10=sum(verdict.recall for verdict in verdicts) / count,
        top_1=sum(verdict.first_is_right for verdict in verdicts) / count,
        clean=sum(verdict.clean for verdict in verdicts) / count,
        noisy=sum(bool(verdict.noise) for verdict in verdicts) / count,
    )


def verdicts(sample: Sample, ranked: Mapping[str, Sequence[str]]) -> tuple[Verdict, ...]:
    """A verdict a query of ``sample``; ``ranked`` holds hits by query id."""
    assert ranked.keys() <= {query.id for query in sample.queries}, "a ranking answers a query that nobody asked"
    return tuple(judge(query, ranked.get(query.id, ())) for query in sample.queries)


def by_kind(held: Sequence[Verdict]) -> dict[str, Scores]:
    """The same scores for each kind of query, worst recall first."""
    kinds = {kind for verdict in held for kind in verdict.query.kinds}
    found = {kind: scores([verdict for verdict in held if kind in verdict.query.kinds]) for kind in kinds}
    return dict(sorted(found.items(), key=lambda item: (item[1].recall_at_10, item[1].clean, item[0])))


def report(sample: Sample, held: Sequence[Verdict]) -> str:
    """The scores, then each query that is not wholly right, with the names that a person needs to judge it."""
    lines = [str(scores(held))]
    parts: tuple[tuple[str, Callable[[Verdict], tuple[str, ...]]], ...] = (
        ("missing", lambda verdict: verdict.missing),
        ("wrongly above", lambda verdict: verdict.above),
        ("noise above", lambda verdict: verdict.noise),
    )
    for verdict in held:
        faults = [
            f"    {title}: {'; '.join(sample.products[one] for one in part(verdict))}"
            for title, part in parts
            if part(verdict)
        ]
        if not verdict.first_is_right:
            faults.insert(0, "    the first hit is not what was asked for")
        if faults:
            lines += [f"{verdict.query.id} “{verdict.query.q}” ({', '.join(verdict.query.kinds)})", *faults]
    return "\n".join(lines)
