"""What a buyer types for "how many", read or kindly refused; never guessed."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.refusals import Refused
from catalog.measures import BadQuantity, BadStep, shown_quantity
from catalog.typed_quantities import UnreadableQuantity, quantity_from_text


@dataclass(frozen=True)
class Sold:
    sold_by: str
    unit_name: str
    step: int = 1

    def __str__(self) -> str:
        return "Cá chạch sấy khô, rời"


BAGS = Sold("piece", "gói")
LOOSE = Sold("weight", "kg", step=100)
BY_GRAM = Sold("weight", "kg")


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [("2", 2), (" 12 ", 12), ("2 gói", 2), ("2gói", 2), ("3 GOI", 3), ("2\u00a0gói", 2), ("007", 7)],
)
def test_pieces_are_counted(typed: str, pieces: int) -> None:
    assert quantity_from_text(typed, sold=BAGS) == pieces


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("1,5", 1500), ("1.5", 1500), ("1,5 kg", 1500), ("2", 2000), ("2 cân", 2000), ("2 ký", 2000), ("500 g", 500),
        ("500g", 500), ("1500 gam", 1500), ("5 lạng", 500), ("2,5 lạng", 250), ("0,3", 300), ("1,250", 1250),
        ("1.25 kg", 1250),
    ],
)  # fmt: skip
def test_weights_are_read_by_comma_and_by_point(typed: str, grams: int) -> None:
    assert quantity_from_text(typed, sold=BY_GRAM) == grams


@pytest.mark.parametrize(
    "typed", ["", "hai", "2x", "-1", "+2", "1e3", "2 2", "1.5", "2,0", "٣", "²", "2 hộp", "1" * 10, "9" * 5000, "\x00"]
)
def test_letters_signs_and_parts_of_a_piece_are_refused(typed: str) -> None:
    with pytest.raises(UnreadableQuantity) as refused:
        quantity_from_text(typed, sold=BAGS)
    assert refused.value.field == "quantity"
    assert "ví dụ: 2" in refused.value.message


@pytest.mark.parametrize("typed", ["1.500", "0,0005", "1,5,5", "nửa cân", "1 tạ", "0,5 g", "1,"])
def test_what_has_two_readings_or_none_is_not_guessed(typed: str) -> None:
    with pytest.raises(UnreadableQuantity):
        quantity_from_text(typed, sold=BY_GRAM)


@pytest.mark.parametrize("typed", ["0", "0 gói"])
def test_nothing_is_no_quantity(typed: str) -> None:
    with pytest.raises(BadQuantity):
        quantity_from_text(typed, sold=BAGS)


def test_more_than_any_commune_has_is_refused() -> None:
    with pytest.raises(BadQuantity):
        quantity_from_text("999999999", sold=BY_GRAM)


def test_between_two_steps_says_the_step() -> None:
    with pytest.raises(BadStep, match="BAD_QUANTITY") as refused:
        quantity_from_text("1,25", sold=LOOSE)
    assert "100\u00a0g" in refused.value.message


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 10**9))
def test_every_shown_weight_reads_back(grams: int) -> None:
    shown = shown_quantity(BY_GRAM, grams).replace(".", "")
    if len(shown.split(",")[0].split("\u00a0")[0]) <= 9:
        assert quantity_from_text(shown, sold=BY_GRAM) == grams


def assert_said(refused: Refused) -> None:
    assert refused.message
    assert refused.code == "BAD_QUANTITY"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=50), st.sampled_from([BAGS, LOOSE, BY_GRAM]))
def test_any_text_is_whole_measures_or_a_refusal(text: str, sold: Sold) -> None:
    try:
        measures = quantity_from_text(text, sold=sold)
    except BadQuantity as refused:
        assert_said(refused)
        return
    assert type(measures) is int
    assert measures >= 1
    assert measures % sold.step == 0
