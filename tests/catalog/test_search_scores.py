"""The scores that search is held to: each fault counted once, and plain searches come to the figures known for them."""

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.search_scores import (
    BLIND,
    PUBLIC,
    BadSample,
    Labelled,
    Sample,
    by_kind,
    judge,
    read,
    report,
    scores,
    verdicts,
)

LOACH = Labelled(
    id="Q1",
    q="cá chạch",
    kinds=("exact",),
    must=frozenset({"chạch", "trạch"}),
    may=frozenset({"rô"}),
    must_not_above=frozenset({"cà chua"}),
)


def test_what_must_be_found_stands_first() -> None:
    verdict = judge(LOACH, ["trạch", "chạch", "cà chua", "đũa"])
    assert (verdict.missing, verdict.first_is_right, verdict.above, verdict.noise) == ((), True, (), ())
    assert scores([verdict]) == scores([judge(LOACH, ["chạch", "trạch"])])
    assert str(scores([verdict])) == "1 queries: recall@10 1.000, top-1 1.000, clean 1.000, noisy 0.000"


def test_what_may_stand_above_is_neither_dirty_nor_noise_yet_not_the_first_wanted() -> None:
    verdict = judge(LOACH, ["rô", "chạch", "trạch"])
    assert not verdict.first_is_right
    assert verdict.clean
    assert verdict.noise == ()


def test_a_trap_between_two_wanted_is_above_one_of_them() -> None:
    verdict = judge(LOACH, ["chạch", "cà chua", "trạch"])
    assert verdict.above == ("cà chua",)
    assert verdict.recall == 1
    assert not verdict.clean


def test_noise_counts_only_above_the_last_wanted() -> None:
    assert judge(LOACH, ["chạch", "đũa", "trạch"]).noise == ("đũa",)
    assert judge(LOACH, ["chạch", "trạch", "đũa"]).noise == ()


def test_what_was_not_found_stands_below_everything() -> None:
    verdict = judge(LOACH, ["chạch", "rô", "đũa", "cà chua"])
    assert (verdict.missing, verdict.above, verdict.noise) == (("trạch",), ("cà chua",), ("đũa",))
    assert verdict.recall == 0.5


def test_the_eleventh_hit_is_not_found() -> None:
    hits = ["chạch", *(f"khác {n}" for n in range(9)), "trạch"]
    assert judge(LOACH, hits).missing == ("trạch",)
    assert judge(LOACH, ["chạch", *hits[2:10], "trạch"]).missing == ()


def test_nothing_found_is_nothing_wrong_but_everything_missing() -> None:
    assert scores([judge(LOACH, [])]) == scores([judge(LOACH, ())])
    found = scores([judge(LOACH, [])])
    assert (found.recall_at_10, found.top_1, found.clean, found.noisy) == (0, 0, 0, 0)


def test_a_product_ranked_twice_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(AssertionError, match="ranked twice"):
        judge(LOACH, ["chạch", "chạch"])


def test_a_ranking_for_a_query_that_nobody_asked_is_a_mistake_of_the_caller() -> None:
    sample = Sample(products={}, queries=(LOACH,))
    with pytest.raises(AssertionError, match="nobody asked"):
        verdicts(sample, {"Q2": []})


def test_a_report_names_what_went_wrong_and_nothing_else() -> None:
    names = {"chạch": "Cá chạch", "trạch": "Trạch chiên", "rô": "Cá rô", "cà chua": "Cà chua bi", "đũa": "Đũa tre"}
    sample = Sample(products=names, queries=(LOACH,))
    said = report(sample, verdicts(sample, {"Q1": ["đũa", "chạch"]}))
    assert "Q1 “cá chạch” (exact)" in said
    assert "the first hit is not what was asked for" in said
    assert "missing: Trạch chiên" in said
    assert "noise above: Đũa tre" in said
    assert "wrongly above" not in said
    assert len(report(sample, verdicts(sample, {"Q1": ["chạch", "trạch"]})).splitlines()) == 1


def test_kinds_are_scored_apart_worst_first() -> None:
    other = Labelled("Q2", "dua", ("exact", "ambiguous"), frozenset({"dứa"}), frozenset(), frozenset())
    found = by_kind([judge(LOACH, ["chạch", "trạch"]), judge(other, [])])
    assert list(found) == ["ambiguous", "exact"]
    assert found["exact"].recall_at_10 == 0.5
    assert found["exact"].queries == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"must": []}, "must holds 0"),
        ({"must": ["P1"], "may": ["P1"]}, "in two sets"),
        ({"must_not_above": ["P9"]}, "no such product P9"),
    ],
)
def test_a_sample_that_contradicts_itself_is_refused(tmp_path: Path, change: dict[str, list[str]], said: str) -> None:
    query = {"id": "Q1", "q": "x", "kinds": [], "must": ["P1"], "may": [], "must_not_above": []} | change
    path = tmp_path / "bent.json"
    path.write_text(json.dumps({"products": [{"id": "P1", "name": "x"}], "queries": [query]}), encoding="utf-8")
    with pytest.raises(BadSample, match=f"Q1: .*{said}"):
        read(path)


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.json"
    path.write_text(json.dumps({"products": [{"id": "P1", "name": "x"}] * 2, "queries": []}), encoding="utf-8")
    with pytest.raises(BadSample, match="used twice"):
        read(path)


# Two searches that everybody knows how to build. facts/search.md §6 gives figures for both, so they hold the meaning
# of the scores (what a missing product does to "noisy", for one) to the one that the targets were written in.


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return set(re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


def _contains(q: str, products: dict[str, str]) -> list[str]:
    return [one for one, name in products.items() if q.lower() in name.lower()]


def _any_word_without_accents(q: str, products: dict[str, str]) -> list[str]:
    shared = {one: len(_words(q) & _words(name)) for one, name in products.items()}
    return sorted((one for one in shared if shared[one]), key=lambda one: -shared[one])


@pytest.mark.parametrize(
    ("search", "known"),
    [(_contains, (0.25, 0.25, 0.225, 0.0)), (_any_word_without_accents, (0.80, 0.625, 0.725, 0.15))],
)
def test_plain_searches_come_to_the_figures_known_for_them(
    search: Callable[[str, dict[str, str]], list[str]], known: tuple[float, ...]
) -> None:
    sample = read(PUBLIC)
    ranked = {query.id: search(query.q, dict(sample.products)) for query in sample.queries}
    found = scores(verdicts(sample, ranked))
    assert (found.recall_at_10, found.top_1, found.clean, found.noisy) == pytest.approx(known, abs=0.006)


@pytest.mark.parametrize("path", BLIND, ids=lambda path: path.stem)
def test_unseen_sets_are_large_enough_and_written_as_members_write(path: Path) -> None:
    sample = read(path)
    assert 80 <= len(sample.products) <= 120
    assert len(sample.queries) == 60
    names = sample.products.values()
    assert len(set(names)) == len(sample.products)
    assert sum(not unicodedata.is_normalized("NFC", name) for name in names) >= 2
    assert any(name.isascii() and name.isupper() for name in names)
    assert any(name.isascii() for name in names)


@pytest.mark.parametrize("path", BLIND, ids=lambda path: path.stem)
def test_unseen_sets_are_out_of_reach_for_a_search_that_only_drops_accents(path: Path) -> None:
    """Or they would say nothing about sounds, tones and synonyms."""
    sample = read(path)
    ranked = {query.id: _any_word_without_accents(query.q, dict(sample.products)) for query in sample.queries}
    found = scores(verdicts(sample, ranked))
    assert found.top_1 < 0.7
    assert found.clean < 0.85
    assert found.noisy > 0.05
