"""Days and months by the clock of Việt Nam. Instants are stored in UTC; only doors ask the clock."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
VIETNAM_OFFSET = timezone(timedelta(hours=7))  # no daylight saving since 1975; prints as +07:00

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_FIRST_YEAR, _LAST_YEAR = 2000, 2099  # others are slips of the finger; 0 and 9999 no calendar can count with


class BadPeriod(Refused):
    code = "BAD_PERIOD"
    sentence = _("Khoảng thời gian không hợp lệ.")


def vietnam_day(at: datetime) -> date:
    """The calendar day of an instant, in Việt Nam. Refuses naive datetimes (programmer's promise)."""
    assert at.tzinfo is not None
    return at.astimezone(VIETNAM).date()


def today_in_vietnam() -> date:
    """Today, by the clock. For doors and for "who may see this now"; rules take the day as an argument."""
    return datetime.now(VIETNAM_OFFSET).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of ``day`` in Việt Nam and first instant of the next, both UTC."""
    start = datetime(day.year, day.month, day.day, tzinfo=VIETNAM_OFFSET)
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)


def working_days_after(day: date, days: int) -> date:
    """The day that lies ``days`` working days (1 or more) after ``day``: Monday to Friday.

    Public holidays are not known here: around Tết, whoever promises this day must say so.
    """
    assert days >= 1
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def month_of(day: date) -> str:
    """``2026-03``."""
    return f"{day.year:04d}-{day.month:02d}"


def months_between(first: str, last: str, *, most: int = 120) -> list[str]:
    """Months from ``first`` to ``last``, both written ``2026-03`` and both included. Raises BadPeriod."""
    start, end = _MONTH.fullmatch(first), _MONTH.fullmatch(last)
    if not start or not end:
        raise BadPeriod()
    a = int(start[1]) * 12 + int(start[2]) - 1
    b = int(end[1]) * 12 + int(end[2]) - 1
    if not 0 <= b - a < most:
        raise BadPeriod()
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(a, b + 1)]


def first_day(month: str) -> date:
    """First day of ``2026-03``, in this century. Raises BadPeriod."""
    match = _MONTH.fullmatch(month)
    if not match or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
        raise BadPeriod()
    return date(int(match[1]), int(match[2]), 1)


def first_day_after(month: str) -> date:
    """``2026-12`` → 1 January 2027. Raises BadPeriod."""
    first = first_day(month)
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def iso_vietnam(at: datetime) -> str:
    """ISO 8601 with ``+07:00``, whole seconds, as the API and the commands write times."""
    assert at.tzinfo is not None
    return at.astimezone(VIETNAM_OFFSET).isoformat(timespec="seconds")
