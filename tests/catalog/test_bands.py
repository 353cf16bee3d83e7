"""What a public page says is left is never more than can be sold, and stands while full shelves are sold from."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.bands import EXACT_STEPS, Band, band_of, shown_at_most


@dataclass
class Shelf:
    available: int
    step: int = 1


@pytest.mark.parametrize(
    ("available", "said"),
    [
        (-1, Band(0, False)), (0, Band(0, False)), (1, Band(1, False)), (5, Band(5, False)),
        (6, Band(5, True)), (10, Band(5, True)), (11, Band(10, True)), (20, Band(10, True)), (21, Band(20, True)),
        (50, Band(20, True)), (51, Band(50, True)), (101, Band(100, True)), (10**9, Band(500_000_000, True)),
    ],
)  # fmt: skip
def test_pieces(available, said):
    assert shown_at_most(Shelf(available)) == said


@pytest.mark.parametrize(
    ("grams", "said"),
    [
        (99, Band(0, False)), (100, Band(100, False)), (499, Band(400, False)), (500, Band(500, False)),
        (599, Band(500, False)), (600, Band(500, True)), (1_000, Band(500, True)), (1_100, Band(1_000, True)),
        (5_100, Band(5_000, True)),
    ],
)  # fmt: skip
def test_weights_are_counted_in_their_steps(grams, said):
    assert shown_at_most(Shelf(grams, step=100)) == said


@settings(max_examples=300)
@given(available=st.integers(-10, 10**9), step=st.sampled_from([1, 100, 1_000, 10_000]))
def test_never_more_than_can_be_sold(available, step):
    said = band_of(available=available, step=step)
    assert 0 <= said.measures <= max(available, 0)
    assert said.measures % step == 0
    assert not said.is_more or said.measures < available
    assert said.is_none == (available < step)
    assert said.most == (None if said.is_more else said.measures)


@settings(max_examples=200)
@given(fewer=st.integers(0, 10**6), more=st.integers(0, 10**6))
def test_more_on_the_shelf_never_says_less(fewer, more):
    low, high = sorted((fewer, more))
    assert band_of(available=low, step=1).measures <= band_of(available=high, step=1).measures


def test_a_full_shelf_is_sold_out_in_few_bands():
    bands = {band_of(available=left, step=1) for left in range(1_001)}
    assert len(bands) == EXACT_STEPS + 1 + len([5, 10, 20, 50, 100, 200, 500])
