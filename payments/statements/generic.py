"""Any bank's CSV or Excel statement: believed whole, or refused whole with the row that raised the doubt."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.text import composed
from payments.providers.arrival import Arrival, Direction, readable_text
from payments.statements import balance_lines, chain, sheet
from payments.statements.chain import Link, Stated
from payments.statements.columns import GENERIC, MONEY, Field, Words
from payments.statements.days import moment
from payments.statements.numbers import BadFigure, FigureReader
from payments.statements.sheet import Line, Sheet, as_text
from payments.statements.statement import DoubtfulStatement, StatementRead, StatementRow

_REWRITTEN = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)


class OneSideOnly(DoubtfulStatement):
    code = "STATEMENT_DEBIT_AND_CREDIT"
    sentence = _("Dòng %(row)s: phải có đúng một trong hai số, tiền vào hoặc tiền ra. Hãy xuất lại tệp từ ngân hàng.")


class NoDay(DoubtfulStatement):
    code = "STATEMENT_NO_DATE"
    sentence = _("Dòng %(row)s: có số tiền nhưng không có ngày. Hãy xuất lại tệp từ ngân hàng.")


class NoBalance(DoubtfulStatement):
    code = "STATEMENT_NO_BALANCE"
    sentence = _("Dòng %(row)s: thiếu số dư, trong khi các dòng khác có. Hãy xuất lại tệp từ ngân hàng.")


class CutRow(DoubtfulStatement):
    code = "STATEMENT_CUT_ROW"
    sentence = _("Dòng %(row)s: số ô không khớp dòng tên cột; dòng bị cắt hoặc có dấu ngăn cột thừa. Hãy xuất lại tệp.")


class NumberNotText(DoubtfulStatement):
    code = "STATEMENT_ACCOUNT_AS_NUMBER"
    sentence = _(
        "Dòng %(row)s: số tài khoản hoặc số tham chiếu “%(text)s” đã bị Excel đổi thành số nên mất chữ số. "
        "Hãy tải tệp gốc từ ngân hàng, đừng mở rồi lưu lại."
    )


class AfterTheEnd(DoubtfulStatement):
    code = "STATEMENT_SEVERAL_TABLES"
    sentence = _("Dòng %(row)s: lại bắt đầu một bảng sao kê khác. Hãy tách mỗi tài khoản một tệp.")


class TotalDiffers(DoubtfulStatement):
    code = "STATEMENT_TOTAL_DIFFERS"
    sentence = _("Dòng %(row)s: tổng cộng ghi trong tệp không bằng tổng các dòng. Tệp có thể thiếu dòng; hãy xuất lại.")


@dataclass(slots=True)
class _Entry:
    """A row that moves money. ``dong`` is signed, in positive."""

    line: Line
    at: datetime
    dong: int
    balance_dong: int | None
    direction: Direction
    memo: str
    reference: str
    account: str


@dataclass(slots=True)
class _Reading:
    """What has been read of the file so far."""

    figures: FigureReader = field(default_factory=FigureReader)
    entries: list[_Entry] = field(default_factory=list)
    opening: Stated | None = None
    closing: Stated | None = None
    ended: bool = False  # a closing or total line was seen
    sums: dict[Direction, int] = field(default_factory=lambda: {"in": 0, "out": 0})
    since_total: dict[Direction, int] = field(default_factory=lambda: {"in": 0, "out": 0})
    debits_are_negative: bool | None = None


def read(data: bytes, *, table: Mapping[Field, Sequence[str]] = GENERIC, encoding: str | None = None) -> StatementRead:
    """The statement in ``data`` (the bytes of a .csv or .xlsx file, whatever its name).

    ``table`` are the column words of a bank, ``encoding`` its text encoding where it is not UTF-8 or marked UTF-16.
    Raises a DoubtfulStatement, with the row where there is one; then nothing of the file may be used.
    """
    found = sheet.read(data, words=Words.of(table), encoding=encoding)
    reading = _Reading()
    reading.opening = balance_lines.stated_above(found.above, "opening", figures=reading.figures)
    reading.closing = balance_lines.stated_above(found.above, "closing", figures=reading.figures)
    for line in found.lines:
        _take(line, reading, found)
    opening_dong, closing_dong, continuous = _proved(reading)
    days = [vietnam_day(entry.at) for entry in reading.entries]
    account = _one_account(reading.entries) or balance_lines.account_above(found.above)
    return StatementRead(
        rows=_rows(reading.entries, account=account or ""),
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
        reading.entries.append(_entry(line, reading, found))
    elif has_money or line.cell("balance") is not None:
        raise NoDay(row=line.row)
    elif day is not None and _has_digit(day) and line.cell("memo") is not None:
        moment(day, row=line.row)  # a day that cannot be is the better reason to give
        raise OneSideOnly(row=line.row)
    elif _continues_memo(line, reading):
        last = reading.entries[-1]
        last.memo += "\n" + readable_text(as_text(line.cell("memo")))


def _entry(line: Line, reading: _Reading, found: Sheet) -> _Entry:
    if reading.ended:
        raise AfterTheEnd(row=line.row)
    if not line.whole:
        raise CutRow(row=line.row)
    found.check_unmerged(line)
    at = moment(line.cell("day"), line.cell("time"), row=line.row)
    dong = _signed(line, reading)
    direction: Direction = "out" if dong < 0 else "in"
    reading.sums[direction] += abs(dong)
    reading.since_total[direction] += abs(dong)
    return _Entry(
        line=line,
        at=at,
        dong=dong,
        balance_dong=reading.figures.dong(line.cell("balance"), row=line.row),
        direction=direction,
        memo=readable_text(as_text(line.cell("memo"))),
        reference=_kept_as_text(line, "reference"),
        account=_kept_as_text(line, "account"),
    )


def _signed(line: Line, reading: _Reading) -> int:
    """Đồng of a row, in positive, out negative; from two columns, or from one with a sign."""
    if "amount" in line.columns:
        dong = reading.figures.dong(line.cell("amount"), row=line.row)
        if dong is None:
            raise OneSideOnly(row=line.row)
        return dong
    debit = reading.figures.dong(line.cell("debit"), row=line.row) or 0
    credit = reading.figures.dong(line.cell("credit"), row=line.row) or 0
    if bool(debit) == bool(credit):
        raise OneSideOnly(row=line.row)
    if credit < 0:
        raise BadFigure(row=line.row, text=as_text(line.cell("credit")))
    if debit:  # some banks print a minus in the debit column: then in every row, or it means something else
        if reading.debits_are_negative is None:
            reading.debits_are_negative = debit < 0
        if reading.debits_are_negative != (debit < 0):
            raise BadFigure(row=line.row, text=as_text(line.cell("debit")))
    return credit - abs(debit)


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


def _continues_memo(line: Line, reading: _Reading) -> bool:
    """Only a memo, right under a row that moved money: the bank broke its text over two rows."""
    if not reading.entries or reading.ended or line.cell("memo") is None:
        return False
    others = (name for name in line.columns if name != "memo")
    return line.row == reading.entries[-1].line.row + 1 and all(line.cell(name) is None for name in others)


def _proved(reading: _Reading) -> tuple[int | None, int | None, bool | None]:
    """Opening, closing and whether the rows lead from one to the other. Raises what chain.py raises, NoBalance."""
    opening, closing, entries = reading.opening, reading.closing, reading.entries
    links: list[Link] = []
    without: list[_Entry] = []
    for entry in entries:
        if entry.balance_dong is None:
            without.append(entry)
        else:
            links.append(Link(entry.line.row, entry.dong, entry.balance_dong, entry.at))
    if links and without:
        raise NoBalance(row=without[0].line.row)
    if links:
        return *chain.proved(links, opening=opening, closing=closing), True
    if opening and closing:
        chain.proved_by_sum(sum(entry.dong for entry in entries), opening=opening, closing=closing)
        return opening.dong, closing.dong, True
    return (opening.dong if opening else None), (closing.dong if closing else None), None


def _rows(entries: Sequence[_Entry], *, account: str) -> tuple[StatementRow, ...]:
    seen: Counter[str] = Counter()
    rows = []
    for entry in entries:
        own = _identity(entry)
        seen[own] += 1
        arrival = Arrival(
            source_id=f"{own}-{seen[own]}",
            account=account,
            dong=abs(entry.dong),
            direction=entry.direction,
            memo=entry.memo,
            happened_at=entry.at,
            reference=entry.reference,
            balance_dong=entry.balance_dong,
            raw=json.dumps([as_text(cell) for cell in entry.line.cells], ensure_ascii=False),
        )
        rows.append(StatementRow(row=entry.line.row, occurrence=seen[own], arrival=arrival))
    return tuple(rows)


def _identity(entry: _Entry) -> str:
    """An id made from what the row itself says (facts/money-safety.md §3), so that overlapping files agree on it."""
    balance = "" if entry.balance_dong is None else str(entry.balance_dong)
    own = (vietnam_day(entry.at).isoformat(), str(entry.dong), composed(entry.memo), balance, entry.reference)
    return hashlib.sha256("\x1f".join(own).encode()).hexdigest()[:32]


def _kept_as_text(line: Line, name: Field) -> str:
    """Text of a column whose digits are a name. Raises NumberNotText where a spreadsheet made a number of it."""
    cell = line.cell(name)
    text = readable_text(as_text(cell))
    lost_zeros = name == "account" and isinstance(cell, int | float)
    if lost_zeros or (isinstance(cell, float) and not cell.is_integer()) or _REWRITTEN.fullmatch(text):
        raise NumberNotText(row=line.row, text=text)
    return text


def _one_account(entries: Sequence[_Entry]) -> str | None:
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
