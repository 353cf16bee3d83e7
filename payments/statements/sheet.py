"""A bank's file, whatever it is called: its kind by the first bytes, its header by the words in it."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from payments.statements import csv_text, excel
from payments.statements.columns import FIGURES, MONEY, Field, Words, check_complete, mapping
from payments.statements.excel import Merge, Table
from payments.statements.statement import DoubtfulStatement

MAX_FILE_BYTES = 20 * 1024 * 1024
LONGEST_CAPTION = 80
HEADER_WITHIN = 60  # rows; banks put logo, address, period and balances above it


_DIGIT = re.compile(r"[0-9]")


class EmptyFile(DoubtfulStatement):
    code = "STATEMENT_EMPTY"
    sentence = _("Tệp trống. Hãy xuất lại sao kê từ ngân hàng.")


class FileTooBig(DoubtfulStatement):
    code = "STATEMENT_TOO_BIG"
    sentence = _("Tệp lớn hơn 20 MB. Hãy xuất sao kê theo kỳ ngắn hơn.")


class OldExcel(DoubtfulStatement):
    code = "STATEMENT_OLD_EXCEL"
    sentence = _(
        "Đây là tệp Excel đời cũ (.xls) hoặc có mật khẩu. Hãy mở ra, lưu lại thành .xlsx không mật khẩu rồi tải lên."
    )


class WebPage(DoubtfulStatement):
    code = "STATEMENT_WEB_PAGE"
    sentence = _("Tệp này thật ra là một trang web mang tên Excel. Hãy mở bằng Excel, lưu lại thành .xlsx rồi tải lên.")


class PdfFile(DoubtfulStatement):
    code = "STATEMENT_PDF"
    sentence = _("Chưa đọc được sao kê PDF. Hãy xuất sao kê dạng Excel (.xlsx) hoặc CSV từ ngân hàng.")


class NoHeader(DoubtfulStatement):
    code = "STATEMENT_NO_HEADER"
    sentence = _("Không tìm thấy dòng tên cột (ngày, ghi nợ, ghi có, nội dung…). Hãy xuất lại sao kê từ ngân hàng.")


class SeveralTables(DoubtfulStatement):
    code = "STATEMENT_SEVERAL_TABLES"
    sentence = _("Tệp có hơn một bảng sao kê. Hãy tách mỗi tài khoản một tệp rồi tải lên từng tệp.")


class MergedAcross(DoubtfulStatement):
    code = "STATEMENT_MERGED_CELLS"
    sentence = _(
        "Dòng %(row)s: có ô gộp nên không biết số tiền thuộc dòng nào. Hãy bỏ gộp ô (Unmerge) hoặc xuất lại tệp."
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One row under the header. ``whole`` says that no cell at its end is missing or too many."""

    row: int
    cells: tuple[Any, ...]
    columns: Mapping[Field, int]
    whole: bool

    def cell(self, name: Field) -> Any:
        """The cell under ``name``; None where the file has no such column or the cell is empty."""
        index = self.columns.get(name)
        if index is None or index >= len(self.cells):
            return None
        value = self.cells[index]
        return None if isinstance(value, str) and not value.strip() else value


@dataclass(frozen=True, slots=True)
class Sheet:
    """The one table of a file: what stands above its header, the header's columns, the rows below."""

    above: list[tuple[int, tuple[Any, ...]]]
    columns: Mapping[Field, int]
    lines: list[Line]
    merges: list[Merge]

    def check_unmerged(self, line: Line) -> None:
        """Raises MergedAcross where merged cells leave open which row or column of ``line`` a value belongs to.

        For rows that move money; a title or a total may be merged as it likes.
        """
        for merge in self.merges:
            if not merge.first_row <= line.row <= merge.last_row:
                continue
            covered = [at for at in self.columns.values() if merge.first_column <= at <= merge.last_column]
            if len(covered) > 1 or (covered and merge.first_row != merge.last_row):
                raise MergedAcross(row=line.row)


@dataclass(frozen=True, slots=True)
class _Header:
    at: int  # position in the table's rows
    height: int
    row: int
    columns: Mapping[Field, int]
    width: int


def read(data: bytes, *, words: Words, encoding: str | None = None) -> Sheet:
    """The sheet in ``data``; ``words`` are the column words to look for.

    Raises a DoubtfulStatement: EmptyFile, FileTooBig, OldExcel, WebPage, PdfFile, NoHeader, SeveralTables, and what
    excel.py, csv_text.py and columns.py raise.
    """
    table, header = _only_table(data, words=words, encoding=encoding)
    lines = [
        Line(row, cells, header.columns, table.ragged or _fits(cells, header.width))
        for row, cells in table.rows[header.at + header.height :]
        if not (_numbers_columns(cells) or _repeats_header(cells, header.columns, words=words))
    ]
    return Sheet(table.rows[: header.at], header.columns, lines, table.merges)


