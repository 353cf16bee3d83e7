"""The rows of a table that are somebody's, and those that are not: class rows, totals, heads again, signatures."""

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from base.text import composed
from payments.bills.roster.heading import same_head
from payments.bills.roster.refusing import ListTooBig
from payments.bills.roster.words import CLASS_NAME, FILLED_DOWN, Role
from payments.statements.excel import Table
from payments.statements.sheet import as_text, numbers_columns

_LEVELS = r"lớp|khối|nhóm|xóm|thôn|tổ|đội|bản|làng|ấp|khu|cụm|tuyến|phố|lop|xom|thon"
_SECTION_ROW = re.compile(rf"(?:danh sách\s+(?:học sinh\s+)?)?((?:{_LEVELS})\b[\s:.\-–]*\S.*)", re.IGNORECASE)
_IN_A_TITLE = re.compile(rf"\b((?:{_LEVELS})[\s:]+[\w./]+)", re.IGNORECASE)
_TOTAL = re.compile(r"(?:tổng|cộng|tong cong|tong so)\b.*", re.IGNORECASE | re.DOTALL)
_END = re.compile(
    r".*(?:người lập|lập biểu|hiệu trưởng|kế toán|thủ quỹ|giáo viên chủ nhiệm|gvcn|ký tên|ký, ghi rõ|xác nhận"
    r"|ngày\s*[\d.…]+\s*tháng\s*[\d.…]+|nguoi lap|hieu truong).*",
    re.IGNORECASE | re.DOTALL,
)
_SHEET_BY_ITSELF = re.compile(r"(?:sheet|trang tính|trang|bảng|danh sách|data|ds)\s*\d*", re.IGNORECASE)
_COUNT_BEHIND = re.compile(r"\s*[(:–-]\s*(?:sĩ số|ss|gồm|có)?[:\s]*[0-9]+\s*(?:học sinh|hs|em|hộ|người|cháu)?\s*\)?$")
_ABOUT_A_CLASS = re.compile(r"sĩ số|ss|gvcn|gv|giáo viên|chủ nhiệm|số hộ|tổng số", re.IGNORECASE)
_MOST_CELLS = 10_000 * 64
_SECTION_CELLS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One row that is somebody's. ``said``: the cells under the roles that hold anything, merged ones filled down;
    ``merged``: roles whose merged cell leaves open whose value it is; ``section`` of a class row, title or sheet."""

    sheet: str
    row: int
    said: Mapping[Role, Any]
    section: str
    cells: tuple[str, ...]
    merged: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is nobody's, with what stands in it."""

    sheet: str
    row: int
    text: str


@dataclass(slots=True)
class Taken:
    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def lines_of(table: Table, *, roles: Mapping[Role, int], start: int, captions: Sequence[str]) -> Taken:
    """``start``: position of the first row below the heads. Raises ListTooBig for merges beyond counting."""
    taken = Taken()
    section = _section_above(table, start) or section_of_sheet(table.title)
    below, open_ = _merges(table, roles)
    ended = False
    for row, cells in table.rows[start:]:
        shown = tuple(" ".join(composed(as_text(cell)).split()) for cell in cells)
        texts = [text for text in shown if text]
        if not texts or numbers_columns(cells):
            continue
        if _repeats(shown, captions, roles):
            ended = False
            continue
        said = {
            role: cell for role, at in roles.items()
            if (cell := below.get((row, at), cells[at] if at < len(cells) else None)) is not None and as_text(cell)
        }  # fmt: skip
        if found := _section_row(shown, roles):
            section, ended = found, False
            continue
        is_end = any(_END.fullmatch(text) for text in texts)
        ended = ended or is_end
        own = said.keys() - (FILLED_DOWN - {"guardian", "phone"}) - {"note"}
        own = {role for role in own if (row, roles[role]) not in below}
        if ended or _TOTAL.fullmatch(texts[0]) or (not own and not _only_figures(texts)):
            taken.skipped.append(Skipped(table.title, row, " · ".join(texts)[:80]))
        elif own:
            merged = frozenset(role for role, at in roles.items() if (row, at) in open_)
            taken.lines.append(Line(table.title, row, said, section, shown, merged))
    return taken


