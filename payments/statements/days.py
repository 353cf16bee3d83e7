"""Days and times as Vietnamese banks print them: day first or ISO, never month first."""

import functools
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _

from base.periods import VIETNAM_OFFSET
from payments.statements.statement import DoubtfulStatement

_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.0+)?)?"
_DAY_FIRST = r"(?P<day>[0-9]{2})(?P<sign>[/.-])(?P<month>[0-9]{2})(?P=sign)(?P<year>[0-9]{4})"
_YEAR_FIRST = r"(?P<year>[0-9]{4})(?P<sign>[/-])(?P<month>[0-9]{2})(?P=sign)(?P<day>[0-9]{2})"


def _shapes(*days: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(shape) for day in days for shape in (rf"{day}(?:[T\s]\s*{_CLOCK})?", rf"{_CLOCK}\s+{day}"))


def _one_digit_too(day: str) -> str:
    return day.replace("[0-9]{2})", "[0-9]{1,2})")


Order = Literal["dmy", "mdy", "ymd"]
_MONTH_FIRST = r"(?P<month>[0-9]{2})(?P<sign>[/.-])(?P<day>[0-9]{2})(?P=sign)(?P<year>[0-9]{4})"
_SHAPES = _shapes(_DAY_FIRST, _YEAR_FIRST)
_IN_ORDER: Mapping[Order, tuple[re.Pattern[str], ...]] = {
    "dmy": _shapes(_one_digit_too(_DAY_FIRST)),
    "mdy": _shapes(_one_digit_too(_MONTH_FIRST)),
    "ymd": _shapes(_one_digit_too(_YEAR_FIRST)),
}
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_CLOCK_ALONE = re.compile(_CLOCK)


class BadDay(DoubtfulStatement):
    code = "STATEMENT_BAD_DATE"
    sentence = _(
        "Dòng %(row)s: “%(text)s” không phải ngày viết kiểu ngày/tháng/năm (ví dụ 05/03/2026). "
        "Hãy sửa hoặc xuất lại tệp."
    )


class BadClock(DoubtfulStatement):
    code = "STATEMENT_BAD_TIME"
    sentence = _("Dòng %(row)s: “%(text)s” không phải giờ viết kiểu giờ:phút. Hãy sửa hoặc xuất lại tệp.")


def moment(day_cell: object, time_cell: object = None, *, row: int, order: Order | None = None) -> datetime:
    """When a row happened, aware, in Vietnam time; midnight where the file gives no time.

    Text must be ``dd/mm/yyyy`` (or with ``-`` or ``.``) or ISO, two digits each, so that a month-first file stops at
    its first impossible day instead of moving money by months. Cells that hold a real date count as they are.
    ``order`` is what a person said of the file: then only that order is read, one digit being enough for a day.
    Raises BadDay, BadClock.
    """
    if time_cell is None and day_cell.__class__ is str and (known := _alone(day_cell, order)) is not None:
        return known
    at = _day(day_cell, row=row, order=order)
    clock = _clock(time_cell, row=row)
    if clock is not None:
        at = at.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
    return at.replace(tzinfo=VIETNAM_OFFSET)


@functools.lru_cache(maxsize=4_096)  # a file says the same day many times
def _alone(text: str, order: Order | None) -> datetime | None:
    """The moment that ``text`` says by itself; None where it says none that may be believed."""
    at = _from_text(text.strip(), order)
    return at.replace(tzinfo=VIETNAM_OFFSET) if at is not None and 2000 <= at.year <= 2100 else None


def _day(cell: object, *, row: int, order: Order | None) -> datetime:
    if isinstance(cell, datetime) and cell.tzinfo is None:
        at: datetime | None = (cell + timedelta(microseconds=500_000)).replace(microsecond=0)  # stored as a float
    elif isinstance(cell, date) and not isinstance(cell, datetime):
        at = datetime.combine(cell, time())
    else:
        at = _from_text(cell.strip(), order) if isinstance(cell, str) else None
    if at is None or not 2000 <= at.year <= 2100:
        raise BadDay(row=row, text=str(cell))
    return at


@functools.lru_cache(maxsize=4_096)
def _from_text(text: str, order: Order | None) -> datetime | None:
    for shape in _IN_ORDER[order] if order else _SHAPES:
        if match := shape.fullmatch(text):
            year, month, day, hour, minute, second = (int(match[part] or 0) for part in _PARTS)
            try:
                return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the caller adds the zone
            except ValueError:
                return None
    return None


def _clock(cell: object, *, row: int) -> time | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    match = _CLOCK_ALONE.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if match is None:
        raise BadClock(row=row, text=str(cell))
    try:
        return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        raise BadClock(row=row, text=str(cell)) from None
