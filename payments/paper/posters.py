"""Posters: one code that is read from across a counter, and in words what it does. A6 to hand out, A4 to hang.

The same drawing at both sizes: what is said shrinks until all of it stands on the page, the code never below what an
old phone reads at arm's length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from reportlab.lib.pagesizes import A4, A6
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader

from payments.paper import squares
from payments.paper.pages import Paper
from payments.paper.rows import Row, SetRow, draw_rows, height_of, set_rows

Size = Literal["a6", "a4"]
SIZES: tuple[Size, ...] = ("a6", "a4")
_PAGES = {"a6": A6, "a4": A4}
_WIDE = 105
"""Millimetres of A6; everything below is said for it and grows with the page."""
_MARGIN, _GAP, _PHOTO, _BAND = 8, 4, 60, 3
_LARGEST, _LEAST_BESIDE, _LEAST_BELOW = 64, 33, 40
_BODY = 9.5
_SMALLER = (1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52)
_BRICK = (0xA8 / 255, 0x43 / 255, 0x1E / 255)


@dataclass(frozen=True, slots=True)
class Poster:
    """``title`` is the file's. ``head`` stands above the code, ``foot`` under it, or beside it under a ``photo``
    (the bytes of a square JPEG). ``payload``: what the code says. ``demo``: nobody is to pay this paper."""

    title: str
    head: tuple[Row, ...]
    payload: str
    foot: tuple[Row, ...]
    photo: bytes | None = None
    demo: bool = False


def poster(of: Poster, *, size: Size) -> bytes:
    """The PDF, one page."""
    paper = Paper(title=of.title, size=_PAGES[size])
    unit = paper.width / _WIDE
    top = paper.height
    if of.photo is not None:
        top -= _PHOTO * unit
        _draw_photo(paper, of.photo, bottom=top, high=_PHOTO * unit)
    _draw_woven(paper, top=top, unit=unit)
    _draw_woven(paper, top=_BAND * unit, unit=unit)
    top -= (_BAND + _GAP) * unit
    if of.demo and of.photo is None:
        top -= 7 * unit  # under the mark
    if of.photo is None:
        _below(paper, of, top=top, unit=unit)
    else:
        _beside(paper, of, top=top, unit=unit)
    if of.demo:
        paper.demo_chip(paper.width - _MARGIN * unit, paper.height - 9 * unit, 4.4 * unit)
    paper.next_page()
    return paper.finished()


def _below(paper: Paper, of: Poster, *, top: float, unit: float) -> None:
    """Head, code and foot under each other, all in the middle."""
    left, room, bottom = _frame(paper, unit)
    for smaller in _SMALLER:
        head, foot = _set(of.head, room, unit, smaller), _set(of.foot, room, unit, smaller)
        free = top - bottom - height_of(head) - height_of(foot) - _GAP * unit
        if free >= squares.side_with_quiet_zone(of.payload, _LEAST_BELOW * unit):
            break
    side = min(free, squares.side_with_quiet_zone(of.payload, _LARGEST * unit))
    top = draw_rows(paper, head, left=left, top=top - max(free - side, 0) / 3, room=room)
    _draw_code(paper, of, left=(paper.width - side) / 2, bottom=top - side, side=side)
    draw_rows(paper, foot, left=left, top=top - side, room=room)


def _beside(paper: Paper, of: Poster, *, top: float, unit: float) -> None:
    """Head over the whole width; the code in the corner under it, the foot at its right."""
    left, room, bottom = _frame(paper, unit)
    quiet = 2 * unit  # the zone around the code is white already: it may reach into the margin and the gap
    for smaller in _SMALLER:
        head = _set(of.head, room, unit, smaller)
        free = top - bottom - height_of(head) - unit
        if free >= squares.side_with_quiet_zone(of.payload, _LEAST_BESIDE * unit):
            break
    side = min(free, squares.side_with_quiet_zone(of.payload, 42 * unit))
    beside = room - side + quiet - _GAP * unit / 2
    for smaller in _SMALLER:
        foot = _set(of.foot, beside, unit, smaller)
        if height_of(foot) <= free:
            break
    draw_rows(paper, head, left=left, top=top, room=room)
    _draw_code(paper, of, left=left - quiet, bottom=bottom, side=side)
    draw_rows(paper, foot, left=left + room - beside, top=bottom + (side + height_of(foot)) / 2, room=beside)


def _frame(paper: Paper, unit: float) -> tuple[float, float, float]:
    """(left edge, room, bottom) of what is written."""
    return _MARGIN * unit, paper.width - 2 * _MARGIN * unit, (_BAND + 3) * unit


def _set(rows: Sequence[Row], room: float, unit: float, smaller: float) -> list[SetRow]:
    return set_rows(rows, room=room, body=_BODY * unit / mm * smaller)


def _draw_code(paper: Paper, of: Poster, *, left: float, bottom: float, side: float) -> None:
    if of.demo:
        paper.demo_behind(left, bottom, side)
    squares.draw(paper.canvas, of.payload, left=left, bottom=bottom, side=side)


def _draw_photo(paper: Paper, photo: bytes, *, bottom: float, high: float) -> None:
    """The middle of the square, as wide as the page."""
    canvas, wide = paper.canvas, paper.width
    canvas.saveState()
    frame = canvas.beginPath()
    frame.rect(0, bottom, wide, high)
    canvas.clipPath(frame, stroke=0)
    canvas.drawImage(ImageReader(BytesIO(photo)), 0, bottom - (wide - high) / 2, wide, wide)
    canvas.restoreState()


def _draw_woven(paper: Paper, *, top: float, unit: float) -> None:
    """The market's woven border: three strands along, three across."""
    canvas = paper.canvas
    canvas.setFillColorRGB(*_BRICK)
    step, across = 6 * unit, 0.0
    while across < paper.width:
        for strand in (0.0, 1.2, 2.4):
            canvas.rect(across, top - (strand + 0.5) * unit, 2.8 * unit, 0.5 * unit, stroke=0, fill=1)
            canvas.rect(across + (3.2 + strand) * unit, top - 2.9 * unit, 0.5 * unit, 2.9 * unit, stroke=0, fill=1)
        across += step
