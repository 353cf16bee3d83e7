"""Days and months by the clock of Việt Nam, at the seconds where they turn."""

from datetime import UTC, date, datetime, timedelta

import pytest

from base import periods
from base.periods import BadPeriod


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 2, 28, 16, 59, 59, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 2, 28, 17, 0, 0, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2024, 2, 28, 17, 0, 0, tzinfo=UTC), date(2024, 2, 29)),
        (datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_midnight_is_the_one_of_vietnam(instant, day):
    assert periods.vietnam_day(instant) == day


def test_a_day_has_its_own_bounds():
    start, end = periods.day_bounds(date(2026, 3, 1))
    assert start == datetime(2026, 2, 28, 17, tzinfo=UTC)
    assert end - start == timedelta(days=1)
    assert periods.vietnam_day(start) == date(2026, 3, 1)
    assert periods.vietnam_day(end - timedelta(microseconds=1)) == date(2026, 3, 1)


def test_months_are_listed_over_a_year_end():
    assert periods.months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-02", "2026-01"),
        ("2026-13", "2026-12"),
        ("2026-1", "2026-2"),
        ("", ""),
        ("２０２６-01", "2026-02"),
        ("1900-01", "2026-01"),
    ],
)
def test_bad_periods_are_refused(first, last):
    with pytest.raises(BadPeriod):
        periods.months_between(first, last)


@pytest.mark.parametrize(
    "month", ["0000-01", "0001-01", "1999-12", "2100-01", "9999-12", "2026-00", "2026-13", "2026-1\n"]
)
def test_a_month_that_no_calendar_can_count_with_is_refused(month):
    with pytest.raises(BadPeriod):
        periods.first_day(month)


def test_a_month_of_this_century_has_a_first_day():
    assert periods.first_day("2000-01") == date(2000, 1, 1)
    assert periods.first_day("2099-12") == date(2099, 12, 1)


def test_times_are_written_with_their_zone():
    assert periods.iso_vietnam(datetime(2026, 3, 1, 1, 2, 3, tzinfo=UTC)) == "2026-03-01T08:02:03+07:00"


def test_a_naive_time_is_a_programming_error():
    with pytest.raises(AssertionError):
        periods.vietnam_day(datetime(2026, 3, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        (date(2026, 11, 16), 1, date(2026, 11, 17)),  # Monday
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday
        (date(2026, 11, 20), 3, date(2026, 11, 25)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday
        (date(2026, 11, 22), 5, date(2026, 11, 27)),  # Sunday
        (date(2026, 12, 31), 2, date(2027, 1, 4)),  # New Year's Day is not known to be one
    ],
)
def test_working_days_leave_out_the_weekend(day, days, then):
    assert periods.working_days_after(day, days) == then
