"""Receipts: A5 for a file, 58 mm for a pocket printer. "Phiếu thu" for cash, "biên nhận" for money at the bank, and
"phiếu chi" for cash that was paid out."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm

from base.money import figures, in_words
from base.periods import VIETNAM
from payments.paper.letters import fitting
from payments.paper.pages import GREY, Paper
from payments.paper.rows import Row, SetRow, draw_rows, height_of, set_rows, taken

Size = Literal["a5", "58mm"]
CASH, TRANSFER, PAID_OUT = "PHIẾU THU", "BIÊN NHẬN", "PHIẾU CHI"
VOID = "ĐÃ HỦY"
_ROLL, _ROLL_MARGIN = 58 * mm, 5 * mm
"""A 58 mm printer has 48 mm of dots."""


@dataclass(frozen=True, slots=True)
class Taken:
    """So much of what came for one item; ``of`` says whose and which bill where a receipt is for several."""

    name: str
    amount_dong: int
    of: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was received, from whom, for what; of PAID_OUT, what was paid to whom. ``title`` is one of the three.

    ``payers`` are the accounts that it was for ("Nguyễn Văn An · Lớp 3A · HS-0001"). ``rounding_dong`` is what the
    cash differs from the items by the biller's cash step. ``void_reason`` is said where ``void``. ``left_dong`` is
    what is still due when it is printed.
    """

    title: str
    biller: str
    address: str
    phone: str
    number: str
    at: datetime
    payers: tuple[str, ...]
    items: tuple[Taken, ...]
    amount_dong: int
    how: str
    keeper: str = ""
    rounding_dong: int = 0
    left_dong: int = 0
    code: str = ""
    void: bool = False
    void_reason: str = ""
    notes: tuple[str, ...] = ()
    demo: bool = False

    @property
    def is_out(self) -> bool:
        return self.title == PAID_OUT

    @property
    def signers(self) -> tuple[str, str]:
        """Who stands on the other side, and who keeps the box."""
        return ("Người nhận tiền", "Người chi") if self.is_out else ("Người nộp", "Người thu")


def receipt(of: Receipt, *, size: Size) -> bytes:
    """The PDF: A5 pages as many as it takes, or one strip as long as it must be."""
    paper = Paper(title=of.title, size=A5 if size == "a5" else (_ROLL, _ROLL))
    if size == "a5":
        _a5(paper, of)
    else:
        _strip(paper, of)
    return paper.finished()


def _a5(paper: Paper, of: Receipt) -> None:
    margin, body = 12 * mm, 11.0
    room = paper.width - 2 * margin
    head, items, end = (set_rows(rows, room=room, body=body) for rows in (_head(of), _items(of), _end(of)))
    signs = 34 * mm if of.keeper else 0
    high = paper.height - 2 * margin - 8 * mm
    rest: list[SetRow] = items
    number, last = 1, False
    while not last:
        free = high - height_of(head)
        last = height_of(rest) + height_of(end) + signs <= free
        count = len(rest) if last else min(taken(rest, free), max(len(rest) - 1, 0))
        top = draw_rows(paper, [*head, *rest[:count]], left=margin, top=paper.height - margin, room=room)
        if last:
            top = draw_rows(paper, end, left=margin, top=top, room=room)
            _signatures(paper, of, top=top, left=margin, room=room)
        paper.text(paper.width - margin, margin - 4 * mm, f"trang {number}", 8, grey=GREY, align="right")
        _marks(paper, of, left=margin, room=room, top=paper.height - margin, bottom=margin)
        paper.next_page()
        rest, number = rest[count:], number + 1


