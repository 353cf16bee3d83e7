"""An .xlsx file as rows of cells: looked at as a zip first, opened only when it is small and plain."""

import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from payments.statements.statement import DoubtfulStatement

# Measured: 100,000 rows are 30 MB with six columns and 50 MB with ten; nothing is unpacked before the sum is known.
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_RATIO = 100
MAX_PARTS = 1_000
MAX_ROWS = 200_000
MAX_COLUMNS = 64
LAST_EXCEL_ROW = 1_048_576
_RATIO_COUNTS_FROM_BYTES = 256 * 1024  # a tiny file of blanks packs well and harms nobody

# No attribute holds a "<": without that, a megabyte of unfinished tags would be read a million times over.
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s[^<>]*?\br=[\"']([0-9]+)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?(?:c|si)[\s/>]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

# openpyxl and zipfile have no error of their own for a broken file; these are what its readers let through.
_BROKEN_FILE = (
    zipfile.BadZipFile, zlib.error, struct.error, ParseError, DefusedXmlException, InvalidFileException, EOFError,
    OSError, KeyError, IndexError, ValueError, TypeError, AttributeError, NotImplementedError, RuntimeError,
    OverflowError,
)  # fmt: skip


class Bomb(DoubtfulStatement):
    code = "STATEMENT_TOO_BIG"
    sentence = _("Tệp Excel này bung ra quá lớn nên không được mở. Hãy xuất sao kê theo kỳ ngắn hơn, hoặc ở dạng CSV.")


class BrokenWorkbook(DoubtfulStatement):
    code = "STATEMENT_NOT_A_SHEET"
    sentence = _("Tệp này không phải bảng tính Excel (.xlsx) đọc được. Hãy xuất lại từ ngân hàng.")


class TooManyRows(DoubtfulStatement):
    code = "STATEMENT_TOO_BIG"
    sentence = _("Tệp có quá nhiều dòng hoặc cột. Hãy xuất sao kê theo kỳ ngắn hơn.")


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a workbook one door takes. ``last_row``: by its number in the sheet, empty rows too. ``cells``: and
    shared texts, in the whole file, empty ones too; None: as many as there is room for."""

    unpacked_bytes: int = MAX_UNPACKED_BYTES
    rows: int = MAX_ROWS
    last_row: int = LAST_EXCEL_ROW
    cells: int | None = None


OF_A_STATEMENT = Room()


@dataclass(frozen=True, slots=True)
class Merge:
    """Merged cells; rows from 1 as in the sheet, columns from 0, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that hold anything, each with its number in the file (from 1), and the merged cells."""

    rows: list[tuple[int, tuple[Any, ...]]]
    merges: list[Merge] = field(default_factory=list)
    ragged: bool = False  # a sheet leaves out empty cells at the end of a row; a CSV with too few was cut
    title: str = ""  # of the worksheet
    hidden: bool = False  # whoever opens the file in Excel does not see this worksheet


def tables(data: bytes, *, room: Room = OF_A_STATEMENT) -> Iterator[Table]:
    """Each worksheet; nothing beyond ``room`` is unpacked or read. Raises Bomb, BrokenWorkbook, TooManyRows."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _guard(archive, room)
            parts = {
                name: archive.read(name)
                for name in archive.namelist()
                if name.endswith((".xml", ".rels")) and not name.startswith("docProps/")
            }
        _no_entities(parts)
        _count_cells(parts, room)
        places = _sheet_parts(parts)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.title in places:
                part = parts.get(places[sheet.title], b"")
                _rows_in_order(part)
                yield Table(_rows(sheet, room), _merges(part), True, sheet.title, sheet.sheet_state != "visible")
    except _BROKEN_FILE as broken:
        raise BrokenWorkbook() from broken


def _guard(archive: zipfile.ZipFile, room: Room) -> None:
    """What the zip directory declares; zipfile itself never unpacks more of a part than that."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or len({part.filename for part in parts}) != len(parts):
        raise Bomb()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > room.unpacked_bytes:
        raise Bomb()
    for part in parts:
        if part.file_size > _RATIO_COUNTS_FROM_BYTES and part.file_size > MAX_RATIO * part.compress_size:
            raise Bomb()
    if "xl/workbook.xml" not in archive.namelist():
        raise BrokenWorkbook()


def _no_entities(parts: dict[str, bytes]) -> None:
    """A genuine workbook never declares a document type; the sheet reader below would follow its entities."""
    for part in parts.values():
        plain = part.replace(b"\0", b"") if b"\0" in part else part
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise BrokenWorkbook()


def _count_cells(parts: dict[str, bytes], room: Room) -> None:
    """Counted in the bytes: a row of 300,000 cells is one row, and takes the sheet reader seconds."""
    if room.cells is None:
        return
    left = room.cells
    for part in parts.values():
        for _cell in _CELL.finditer(part):
            left -= 1
            if left < 0:
                raise TooManyRows()


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Title of each worksheet → its part in the zip."""
    targets = {
        relation.get("Id"): (relation.get("Target") or "")
        for relation in fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
    }
    found = {}
    for element in fromstring(parts["xl/workbook.xml"]).iter():
        if element.tag.rpartition("}")[2] == "sheet" and (target := targets.get(element.get(_RELATION))):
            found[element.get("name") or ""] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return found


def _rows(sheet: Any, room: Room) -> list[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()  # what the file declares about its size is not to be trusted
    found: list[tuple[int, tuple[Any, ...]]] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True), start=1):
        if number > room.last_row or cells[MAX_COLUMNS] is not None:
            raise TooManyRows()
        if cells.count(None) == len(cells):
            continue
        width = MAX_COLUMNS
        while cells[width - 1] is None:
            width -= 1
        if len(found) >= room.rows:
            raise TooManyRows()
        found.append((number, cells[:width]))
    return found


def _rows_in_order(part: bytes) -> None:
    """openpyxl drops a row whose number does not grow, without a word; here that is a broken file."""
    numbers = [int(number) for number in _ROW_NUMBER.findall(part)]
    if any(following <= number for number, following in itertools.pairwise(numbers)):
        raise BrokenWorkbook()


def _merges(part: bytes) -> list[Merge]:
    return [
        Merge(int(top), int(bottom), _index(left), _index(right))
        for left, top, right, bottom in _MERGE.findall(part[part.rfind(b"sheetData") :])
    ]


def _index(letters: bytes) -> int:
    return column_index_from_string(letters.decode()) - 1
