"""Columns typed in an old font among others in today's letters: names pasted from an older list. Pure."""

import unicodedata
from collections.abc import Callable
from typing import Any, Literal

from payments.bills.roster.spelling import share_of_syllables
from payments.statements.excel import Table
from payments.statements.old_letters import from_tcvn3, from_vni

Font = Literal["tcvn3", "vni"]
_FONTS: tuple[tuple[Font, Callable[[str], str | None]], ...] = (("tcvn3", from_tcvn3), ("vni", from_vni))
_SURE = 0.9


def in_today(table: Table) -> tuple[Table, Font | None]:
    """The table with such columns in today's letters, and the font that they were typed in; None where there are none.

    A column is one if the cells of it that cannot be Vietnamese all become so by one of the fonts alone.
    """
    turned: dict[str, str] = {}
    font: Font | None = None
    width = max((len(cells) for _row, cells in table.rows), default=0)
    for column in range(width):
        odd = {cells[column] for _row, cells in table.rows if column < len(cells) and _is_odd(cells[column])}
        if found := _font_of(odd):
            font, meant = found
            turned |= meant
    if font is None:
        return table, None
    rows = [
        (row, tuple(turned.get(cell, cell) if isinstance(cell, str) else cell for cell in cells))
        for row, cells in table.rows
    ]
    return Table(rows, table.merges, table.ragged, table.title), font


def _is_odd(cell: Any) -> bool:
    """Also what only looks like a syllable: ``NguyÔn``, and ``V¨n``, where a sign stands among letters."""
    if not isinstance(cell, str) or cell.isascii():
        return False
    amid = any(
        before.islower() and not sign.isascii() and (sign.isupper() or not sign.isalnum())
        for word in unicodedata.normalize("NFC", cell).split()
        for before, sign, _after in zip(word, word[1:], word[2:], strict=False)
    )
    return amid or share_of_syllables(cell) < 1


def _font_of(odd: set[str]) -> tuple[Font, dict[str, str]] | None:
    """The one font that makes Vietnamese of all of them, and each as it was meant."""
    if not odd or share_of_syllables("\n".join(odd)) >= _SURE:
        return None
    fonts: dict[Font, dict[str, str]] = {}
    for font, read in _FONTS:
        meant = {cell: turned for cell in odd if (turned := read(cell)) is not None}
        if len(meant) == len(odd) and share_of_syllables("\n".join(meant.values())) >= _SURE:
            fonts[font] = {cell: turned for cell, turned in meant.items() if share_of_syllables(turned) == 1}
    return next(iter(fonts.items())) if len(fonts) == 1 else None
