"""The one table of a bank's file: its header found by the words in it, the rows under it."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from payments.statements import excel
from payments.statements.columns import Words, check_complete, mapping
from payments.statements.excel import Merge, Table
from payments.statements.head_words import FIGURES, MONEY, Field
from payments.statements.statement import DoubtfulStatement

LONGEST_CAPTION = 80
HEADER_WITHIN = 60  # rows; banks put logo, address, period and balances above it

_DIGIT = re.compile(r"[0-9]")
_SIDES: frozenset[Field] = frozenset({"debit", "credit", "balance"})
_ONLY_SUGGEST: frozenset[Field] = frozenset({"other_account", "other_name"})


class NoHeader(DoubtfulStatement):
    code = "STATEMENT_NO_HEADER"
    sentence = _("Không tìm thấy dòng tên cột (ngày, ghi nợ, ghi có, nội dung…). Hãy xuất lại sao kê từ ngân hàng.")


class SeveralTables(DoubtfulStatement):
    code = "STATEMENT_SEVERAL_TABLES"
    sentence = _("Tệp có hơn một bảng sao kê. Hãy tách mỗi tài khoản một tệp rồi tải lên từng tệp.")


class ColumnsMoved(DoubtfulStatement):
    code = "STATEMENT_COLUMNS_MOVED"
    sentence = _("Dòng %(row)s: dòng tên cột lặp lại nhưng các cột đã đổi chỗ. Hãy xuất lại tệp từ ngân hàng.")


class MergedAcross(DoubtfulStatement):
    code = "STATEMENT_MERGED_CELLS"
    sentence = _(
        "Dòng %(row)s: có ô gộp nên không biết số tiền thuộc dòng nào. Hãy bỏ gộp ô (Unmerge) hoặc xuất lại tệp."
    )


class Line(NamedTuple):
    """One row under the header. ``whole`` says that no cell at its end is missing or too many."""

    row: int
    cells: tuple[Any, ...]
    columns: Mapping[Field, int]
    whole: bool
    filled: Mapping[Field, Any]  # what stands in the columns, without what is empty

    def cell(self, name: Field) -> Any:
        """The cell under ``name``; None where the file has no such column or the cell is empty."""
        return self.filled.get(name)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The one table of a file: what stands above its header, the header's columns, the rows below."""

    above: list[tuple[int, tuple[Any, ...]]]
    header_row: int
    captions: list[str]
    columns: Mapping[Field, int]
    lines: Iterable[Line]  # to be taken once: a long file's rows are not all held at a time
    merges: list[Merge] = field(default_factory=list)
    title: str = ""

    def check_unmerged(self, line: Line) -> None:
        """Raises MergedAcross where merged cells leave open which row or column of ``line`` a value belongs to.

        For rows that move money; a title or a total may be merged as it likes.
        """
        for merge in self.merges:
            if not merge.first_row <= line.row <= merge.last_row:
                continue
            columns = {at for name, at in self.columns.items() if name not in _ONLY_SUGGEST}
            covered = [at for at in columns if merge.first_column <= at <= merge.last_column]
            if len(covered) > 1 or (covered and merge.first_row != merge.last_row):
                raise MergedAcross(row=line.row)


@dataclass(frozen=True, slots=True)
class Header:
    at: int  # position in the table's rows
    height: int
    row: int
    columns: Mapping[Field, int]
    captions: list[str]


def sheet_under(table: Table, header: Header, *, words: Words) -> Sheet:
    """The rows under ``header``, without its repetitions. Taking them raises ColumnsMoved."""
    lines = (
        line
        for line in lines_of(table, header)
        if not (numbers_columns(line.cells) or _repeats_header(line.cells, line.row, header.columns, words=words))
    )
    above = table.rows[: header.at]
    return Sheet(above, header.row, header.captions, header.columns, lines, table.merges, table.title)


def lines_of(table: Table, header: Header) -> Iterator[Line]:
    """Every row under ``header``, with what its columns hold."""
    columns, width = header.columns, len(header.captions)
    places = tuple(columns.items())
    for row, cells in table.rows[header.at + header.height :]:
        count = len(cells)
        filled = {
            name: value
            for name, at in places
            if at < count and (value := cells[at]) is not None and (value.__class__ is not str or value.strip())
        }
        yield Line(row, cells, columns, table.ragged or _fits(cells, width), filled)


