"""What a bank's file says once it is believed, and the refusal that every doubt about a file becomes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments.providers.arrival import Arrival


class DoubtfulStatement(Refused):
    """One doubt refuses the whole file. ``row`` is the row as a spreadsheet numbers it, from 1, where there is one."""

    code = "STATEMENT_DOUBTFUL"
    sentence = _("Không đọc chắc chắn được tệp sao kê này, nên chưa ghi dòng nào.")

    def __init__(self, *, row: int | None = None, **details: Any) -> None:
        super().__init__(row=row, **details)
        self.row = row


class StatementRow(NamedTuple):
    """One line of the file as an Arrival.

    Lines that are equal in every field of their identity are numbered from 1, in the order of the file, at the end
    of ``arrival.source_id``.
    """

    row: int
    arrival: Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRead:
    """A whole file, in the order of its rows.

    ``account``     our account as the file names it, None where it does not
    ``opening_dong``, ``closing_dong``  None where the file has neither a balance column nor balance lines
    ``continuous``  True: opening + in − out = closing was proved (row by row where there is a balance column);
                    None: the file gives nothing to prove it by. False never happens: such a file is refused
    ``bank``        the key (known_banks.py) of the bank whose file this shows itself to be, None where it does not
    """

    rows: tuple[StatementRow, ...]
    account: str | None
    opening_dong: int | None
    closing_dong: int | None
    continuous: bool | None
    first_day: date | None
    last_day: date | None
    bank: str | None = None

    @property
    def arrivals(self) -> Iterator[Arrival]:
        return (line.arrival for line in self.rows)
