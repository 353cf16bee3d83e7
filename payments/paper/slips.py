"""Slips on A4, to be cut: two, four or eight a page. Nothing on them is ever cut off.

Where there are arrears a slip has one QR, for everything together, and both sums in words beside it. Two codes on one
slip would be scanned wrongly: people point the phone at the paper and take what it finds first. Whoever wants to pay
this time's bill alone finds its code in a line of text, which no camera reads by itself.

What does not fit is set smaller, down to a size that can still be read; what then does not fit goes on in the next
place on the page, which carries no code, so that nobody pays twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportlab.lib.units import mm

from base.money import figures, in_words
from payments.paper import squares
from payments.paper.letters import fitting
from payments.paper.pages import GREY, PALE, Paper
from payments.paper.rows import Row, SetRow, draw_rows, height_of, set_row, set_rows, taken
from payments.paper.slip import Slip

TITLE = "PHIẾU BÁO THU"
SMALLER = (1, 0.94, 0.88)
"""Sizes that are tried before a slip is continued."""
SMALLEST = (0.82, 0.76, 0.7, 0.64, 0.58)
"""For a slip of which not even the sums and one item would fit else: names of eighty letters, on the smallest form."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How many places across and down; body size; width of the QR's black part; where what pays stands."""

    across: int
    down: int
    body: float
    code_side: float
    beside: bool


FORMS = {
    2: _Form(1, 2, 12, 44 * mm, beside=True),
    4: _Form(2, 2, 10, 34 * mm, beside=False),
    8: _Form(2, 4, 8.2, 25.4 * mm, beside=True),
}
_OUTER, _INNER, _GAP = 6.5 * mm, 4.5 * mm, 2.5 * mm
"""Room to the edge of the sheet (printers leave 5 mm white), to a cut, between text and code."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands in one place of a page: a slip's rows from the top, set for a width and body size, and the code that
    pays it, on its first part only."""

    slip: Slip
    rows: tuple[SetRow, ...]
    room: float
    body: float
    pays: bool = True


def slips(of: Iterable[Slip], *, per_page: int = 4) -> bytes:
    """The PDF with all slips in the order given. ``per_page`` is 2, 4 or 8 (else KeyError)."""
    form = FORMS[per_page]
    paper = Paper(title=TITLE)
    place, section = 0, None
    for slip in of:
        if place and slip.section != section:
            _end_page(paper, form)
            place = 0
        section = slip.section
        for part in _parts(paper, form, slip):
            _draw(paper, form, part, place)
            place += 1
            if place == per_page:
                _end_page(paper, form)
                place = 0
    if place:
        _end_page(paper, form)
    return paper.finished()


def _end_page(paper: Paper, form: _Form) -> None:
    """Cut lines, then the next sheet."""
    for across in range(1, form.across):
        left = paper.width * across / form.across
        paper.line(left, 0, left, paper.height, dashed=True)
    for down in range(1, form.down):
        base = paper.height * down / form.down
        paper.line(0, base, paper.width, base, dashed=True)
    paper.next_page()


def _box(paper: Paper, form: _Form, place: int) -> tuple[float, float, float, float]:
    """(left, bottom, right, top) of what may be drawn on in a place, counted row by row from the top left."""
    down, across = divmod(place, form.across)
    wide, high = paper.width / form.across, paper.height / form.down
    left = across * wide + (_OUTER if across == 0 else _INNER)
    right = (across + 1) * wide - (_OUTER if across == form.across - 1 else _INNER)
    top = paper.height - down * high - (_OUTER if down == 0 else _INNER)
    bottom = paper.height - (down + 1) * high + (_OUTER if down == form.down - 1 else _INNER)
    return left, bottom, right, top


