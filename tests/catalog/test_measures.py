"""What a seller's word for a unit means, and how quantities are said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.measures import (
    MOST_MEASURES,
    PIECE,
    WEIGHT,
    BadQuantity,
    BadUnit,
    Unit,
    checked_measures,
    shown_quantity,
    unit_from_word,
)

PACK = Unit(sold_by=PIECE, name="gói", measures=1, step=1)
KILO = Unit(sold_by=WEIGHT, name="kg", measures=1000, step=100)


class Sold:
    def __init__(self, unit: Unit) -> None:
        self.sold_by, self.unit_name = unit.sold_by, unit.name


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("gói", PACK),
        ("kg", KILO),
        (" KG ", Unit(WEIGHT, "KG", 1000, 100)),
        ("ký", Unit(WEIGHT, "ký", 1000, 100)),
        ("cân", Unit(WEIGHT, "cân", 1000, 100)),
        ("lạng", Unit(WEIGHT, "lạng", 100, 100)),
        ("la\u0323ng", Unit(WEIGHT, "lạng", 100, 100)),  # decomposed letters
        ("lang", Unit(WEIGHT, "lang", 100, 100)),
        ("yến", Unit(WEIGHT, "yến", 10_000, 1000)),
        ("tạ", Unit(WEIGHT, "tạ", 100_000, 10_000)),
        ("g", Unit(WEIGHT, "g", 1, 100)),
        ("500 g", Unit(WEIGHT, "500 g", 500, 100)),
        ("5kg", Unit(WEIGHT, "5kg", 5000, 100)),
        ("can", Unit(PIECE, "can", 1, 1)),
        ("gói 200 g", Unit(PIECE, "gói 200 g", 1, 1)),
        ("0 kg", Unit(PIECE, "0 kg", 1, 1)),
    ],
)
def test_unit_from_word(word: str, unit: Unit) -> None:
    assert unit_from_word(word) == unit


@pytest.mark.parametrize("word", ["", "   ", "g" * 21, "gói\nhộp"])
def test_no_unit(word: str) -> None:
    with pytest.raises(BadUnit):
        unit_from_word(word)


@pytest.mark.parametrize(
    ("unit", "measures", "said"),
    [
        (PACK, 2, "2 gói"),
        (PACK, 1200, "1.200 gói"),
        (PACK, 0, "0 gói"),
        (KILO, 0, "0 g"),
        (KILO, 500, "500 g"),
        (KILO, 999, "999 g"),
        (KILO, 1000, "1 kg"),
        (KILO, 1500, "1,5 kg"),
        (KILO, 1050, "1,05 kg"),
        (KILO, 1005, "1,005 kg"),
        (KILO, 10_000, "10 kg"),
        (KILO, 1_234_500, "1.234,5 kg"),
        (KILO, -1500, "−1,5 kg"),
    ],
)
def test_shown_quantity(unit: Unit, measures: int, said: str) -> None:
    assert shown_quantity(Sold(unit), measures).replace("\u00a0", " ") == said


@given(st.integers(0, MOST_MEASURES))
def test_a_shown_weight_reads_back_as_the_same_grams(grams: int) -> None:
    number, unit = shown_quantity(Sold(KILO), grams).split("\u00a0")
    whole, _, decimals = number.replace(".", "").partition(",")
    size = {"g": 1, "kg": 1000}[unit]
    assert int(whole) * size + int(decimals.ljust(3, "0") if decimals else 0) == grams


@pytest.mark.parametrize("value", [0, -5, MOST_MEASURES + 1, 1.0, True, "1", None])
def test_bad_measures(value: object) -> None:
    with pytest.raises(BadQuantity):
        checked_measures(value)
