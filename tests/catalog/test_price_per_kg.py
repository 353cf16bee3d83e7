"""What a kilogram costs."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.money import MAX_TRANSFER_DONG
from catalog.price_per_kg import price_per_kg_dong


@dataclass
class Bag:
    price_dong: int
    weight_g: int | None
    sold_by: str = "piece"
    unit: int = 1


@pytest.mark.parametrize(
    ("bag", "per_kg_dong"),
    [
        (Bag(92_500, 200), 462_500),
        (Bag(219_000, 500), 438_000),
        (Bag(165_000, 700), 235_714),  # 235,714.28…
        (Bag(50_000, 300), 166_667),  # 166,666.66…
        (Bag(1, 2_000), 1),  # half a đồng goes up
        (Bag(1, 2_001), 0),
        (Bag(145_000, 1_000), 145_000),
        (Bag(240_000, None, "weight", 1_000), 240_000),
        (Bag(25_000, None, "weight", 100), 250_000),  # by the lạng
        (Bag(350_000, None, "weight", 10_000), 35_000),  # by the yến
        (Bag(39_000, None), None),  # ten eggs: nobody weighs them
    ],
)
def test_a_kilogram_of_it_costs(bag: Bag, per_kg_dong: int | None) -> None:
    assert price_per_kg_dong(bag) == per_kg_dong


@given(price_dong=st.integers(1, MAX_TRANSFER_DONG), weight_g=st.integers(1, 10**9))
@settings(max_examples=100)
def test_it_is_the_nearest_whole_dong(price_dong: int, weight_g: int) -> None:
    per_kg = price_per_kg_dong(Bag(price_dong, weight_g))
    assert per_kg is not None
    assert abs(2 * (per_kg * weight_g - price_dong * 1000)) <= weight_g
