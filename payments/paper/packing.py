"""Two lists on A4 for a packing morning: whose goods to fetch, and what goes into whose bag, with boxes to tick."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm

from payments.paper.letters import fitting
from payments.paper.pages import GREY, Paper
from payments.paper.rows import Row, SetRow, draw_rows, height_of, set_rows

_MARGIN, _BODY, _BOX, _HEAD = 14 * mm, 11, 4.2 * mm, 22 * mm
_INDENT = _BOX + 3 * mm


@dataclass(frozen=True, slots=True)
class Block:
    """One owner or one buyer. ``lines``: (text, quantity, detail), each with a box; ``notes`` under the title."""

    title: str
    notes: tuple[str, ...]
    lines: tuple[tuple[str, str, str], ...]


def sheet(*, title: str, organization: str, said: str, blocks: Sequence[Block], demo: bool) -> bytes:
    """The PDF. A block stays whole where a page can hold it; its title is repeated where it cannot."""
    paper = Paper(title=title)
    right = paper.width - _MARGIN
    room = right - _MARGIN
    page, top = 0, 0.0
    for block in blocks:
        rows = [set_rows([Row(text, amount=amount, detail=detail)], room=room - _INDENT, body=_BODY)[0]
                for text, amount, detail in block.lines]  # fmt: skip
        head = _title(block, room)
        whole = height_of(head) + sum(_high(row) for row in rows) + 5 * mm
        if page == 0 or (whole > top - _MARGIN and top < paper.height - _MARGIN - _HEAD):
            if page:
                paper.next_page()
            page += 1
            top = _heading(paper, title, organization, said, page, demo)
        top = draw_rows(paper, head, left=_MARGIN, top=top, room=room)
        for row in rows:
            if _high(row) > top - _MARGIN:
                paper.next_page()
                page += 1
                top = _heading(paper, title, organization, said, page, demo)
                top = draw_rows(paper, _title(block, room), left=_MARGIN, top=top, room=room)
            paper.box(_MARGIN, top - _BOX - 0.6 * mm, _BOX, _BOX)
            draw_rows(paper, [row], left=_MARGIN + _INDENT, top=top, room=room - _INDENT)
            top -= _high(row)
        top -= 5 * mm
    if not blocks:
        _heading(paper, title, organization, said, 1, demo)
        paper.text(_MARGIN, paper.height - _MARGIN - _HEAD - _BODY, "Không có gì phải gói lúc này.", _BODY)
    paper.next_page()
    return paper.finished()


def _title(block: Block, room: float) -> list[SetRow]:
    rows = [Row(block.title, size=1.15, bold=True), *(Row(note, size=0.92) for note in block.notes)]
    return set_rows(rows, room=room, body=_BODY)


def _high(row: SetRow) -> float:
    return max(row.height, _BOX) + 1.6 * mm


def _heading(paper: Paper, title: str, organization: str, said: str, page: int, demo: bool) -> float:
    """Draws what stands on top of every page; returns where the rest begins."""
    top, right = paper.height - _MARGIN, paper.width - _MARGIN
    room = right - _MARGIN
    paper.text(_MARGIN, top - 10, organization, fitting(organization, 10, room * 0.7))
    paper.text(right, top - 10, f"trang {page}", 9, grey=GREY, align="right")
    paper.text(_MARGIN, top - 30, title, fitting(title, 17, room * (0.8 if demo else 1), bold=True), bold=True)
    if demo:
        paper.demo_chip(right, top - 30, 12)
    paper.text(_MARGIN, top - 46, said, fitting(said, 10, room), grey=GREY)
    paper.rule(_MARGIN, top - 52, right, thick=1)
    return top - _HEAD
