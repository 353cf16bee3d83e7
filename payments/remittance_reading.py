"""A carrier's list of what it collected: pasted, typed, or its own file (Excel, CSV). Pure: text in, rows out.

Figures are read by one way of writing them for a whole list (payments/statements/numbers.py); a row that cannot be
read surely says why and stays in the list to be mended, so nothing is lost and nothing is guessed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from base.text import composed, storable, without_accents
from payments.statements import csv_text, excel
from payments.statements.first_bytes import FileTooBig, OldExcel, kind_of
from payments.statements.numbers import BadFigure, Figure, FigureReader, FractionOfDong
from payments.statements.statement import DoubtfulStatement

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 3_000
LONGEST_PARCEL = 40
HEADER_WITHIN = 30
"""Rows: carriers put their name and a period above the columns."""
LONGEST_HEAD = 200
"""Letters of a cell that may name a column: open brackets without end would be looked through once for each."""
ROOM = excel.Room(unpacked_bytes=8 * 1024 * 1024, rows=MOST_ROWS + HEADER_WITHIN, last_row=10_000, cells=100_000)
"""Measured: 3,000 parcels in ten columns unpack to 1 MB and are read in 0.3 s of CPU; the worst that gets in takes 1 s
and 60 MB. The 64 MB of a statement would be unpacked and read before anybody counted the rows."""

Role = Literal["parcel", "said", "fee", "net", "ignored"]
_HEADS: Mapping[Role, Sequence[str]] = {
    "parcel": (
        "ma van don", "so van don", "van don", "ma buu gui", "so hieu buu gui", "ma don hang", "ma don", "ma dh",
        "so don", "don hang", "ma phieu gui", "tracking", "tracking number", "tracking code", "label", "label id",
        "order code", "order", "parcel", "ma",
    ),
    "said": (
        "tien thu ho", "thu ho", "so tien thu ho", "cod", "tien cod", "so tien cod", "cod amount", "pick money",
        "da thu", "tien da thu", "collected", "money collection",
    ),
    "fee": (
        "tong phi", "tong cuoc", "phi", "cuoc", "cuoc phi", "phi giao", "phi giao hang", "phi van chuyen",
        "cuoc van chuyen", "phi dich vu", "phi ship", "fee", "fees", "total fee", "ship fee", "phi chuyen hoan",
        "phi hoan", "phi thu ho", "phi bao hiem", "cuoc chinh", "phi cod",
    ),
    "net": (
        "thuc nhan", "con lai", "thanh toan", "so tien tra", "tien tra", "tra shop", "net", "thuc tra", "so tien nhan",
        "con nhan", "doi soat",
    ),
    "ignored": ("stt", "so tt", "no"),
}  # fmt: skip
_WHOLE_FEE = ("tong phi", "tong cuoc", "total fee")
_ROLES: dict[str, Role] = {word: role for role, words in _HEADS.items() for word in words}
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_TOTAL = re.compile(r"(?:tong|tong cong|cong|total)\b")
_PLAIN = re.compile(r"[0-9]{1,12}")
_CURRENCY_APART = re.compile(r"(?<=[0-9])\s+(?=(?:đồng|vnđ|vnd|đ|₫)(?:\s|$))", re.IGNORECASE)


class UnreadableList(Refused):
    """Neither Excel nor a text of rows, or too long."""

    code = "REMITTANCE_UNREADABLE"
    sentence = _("Không đọc được bảng này. Hãy lưu dạng Excel (.xlsx) hoặc CSV (UTF-8), nhiều nhất 3.000 dòng.")


class ListTooBig(UnreadableList):
    """More than any carrier's list holds, packed or unpacked. Refused before it is read."""

    code = "REMITTANCE_TOO_BIG"
    sentence = _(
        "Bảng này quá lớn: nhiều nhất 3.000 dòng, tệp 5 MB. Hãy tách thành nhiều bảng, hoặc chép riêng các cột cần "
        "sang tệp mới."
    )


class OldExcelList(UnreadableList):
    """A binary .xls, which carriers still send, or one with a password: what to do with it."""

    code = "REMITTANCE_OLD_EXCEL"
    sentence = OldExcel.sentence


class NoColumns(Refused):
    """No row names a column of parcels and one of money."""

    code = "REMITTANCE_NO_COLUMNS"
    sentence = _("Chưa thấy cột mã vận đơn (hoặc mã đơn) và cột tiền thu hộ. Hãy ghi tên cột ở dòng đầu bảng.")


