"""How far a member's months lie above what she took home before. Pure.

A figure without its number of months and its period says nothing, so they always come together. Only whole months
count, at most the last three of them; seasons cannot be compared before there are twelve.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cooperatives.income import MonthIncome

MOST_MONTHS = 3
SEASON_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Uplift:
    """``above_dong`` = the mean of ``months`` whole months from ``first`` to ``last``, minus the baseline.

    All in đồng a month, nominal; negative when she takes home less than before.
    """

    months: int
    first: str
    last: str
    mean_dong: int
    above_dong: int
    knows_seasons: bool


def above(*, whole_months: Sequence[MonthIncome], baseline_dong: int) -> Uplift | None:
    """The last three of ``whole_months`` (in order, months without sales as 0) against the baseline.

    None before the first whole month. The mean is rounded down to the đồng.
    """
    counted = whole_months[-MOST_MONTHS:]
    if not counted:
        return None
    mean = sum(month.income_dong for month in counted) // len(counted)
    return Uplift(
        months=len(counted), first=counted[0].month, last=counted[-1].month, mean_dong=mean,
        above_dong=mean - baseline_dong, knows_seasons=len(whole_months) >= SEASON_MONTHS,
    )  # fmt: skip
