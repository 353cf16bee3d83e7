"""Household cards: eight an A4 page. The code opens the household's page; its symbols can be typed instead.

A card is as good as a key, so it says only what the person who hands it out must know, and never the second factor.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reportlab.lib.units import mm

from payments.paper import squares
from payments.paper.pages import GREY, Paper
from payments.paper.rows import Row, draw_rows, height_of, set_rows

TITLE = "THẺ XEM KHOẢN THU"
_ACROSS, _DOWN = 2, 4
_MARGIN, _GAP, _CODE = 6.5 * mm, 2.5 * mm, 27 * mm
_SMALLER = (1, 0.94, 0.88, 0.82, 0.76)


@dataclass(frozen=True, slots=True)
class Card:
    """``accounts`` are initials with class and number; ``factor`` says what is asked beside the code, in words."""

    biller: str
    household: str
    place: str
    accounts: tuple[str, ...]
    link: str
    address: str
    code: str
    factor: str
    demo: bool = False


def household_cards(of: Iterable[Card]) -> bytes:
    """The PDF, with cut lines, in the order given."""
    paper = Paper(title=TITLE)
    place = 0
    for card in of:
        _draw(paper, card, place)
        place += 1
        if place == _ACROSS * _DOWN:
            _end_page(paper)
            place = 0
    if place:
        _end_page(paper)
    return paper.finished()


def _end_page(paper: Paper) -> None:
    paper.line(paper.width / 2, 0, paper.width / 2, paper.height, dashed=True)
    for down in range(1, _DOWN):
        base = paper.height * down / _DOWN
        paper.line(0, base, paper.width, base, dashed=True)
    paper.next_page()


def _draw(paper: Paper, card: Card, place: int) -> None:
    down, across = divmod(place, _ACROSS)
    wide, high = paper.width / _ACROSS, paper.height / _DOWN
    left, top = across * wide + _MARGIN, paper.height - down * high - _MARGIN
    right, bottom = (across + 1) * wide - _MARGIN, paper.height - (down + 1) * high + _MARGIN
    side = squares.side_with_quiet_zone(card.link, _CODE)
    room = right - left - side - _GAP
    for smaller in _SMALLER:
        rows = set_rows(_rows(card), room=room, body=9.5 * smaller)
        if height_of(rows) <= top - bottom:
            break
    draw_rows(paper, rows, left=left, top=top, room=room)
    if card.demo:
        paper.demo_behind(right - side, top - side, side)
        paper.demo_chip(right, bottom + 2, 9)
    squares.draw(paper.canvas, card.link, left=right - side, bottom=top - side, side=side)
    said = set_rows([Row("Quét mã này bằng máy ảnh điện thoại", size=0.9, align="middle")], room=side, body=9.5)
    draw_rows(paper, said, left=right - side, top=top - side, room=side)


def _rows(card: Card) -> list[Row]:
    rows = [
        Row(card.biller, size=0.86),
        Row(TITLE, size=1.1, bold=True),
        Row(card.household, size=1.15, bold=True, above=0.2),
        *([Row(card.place, size=0.92)] if card.place else []),
        *[Row(account, size=0.92, grey=GREY) for account in card.accounts[:4]],
    ]
    if len(card.accounts) > 4:
        rows.append(Row(f"và {len(card.accounts) - 4} mã khác", size=0.92, grey=GREY))
    return [
        *rows,
        Row("Hoặc vào trang này, gõ mã thẻ:", size=0.92, rule=True, above=0.4),
        Row(card.address, size=0.92, bold=True),
        Row(card.code, size=1.6, bold=True),
        Row(f"rồi {card.factor}.", size=0.92),
        Row("Giữ thẻ như chìa khóa. Mất thẻ: báo để làm thẻ mới.", size=0.86, grey=GREY, above=0.2),
    ]
