"""Any bank's CSV or Excel statement: believed whole, or refused whole with the row that raised the doubt."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from payments.providers.arrival import Direction, readable_text
from payments.statements import balance_lines, chain, sheet
from payments.statements.chain import Link, Stated
from payments.statements.columns import GENERIC, MONEY, Field, Words
from payments.statements.days import moment
from payments.statements.identity import arrivals_of
from payments.statements.movement import CutRow, Movement, OneSideOnly, Signs, movement
from payments.statements.numbers import FigureReader
from payments.statements.sheet import Line, Sheet, as_text
from payments.statements.statement import DoubtfulStatement, StatementRead


class NoDay(DoubtfulStatement):
    code = "STATEMENT_NO_DATE"
    sentence = _("Dòng %(row)s: có số tiền nhưng không có ngày. Hãy xuất lại tệp từ ngân hàng.")


class NoBalance(DoubtfulStatement):
    code = "STATEMENT_NO_BALANCE"
    sentence = _("Dòng %(row)s: thiếu số dư, trong khi các dòng khác có. Hãy xuất lại tệp từ ngân hàng.")


class NoDirection(DoubtfulStatement):
    code = "STATEMENT_NO_DIRECTION"
    sentence = _(
        "Dòng %(row)s: cột số tiền không có dấu + hoặc − và không có số dư, nên không biết tiền vào hay tiền ra. "
        "Hãy xuất sao kê có cột ghi nợ, ghi có."
    )


class AfterTheEnd(DoubtfulStatement):
    code = "STATEMENT_SEVERAL_TABLES"
    sentence = _("Dòng %(row)s: lại bắt đầu một bảng sao kê khác. Hãy tách mỗi tài khoản một tệp.")


_DAY_BEGUN = re.compile(r"[0-9]{2}[/.-][0-9]|[0-9]{4}[/-][0-9]")


class TotalDiffers(DoubtfulStatement):
    code = "STATEMENT_TOTAL_DIFFERS"
    sentence = _("Dòng %(row)s: tổng cộng ghi trong tệp không bằng tổng các dòng. Tệp có thể thiếu dòng; hãy xuất lại.")


@dataclass(slots=True)
class _Reading:
    """What has been read of the file so far."""

    figures: FigureReader = field(default_factory=FigureReader)
    entries: list[Movement] = field(default_factory=list)
    account: str | None = None  # as told above the header
    opening: Stated | None = None
    closing: Stated | None = None
    ended: bool = False  # a closing or total line was seen, or the name of another account
    sums: dict[Direction, int] = field(default_factory=lambda: {"in": 0, "out": 0})
    since_total: dict[Direction, int] = field(default_factory=lambda: {"in": 0, "out": 0})
    signs: Signs = field(default_factory=Signs)


def read(data: bytes, *, table: Mapping[Field, Sequence[str]] = GENERIC, encoding: str | None = None) -> StatementRead:
    """The statement in ``data`` (the bytes of a .csv or .xlsx file, whatever its name).

    ``table`` are the column words of a bank, ``encoding`` its text encoding where it is not UTF-8 or marked UTF-16.
    Raises a DoubtfulStatement, with the row where there is one; then nothing of the file may be used.
    """
    found = sheet.read(data, words=Words.of(table), encoding=encoding)
    reading = _Reading(account=balance_lines.account_above(found.above))
    reading.opening = balance_lines.stated_above(found.above, "opening", figures=reading.figures)
    reading.closing = balance_lines.stated_above(found.above, "closing", figures=reading.figures)
    for line in found.lines:
        _take(line, reading, found)
    opening_dong, closing_dong, continuous = _proved(reading)
    days = [vietnam_day(entry.at) for entry in reading.entries]
    account = _one_account(reading.entries) or reading.account
    return StatementRead(
        rows=arrivals_of(reading.entries, account=account or ""),
        account=account,
        opening_dong=opening_dong,
        closing_dong=closing_dong,
        continuous=continuous,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
    )


def _take(line: Line, reading: _Reading, found: Sheet) -> None:
    """One row: money that moved, a balance or total line, the rest of a memo, or words that say nothing."""
    day = line.cell("day")
    figures = [cell for name in MONEY if (cell := line.cell(name)) is not None and not _is_dash(cell)]
    has_money = bool(figures)
    kind = None
    if day is None or not _has_digit(day) or not any(_has_more_than_zeros(figure) for figure in figures):
        kind = balance_lines.kind_of(line.cells)
    if kind in ("opening", "closing"):
        _take_balance(line, reading, opening=kind == "opening")
    elif kind == "total":
        _take_total(line, reading)
    elif kind == "count":
        reading.ended = True
    elif day is not None and (has_money or line.cell("balance") is not None):
        _take_movement(line, reading, found)
    elif has_money or line.cell("balance") is not None:
        raise NoDay(row=line.row)
    elif not line.whole and not reading.ended and _DAY_BEGUN.match(as_text(day)):
        raise CutRow(row=line.row)
    elif day is not None and _has_digit(day) and _says_more(line, day):
        moment(day, row=line.row)  # a day that cannot be is the better reason to give
        raise OneSideOnly(row=line.row)
    elif _continues_memo(line, reading):
        last = reading.entries[-1]
        last.memo += "\n" + readable_text(as_text(line.cell("memo")))
    elif (other := balance_lines.account_above([(line.row, line.cells)])) and other != reading.account:
        reading.ended = True  # the next section's rows are not this account's


def _take_movement(line: Line, reading: _Reading, found: Sheet) -> None:
    if reading.ended:
        raise AfterTheEnd(row=line.row)
    found.check_unmerged(line)
    entry = movement(line, figures=reading.figures, signs=reading.signs)
    reading.sums[entry.direction] += abs(entry.dong)
    reading.since_total[entry.direction] += abs(entry.dong)
    reading.entries.append(entry)


def _take_balance(line: Line, reading: _Reading, *, opening: bool) -> None:
    dong = reading.figures.dong(line.cell("balance"), row=line.row)
    if dong is None:
        dong = balance_lines.single_figure(line.cells, figures=reading.figures, row=line.row)
    if opening:
        # newest first, the opening line is the last one; in the middle it opens the section of another account
        if dong is not None and reading.opening is not None and reading.opening.dong != dong:
            raise AfterTheEnd(row=line.row)
        reading.ended = reading.ended or bool(reading.entries)
        reading.opening = reading.opening if dong is None else Stated(line.row, dong)
    else:
        if dong is not None and reading.closing is not None and reading.closing.dong != dong:
            raise AfterTheEnd(row=line.row)
        reading.ended = reading.ended or bool(reading.entries)
        reading.closing = reading.closing if dong is None else Stated(line.row, dong)


def _take_total(line: Line, reading: _Reading) -> None:
    """A total must be that of all rows so far, or of those since the total before (one a day, one a page)."""
    for name, direction in (("debit", "out"), ("credit", "in")):
        dong = reading.figures.dong(line.cell(name), row=line.row)  # type: ignore[arg-type]
        fitting = (reading.sums[direction], reading.since_total[direction])  # type: ignore[index]
        if dong is not None and abs(dong) not in fitting:
            raise TotalDiffers(row=line.row)
    reading.since_total = {"in": 0, "out": 0}


def _says_more(line: Line, day: Any) -> bool:
    """Whether a row with a day but without money is a movement that lost it, and not a page's foot."""
    referenced = line.cell("reference") is not None and (not isinstance(day, str) or _DAY_BEGUN.match(day.strip()))
    return line.cell("memo") is not None or bool(referenced)