def section_named(text: str) -> str:
    """A class as it is written down: ``Lớp: 3 A (32 học sinh)`` → ``3A``, ``Xóm 2`` stays."""
    text = _COUNT_BEHIND.sub("", " ".join(composed(text).split())).strip(" :.-–")
    bare = re.sub(r"^(?:lớp|lop)\b[\s:.\-–]*", "", text, flags=re.IGNORECASE)
    if CLASS_NAME.fullmatch(bare):
        return bare.replace(" ", "").upper()
    return bare or text


def section_of_sheet(title: str) -> str:
    """A worksheet named after a class; nothing where it is named by the program or after the list."""
    title = composed(title)
    if _SECTION_ROW.fullmatch(title) or CLASS_NAME.fullmatch(title):
        return section_named(title)
    return "" if not title or _SHEET_BY_ITSELF.match(title) else (_title_section(title) or "")


def _section_above(table: Table, start: int) -> str:
    """The class that the lines above the heads name: ``DANH SÁCH HỌC SINH LỚP 3A``."""
    for _row, cells in reversed(table.rows[: max(0, start - 1)]):
        for cell in cells:
            if isinstance(cell, str) and (found := _title_section(composed(cell))):
                return found
    return ""


def _title_section(text: str) -> str:
    found = _IN_A_TITLE.search(text)
    named = section_named(found[1]) if found else ""
    return named if any(sign.isdigit() for sign in named) else ""


def _section_row(shown: Sequence[str], roles: Mapping[Role, int]) -> str:
    """The class that a row of its own names: ``Lớp 3A``, ``Lớp: | 3A``, ``Lớp 3A | Sĩ số: 32``. Else nothing."""
    filled = [at for at, text in enumerate(shown) if text]
    if len(filled) > _SECTION_CELLS or filled[0] == roles.get("section"):
        return ""
    first, second = shown[filled[0]], shown[filled[1]] if len(filled) > 1 else ""
    alone = len(first.split()) == 1
    if second and not alone and not _ABOUT_A_CLASS.match(second):
        return ""
    found = _SECTION_ROW.fullmatch(first)
    if found is None:
        return "" if second else _title_section(first)
    if alone and not second and not any(sign.isdigit() for sign in first):
        return ""
    return section_named(f"{found[1]} {second}" if alone and second else found[1])


def _repeats(shown: Sequence[str], captions: Sequence[str], roles: Mapping[Role, int]) -> bool:
    """The heads again, on a new page or over the next class."""
    same = [
        at < len(shown) and at < len(captions) and bool(shown[at]) and same_head(shown[at], captions[at])
        for at in roles.values()
    ]
    return sum(same) >= min(2, len(same)) > 0


def _only_figures(texts: list[str]) -> bool:
    """A running number with nobody behind it."""
    return all(text.replace(".", "").isdigit() for text in texts)


def _merges(table: Table, roles: Mapping[Role, int]) -> tuple[dict[tuple[int, int], Any], set[tuple[int, int]]]:
    """(row, column) → what is merged down over it, for roles where it means every row; and where it may not."""
    numbers = [row for row, _cells in table.rows]
    by_column = {at: role for role, at in roles.items()}
    below: dict[tuple[int, int], Any] = {}
    doubtful: set[tuple[int, int]] = set()
    counted = 0
    for merge in table.merges:
        at = merge.first_column
        if merge.last_row == merge.first_row or at not in by_column:
            continue
        first, last = bisect.bisect_left(numbers, merge.first_row), bisect.bisect_right(numbers, merge.last_row)
        counted += last - first
        if counted > _MOST_CELLS:
            raise ListTooBig()
        if first == last or numbers[first] != merge.first_row:
            continue
        cells = table.rows[first][1]
        value = cells[at] if at < len(cells) else None
        for row in numbers[first:last]:
            if by_column[at] in FILLED_DOWN:
                if row != merge.first_row and value is not None:
                    below[row, at] = value
            else:
                doubtful.add((row, at))
    return below, doubtful
