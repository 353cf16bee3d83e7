"""How figures and days are written in one file: left to the file to show, or laid down by its bank's map."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from payments.statements.days import BadDay, Order, moment
from payments.statements.numbers import STYLES, FigureReader, Style

# dd/mm/yyyy with one sign throughout, perhaps with a time behind it: what Vietnamese banks print.
DAY_FIRST = re.compile(r"\s*[0-9]{2}([/.-])[0-9]{2}\1[0-9]{4}(?:\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?\s*")


@dataclass(frozen=True, slots=True)
class Grammar:
    """``styles``: the ways of writing figures that may occur, one of them for a whole file. ``day``: the shape of a
    day given as text, None for any that days.py knows. ``order``: what a person said of the days."""

    styles: tuple[Style, ...] = STYLES
    day: re.Pattern[str] | None = None
    order: Order | None = None

    def figures(self) -> FigureReader:
        return FigureReader(self.styles)

    def moment(self, day_cell: object, time_cell: object, *, row: int) -> datetime:
        """Raises BadDay, BadClock."""
        if self.day is not None and isinstance(day_cell, str) and not self.day.fullmatch(day_cell):
            raise BadDay(row=row, text=day_cell)
        return moment(day_cell, time_cell, row=row, order=self.order)


def styles_with(thousands: Collection[str]) -> tuple[Style, ...]:
    """The styles with one of these signs between thousands ("" for none), with or without zero decimals."""
    return tuple(style for style in STYLES if style.thousands in thousands)


ANY = Grammar()