def _continues_memo(line: Line, reading: _Reading) -> bool:
    """Only a memo, right under a row that moved money: the bank broke its text over two rows."""
    if not reading.entries or reading.ended or line.cell("memo") is None:
        return False
    others = (name for name in line.columns if name != "memo")
    return line.row == reading.entries[-1].line.row + 1 and all(line.cell(name) is None for name in others)


def _proved(reading: _Reading) -> tuple[int | None, int | None, bool | None]:
    """Opening, closing and whether the rows lead from one to the other.

    Raises what chain.py raises, NoBalance, NoDirection.
    """
    opening, closing, entries = reading.opening, reading.closing, reading.entries
    links: list[Link] = []
    without: list[Movement] = []
    for entry in entries:
        if entry.balance_dong is None:
            without.append(entry)
        else:
            links.append(Link(entry.line.row, entry.dong, entry.balance_dong, entry.at))
    if links and without:
        raise NoBalance(row=without[0].line.row)
    proved = chain.proved(links, opening=opening, closing=closing) if links else None
    told_by_balance = (opening and (links or closing)) or (links and not chain.holds_turned(links))
    if entries and "amount" in entries[0].line.columns and not (reading.signs.amount_signed or told_by_balance):
        raise NoDirection(row=entries[0].line.row)
    if proved:
        return *proved, True
    if opening and closing:
        chain.proved_by_sum(sum(entry.dong for entry in entries), opening=opening, closing=closing)
        return opening.dong, closing.dong, True
    return (opening.dong if opening else None), (closing.dong if closing else None), None


def _one_account(entries: Sequence[Movement]) -> str | None:
    first = entries[0].account if entries else ""
    for entry in entries:
        if entry.account != first:
            raise AfterTheEnd(row=entry.line.row)
    return re.sub(r"[\s.\-]", "", first) or None


def _is_dash(cell: Any) -> bool:
    return isinstance(cell, str) and cell.strip() in ("-", "–", "—")


def _has_digit(cell: Any) -> bool:
    return not isinstance(cell, str) or any(sign.isdigit() for sign in cell)


def _has_more_than_zeros(figure: Any) -> bool:
    """Whether a money cell is more than the 0 or 0.00 that some banks print into their balance lines."""
    return any(sign.isdigit() and sign != "0" for sign in str(figure))
