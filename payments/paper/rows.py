"""Rows of text that fill a box from the top: wrapped, never cut; measured before they are drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from payments.paper.letters import ASCENT, DESCENT, width, wrapped
from payments.paper.pages import BLACK, GREY, Paper

DETAIL = 0.86
"""Size of details beside the text they explain."""


@dataclass(frozen=True, slots=True)
class Row:
    """``text`` from the left, ``amount`` at the right end, ``detail`` smaller behind or below the text.

    ``size`` and ``above`` (extra room) count body sizes. ``rule`` draws a line above.
    """

    text: str
    amount: str = ""
    detail: str = ""
    size: float = 1
    bold: bool = False
    grey: float = BLACK
    above: float = 0
    align: str = "left"
    rule: bool = False


class _Mark(NamedTuple):
    """A piece of a row: from the left edge, down from the row's top to the line it stands on."""

    across: float
    down: float
    text: str
    size: float
    bold: bool
    grey: float
    align: str


@dataclass(frozen=True, slots=True)
class SetRow:
    """A row set at one width and body size, in points. ``rule``: how far below its top a line runs; 0: none."""

    height: float
    marks: tuple[_Mark, ...]
    rule: float


def set_row(row: Row, *, room: float, body: float) -> SetRow:
    size, small = body * row.size, body * row.size * DETAIL
    step = size * (ASCENT + DESCENT)
    top = body * (row.above + (0.25 if row.rule else 0))
    kept = width(row.amount, size, bold=row.bold) + body * 0.8 if row.amount else 0
    lines = wrapped(row.text, size, room - kept, bold=row.bold)
    across = {"left": 0.0, "middle": room / 2, "right": room}[row.align]
    marks = [
        _Mark(across, top + size * ASCENT + place * step, line, size, row.bold, row.grey, row.align)
        for place, line in enumerate(lines)
    ]
    bottom = top + step * len(lines)
    if row.amount:
        marks.append(_Mark(room, top + size * ASCENT, row.amount, size, row.bold, row.grey, "right"))
    if row.detail:
        used = width(lines[-1], size, bold=row.bold) + body * 0.5
        if len(lines) == 1 and used + width(row.detail, small) <= room - kept:
            marks.append(_Mark(used, top + size * ASCENT, row.detail, small, False, GREY, "left"))
        else:
            for line in wrapped(row.detail, small, room - body):
                marks.append(_Mark(body * 0.6, bottom + small * ASCENT, line, small, False, GREY, "left"))
                bottom += small * (ASCENT + DESCENT)
    return SetRow(bottom, tuple(marks), body * row.above if row.rule else 0)


def set_rows(rows: Iterable[Row], *, room: float, body: float) -> list[SetRow]:
    return [set_row(row, room=room, body=body) for row in rows]


def height_of(rows: Iterable[SetRow]) -> float:
    return sum(row.height for row in rows)


def draw_rows(paper: Paper, rows: Sequence[SetRow], *, left: float, top: float, room: float) -> float:
    """Draws ``rows`` downwards from ``top``; returns where the last one ends."""
    for row in rows:
        if row.rule:
            paper.rule(left, top - row.rule, left + room)
        for mark in row.marks:
            paper.text(
                left + mark.across, top - mark.down, mark.text, mark.size, bold=mark.bold, grey=mark.grey,
                align=mark.align,
            )  # fmt: skip
        top -= row.height
    return top


def taken(rows: Sequence[SetRow], room: float) -> int:
    """How many of ``rows``, from the first, find place in ``room`` points; at least one where there is any."""
    used = 0.0
    for count, row in enumerate(rows):
        used += row.height
        if used > room and count:
            return count
    return len(rows)
