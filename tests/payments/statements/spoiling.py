"""Ways in which a bank's file comes to be wrong, each with the row that a refusal must name."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.payments.statements.layouts import Cells, Layout, Move, Write


@dataclass
class Case:
    """One file: ``rows`` may be changed; ``at`` is the movement (from 0, never the first or the last) to spoil."""

    layout: Layout
    write: Write
    moved: list[Move]
    at: int

    def __post_init__(self) -> None:
        self.rows = self.layout.rows(self.moved, self.write)

    @property
    def index(self) -> int:
        return self.layout.first - 1 + self.at

    @property
    def row(self) -> int:
        return self.layout.first + self.at

    @property
    def body(self) -> slice:
        start = self.layout.first - 1
        return slice(start, start + len(self.moved))

    @property
    def money(self) -> int:
        """The column that holds the sum of the spoilt movement."""
        return self.layout.credit if self.moved[self.at].dong > 0 else self.layout.debit

    def total_row(self) -> int:
        """Where a file without balances in its rows is found out: its line of totals, behind the rows."""
        return next(n for n, cells in enumerate(self.rows, 1) if str(cells[0]).startswith("Tổng"))


# A spoiler changes the rows and says which row the refusal names; None: this layout cannot be spoilt like that.
Spoiler = Callable[[Case], int | None]


def _found(case: Case, row: int) -> int:
    return row if case.layout.proves_each_row else case.total_row()


def lost(case: Case) -> int | None:
    del case.rows[case.index]
    return _found(case, case.row)


def doubled(case: Case) -> int | None:
    case.rows.insert(case.index, list(case.rows[case.index]))
    return _found(case, case.row + 1)


def swapped(case: Case) -> int | None:
    if not case.layout.proves_each_row:
        return None  # the same rows in another order are the same statement
    rows, at = case.rows, case.index
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return case.row


def wrong_side(case: Case) -> int | None:
    cells, layout = case.rows[case.index], case.layout
    cells[layout.debit], cells[layout.credit] = cells[layout.credit], cells[layout.debit]
    return _found(case, case.row)


def one_dong_more(case: Case) -> int | None:
    case.rows[case.index][case.money] = case.write(abs(case.moved[case.at].dong) + 1)
    return _found(case, case.row)


def another_balance(case: Case) -> int | None:
    if case.layout.balance is None:
        return None
    case.rows[case.index][case.layout.balance] = case.write(case.moved[case.at].balance - 1)
    return case.row


def resaved_account(case: Case) -> int | None:
    column = case.layout.payers_account if case.layout.payers_account is not None else case.layout.reference
    if column is None:
        return None
    case.rows[case.index][column] = "1.02E+11"
    return case.row


def cut(case: Case) -> int | None:
    """The file ends in the middle of a row, behind its day."""
    del case.rows[case.index + 1 :]
    case.rows[case.index] = case.rows[case.index][: case.layout.day + 2]
    return case.row


def month_first(case: Case) -> int | None:
    for cells, move in zip(case.rows[case.body], case.moved, strict=True):
        cells[case.layout.day] = str(cells[case.layout.day]).replace(move.dmy, move.day.strftime("%m/%d/%Y"))
    return case.layout.first


def full_width(case: Case) -> int | None:
    written = str(case.rows[case.index][case.money])
    case.rows[case.index][case.money] = written.translate({48 + n: 0xFF10 + n for n in range(10)})
    return case.row


def other_style(case: Case) -> int | None:
    written = case.write(1_234_567)
    if not isinstance(written, str) or written.isdigit():
        return None
    other = f"{abs(case.moved[case.at].dong):,}"
    case.rows[case.index][case.money] = other.replace(",", ".") if "," in written else other
    return case.row


def fraction(case: Case) -> int | None:
    case.rows[case.index][case.money] = f"{abs(case.moved[case.at].dong)}.50"
    return case.row


def exponent(case: Case) -> int | None:
    case.rows[case.index][case.money] = "1.5E+05"
    return case.row


def both_sides(case: Case) -> int | None:
    case.rows[case.index][case.layout.debit] = case.rows[case.index][case.layout.credit] = case.write(150_000)
    return case.row


def no_day(case: Case) -> int | None:
    for column in {case.layout.day}:
        case.rows[case.index][column] = ""
    return case.row


def impossible_day(case: Case) -> int | None:
    cell = str(case.rows[case.index][case.layout.day])
    case.rows[case.index][case.layout.day] = cell.replace(case.moved[case.at].dmy, "31/02/2026")
    return case.row


def heads_exchanged(case: Case) -> int | None:
    if not case.layout.proves_each_row:
        return None  # without balances only the bank's own map can tell: test_banks.py
    heads, layout = case.rows[case.layout.header - 1], case.layout
    heads[layout.debit], heads[layout.credit] = heads[layout.credit], heads[layout.debit]
    return -1  # its first movement, or the heads themselves where the bank's map knows their order


def other_account_behind(case: Case) -> int | None:
    """Rows of another account under the first one's, with nothing but its number between."""
    case.rows[case.body.stop : case.body.stop] = [
        ["Tài khoản: 1030000031"], *[list(cells) for cells in case.rows[case.body]]
    ]  # fmt: skip
    return -1


SPOILERS: tuple[Spoiler, ...] = (
    lost, doubled, swapped, wrong_side, one_dong_more, another_balance, resaved_account, cut, month_first, full_width,
    other_style, fraction, exponent, both_sides, no_day, impossible_day, heads_exchanged, other_account_behind,
)  # fmt: skip


def page_of(rows: list[Cells]) -> bytes:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><table>{body}</table></html>".replace("\n", "<br>").encode()
