"""The running balance: proof, to the đồng, that no row is missing, doubled, swapped or changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from base.money import figures
from payments.statements.statement import DoubtfulStatement


class ChainBroken(DoubtfulStatement):
    code = "STATEMENT_BALANCE_BREAK"
    sentence = _(
        "Dòng %(row)s: số dư không khớp, lệch %(difference)s. Có dòng bị thiếu, bị lặp hoặc bị sửa; "
        "hãy xuất lại cả kỳ từ ngân hàng."
    )


class ColumnsSwapped(DoubtfulStatement):
    code = "STATEMENT_COLUMNS_SWAPPED"
    sentence = _(
        "Dòng %(row)s: số dư cho thấy cột tiền vào và cột tiền ra bị đổi chỗ. Hãy kiểm tra tên cột rồi tải lại."
    )


class OpeningDiffers(DoubtfulStatement):
    code = "STATEMENT_OPENING_DIFFERS"
    sentence = _(
        "Dòng %(row)s: số dư đầu kỳ ghi trong tệp không khớp dòng đầu tiên, lệch %(difference)s. Tệp có thể thiếu dòng."
    )


class ClosingDiffers(DoubtfulStatement):
    code = "STATEMENT_CLOSING_DIFFERS"
    sentence = _("Dòng %(row)s: số dư cuối kỳ ghi trong tệp không khớp, lệch %(difference)s. Tệp có thể bị cắt cuối.")


class Link(NamedTuple):
    """One row as the chain sees it: ``dong`` is signed (in positive), ``balance_dong`` stands after it."""

    row: int
    dong: int
    balance_dong: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Stated:
    """A balance that the file states on a line of its own."""

    row: int
    dong: int


def proved(links: Sequence[Link], *, opening: Stated | None, closing: Stated | None) -> tuple[int, int]:
    """Opening and closing balance (đồng) of a file whose every row has a balance; ``links`` in file order.

    Oldest first and newest first are both tried. Raises ChainBroken at the first row that does not follow, with
    the difference between its balance and the one that was due; ColumnsSwapped where all signs turned would fit;
    OpeningDiffers, ClosingDiffers against the file's own lines.
    """
    assert links
    oldest, newest = list(links), list(reversed(links))
    holding = [order for order in (oldest, newest) if _holds(order)]
    if not holding:
        raise _what_broke(oldest, newest)
    order = _best(holding, opening=opening, closing=closing)
    first, last = order[0], order[-1]
    opening_dong = first.balance_dong - first.dong
    if opening and opening.dong != opening_dong:
        raise OpeningDiffers(row=first.row, difference=figures(opening_dong - opening.dong))
    if closing and closing.dong != last.balance_dong:
        raise ClosingDiffers(row=closing.row, difference=figures(closing.dong - last.balance_dong))
    return opening_dong, last.balance_dong


def proved_by_sum(total_dong: int, *, opening: Stated, closing: Stated) -> None:
    """A file without a balance column but with both balance lines. Raises ClosingDiffers."""
    difference = closing.dong - opening.dong - total_dong
    if difference:
        raise ClosingDiffers(row=closing.row, difference=figures(difference))


def holds_turned(links: Sequence[Link]) -> bool:
    """Whether the balances would be just as true with in and out exchanged.

    So it is with rows of one equal sum on one day: read backwards, money in looks like money out. Columns for
    debit and credit say which it was; a lone amount without a sign does not.
    """
    turned = [Link(link.row, -link.dong, link.balance_dong, link.at) for link in links]
    return _holds(turned) or _holds(turned[::-1])


def _holds(order: Sequence[Link]) -> bool:
    """Every link follows, and the days do not run backwards: else equal sums would hold in the wrong direction."""
    return _first_break(order) is None and order[0].at.date() <= order[-1].at.date()


def _first_break(order: Sequence[Link]) -> int | None:
    """Position of the first link that does not follow from the one before, None when all do."""
    for at in range(1, len(order)):
        if order[at - 1].balance_dong + order[at].dong != order[at].balance_dong:
            return at
    return None


def _best(orders: list[list[Link]], *, opening: Stated | None, closing: Stated | None) -> list[Link]:
    """Of two orders that both hold (few rows, or sums that cancel): the one that fits the stated balances and days."""

    def misfit(order: list[Link]) -> tuple[bool, bool, bool]:
        return (
            opening is not None and opening.dong != order[0].balance_dong - order[0].dong,
            closing is not None and closing.dong != order[-1].balance_dong,
            order[0].at > order[-1].at,
        )

    return min(orders, key=misfit)


def _what_broke(oldest: list[Link], newest: list[Link]) -> DoubtfulStatement:
    order = newest if newest[0].at < newest[-1].at else oldest
    if oldest[0].at == oldest[-1].at:  # one day: the order that runs longer before it breaks is the one meant
        order = max((oldest, newest), key=lambda tried: _first_break(tried) or 0)
    if holds_turned(oldest):
        return ColumnsSwapped(row=oldest[0].row)
    at = _first_break(order)
    assert at is not None
    link, before = order[at], order[at - 1]
    return ChainBroken(row=link.row, difference=figures(link.balance_dong - before.balance_dong - link.dong))
