"""What one item costs one account in one run: rate, exemption and the day that decides. Pure.

Rules
-----
* **Rate**: the one with the latest ``since`` that is not after the first day of the run's month.
* **Exemption**: one day decides. For a metered item it is the day on which the meter was read, for every other item
  the first day of the run's month. An exemption counts when it is live on that day, both ends included; one that
  began later or ended before does not.
* **Several groups**: the largest reduction for that item counts, they are never added up.
* **Reduction**: ``full × basis points ÷ 10,000`` rounded down to the đồng: the odd đồng is paid.
* **Agreement** to a voluntary item, and **belonging** to the biller: live on at least one day of the run's month.
  Whoever leaves within it is billed only for what was counted for him or read on his meter.
* **Periods**: a school's year runs from August to July, its terms are August–December and January–July; for every other
  biller a year is the calendar's and a term half of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from base.money import fee_dong
from base.periods import first_day
from payments.bills import tariff
from payments.bills.tariff import Step

WHOLE_BP = 10_000
_SCHOOL_YEAR_BEGINS = 8


class Dated(Protocol):
    @property
    def since(self) -> date: ...


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, slots=True)
class Reduction:
    """A group that an account is in, and how much less it pays for the item. (0, "") is none."""

    bp: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of a bill to be. ``unit_price_dong`` is 0 where steps apply."""

    quantity: int
    unit_price_dong: int
    full_dong: int
    reduction_dong: int
    reduction_name: str

    @property
    def amount_dong(self) -> int:
        return self.full_dong - self.reduction_dong


def charge(*, quantity: int, price_dong: int, steps: list[Step], reduction: Reduction) -> Charge:
    """``quantity`` heads, meals or units used at this rate, less ``reduction``."""
    assert 0 <= reduction.bp <= WHOLE_BP
    full = tariff.cost_dong(used=quantity, price_dong=price_dong, steps=steps)
    less = fee_dong(gross_dong=full, fee_bp=reduction.bp)  # rounds down, as every share here
    return Charge(quantity, 0 if steps else price_dong, full, less, reduction.name if less else "")


def in_force(rates: Iterable[D], on: date) -> D | None:
    """The rate that counts ``on`` a day; None before the first one."""
    return max((rate for rate in rates if rate.since <= on), key=lambda rate: rate.since, default=None)


def is_live(since: date, until: date | None, *, on: date) -> bool:
    """Both ends included."""
    return since <= on and (until is None or on <= until)


def is_live_within(since: date, until: date | None, *, first: date, last: date) -> bool:
    """On at least one day from ``first`` to ``last``."""
    return since <= last and (until is None or first <= until)


def largest(reductions: Iterable[Reduction]) -> Reduction:
    """The one that counts; of equals the one whose name comes first, so that a bill says the same each time."""
    return min(reductions, key=lambda one: (-one.bp, one.name), default=Reduction())


def last_day(month: str) -> date:
    """``2026-02`` → 28 February. Raises BadPeriod."""
    return (first_day(month) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def months_of_period(period: str, month: str, *, school: bool) -> tuple[str, str] | None:
    """First and last month of the period of an item that ``month`` lies in; None for ``once``, which has no end."""
    if period == "once":
        return None
    day = first_day(month)
    if period == "month":
        return month, month
    year, autumn = day.year, day.month >= _SCHOOL_YEAR_BEGINS
    if school:
        if period == "term":
            return (f"{year}-08", f"{year}-12") if autumn else (f"{year}-01", f"{year}-07")
        return (f"{year}-08", f"{year + 1}-07") if autumn else (f"{year - 1}-08", f"{year}-07")
    if period == "term":
        return (f"{year}-01", f"{year}-06") if day.month <= 6 else (f"{year}-07", f"{year}-12")
    return f"{year}-01", f"{year}-12"