def _strip(paper: Paper, of: Receipt) -> None:
    body, room = 8.5, _ROLL - 2 * _ROLL_MARGIN
    rows = [replace(row, align="left" if row.amount else row.align) for row in (*_head(of), *_items(of), *_end(of))]
    ready = set_rows(rows, room=room, body=body)
    signs = [Row(f"{of.signers[1]}: {of.keeper}", above=0.4)] if of.keeper else []
    if of.is_out:  # who took money signs for it, on the small paper too
        signs.append(Row(f"{of.signers[0]} ký: ………………………", above=0.8))
    ready += set_rows(signs, room=room, body=body)
    high = height_of(ready) + 12 * mm + (12 * mm if of.void or of.demo else 0)
    paper.canvas.setPageSize((_ROLL, high))
    paper.height = high
    top = high - 4 * mm - (12 * mm if of.void or of.demo else 0)
    draw_rows(paper, ready, left=_ROLL_MARGIN, top=top, room=room)
    if of.void or of.demo:
        _band(paper, VOID if of.void else "DEMO", left=_ROLL_MARGIN, base=high - 14 * mm, room=room)
    paper.next_page()


def _head(of: Receipt) -> list[Row]:
    return [
        Row(of.biller, bold=True, align="middle"),
        *[Row(said, size=0.86, grey=GREY, align="middle") for said in (of.address, of.phone) if said],
        Row(of.title, size=1.6, bold=True, align="middle", above=0.5),
        Row(f"Số {of.number}", bold=True, align="middle"),
        Row(f"{of.at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}", align="middle"),
        *([Row(f"{VOID}: {of.void_reason}" if of.void_reason else VOID, bold=True, align="middle")] if of.void else []),
        *[Row(payer, bold=True, size=1.05, above=0.5 if place == 0 else 0) for place, payer in enumerate(of.payers)],
    ]


def _items(of: Receipt) -> list[Row]:
    rows = [Row(item.name, amount=figures(item.amount_dong), detail=item.of) for item in of.items]
    if of.rounding_dong:
        rows.append(Row("Làm tròn tiền mặt", amount=figures(of.rounding_dong)))
    return [replace(rows[0], rule=True, above=0.4), *rows[1:]] if rows else []


def _end(of: Receipt) -> list[Row]:
    rows = [
        Row(
            "Đã chi" if of.is_out else "Đã nhận",
            amount=figures(of.amount_dong),
            size=1.2,
            bold=True,
            rule=True,
            above=0.4,
        ),
        Row(f"Bằng chữ: {in_words(of.amount_dong)}"),
        Row(f"Cách trả: {of.how}"),
    ]
    if of.code:
        rows.append(Row(f"Mã chuyển khoản: {of.code}", grey=GREY))
    if of.left_dong:
        rows.append(Row("Còn phải trả lúc in phiếu", amount=figures(of.left_dong), bold=True, above=0.2))
    return [*rows, *[Row(note, size=0.92, above=0.2) for note in of.notes]]


def _signatures(paper: Paper, of: Receipt, *, top: float, left: float, room: float) -> None:
    if not of.keeper:
        return
    other, keeper = of.signers
    for middle, who, name in ((0.25, other, ""), (0.75, keeper, of.keeper)):
        across = left + room * middle
        paper.text(across, top - 8 * mm, who, 11, bold=True, align="middle")
        paper.text(across, top - 12 * mm, "(ký, ghi rõ họ tên)", 8, grey=GREY, align="middle")
        paper.text(across, top - 31 * mm, name, fitting(name, 11, room * 0.48), align="middle")


def _marks(paper: Paper, of: Receipt, *, left: float, room: float, top: float, bottom: float) -> None:
    """A void receipt is crossed out from corner to corner, with the word over it; nothing of it is hidden."""
    if of.void:
        paper.line(left, bottom, left + room, top, thick=2)
        paper.line(left, top, left + room, bottom, thick=2)
        _band(paper, VOID, left=left + room * 0.2, base=bottom + (top - bottom) * 0.1, room=room * 0.6)
    elif of.demo:
        paper.demo_chip(left + room, bottom - 4 * mm + 10, 11)


def _band(paper: Paper, word: str, *, left: float, base: float, room: float) -> None:
    """``word`` in a frame as wide as ``room``: a thermal printer has no grey."""
    size = min(fitting(word, 26, room * 0.8, bold=True), 26)
    high = size * 1.4
    paper.box(left, base, room, high)
    paper.text(left + room / 2, base + size * 0.35, word, size, bold=True, align="middle")