def header_of(table: Table, *, words: Words) -> Header | None:
    """The first row, or pair of rows, with a day and a money column. Raises what columns.py raises."""
    for at in range(min(len(table.rows), HEADER_WITHIN)):
        upper = captions_of(table, at)
        lower = captions_of(table, at + 1) if at + 1 < len(table.rows) else []
        below_is_whole = _is_header([words.meaning(caption) for caption in lower])
        if below_is_whole and _merged_with_next(table, at):
            continue  # what is merged downwards stands in the row below as well, beside its narrower captions
        if not below_is_whole and sum(words.meaning(caption) is not None for caption in lower) >= 2:
            pairs = list(itertools.zip_longest(upper, lower, fillvalue=""))
            meanings = [words.meaning_of_pair(above, below) for above, below in pairs]
            if _is_header(meanings):
                captions = ["\n".join(pair).strip() for pair in pairs]
                return _complete(table, at, meanings, captions, height=2, words=words)
        meanings = [words.meaning(caption) for caption in upper]
        if _is_header(meanings):
            return _complete(table, at, meanings, upper, height=1, words=words)
    return None


def _complete(
    table: Table,
    at: int,
    meanings: Sequence[tuple[Field, int] | None],
    captions: list[str],
    *,
    height: int,
    words: Words,
) -> Header:
    row = table.rows[at][0]
    columns = mapping(meanings, captions=captions, row=row)
    check_complete(columns, row=row)
    if "reference" not in columns and words.says_also(captions[columns["day"]], "reference"):
        columns["reference"] = columns["day"]  # day and document number in one cell
    return Header(at, height, row, columns, captions)


def _merged_with_next(table: Table, at: int) -> bool:
    row = table.rows[at][0]
    return any(merge.first_row <= row < merge.last_row for merge in table.merges)


def captions_of(table: Table, at: int) -> list[str]:
    """The texts of a row, with what is merged over it written into every cell that it covers."""
    row, cells = table.rows[at]
    texts = [cell if isinstance(cell, str) and len(cell) < LONGEST_CAPTION else "" for cell in cells]
    for merge in table.merges:
        if merge.first_row <= row <= merge.last_row and merge.last_column < excel.MAX_COLUMNS:
            top = next((above for number, above in table.rows if number == merge.first_row), ())
            value = top[merge.first_column] if merge.first_column < len(top) else None
            if isinstance(value, str):
                texts += [""] * (merge.last_column + 1 - len(texts))
                for column in range(merge.first_column, merge.last_column + 1):
                    texts[column] = value
    return texts


def _is_header(meanings: Sequence[tuple[Field, int] | None]) -> bool:
    names = {meaning[0] for meaning in meanings if meaning}
    return "day" in names and any(name in names for name in MONEY)


def _repeats_header(cells: Sequence[Any], row: int, columns: Mapping[Field, int], *, words: Words) -> bool:
    """The header again on a new page, or its English half on a row of its own. Raises ColumnsMoved."""
    for name in FIGURES:  # where a figure stands no caption does: the quick way out for nearly every row
        index = columns.get(name, len(cells))
        if (
            index < len(cells)
            and cells[index]
            and not (isinstance(cells[index], str) and not _DIGIT.search(cells[index]))
        ):
            return False
    captions, moved = 0, False
    for name, index in columns.items():
        cell = cells[index] if index < len(cells) else None
        meaning = words.meaning(cell) if isinstance(cell, str) and len(cell) < LONGEST_CAPTION else None
        captions += meaning is not None and meaning[0] == name
        moved = moved or (meaning is not None and name in _SIDES and meaning[0] in _SIDES and meaning[0] != name)
    if captions >= 2 and moved:
        raise ColumnsMoved(row=row)
    return captions >= 2


def numbers_columns(cells: Sequence[Any]) -> bool:
    """The row (1) (2) (3) … that Vietnamese forms put under a header."""
    if not cells or (cells[0].__class__ is str and "1" not in cells[0]) or _bare(cells[0]) != "1":
        return False
    shown = [_bare(cell) for cell in cells if _filled(cell)]
    return len(shown) >= 4 and shown == [str(number) for number in range(1, len(shown) + 1)]


def _bare(cell: Any) -> str:
    return str(cell).strip().strip("()[]")


def _filled(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _fits(cells: Sequence[Any], width: int) -> bool:
    count = len(cells)
    return count == width or (count > width and not any(_filled(cell) for cell in cells[width:]))


def as_text(cell: Any) -> str:
    """A cell as a person reads it: whole numbers without a point, dates day first."""
    if cell.__class__ is str:
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return str(cell).strip()
