"""The one strict grammar: what is written comes back, in every style, from 0 to 10¹²."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.statements.numbers import BadFigure, FigureReader, FractionOfDong, MixedFigures
from payments.statements.statement import DoubtfulStatement
from tests.payments.statements.test_generic import STYLES


@settings(max_examples=300)
@given(st.integers(0, 10**12), st.sampled_from(STYLES))
def test_what_is_formatted_comes_back(dong: int, style: Callable[[int], str]) -> None:
    assert FigureReader().dong(style(dong), row=1) == dong


@settings(max_examples=100)
@given(st.lists(st.integers(0, 10**12), max_size=20), st.sampled_from(STYLES))
def test_a_file_in_one_style_is_read_by_one_reader(figures: list[int], style: Callable[[int], str]) -> None:
    reader = FigureReader()
    assert [reader.dong(style(figure), row=1) for figure in figures] == figures


@settings(max_examples=300)
@given(st.text("0123456789., -+()đE", max_size=14))
def test_every_style_that_reads_a_text_reads_the_same_number(text: str) -> None:
    try:
        value = FigureReader().dong(text, row=1)
    except DoubtfulStatement:
        return
    if value is not None:
        digits = "".join(sign for sign in text if sign.isdigit())
        assert str(abs(value)) in (digits, digits[:-1], digits[:-2])


@pytest.mark.parametrize("text", ["", " ", "-", "–", "\u00a0"])
def test_nothing_is_none_and_not_zero(text: str) -> None:
    assert FigureReader().dong(text, row=1) is None
    assert FigureReader().dong("0", row=1) == 0


def test_pretix_figures_are_read_as_a_vietnamese_means_them() -> None:
    assert FigureReader().dong("150.000", row=1) == 150_000
    assert FigureReader().dong("1.150.000 đ", row=1) == 1_150_000
    assert FigureReader().dong("1,150,000", row=1) == 1_150_000


@pytest.mark.parametrize(
    ("first", "second"),
    [("1,000", "1.000"), ("1.000", "1000"), ("1000", "1 000"), ("5.00", "5.0"), ("1,000", "1,000.00")],
)
def test_two_styles_in_one_file_are_refused(first: str, second: str) -> None:
    for pair in ((first, second), (second, first)):
        reader = FigureReader()
        reader.dong(pair[0], row=1)
        with pytest.raises(MixedFigures) as refused:
            reader.dong(pair[1], row=7)
        assert refused.value.row == 7


@pytest.mark.parametrize("text", ["1,5", "0.5", "150.50", "5,637,054.592"])
def test_parts_of_a_dong_are_refused(text: str) -> None:
    with pytest.raises(FractionOfDong):
        FigureReader().dong(text, row=1)


@pytest.mark.parametrize("figure", [float("inf"), float("nan"), 0.1, 2.0**54, 2**53, True, b"5"])
def test_cells_that_are_no_whole_dong_are_refused(figure: object) -> None:
    with pytest.raises((BadFigure, FractionOfDong)):
        FigureReader().dong(figure, row=1)  # type: ignore[arg-type]