def _only_table(data: bytes, *, words: Words, encoding: str | None) -> tuple[Table, _Header]:
    if not data.strip():
        raise EmptyFile()
    if len(data) > MAX_FILE_BYTES:
        raise FileTooBig()
    if data.startswith(b"PK\x03\x04"):
        found = [(table, header) for table in excel.tables(data) if (header := _header(table, words=words))]
    elif data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise OldExcel()
    elif data.startswith(b"%PDF"):
        raise PdfFile()
    else:
        found = list(_csv_tables(csv_text.text_of(data, encoding=encoding), words=words))
    if not found:
        raise NoHeader()
    if len(found) > 1:
        raise SeveralTables(row=found[1][1].row)
    return found[0]


def _csv_tables(text: str, *, words: Words) -> Iterator[tuple[Table, _Header]]:
    """The file under each separator that shows a header; the right one is the only one that does."""
    if text.lstrip().startswith("<"):
        raise WebPage()
    for separator in csv_text.SEPARATORS:
        beginning = csv_text.head(text, separator=separator, lines=HEADER_WITHIN + 2)
        if header := _header(beginning, words=words):
            yield csv_text.table(text, separator=separator), header


def _header(table: Table, *, words: Words) -> _Header | None:
    """The first row, or pair of rows, with a day and a money column. Raises what columns.py raises."""
    for at in range(min(len(table.rows), HEADER_WITHIN)):
        upper = _captions(table, at)
        lower = _captions(table, at + 1) if at + 1 < len(table.rows) else []
        below_is_whole = _is_header([words.meaning(caption) for caption in lower])
        if below_is_whole and _merged_with_next(table, at):
            continue  # what is merged downwards stands in the row below as well, beside its narrower captions
        if not below_is_whole and sum(words.meaning(caption) is not None for caption in lower) >= 2:
            pairs = list(itertools.zip_longest(upper, lower, fillvalue=""))
            meanings = [words.meaning_of_pair(above, below) for above, below in pairs]
            if _is_header(meanings):
                return _complete(table, at, meanings, [" ".join(pair).strip() for pair in pairs], height=2)
        meanings = [words.meaning(caption) for caption in upper]
        if _is_header(meanings):
            return _complete(table, at, meanings, upper, height=1)
    return None


def _complete(
    table: Table, at: int, meanings: Sequence[tuple[Field, int] | None], captions: list[str], *, height: int
) -> _Header:
    row = table.rows[at][0]
    columns = mapping(meanings, captions=captions, row=row)
    check_complete(columns, row=row)
    return _Header(at, height, row, columns, len(captions))


def _merged_with_next(table: Table, at: int) -> bool:
    row = table.rows[at][0]
    return any(merge.first_row <= row < merge.last_row for merge in table.merges)


def _captions(table: Table, at: int) -> list[str]:
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


def _repeats_header(cells: Sequence[Any], columns: Mapping[Field, int], *, words: Words) -> bool:
    """The header again on a new page, or its English half on a row of its own."""
    captions = 0
    for name in FIGURES:  # where a figure stands no caption does: the quick way out for nearly every row
        index = columns.get(name, len(cells))
        if (
            index < len(cells)
            and cells[index]
            and not (isinstance(cells[index], str) and not _DIGIT.search(cells[index]))
        ):
            return False
    for name, index in columns.items():
        cell = cells[index] if index < len(cells) else None
        meaning = words.meaning(cell) if isinstance(cell, str) and len(cell) < LONGEST_CAPTION else None
        captions += meaning is not None and meaning[0] == name
    return captions >= 2


def _numbers_columns(cells: Sequence[Any]) -> bool:
    """The row (1) (2) (3) … that Vietnamese forms put under a header."""
    if not cells or _bare(cells[0]) != "1":
        return False
    shown = [_bare(cell) for cell in cells if _filled(cell)]
    return len(shown) >= 4 and shown == [str(number) for number in range(1, len(shown) + 1)]


def _bare(cell: Any) -> str:
    return str(cell).strip().strip("()[]")


def _filled(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _fits(cells: Sequence[Any], width: int) -> bool:
    return len(cells) >= width and not any(_filled(cell) for cell in cells[width:])


def as_text(cell: Any) -> str:
    """A cell as a person reads it: whole numbers without a point, dates day first."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return str(cell).strip()
