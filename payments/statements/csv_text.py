"""A text file as rows of cells: its encoding, then each separator that it could have been written with."""

import csv
import io
import itertools
import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from payments.statements.excel import MAX_COLUMNS, MAX_ROWS, Table, TooManyRows
from payments.statements.statement import DoubtfulStatement

SEPARATORS = (";", ",", "\t", "|")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_AS_TEXT = re.compile(r'="([^"]*)"')  # how spreadsheets keep the zeros of ="0123" in a CSV
_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # the line by which Excel is told the separator
_BINARY = re.compile("[\x00-\x08\x0e-\x1f]")


class UnknownEncoding(DoubtfulStatement):
    code = "STATEMENT_BAD_ENCODING"
    sentence = _(
        "Không đọc được chữ trong tệp này. Hãy lưu lại ở dạng CSV UTF-8, hoặc tải tệp Excel (.xlsx) từ ngân hàng."
    )


class BrokenCsv(DoubtfulStatement):
    code = "STATEMENT_BAD_CSV"
    sentence = _("Dòng %(row)s: dấu ngoặc kép hoặc dấu ngăn cột bị sai. Hãy xuất lại tệp từ ngân hàng.")


def text_of(data: bytes) -> str:
    """The text. A byte order mark decides; else it is UTF-8, strictly.

    Nothing is guessed: one wrong guess turns names and codes into other letters. Raises UnknownEncoding.
    """
    named = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(named)
    except UnicodeDecodeError:
        raise UnknownEncoding() from None
    if is_binary(text):
        raise UnknownEncoding()
    return text


def is_binary(text: str) -> bool:
    return _BINARY.search(text) is not None


def separators_of(text: str) -> tuple[str, ...]:
    """The separators to try: the one that Excel's own first line ``sep=;`` names, else all."""
    hint = _HINT.match(text)
    return (hint[1],) if hint else SEPARATORS


def head(text: str, *, separator: str, lines: int) -> Table:
    """The first rows under one separator, up to the first that cannot have been written with it."""
    rows = []
    try:
        for row in _rows(text, separator=separator, most_rows=lines):
            rows.append(row)
    except (BrokenCsv, TooManyRows):
        pass  # table() meets it again and says so, if a header makes this the separator
    return Table(rows)


def table(text: str, *, separator: str) -> Table:
    """Every row that holds anything. Raises BrokenCsv, TooManyRows."""
    return Table(list(_rows(text, separator=separator, most_rows=None)))


def _rows(text: str, *, separator: str, most_rows: int | None) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows with their number; like a spreadsheet, an empty line counts and a line break inside quotes does not."""
    kept_as_text = '="' in text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found = 0
    for number in itertools.count(1):
        if most_rows is not None and number > most_rows:
            return
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BrokenCsv(row=number) from None
        if not "".join(cells).strip():
            continue
        found += 1
        if len(cells) > MAX_COLUMNS or found > MAX_ROWS:
            raise TooManyRows()
        yield number, tuple([_cell(cell) for cell in cells] if kept_as_text else cells)


def _cell(cell: str) -> str:
    match = _AS_TEXT.fullmatch(cell)
    return match[1] if match else cell
