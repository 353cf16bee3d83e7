"""Sheets that go out, XLSX and CSV: row by row, numbers as numbers, and no text that a spreadsheet would run.

A name in a list comes from a file that somebody sent, or from a payer's memo. Opened in a spreadsheet, a cell that
begins with = + - @ is a formula; here it gets an apostrophe in front, in both formats, because an XLSX is often saved
as CSV and opened again. The package defusedcsv was looked at: it knows CSV alone, and not the full-width signs that
spreadsheets fold.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from base.periods import VIETNAM

Cell = str | int | date | datetime | None
KEPT_IN_MEMORY = 1 << 20
"""Bytes of a sheet before it goes to a temporary file."""
LONGEST_TEXT = 32_000
"""Letters of a cell; a spreadsheet takes 32,767."""

_RUNS = frozenset("=+-@")
_BREAKS = frozenset("\t\r\n")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name (31 letters at most), headings, rows. ``rows`` may be an iterator and is read once."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def harmless(text: str) -> str:
    """``text`` as a spreadsheet will show it and never run it. What no sheet can hold (NUL, half a letter) is left out.

    An apostrophe goes before text whose first visible sign is = + - or @, in any width, and before text that begins
    with a tab or a line end.
    """
    text = _NO_XML.sub("", text)[:LONGEST_TEXT]
    if text[:1] in _BREAKS:
        return "'" + text
    for sign in text:
        if unicodedata.category(sign) in _UNSEEN:
            continue
        runs = unicodedata.normalize("NFKC", sign)[:1] in _RUNS or sign == "\u2212"
        return "'" + text if runs else text
    return text


def csv_of(table: Table) -> IO[bytes]:
    """The table as CSV, to be read from its beginning: UTF-8 with the mark by which spreadsheets know it, commas, CRLF.

    It is whole before anybody gets a byte of it: half a list of money would look like a list.
    """
    out = _file()
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([_plain(cell) for cell in table.head])
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    text.detach()
    out.seek(0)
    return out


def xlsx_of(tables: Sequence[Table]) -> IO[bytes]:
    """The tables as one workbook, to be read from its beginning. Rows go to disk one by one."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(harmless(table.name)[:31])
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, text) for text in table.head])
        for row in table.rows:
            sheet.append([_cell(sheet, cell) for cell in row])
    book.properties.creator = ""
    out = _file()
    book.save(out)
    out.seek(0)
    return out


def _file() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)


def _plain(cell: Cell) -> str | int | None:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")
    return cell.isoformat() if isinstance(cell, date) else cell


def _cell(sheet: Any, cell: Cell) -> Any:
    """Text is marked as text: openpyxl would take ``#N/A`` for an error."""
    if isinstance(cell, str):
        made = WriteOnlyCell(sheet, value=harmless(cell))
        made.data_type = "s"
        return made
    if isinstance(cell, datetime):
        return cell.astimezone(VIETNAM).replace(tzinfo=None)
    return cell
