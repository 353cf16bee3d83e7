"""Which rate and which exemption count, and what is left to pay: to the đồng, by written rules."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.bills import charging
from payments.bills.charging import Charge, Reduction

NONE = Reduction()


@dataclass(frozen=True)
class Rate:
    since: date
    price_dong: int


def test_meals_are_counted_at_one_price() -> None:
    made = charging.charge(quantity=21, price_dong=30_000, steps=[], reduction=NONE)
    assert made == Charge(21, 30_000, 630_000, 0, "")
    assert made.amount_dong == 630_000


def test_where_steps_apply_there_is_no_one_price() -> None:
    made = charging.charge(quantity=12, price_dong=0, steps=[[10, 6_000], [None, 7_500]], reduction=NONE)
    assert made == Charge(12, 0, 75_000, 0, "")


def test_the_odd_dong_of_a_reduction_is_paid() -> None:
    made = charging.charge(quantity=1, price_dong=33_333, steps=[], reduction=Reduction(5_000, "Hộ cận nghèo"))
    assert (made.reduction_dong, made.amount_dong) == (16_666, 16_667)
    assert made.reduction_name == "Hộ cận nghèo"


def test_a_reduction_that_comes_to_nothing_is_not_named() -> None:
    assert charging.charge(quantity=1, price_dong=1, steps=[], reduction=Reduction(5_000, "Nửa")).reduction_name == ""


@given(st.integers(0, 500), st.integers(0, 900_000), st.integers(0, 10_000))
@settings(max_examples=80)
def test_a_reduction_lies_between_nothing_and_all_and_is_rounded_down(quantity: int, price_dong: int, bp: int) -> None:
    made = charging.charge(quantity=quantity, price_dong=price_dong, steps=[], reduction=Reduction(bp, "x"))
    assert made.full_dong == quantity * price_dong
    assert 0 <= made.reduction_dong <= made.full_dong
    assert made.amount_dong + made.reduction_dong == made.full_dong
    assert made.reduction_dong * 10_000 <= made.full_dong * bp < (made.reduction_dong + 1) * 10_000


@given(st.integers(0, 900_000), st.integers(0, 10_000), st.integers(0, 10_000))
@settings(max_examples=50)
def test_a_larger_reduction_never_leaves_more_to_pay(price_dong: int, one: int, other: int) -> None:
    left = [
        charging.charge(quantity=1, price_dong=price_dong, steps=[], reduction=Reduction(bp, "x")).amount_dong
        for bp in sorted([one, other])
    ]
    assert left[0] >= left[1]


def test_of_several_groups_the_largest_reduction_counts_and_they_are_not_added_up() -> None:
    groups = [Reduction(5_000, "Hộ cận nghèo"), Reduction(10_000, "Con liệt sĩ"), Reduction(2_000, "Con thứ hai")]
    assert charging.largest(groups) == Reduction(10_000, "Con liệt sĩ")
    assert charging.largest([]) == NONE
    assert charging.largest([Reduction(5_000, "B"), Reduction(5_000, "A")]) == Reduction(5_000, "A")


def test_the_latest_rate_that_has_begun_counts() -> None:
    rates = [Rate(date(2026, 1, 1), 5), Rate(date(2026, 9, 1), 7), Rate(date(2026, 9, 2), 9)]
    assert charging.in_force(rates, date(2026, 9, 1)) == rates[1]
    assert charging.in_force(rates, date(2026, 8, 31)) == rates[0]
    assert charging.in_force(rates, date(2025, 12, 31)) is None


@pytest.mark.parametrize(
    ("day", "live"),
    [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2026, 9, 30), True), (date(2026, 10, 1), False)],
)
def test_both_ends_of_an_exemption_are_part_of_it(day: date, live: bool) -> None:
    assert charging.is_live(date(2026, 9, 1), date(2026, 9, 30), on=day) is live


def test_what_has_no_end_lasts() -> None:
    assert charging.is_live(date(2026, 9, 1), None, on=date(2036, 1, 1))


@pytest.mark.parametrize(
    ("since", "until", "live"),
    [
        (date(2026, 10, 31), None, True),
        (date(2026, 11, 1), None, False),
        (date(2026, 1, 1), date(2026, 10, 1), True),
        (date(2026, 1, 1), date(2026, 9, 30), False),
        (date(2026, 10, 10), date(2026, 10, 12), True),
    ],
)
def test_one_day_of_the_month_is_enough_to_belong(since: date, until: date | None, live: bool) -> None:
    month = {"first": date(2026, 10, 1), "last": charging.last_day("2026-10")}
    assert charging.is_live_within(since, until, **month) is live


@pytest.mark.parametrize(("month", "day"), [("2026-02", 28), ("2028-02", 29), ("2026-12", 31), ("2026-04", 30)])
def test_the_last_day_of_a_month(month: str, day: int) -> None:
    assert charging.last_day(month).day == day


@pytest.mark.parametrize(
    ("period", "month", "school", "months"),
    [
        ("month", "2026-10", True, ("2026-10", "2026-10")),
        ("term", "2026-08", True, ("2026-08", "2026-12")),
        ("term", "2027-05", True, ("2027-01", "2027-07")),
        ("year", "2026-09", True, ("2026-08", "2027-07")),
        ("year", "2027-03", True, ("2026-08", "2027-07")),
        ("year", "2027-03", False, ("2027-01", "2027-12")),
        ("term", "2027-06", False, ("2027-01", "2027-06")),
        ("term", "2027-07", False, ("2027-07", "2027-12")),
        ("once", "2027-07", True, None),
    ],
)
def test_periods_follow_the_school_year_in_schools(
    period: str, month: str, school: bool, months: tuple[str, str] | None
) -> None:
    assert charging.months_of_period(period, month, school=school) == months