def _rooms(paper: Paper, form: _Form, slip: Slip) -> tuple[float, float]:
    """(width, height) for a slip's rows, wherever on the page it will stand: the least that any place has."""
    wide = paper.width / form.across - (2 * _OUTER if form.across == 1 else _OUTER + _INNER)
    high = paper.height / form.down - _OUTER - _INNER
    if not slip.payload:
        return wide, high
    side = squares.side_with_quiet_zone(slip.payload, form.code_side)
    return (wide - side - _GAP, high) if form.beside else (wide, high - side - _GAP)


def _parts(paper: Paper, form: _Form, slip: Slip) -> list[_Place]:
    """The slip in one place, set as small as it must be; in several where it cannot be set small enough."""
    room, high = _rooms(paper, form, slip)
    for summed in (False, True):
        for smaller in SMALLER:
            body = form.body * smaller
            head, items, end = _set(slip, room=room, body=body, summed=summed)
            if height_of(head) + height_of(items) + height_of(end) <= high:
                return [_Place(slip, (*head, *items, *end), room, body)]
    return _continued(paper, form, slip, room=room, high=high)


def _set(slip: Slip, *, room: float, body: float, summed: bool) -> tuple[list[SetRow], list[SetRow], list[SetRow]]:
    """Head, items and end. ``summed``: older bills in one line instead of one each."""
    parts = (_head(slip), _items(slip), _end(slip, summed=summed))
    head, items, end = (set_rows(rows, room=room, body=body) for rows in parts)
    return head, items, end


def _continued(paper: Paper, form: _Form, slip: Slip, *, room: float, high: float) -> list[_Place]:
    """Several places. What must stand on the first one (whose, how much, the code) is set as small as that takes."""
    for smaller in (*SMALLER[-1:], *SMALLEST):
        body = form.body * smaller
        head, items, end = _set(slip, room=room, body=body, summed=True)
        more = set_rows([Row("Xem tiếp các mục còn lại ở phiếu sau.", size=0.9, bold=True)], room=room, body=body)
        left = high - height_of(head) - height_of(more) - height_of(end)
        if not items or items[0].height <= left:
            break
    count = taken(items, left)
    parts = [_Place(slip, (*head, *items[:count], *more, *end), room, body)]
    room, high = _rooms(paper, form, replace(slip, payload=""))  # no code stands there
    rest = set_rows(_items(slip)[count:], room=room, body=body)
    rule = set_row(Row("", size=0.01, rule=True, above=0.35), room=room, body=body)
    on = [*set_rows(_head(slip, continued=True), room=room, body=body), rule]
    while rest:
        count = taken(rest, high - height_of(on))
        parts.append(_Place(slip, (*on, *rest[:count]), room, body, pays=False))
        rest = rest[count:]
    return parts


def _head(slip: Slip, *, continued: bool = False) -> list[Row]:
    title = f"{TITLE} (tiếp)" if continued else TITLE
    who = " · ".join(filter(None, (slip.section, slip.number)))
    return [
        Row(slip.biller, size=0.92),
        Row(title, size=1.25, bold=True, amount=" " * 12 if slip.demo else ""),
        Row(slip.run, size=0.92, grey=GREY),
        Row(slip.name, size=1.25, bold=True, above=0.25),
        Row(who, size=1, above=0.05),
    ]


def _items(slip: Slip) -> list[Row]:
    rows = [Row(item.name, amount=figures(item.amount_dong), detail=item.detail) for item in slip.items]
    return [replace(rows[0], rule=True, above=0.35), *rows[1:]] if rows else []


