"""Steps of a tariff: every unit in its own step, nothing lost and nothing charged twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.bills import tariff
from payments.bills.tariff import BadSteps, Part

STEPS = [[10, 6_000], [20, 7_500], [None, 9_000]]


@st.composite
def any_steps(draw: st.DrawFn) -> list[list[int | None]]:
    uppers = sorted(draw(st.sets(st.integers(1, 500), max_size=5)))
    prices = draw(st.lists(st.integers(0, 50_000), min_size=len(uppers) + 1, max_size=len(uppers) + 1))
    return [[upper, price] for upper, price in zip([*uppers, None], prices, strict=True)]


@pytest.mark.parametrize(
    ("used", "dong"),
    [(0, 0), (1, 6_000), (10, 60_000), (11, 67_500), (20, 135_000), (21, 144_000), (35, 270_000)],
)
def test_each_unit_is_charged_at_the_price_of_its_own_step(used: int, dong: int) -> None:
    assert tariff.cost_dong(used=used, price_dong=1, steps=STEPS) == dong


def test_without_steps_every_unit_has_the_one_price() -> None:
    assert tariff.cost_dong(used=7, price_dong=6_500, steps=[]) == 45_500
    assert tariff.parts(used=7, price_dong=6_500, steps=[]) == [Part(7, 6_500, 45_500)]
    assert tariff.parts(used=0, price_dong=6_500, steps=[]) == []


def test_parts_say_how_much_lay_in_which_step() -> None:
    assert tariff.parts(used=25, price_dong=0, steps=STEPS) == [
        Part(10, 6_000, 60_000), Part(10, 7_500, 75_000), Part(5, 9_000, 45_000)
    ]  # fmt: skip


@given(any_steps(), st.integers(0, 1_000))
@settings(max_examples=80)
def test_the_cost_is_the_sum_of_each_unit_at_its_own_price(steps: list[list[int | None]], used: int) -> None:
    def price_of(unit: int) -> int:
        price = next(price for upper, price in steps if upper is None or unit <= upper)
        assert price is not None
        return price

    assert tariff.cost_dong(used=used, price_dong=0, steps=steps) == sum(price_of(unit) for unit in range(1, used + 1))
    assert sum(part.units for part in tariff.parts(used=used, price_dong=0, steps=steps)) == used


@given(any_steps(), st.integers(0, 1_000), st.integers(0, 100))
@settings(max_examples=50)
def test_who_uses_more_never_pays_less(steps: list[list[int | None]], used: int, more: int) -> None:
    less = tariff.cost_dong(used=used, price_dong=0, steps=steps)
    assert less <= tariff.cost_dong(used=used + more, price_dong=0, steps=steps)


@given(any_steps())
@settings(max_examples=50)
def test_good_steps_are_kept_as_they_are_and_the_dearest_is_found(steps: list[list[int | None]]) -> None:
    assert tariff.checked_steps(steps) == steps
    assert tariff.dearest_dong(price_dong=1, steps=steps) == max(price for _upper, price in steps if price is not None)


def test_no_steps_are_steps_too() -> None:
    assert tariff.checked_steps([]) == []
    assert tariff.dearest_dong(price_dong=35_000, steps=[]) == 35_000


@pytest.mark.parametrize(
    "steps",
    [
        "10:6000",
        [[10, 6_000]],  # nothing for the eleventh unit
        [[None, 6_000], [None, 7_000]],
        [[10, 6_000], [10, 7_000], [None, 9_000]],
        [[20, 6_000], [10, 7_000], [None, 9_000]],
        [[0, 6_000], [None, 9_000]],
        [[10, -1], [None, 9_000]],
        [[10, 6_000.0], [None, 9_000]],
        [[True, 6_000], [None, 9_000]],
        [[10, "6000"], [None, 9_000]],
        [[10], [None, 9_000]],
        [[10, 500_000_000], [None, 9_000]],
        [[upper, 1_000] for upper in range(1, 11)] + [[None, 1]],
    ],
)
def test_steps_that_leave_a_gap_or_a_doubt_are_refused(steps: object) -> None:
    with pytest.raises(BadSteps):
        tariff.checked_steps(steps)
