"""The rows of one account in a file, taken one by one, and the proof that they lead from opening to closing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from payments.providers.arrival import Direction, readable_text
from payments.statements import balance_lines, chain
from payments.statements.chain import Link, Stated
from payments.statements.grammar import Grammar
from payments.statements.head_words import MONEY
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


class TotalDiffers(DoubtfulStatement):
    code = "STATEMENT_TOTAL_DIFFERS"
    sentence = _("Dòng %(row)s: tổng cộng ghi trong tệp không bằng tổng các dòng. Tệp có thể thiếu dòng; hãy xuất lại.")


class AnotherAccount(Exception):
    """A row that names another account. No refusal: the reader of the file opens the next section."""

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self.account = account


_DAY_BEGUN = re.compile(r"[0-9]{2}[/.-][0-9]|[0-9]{4}[/-][0-9]")
_ONE_TO_NINE = frozenset("123456789")
_BESIDE_A_MEMO = frozenset({"memo", "other_account", "other_name"})


@dataclass(slots=True)
class Section:
    """What has been read of one account so far."""

    figures: FigureReader
    grammar: Grammar
    account: str | None = None  # as told above its rows
    entries: list[Movement] = field(default_factory=list)
    opening: Stated | None = None
    closing: Stated | None = None
    one_amount: bool = False  # one column holds money in and out
    ended: bool = False  # a closing or total line was seen
    sums: dict[Direction, int] = field(default_factory=lambda: {"in": 0, "out": 0})
    since_total: dict[Direction, int] = field(default_factory=lambda: {"in": 0, "out": 0})
    signs: Signs = field(default_factory=Signs)

    def take(self, line: Line, found: Sheet) -> None:
        """One row: money that moved, a balance or total line, the rest of a memo, or words that say nothing.

        Raises AnotherAccount where the next account's rows begin, else a DoubtfulStatement.
        """
        filled = line.filled
        day = filled.get("day")
        figures = [cell for name in MONEY if (cell := filled.get(name)) is not None and not _is_dash(cell)]
        kind = None
        if day is None or not _has_digit(day) or not any(_has_more_than_zeros(figure) for figure in figures):
            kind = balance_lines.kind_of(line.cells)
        if kind in ("opening", "closing"):
            self._take_balance(line, opening=kind == "opening")
        elif kind == "total":
            self._take_total(line)
        elif kind == "count":
            self.ended = True
        elif day is not None and (figures or "balance" in filled):
            self._take_movement(line, found)
        elif figures or "balance" in filled:
            raise NoDay(row=line.row)
        elif not line.whole and not self.ended and _DAY_BEGUN.match(as_text(day)):
            raise CutRow(row=line.row)
        elif day is not None and _has_digit(day) and _says_more(line, day):
            self.grammar.moment(day, None, row=line.row)  # a day that cannot be is the better reason to give
            raise OneSideOnly(row=line.row)
        elif self._continues_memo(line):
            last = self.entries[-1]
            last.memo += "\n" + readable_text(as_text(line.cell("memo")))
        elif (other := balance_lines.account_above([(line.row, line.cells)])) and other != self.account:
            raise AnotherAccount(other)

    def read(self) -> StatementRead:
        """The whole of it, proved. Raises what chain.py raises, NoBalance, NoDirection, AfterTheEnd."""
        opening_dong, closing_dong, continuous = self._proved()
        days = [entry.at.date() for entry in self.entries]
        account = _one_account(self.entries) or self.account
        return StatementRead(
            rows=arrivals_of(self.entries, account=account or ""),
            account=account,
            opening_dong=opening_dong,
            closing_dong=closing_dong,
            continuous=continuous,
            first_day=min(days, default=None),
            last_day=max(days, default=None),
        )

    def _take_movement(self, line: Line, found: Sheet) -> None:
        if self.ended:
            raise AfterTheEnd(row=line.row)
        if found.merges:
            found.check_unmerged(line)
        self.one_amount = "amount" in line.columns
        entry = movement(line, grammar=self.grammar, figures=self.figures, signs=self.signs)
        self.sums[entry.direction] += abs(entry.dong)
        self.since_total[entry.direction] += abs(entry.dong)
        self.entries.append(entry)

    def _take_balance(self, line: Line, *, opening: bool) -> None:
        dong = self.figures.dong(line.cell("balance"), row=line.row)
        if dong is None:
            dong = balance_lines.single_figure(line.cells, figures=self.figures, row=line.row)
        # newest first, the opening line is the last one; in the middle it opens the section of another account
        known = self.opening if opening else self.closing
        if dong is not None and known is not None and known.dong != dong:
            raise AfterTheEnd(row=line.row)
        self.ended = self.ended or bool(self.entries)
        if dong is not None and opening:
            self.opening = Stated(line.row, dong)
        elif dong is not None:
            self.closing = Stated(line.row, dong)

    def _take_total(self, line: Line) -> None:
        """A total must be that of all rows so far, or of those since the total before (one a day, one a page)."""
        for name, direction in (("debit", "out"), ("credit", "in")):
            dong = self.figures.dong(line.cell(name), row=line.row)  # type: ignore[arg-type]
            fitting = (self.sums[direction], self.since_total[direction])  # type: ignore[index]
            if dong is not None and abs(dong) not in fitting:
                raise TotalDiffers(row=line.row)
        self.since_total = {"in": 0, "out": 0}

    def _continues_memo(self, line: Line) -> bool:
        """Only a memo, right under a row that moved money: the bank broke its text over two rows."""
        if not self.entries or self.ended or line.cell("memo") is None:
            return False
        return line.row == self.entries[-1].row + 1 and line.filled.keys() <= _BESIDE_A_MEMO

    def _proved(self) -> tuple[int | None, int | None, bool | None]:
        """Opening, closing and whether the rows lead from one to the other."""
        opening, closing, entries = self.opening, self.closing, self.entries
        links: list[Link] = []
        without: list[Movement] = []
        for entry in entries:
            if entry.balance_dong is None:
                without.append(entry)
            else:
                links.append(Link(entry.row, entry.dong, entry.balance_dong, entry.at))
        if links and without:
            raise NoBalance(row=without[0].row)
        proved = chain.proved(links, opening=opening, closing=closing) if links else None
        if entries and self.one_amount and not self.signs.amount_signed:
            told_by_balance = (opening and (links or closing)) or (links and not chain.holds_turned(links))
            if not told_by_balance:
                raise NoDirection(row=entries[0].row)
        if proved:
            return *proved, True
        if opening and closing:
            chain.proved_by_sum(sum(entry.dong for entry in entries), opening=opening, closing=closing)
            return opening.dong, closing.dong, True
        return (opening.dong if opening else None), (closing.dong if closing else None), None


def _says_more(line: Line, day: Any) -> bool:
    """Whether a row with a day but without money is a movement that lost it, and not a page's foot."""
    own_column = line.columns.get("reference") != line.columns["day"]
    referenced = own_column and line.cell("reference") is not None
    begun = not isinstance(day, str) or _DAY_BEGUN.match(day.strip())
    return line.cell("memo") is not None or bool(referenced and begun)


def _one_account(entries: Sequence[Movement]) -> str | None:
    first = entries[0].account if entries else ""
    for entry in entries:
        if entry.account != first:
            raise AfterTheEnd(row=entry.row)
    return re.sub(r"[\s.\-]", "", first) or None


def _is_dash(cell: Any) -> bool:
    return cell.__class__ is str and cell.strip() in ("-", "–", "—")


def _has_digit(cell: Any) -> bool:
    return not isinstance(cell, str) or cell[:1].isdigit() or any(sign.isdigit() for sign in cell)


def _has_more_than_zeros(figure: Any) -> bool:
    """Whether a money cell is more than the 0 or 0.00 that some banks print into their balance lines."""
    text = str(figure)
    return text[:1] in _ONE_TO_NINE or any(sign.isdigit() and sign != "0" for sign in text)