def _end(slip: Slip, *, summed: bool) -> list[Row]:
    """What it comes to: this bill, what was paid, what is older, and what the QR asks for, in figures and words."""
    rows = []
    first = "Cộng kỳ này" if slip.arrears or slip.paid_dong else "Phải trả"
    rows.append(Row(first, amount=figures(slip.asked_dong), bold=True, rule=True, above=0.3))
    if slip.paid_dong:
        rows.append(Row("Đã trả, đã trừ", amount=figures(-slip.paid_dong)))
    if summed and len(slip.arrears) > 1:
        older = sum(arrear.due_dong for arrear in slip.arrears)
        rows.append(Row(f"Nợ {len(slip.arrears)} kỳ trước", amount=figures(older)))
    else:
        rows += [Row(f"Nợ kỳ trước: {arrear.name}", amount=figures(arrear.due_dong)) for arrear in slip.arrears]
    if slip.arrears:
        rows.append(Row("Phải trả, gồm nợ kỳ trước", amount=figures(slip.due_dong), bold=True))
    elif slip.paid_dong:
        rows.append(Row("Còn phải trả", amount=figures(slip.due_dong), bold=True))
    if not slip.due_dong:
        return [*rows, Row("ĐÃ TRẢ ĐỦ, không phải trả thêm", bold=True, above=0.2)]
    words = in_words(slip.due_dong)
    rows.append(Row(f"Bằng chữ: {words}", size=0.92))
    rows.append(Row(f"Hạn trả: {slip.due_on:%d/%m/%Y}", bold=True, above=0.15))
    if slip.arrears and slip.own_memo and slip.own_due_dong:
        said = f"Chỉ trả kỳ này: chuyển {figures(slip.own_due_dong)}, nội dung {slip.own_memo}"
        rows.append(Row(said, size=0.86, grey=GREY))
    rows += [Row(said, size=0.86, grey=GREY) for said in (slip.note, slip.ask) if said]
    return rows


def _draw(paper: Paper, form: _Form, part: _Place, place: int) -> None:
    left, bottom, right, top = _box(paper, form, place)
    slip, body = part.slip, part.body
    draw_rows(paper, part.rows, left=left, top=top, room=part.room)
    if slip.demo:
        paper.demo_chip(left + part.room, top - part.rows[0].height - body * 1.22, body)
    if not (slip.payload and part.pays):
        return
    side = squares.side_with_quiet_zone(slip.payload, form.code_side)
    if form.beside:
        _draw_code(paper, slip, left=right - side, bottom=top - side, side=side)
        paying, where = _paying(slip), (right - side, top - side, side)
        free = top - side - bottom
    else:
        _draw_code(paper, slip, left=left, bottom=bottom, side=side)
        paper.rule(left, bottom + side + _GAP / 2, right, grey=PALE)
        paying, where = _paying(slip), (left + side + _GAP, bottom + side, right - left - side - _GAP)
        free = side
    _draw_paying(paper, paying, left=where[0], top=where[1], room=where[2], free=free, body=body)


def _draw_code(paper: Paper, slip: Slip, *, left: float, bottom: float, side: float) -> None:
    if slip.demo:
        paper.demo_behind(left, bottom, side)
    squares.draw(paper.canvas, slip.payload, left=left, bottom=bottom, side=side)


def _paying(slip: Slip) -> list[Row]:
    """What a bank app shows after scanning, and what must be typed where the camera fails."""
    return [
        Row(figures(slip.due_dong), size=1.35, bold=True, align="middle"),
        Row("Mã chuyển khoản", size=0.86, grey=GREY, align="middle", above=0.1),
        Row(slip.memo, size=2, bold=True, align="middle"),
        Row(slip.bank, size=0.92, align="middle", above=0.1),
        Row(slip.account, size=1.15, bold=True, align="middle"),
        Row(slip.holder, size=0.86, align="middle"),
    ]


def _draw_paying(
    paper: Paper, rows: list[Row], *, left: float, top: float, room: float, free: float, body: float
) -> None:
    """Code and account are numbers to be typed: they stay on one line each, and shrink until they do."""
    one_line = [
        replace(row, size=fitting(row.text, body * row.size, room * 0.98, bold=row.bold) / body) if row.bold else row
        for row in rows
    ]
    for smaller in SMALLER:
        ready = set_rows(one_line, room=room, body=body * smaller)
        if height_of(ready) <= free:
            break
    draw_rows(paper, ready, left=left, top=top, room=room)
