"""The matcher against memos of every kind. PROVE=1: a million; any size: ``python -m tests.memos``."""

import os

import pytest

from tests.figures import Figure
from tests.memos import playing
from tests.memos.kinds import KINDS
from tests.memos.playing import ONE_EDIT_PROPOSED, WHOLE_RECALL, Tally, play, share

LONG = bool(os.environ.get("PROVE"))
N, OPEN, SEED = (1_000_000, 100_000, 1) if LONG else (30_000, 100_000, 1)

pytestmark = [pytest.mark.simulation, pytest.mark.timeout(3600 if LONG else 120)]


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    return play(n=N, open_codes=OPEN, seed=SEED)


def test_no_money_goes_where_it_was_not_meant_to_go(tallies: dict[str, Tally], figure: Figure) -> None:
    false = {name: tally.examples for name, tally in tallies.items() if tally.false}
    whole, one_edit = 100 * share(tallies, "whole:"), 100 * share(tallies, "one edit:")
    figure(
        f"memos: {N} against {OPEN} live codes, seed {SEED}: false credits {sum(map(len, false.values()))}, "
        f"whole codes settled {whole:.2f} %, one edit proposed {one_edit:.2f} %"
    )
    assert false == {}, f"python -m tests.memos --n {N} --open {OPEN} --seed {SEED}"


def test_every_kind_was_played(tallies: dict[str, Tally]) -> None:
    assert min(tally.n for tally in tallies.values()) > N / 1000
    assert sum(tally.n for tally in tallies.values()) == N


def test_whole_codes_settle(tallies: dict[str, Tally]) -> None:
    assert share(tallies, "whole:") >= WHOLE_RECALL
    assert share(tallies, "bare: set apart") >= WHOLE_RECALL


def test_one_edit_is_prepared_for_a_tap(tallies: dict[str, Tally]) -> None:
    assert share(tallies, "one edit:") >= ONE_EDIT_PROPOSED
    assert share(tallies, "two codes, exact sum") >= ONE_EDIT_PROPOSED


def test_what_a_person_should_see_waits_for_her(tallies: dict[str, Tally]) -> None:
    """Whatever is expected to be held or proposed: next to none of it settles, and none of it wrongly."""
    for name, kind in KINDS.items():
        if kind.expected != "settled":
            assert tallies[name].good >= 0.98 * tallies[name].n, name


def test_a_matcher_that_takes_the_nearest_code_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = playing.codes_in

    def nearest(memo: str, *, open_codes: set[str]) -> object:
        found = real(memo, open_codes=open_codes)
        return type(found)(codes=found.codes or found.repaired[:1])

    monkeypatch.setattr(playing, "codes_in", nearest)
    assert sum(tally.false for tally in play(n=2_000, open_codes=10_000, seed=2).values()) > 20
