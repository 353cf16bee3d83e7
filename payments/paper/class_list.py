"""The list that a teacher or a collector carries: who owes what, with boxes for cash. For staff, never for a wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import mm

from base.money import figures, grouped
from payments.paper.letters import ASCENT, DESCENT, fitting, wrapped
from payments.paper.pages import GREY, PALE, Paper

TITLE = "DANH SÁCH THU"
WARNING = "Dùng nội bộ. Không dán công khai, không gửi vào nhóm chung."
_MARGIN, _SIZE, _LEAST_ROW = 14 * mm, 11, 9 * mm
_STEP = _SIZE * (ASCENT + DESCENT)
_ABOVE, _BELOW = 89, 10 * mm
"""Points for the head of a page (see ``_head``) and for the sum at the end."""
_COLUMNS = (("STT", 10), ("Họ và tên", 60), ("Mã số", 32), ("Còn phải trả", 28), ("Tiền mặt", 28), ("Ngày, ký", 24))
"""Headings and widths in mm; together the width of A4 without its margins."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One bill: what is still due, and of how much. ``state`` says in a word what the books know ("đã trả")."""

    name: str
    number: str
    due_dong: int
    state: str = ""


@dataclass(frozen=True, slots=True)
class ClassList:
    """One class or hamlet, rows sorted by given name."""

    biller: str
    run: str
    section: str
    due_on: date
    rows: tuple[ListRow, ...]
    demo: bool = False


def class_list(lists: Sequence[ClassList], *, printed_on: date) -> bytes:
    """The PDF: each class on pages of its own, its head on each of them, its sum at the end."""
    paper = Paper(title=TITLE)
    for one in lists:
        _draw_list(paper, one, printed_on)
    if not lists:
        paper.next_page()
    return paper.finished()


def _draw_list(paper: Paper, one: ClassList, printed_on: date) -> None:
    pages = _paged(paper, one)
    first = 1
    for number, rows in enumerate(pages, 1):
        top = _head(paper, one, page=f"trang {number}/{len(pages)} · in ngày {printed_on:%d/%m/%Y}")
        for place, row in enumerate(rows, first):
            top = _draw_row(paper, place, row, top)
        first += len(rows)
        if number == len(pages):
            due = sum(row.due_dong for row in one.rows)
            said = f"{len(one.rows)} người, còn phải thu {figures(due)}"
            paper.text(_MARGIN, top - _STEP - 2 * mm, said, 12, bold=True)
        paper.next_page()


def _paged(paper: Paper, one: ClassList) -> list[list[ListRow]]:
    room = paper.height - 2 * _MARGIN - _ABOVE - _BELOW
    pages: list[list[ListRow]] = [[]]
    used = 0.0
    for row in one.rows:
        high = _height(row)
        if used + high > room and pages[-1]:
            pages.append([])
            used = 0
        pages[-1].append(row)
        used += high
    return pages


def _name_lines(row: ListRow) -> list[str]:
    return wrapped(row.name, _SIZE, (_COLUMNS[1][1] - 3) * mm)


def _number_lines(row: ListRow) -> list[str]:
    return wrapped(row.number, _SIZE - 1, (_COLUMNS[2][1] - 3) * mm)


def _height(row: ListRow) -> float:
    return max(_LEAST_ROW, max(len(_name_lines(row)), len(_number_lines(row))) * _STEP + 2 * mm)


def _head(paper: Paper, one: ClassList, *, page: str) -> float:
    """Draws what stands above the table; returns where the table's rows begin."""
    top, right = paper.height - _MARGIN, paper.width - _MARGIN
    room = right - _MARGIN
    paper.text(_MARGIN, top - 10, one.biller, fitting(one.biller, 10, room * 0.7))
    paper.text(right, top - 10, page, 9, grey=GREY, align="right")
    title = f"{TITLE}: {one.section}" if one.section else TITLE
    paper.text(_MARGIN, top - 30, title, fitting(title, 17, room * (0.85 if one.demo else 1), bold=True), bold=True)
    if one.demo:
        paper.demo_chip(right, top - 30, 12)
    run = f"{one.run} · hạn trả {one.due_on:%d/%m/%Y}"
    paper.text(_MARGIN, top - 47, run, fitting(run, 11, room))
    paper.text(_MARGIN, top - 64, WARNING, 11, bold=True)
    base, left = top - 84, _MARGIN
    for heading, wide in _COLUMNS:
        paper.text(left + 1.5 * mm, base, heading, 10, bold=True)
        left += wide * mm
    paper.rule(_MARGIN, base - 5, right, thick=1)
    return base - 5


def _draw_row(paper: Paper, place: int, row: ListRow, top: float) -> float:
    bottom = top - _height(row)
    lefts = [_MARGIN + sum(wide for _, wide in _COLUMNS[:column]) * mm for column in range(len(_COLUMNS))]
    first = top - 1 * mm - _SIZE * ASCENT
    paper.text(lefts[1] - 2.5 * mm, first, str(place), _SIZE, align="right")
    for down, line in enumerate(_name_lines(row)):
        paper.text(lefts[1] + 1.5 * mm, first - down * _STEP, line, _SIZE)
    for down, line in enumerate(_number_lines(row)):
        paper.text(lefts[2] + 1.5 * mm, first - down * _STEP, line, _SIZE - 1)
    paper.text(lefts[4] - 1.5 * mm, first, grouped(row.due_dong), _SIZE, bold=True, align="right")
    if row.due_dong:
        side = 4.2 * mm
        paper.box(lefts[4] + 2 * mm, first - 1, side, side)
        paper.rule(lefts[4] + 8 * mm, first - 1, lefts[5] - 1.5 * mm)
        if row.state:
            paper.text(lefts[4] + 8.5 * mm, first + 1.5, row.state, 7.5, grey=GREY)
    else:
        paper.text(lefts[4] + 2 * mm, first, row.state or "đã trả", _SIZE - 1)
    paper.rule(_MARGIN, bottom, paper.width - _MARGIN, grey=PALE)
    return bottom