_IN_OUR_WORDS: Mapping[str, type[UnreadableList]] = {FileTooBig.code: ListTooBig, OldExcel.code: OldExcelList}


class Cells(NamedTuple):
    """One row as it came; empty where there is no such cell."""

    parcel: Any
    said: Any
    fees: tuple[Any, ...]
    net: Any


@dataclass(frozen=True, slots=True)
class Row:
    """One parcel of a list. ``number``: the row as its file or text counts it, from 1. ``said_dong`` and ``fee_dong``
    in whole đồng from 0, None where ``fault`` says that they could not be read. The texts are what stood there."""

    number: int
    parcel: str
    said_dong: int | None
    fee_dong: int | None
    fault: str = ""
    said_text: str = ""
    fee_text: str = ""


def of_text(text: str) -> list[Row]:
    """What was pasted or typed, a parcel a line: its number, what was collected, what is kept (none: 0).

    Between them a tab, ``;``, ``|`` or blanks. With the names of columns in the first line, any columns in any order.
    Raises UnreadableList, ListTooBig, NoColumns.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_ROWS:
        raise ListTooBig(field="rows")
    if not storable(text):
        raise UnreadableList(field="rows")
    split = [(number, _cells_of(line)) for number, line in lines]
    if split and _columns_of(split[0][1]) is not None:
        return _under_head(split)
    found = []
    for number, cells in split:
        parcel, said, fee = (*cells[:3], "", "", "")[:3]
        found.append((number, Cells(parcel, said, (fee,), ""), len(cells) > 3))
    return _rows(found)


def of_file(data: bytes) -> list[Row]:
    """A carrier's file, its columns found by their names. Raises UnreadableList and its kin,
    NoColumns."""
    if len(data) > MOST_BYTES:
        raise ListTooBig(field="file")
    try:
        shape = kind_of(data)
        if shape not in ("xlsx", "text"):
            raise UnreadableList(field="file")
        tables = list(_tables(data, shape))
    except DoubtfulStatement as doubt:
        raise _IN_OUR_WORDS.get(doubt.code, UnreadableList)(field="file") from doubt
    for table in tables:
        for place, (_number, cells) in enumerate(table[:HEADER_WITHIN]):
            if _columns_of(cells) is not None:
                if len(table) > MOST_ROWS + HEADER_WITHIN:
                    raise ListTooBig(field="file")
                return _under_head(table[place:])
    raise NoColumns(field="file")


def as_text(rows: Sequence[Row]) -> str:
    """Rows as ``of_text`` reads them, a line a parcel, with what could not be read as it stood: to be mended."""
    lines = []
    for row in rows:
        said = row.said_text if row.said_dong is None else str(row.said_dong)
        fee = row.fee_text if row.fee_dong is None else str(row.fee_dong)
        lines.append("; ".join(cell.replace(";", ",") for cell in (row.parcel, said, fee)))
    return "\n".join(lines)


def _tables(data: bytes, shape: str) -> Iterator[list[tuple[int, tuple[Any, ...]]]]:
    if shape == "xlsx":
        yield from (table.rows for table in excel.tables(data, room=ROOM) if not table.hidden)
        return
    text = csv_text.text_of(data)
    for separator in csv_text.separators_of(text):
        try:
            yield [(number, tuple(cells)) for number, cells in csv_text.table(text, separator=separator).rows]
        except csv_text.BrokenCsv:
            continue  # it was not written with this separator


def _cells_of(line: str) -> tuple[str, ...]:
    for separator in ("\t", ";", "|"):
        if separator in line:
            return tuple(cell.strip() for cell in line.split(separator))
    return tuple(_CURRENCY_APART.sub("", line).split())


def _word(cell: Any) -> str:
    text = _IN_BRACKETS.sub(" ", without_accents(composed(str(cell or "")[:LONGEST_HEAD])).lower())
    return " ".join(re.sub(r"[^a-z ]", " ", text).split())


def _columns_of(cells: Sequence[Any]) -> dict[Role, list[int]] | None:
    """Which column is what, if this row names those that a list needs."""
    columns: dict[Role, list[int]] = {}
    words = [_word(cell) for cell in cells]
    for place, word in enumerate(words):
        if word in _ROLES:
            columns.setdefault(_ROLES[word], []).append(place)
    if "parcel" not in columns or len(columns.get("said", ())) != 1:
        return None
    # Better words first: "mã vận đơn" over "mã đơn hàng", which is often the carrier's own.
    columns["parcel"].sort(key=lambda place: _HEADS["parcel"].index(words[place]))
    whole = [place for place in columns.get("fee", ()) if words[place] in _WHOLE_FEE]
    if whole:
        columns["fee"] = whole[:1]
    return columns


def _under_head(table: Sequence[tuple[int, tuple[Any, ...]]]) -> list[Row]:
    columns = _columns_of(table[0][1])
    assert columns is not None
    if len(columns.get("net", ())) > 1:
        columns["net"] = []
    found, totals = [], []
    for number, cells in table[1:]:
        at = dict(enumerate(cells))
        parcel = next((at[place] for place in columns["parcel"] if at.get(place) not in (None, "")), "")
        read = Cells(
            parcel, at.get(columns["said"][0]), tuple(at.get(place) for place in columns.get("fee", ())),
            at.get(columns["net"][0]) if columns.get("net") else "",
        )  # fmt: skip
        if any(_TOTAL.match(_word(cell)) for cell in cells[:3]):
            totals.append((number, read, False))
        elif any(str(cell).strip() for cell in (parcel, read.said, *read.fees) if cell is not None):
            found.append((number, read, False))
    rows = _rows(found)
    return rows + _wrong_totals(rows, totals)


def _wrong_totals(rows: Sequence[Row], totals: Sequence[tuple[int, Cells, bool]]) -> list[Row]:
    """A list whose own total is another than that of its rows was cut or changed: the total stands as a faulty row."""
    wrong = []
    for (number, cells, _more), read in zip(totals, _rows(totals, parcels=False), strict=True):
        said = sum(row.said_dong or 0 for row in rows)
        if not read.fault and str(cells.said or "").strip() and read.said_dong != said:
            wrong.append(replace(read, number=number, fault="TOTAL_DIFFERS", parcel=str(cells.parcel or "")[:40]))
    return wrong


def _rows(found: Sequence[tuple[int, Cells, bool]], *, parcels: bool = True) -> list[Row]:
    figures = FigureReader()
    return [_row(number, cells, figures, more=more, parcels=parcels) for number, cells, more in found]


def _row(number: int, cells: Cells, figures: FigureReader, *, more: bool, parcels: bool) -> Row:
    parcel = _parcel(cells.parcel)
    texts = {"said_text": _shown(cells.said), "fee_text": " + ".join(_shown(fee) for fee in cells.fees if fee)}
    fault, said, fee = "", None, None
    if more:
        fault = "TOO_MANY_CELLS"
    elif parcels and not parcel:
        fault = "NO_PARCEL"
    try:
        said = _dong(figures, cells.said, number) or 0
        fee = sum(_dong(figures, one, number) or 0 for one in cells.fees)
        net = _dong(figures, cells.net, number)
    except FractionOfDong:
        return Row(number, parcel, said, None, fault or "FRACTION", **texts)
    except BadFigure:
        return Row(number, parcel, said, None, fault or "BAD_FIGURE", **texts)
    except DoubtfulStatement:
        return Row(number, parcel, said, None, fault or "MIXED_FIGURES", **texts)
    if said < 0 or fee < 0:
        fault = fault or "NEGATIVE"
    elif net is not None and net != said - fee:
        fault = fault or "NET_DIFFERS"
    if fault == "NEGATIVE":
        return Row(number, parcel, said if said >= 0 else None, fee if fee >= 0 else None, fault, **texts)
    return Row(number, parcel, said, fee, fault, **texts)


def _dong(figures: FigureReader, cell: Any, number: int) -> int | None:
    figure: Figure | None = cell if isinstance(cell, (int, float)) and not isinstance(cell, bool) else _shown(cell)
    if isinstance(figure, str) and _PLAIN.fullmatch(figure):  # reads one way only, whatever stands above it
        return int(figure)
    return figures.dong(figure, row=number)


def _parcel(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return composed(str(cell if cell is not None else "")).strip().lstrip("'’")[:LONGEST_PARCEL]


def _shown(cell: Any) -> str:
    return composed(str(cell if cell is not None else "")).strip()[:LONGEST_PARCEL]
