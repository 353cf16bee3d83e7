"""The time that a text prints: any order of day and clock, two or four digits of a year, or none."""

import re
from datetime import datetime

from base.periods import VIETNAM_OFFSET
from payments.providers.sms.notice import NotANotice

_DAY = r"[0-9]{1,2}[/-][0-9]{1,2}(?:[/-](?:[0-9]{4}|[0-9]{2}))?(?![0-9/])"
_CLOCK = r"[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2})?|H[0-9]{2}P?)(?![0-9])"
WHEN = rf"(?:{_DAY}(?:[ ;,]{{1,2}}{_CLOCK})?|{_CLOCK}[ ;,]{{1,2}}(?:NGAY )?{_DAY})"
"""A regular expression for folded text; whatever it matches ``moment`` can judge."""

_PARTS = re.compile(
    r"(?P<day>[0-9]{1,2})[/-](?P<month>[0-9]{1,2})(?:[/-](?P<year>[0-9]{4}|[0-9]{2}))?(?![0-9:H])",
)
_HOURS = re.compile(r"(?P<hour>[0-9]{1,2})[:H](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?")


def moment(text: str, *, received_at: datetime | None) -> tuple[datetime | None, bool]:
    """The Vietnam time in ``text`` and whether its year was guessed; midnight when only the day is printed.

    Without a year it is the one that lies nearest to ``received_at``, so that 31/12 read on 1/1 is not next year; None
    when nobody knows when the text came. Raises NotANotice ``bad_time`` for a day or hour that does not exist.
    """
    day, clock = _PARTS.search(text), _HOURS.search(text)
    assert day is not None, "WHEN holds a day"
    parts = {name: int(value) for name, value in day.groupdict().items() if value is not None}
    if clock is not None:
        parts |= {name: int(value) for name, value in clock.groupdict().items() if value is not None}
    year = parts.pop("year", None)
    if year is not None:
        at = _at(year + 2000 if year < 100 else year, parts)
        if at is None:
            raise NotANotice(reason="bad_time")
        return at, False
    if received_at is None:
        if _at(2000, parts) is None:  # a leap year: every day that exists, exists in it
            raise NotANotice(reason="bad_time")
        return None, False
    about = received_at.astimezone(VIETNAM_OFFSET)
    near = [_at(year, parts) for year in range(max(about.year - 8, 2000), min(about.year + 9, 2100))]
    known = [at for at in near if at is not None]
    if not known:
        raise NotANotice(reason="bad_time")
    return min(known, key=lambda at: abs(at - about)), True


def _at(year: int, parts: dict[str, int]) -> datetime | None:
    if not 2000 <= year < 2100:
        return None
    try:
        return datetime(
            year, parts["month"], parts["day"], parts.get("hour", 0), parts.get("minute", 0), parts.get("second", 0),
            tzinfo=VIETNAM_OFFSET,
        )  # fmt: skip
    except ValueError:
        return None
