"""The payment code: its check symbols notice what hands get wrong, and point at the slip."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base import codes

symbols = st.text(codes.ALPHABET, min_size=6, max_size=6).map(lambda body: body + codes.check_symbols(body))
anything = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
places = st.integers(0, 7)


def test_the_written_example() -> None:
    assert codes.check_symbols("7K2M9Q") == "9M"
    assert codes.is_well_formed("CP7K2M9Q9M")
    assert not codes.is_well_formed("CP7K2M9QX4")


@pytest.mark.parametrize(
    "text", ["", "CP", "7K2M9Q9M", "cp7k2m9q9m", "CP7K2M9Q9", "CP7K2M9Q9MM", "CP7K2M9Q9O", "CP７K2M9Q9M", "XX7K2M9Q9M"]
)
def test_what_is_no_code(text) -> None:
    assert not codes.is_well_formed(text)


@pytest.mark.parametrize("body", ["", "7K2M9", "7K2M9QQ", "7K2M9O", "7k2m9q"])
def test_check_symbols_want_a_body(body) -> None:
    with pytest.raises(ValueError, match="a body is 6 symbols"):
        codes.check_symbols(body)


def test_new_codes_are_well_formed_and_differ() -> None:
    made = {codes.new_code() for _ in range(2_000)}
    assert len(made) == 2_000
    assert all(codes.is_well_formed(code) for code in made)
    assert all(len(code) == 10 for code in made)


def test_a_seed_repeats_its_codes() -> None:
    assert codes.new_code(random.Random(7)) == codes.new_code(random.Random(7))


@given(symbols, places, places, st.sampled_from(codes.ALPHABET), st.sampled_from(codes.ALPHABET))
def test_one_or_two_wrong_symbols_never_pass(right, first, second, other, another) -> None:
    wrong = list(right)
    wrong[first] = other
    wrong[second] = another
    if "".join(wrong) != right:
        assert not codes.passes_check("".join(wrong))


@given(symbols, places, places)
def test_symbols_that_changed_places_never_pass(right, first, second) -> None:
    swapped = list(right)
    swapped[first], swapped[second] = right[second], right[first]
    if "".join(swapped) != right:
        assert not codes.passes_check("".join(swapped))


@given(symbols, places, anything)
def test_every_slip_leads_back(right, place, other) -> None:
    damaged = {
        "wrong": right[:place] + other + right[place + 1 :],
        "lost": right[:place] + right[place + 1 :],
        "extra": right[:place] + other + right[place:],
        "swapped": right[:place] + right[place : place + 2][::-1] + right[place + 2 :],
    }
    for slip, text in damaged.items():
        if text != right:
            assert right in codes.one_edit_repairs(text), slip
            assert all(codes.passes_check(repair) for repair in codes.one_edit_repairs(text)), slip


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", max_size=12))
def test_repairs_are_valid_and_not_the_text_itself(text) -> None:
    repairs = codes.one_edit_repairs(text)
    assert len(set(repairs)) == len(repairs)
    assert all(codes.passes_check(repair) and repair != text for repair in repairs)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", max_size=20), symbols, st.text(codes.ALPHABET, max_size=20))
def test_rolling_sums_see_what_a_look_at_each_window_sees(before, right, after) -> None:
    text = before + right + after
    one_by_one = [at for at in range(len(text) - 7) if codes.passes_check(text[at : at + 8])]
    assert list(codes.windows_that_pass(text)) == one_by_one
    assert len(before) in one_by_one
