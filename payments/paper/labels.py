"""Labels for bags: A6 sheets, and 58 mm paper from the small printers of markets. What the law wants read on a label
(Decree 43/2017 as amended by 111/2021), and a code that leads to the lot's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm

from payments.paper import squares
from payments.paper.pages import GREY, Paper
from payments.paper.rows import Row, draw_rows, height_of, set_rows

Size = Literal["a6", "58"]
SIZES: tuple[Size, ...] = ("a6", "58")
TITLE = "Nhãn hàng"
_MARGIN, _GAP = 6 * mm, 3 * mm
_ROLL, _ROLL_MARGIN = 58 * mm, 4 * mm
_SMALLER = (1, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52)


@dataclass(frozen=True, slots=True)
class Label:
    """``facts``: (what, text) in the order in which they are printed. ``payload``: what the code says."""

    product: str
    variant: str
    facts: tuple[tuple[str, str], ...]
    maker: str
    address: str
    payload: str
    written: str
    demo: bool = False


def labels(of: Sequence[Label], *, size: Size) -> bytes:
    """The PDF, a page a label; a page of the roll is as long as its label."""
    paper = Paper(title=TITLE, size=A6)
    for label in of:
        if size == "a6":
            _sheet(paper, label)
        else:
            _strip(paper, label)
    return paper.finished()


def _rows(label: Label) -> list[Row]:
    return [
        Row(label.product, size=1.7, bold=True),
        *([Row(label.variant, size=1.2, bold=True)] if label.variant else []),
        *(Row(f"{what}: {text}", above=0.35 if place == 0 else 0) for place, (what, text) in enumerate(label.facts)),
        Row(label.maker, bold=True, above=0.5, rule=True),
        *([Row(label.address, size=0.9)] if label.address else []),
    ]


def _foot(label: Label, align: str) -> list[Row]:
    return [
        Row("Quét để biết hàng của ai, làm ngày nào", size=0.9, bold=True, align=align),
        Row(label.written, size=0.8, grey=GREY, align=align),
    ]


def _sheet(paper: Paper, label: Label) -> None:
    """Text above over the whole width, the code below it with its words at the right."""
    wide, high = A6
    room = wide - 2 * _MARGIN
    side = 34 * mm
    beside = room - side - _GAP
    for smaller in _SMALLER:
        rows = set_rows(_rows(label), room=room, body=11 * smaller)
        if height_of(rows) <= high - 2 * _MARGIN - side - _GAP:
            break
    draw_rows(paper, rows, left=_MARGIN, top=high - _MARGIN, room=room)
    _code(paper, label, left=_MARGIN, bottom=_MARGIN, side=side)
    foot = set_rows(_foot(label, "left"), room=beside, body=10)
    draw_rows(paper, foot, left=_MARGIN + side + _GAP, top=_MARGIN + (side + height_of(foot)) / 2, room=beside)
    paper.next_page(A6)


def _strip(paper: Paper, label: Label) -> None:
    room = _ROLL - 2 * _ROLL_MARGIN
    side = 32 * mm
    rows = set_rows(_rows(label), room=room, body=8)
    foot = set_rows(_foot(label, "middle"), room=room, body=7.5)
    high = 2 * _ROLL_MARGIN + height_of(rows) + _GAP + side + height_of(foot)
    paper.canvas.setPageSize((_ROLL, high))
    top = draw_rows(paper, rows, left=_ROLL_MARGIN, top=high - _ROLL_MARGIN, room=room) - _GAP
    _code(paper, label, left=(_ROLL - side) / 2, bottom=top - side, side=side)
    draw_rows(paper, foot, left=_ROLL_MARGIN, top=top - side, room=room)
    paper.next_page((_ROLL, high))


def _code(paper: Paper, label: Label, *, left: float, bottom: float, side: float) -> None:
    if label.demo:
        paper.demo_behind(left, bottom, side)
    squares.draw(paper.canvas, label.payload, left=left, bottom=bottom, side=side)
