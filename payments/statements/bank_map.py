"""What a bank's own file must look like: its name, its heads in their order, its way of writing. Data and one check.

A map never reads a column that the generic reader would not: it only asks more of the file. So a row has one id
(identity.py) whichever of the two read it, and a treasurer may choose the bank later without importing money twice.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from base.text import folded
from payments.statements.columns import pieces
from payments.statements.grammar import ANY, Grammar
from payments.statements.head_words import Field
from payments.statements.sheet import Sheet
from payments.statements.statement import DoubtfulStatement


class OtherBank(DoubtfulStatement):
    code = "STATEMENT_OTHER_BANK"
    sentence = _(
        "Đây là sao kê của %(found)s, không phải của %(asked)s. Hãy chọn đúng ngân hàng, hoặc để tự nhận ra ngân hàng."
    )


class NotTheBanksLayout(DoubtfulStatement):
    code = "STATEMENT_NOT_THE_BANKS_LAYOUT"
    sentence = _(
        "Dòng %(row)s: các cột không phải của sao kê %(asked)s (thiếu hoặc sai chỗ: %(text)s). "
        "Hãy tải tệp gốc từ ngân hàng, hoặc để tự nhận ra ngân hàng."
    )


@dataclass(frozen=True, slots=True)
class Head:
    """A column: the words that the bank prints over it, in either language. ``own``: no other bank prints them."""

    field: Field
    words: tuple[str, ...]
    always: bool = True
    own: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one channel, from left to right; the columns between them are of no interest."""

    channel: str
    heads: tuple[Head, ...]
    ordered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BankMap:
    """``names``: what only this bank writes above its table, as patterns for folded text. ``titles``: what it writes
    there too, but others may. ``confirmed``: whether the columns are known from a public sample."""

    key: str
    title: str
    names: tuple[str, ...]
    titles: tuple[str, ...] = ()
    layouts: tuple[Layout, ...]
    grammar: Grammar = ANY
    confirmed: bool = True


def check_bank(bank: BankMap, sheet: Sheet, *, others: Iterable[BankMap] = ()) -> None:
    """Raises OtherBank where the file shows another bank and does not name this one, NotTheBanksLayout."""
    if not _named(bank, _above(sheet)):
        other = recognised(sheet, others)
        if other is not None and other.key != bank.key:
            raise OtherBank(found=other.title, asked=bank.title)
    missing = [_missing(layout, sheet.captions) for layout in bank.layouts]
    if None not in missing:
        text = min((lacking for lacking in missing if lacking is not None), key=len)
        raise NotTheBanksLayout(row=sheet.header_row, asked=bank.title, text=", ".join(f"“{word}”" for word in text))


def recognised(sheet: Sheet, banks: Iterable[BankMap]) -> BankMap | None:
    """The one bank that the file shows itself to be of: by name, else by heads of its own, else by its title."""
    banks, above = list(banks), _above(sheet)
    for shows in (
        lambda bank: _named(bank, above),
        lambda bank: _has_own_heads(bank, sheet.captions),
        lambda bank: any(re.search(title, above) for title in bank.titles),
    ):
        fitting = [bank for bank in banks if shows(bank)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _above(sheet: Sheet) -> str:
    texts = [cell for _row, cells in sheet.above for cell in cells if isinstance(cell, str)]
    return folded("\n".join([sheet.title, *texts]))


def _named(bank: BankMap, above: str) -> bool:
    return any(re.search(rf"\b{name}\b", above) for name in bank.names)


def _has_own_heads(bank: BankMap, captions: Sequence[str]) -> bool:
    own = [head for layout in bank.layouts for head in layout.heads if head.own]
    return any(_says(caption, head) for head in own for caption in captions)


def _missing(layout: Layout, captions: Sequence[str]) -> tuple[str, ...] | None:
    """The heads that are not there, or not after the one before; None where the layout fits."""
    lacking, reached = [], -1
    for head in layout.heads:
        places = [at for at, caption in enumerate(captions) if _says(caption, head)]
        after = [at for at in places if at > reached or not layout.ordered]
        if after:
            reached = after[0]
        elif head.always or places:
            lacking.append(head.words[0])
    return tuple(lacking) or None


def _says(caption: str, head: Head) -> bool:
    return not head_words_of(head).isdisjoint(pieces(caption))


def head_words_of(head: Head) -> frozenset[str]:
    """Its words in every form in which a caption may come: with accents, and without where that says the same."""
    return frozenset(form for word in head.words for form in pieces(word))
