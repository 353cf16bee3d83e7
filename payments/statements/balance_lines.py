"""The lines of a statement that move no money: opening and closing balance, totals, and our account's number."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from base.text import folded
from payments.statements.chain import Stated
from payments.statements.numbers import FigureReader
from payments.statements.sheet import as_text
from payments.statements.statement import DoubtfulStatement

Kind = Literal["opening", "closing", "total", "count"]

# Looked for at the beginning of a cell, without accents.
_LABELS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "opening",
        re.compile(r"(?:so )?du (?:dau|no dau|co dau)|opening bal|beginning bal|balance b(?:rought)? ?/?f|so du truoc"),
    ),
    ("closing", re.compile(r"(?:so )?du (?:cuoi|no cuoi|co cuoi)|closing bal|ending bal|balance c(?:arried)? ?/?f")),
    ("count", re.compile(r"(?:tong )?so (?:luong )?(?:giao dich|gd|but toan|mon)|(?:number|no\.?) of transactions")),
    ("total", re.compile(r"tong|cong (?:phat sinh|ps|so|don|cuoi)|cong\b(?=:|$)|(?:sub|grand )?\s*total|sum\b")),
)
_ACCOUNT_LABEL = re.compile(
    r"(?:so tai khoan|so tk|stk|tai khoan so|account (?:number|no)\.?|tai khoan|a/c no)\b[^:0-9]{0,40}(?::|$|(?=[0-9]))"
)
_ACCOUNT = re.compile(r"[0-9][0-9A-Z]*(?:[ .\-][0-9]+(?![0-9/:]))*")  # "0071.000.123.456", not the name behind " - "
_REWRITTEN = re.compile(r"[0-9][0-9.,]*E\+")  # a spreadsheet's 1.02E+11: nobody can tell which account that was
_FIRST_DIGIT = re.compile(r"[0-9]")


def kind_of(cells: Iterable[Any]) -> Kind | None:
    """What a row is by its label, None when no cell begins with one."""
    for cell in cells:
        if isinstance(cell, str) and (label := folded(cell[:80])):
            for kind, words in _LABELS:
                if words.match(label):
                    return kind
    return None


def stated_above(rows: Sequence[tuple[int, tuple[Any, ...]]], kind: Kind, *, figures: FigureReader) -> Stated | None:
    """A balance told above the header: ``Số dư đầu kỳ: 5.000.000`` in one cell, or the figure in a cell beside it."""
    for row, cells in rows:
        for at, cell in enumerate(cells):
            if kind_of([cell]) != kind:
                continue
            inside = cell.partition(":")[2].strip()
            beside = [other for other in cells[at + 1 :] if as_text(other)]
            for figure in [inside] if inside else beside[:1]:
                if type(figure) in (int, float) or (isinstance(figure, str) and re.search(r"[0-9]", figure)):
                    dong = figures.dong(figure, row=row)
                    return None if dong is None else Stated(row, dong)
    return None


def account_above(rows: Sequence[tuple[int, tuple[Any, ...]]]) -> str | None:
    """Our account's number as told above the header, without blanks; None where nothing is told clearly."""
    for _row, cells in rows:
        for at, cell in enumerate(cells):
            if not isinstance(cell, str) or not _ACCOUNT_LABEL.match(folded(cell)):
                continue
            digit = _FIRST_DIGIT.search(cell)
            inside = cell.partition(":")[2].strip() if ":" in cell or not digit else cell[digit.start() :]
            beside = next((as_text(other) for other in cells[at + 1 :] if as_text(other)), "")
            told = (inside or beside).upper().replace("\u00a0", " ")
            if (match := _ACCOUNT.match(told)) and not _REWRITTEN.match(told):
                number = re.sub(r"[ .\-]", "", match.group())
                if 5 <= len(number) <= 24:
                    return number
    return None


def single_figure(cells: Sequence[Any], *, figures: FigureReader, row: int) -> int | None:
    """The one figure of a balance line, whichever column it stands in; None with none or several."""
    found = set()
    for cell in cells:
        if type(cell) in (int, float) or (
            isinstance(cell, str) and re.fullmatch(r"[-−+(]?[0-9][0-9., \u00a0]*\)?.{0,5}", cell.strip())
        ):
            try:
                dong = figures.dong(cell, row=row)
            except DoubtfulStatement:
                continue  # a date, a page number: not the figure
            if dong is not None:
                found.add(dong)
    return found.pop() if len(found) == 1 else None
