"""A file as tables of cells, in today's letters: workbook, web page that calls itself Excel, or text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from base.collecting import rare_collection
from payments.bills.roster.heading import heading_of
from payments.bills.roster.old_columns import in_today
from payments.bills.roster.refusing import EmptyList, ListTooBig, LostLetters, UnreadableList, in_our_words
from payments.bills.roster.spelling import share_of_syllables
from payments.statements import csv_text, excel, first_bytes, html_table
from payments.statements.csv_text import UnknownEncoding
from payments.statements.excel import Table
from payments.statements.old_letters import from_tcvn3, from_vni, from_windows_1258
from payments.statements.statement import DoubtfulStatement

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000

Letters = Literal["unicode", "windows-1258", "tcvn3", "vni"]
_SURE, _SURELY_NOT = 0.9, 0.6
_LOOKED_AT = 60_000  # characters are enough to know an encoding by
_SPLIT_AT = 20  # rows looked at for the separator


@dataclass(frozen=True, slots=True)
class Book:
    """``tables`` those that a person sees when she opens the file; ``hidden`` the titles of the others."""

    tables: tuple[Table, ...]
    hidden: tuple[str, ...]
    letters: Letters


@rare_collection()
def opened(data: bytes, *, kind: str) -> Book:
    """The tables that hold anything. ``kind`` is that of the list. Raises UnreadableList and its kin."""
    try:
        book = _opened(data, kind=kind)
    except DoubtfulStatement as doubt:
        raise in_our_words(doubt) from doubt
    if book.letters == "unicode":
        book = _whole(book)
    if not book.tables:
        raise EmptyList()
    if sum(len(table.rows) for table in book.tables) > MOST_ROWS:
        raise ListTooBig()
    return book


def _whole(book: Book) -> Book:
    """Also where only some columns were typed in an old font."""
    turned = [in_today(table) for table in book.tables]
    fonts = {font for _table, font in turned if font is not None}
    if len(fonts) > 1:
        raise LostLetters()
    return Book(tuple(table for table, _font in turned), book.hidden, next(iter(fonts), book.letters))


def _opened(data: bytes, *, kind: str) -> Book:
    if len(data) > MOST_BYTES:
        raise ListTooBig()
    shape = first_bytes.kind_of(data)
    if shape == "xlsx":
        tables = [table for table in excel.tables(data) if table.rows]
        shown = [table for table in tables if not table.hidden]
        letters = _letters_of("\n".join(_texts(shown)))
        return Book(
            tuple(_turned(table, letters) for table in shown), tuple(table.title for table in tables if table.hidden),
            letters,
        )  # fmt: skip
    if shape not in {"text", "web page"}:
        raise UnreadableList()
    text, letters = _text_of(data)
    if shape == "web page":
        return Book((html_table.table(text),), (), letters)
    return Book(tuple(_by_separator(text, kind=kind)), (), letters)


def _text_of(data: bytes) -> tuple[str, Letters]:
    """The text in today's letters. Raises LostLetters where no reading, or more than one, makes Vietnamese."""
    try:
        text = csv_text.text_of(data)
    except UnknownEncoding:
        return _old_text_of(data)
    letters = _letters_of(text)
    return _in_today(text, letters), letters


def _old_text_of(data: bytes) -> tuple[str, Letters]:
    latin = data.decode("latin-1")
    if csv_text.is_binary(latin):
        raise LostLetters()
    readings: list[tuple[Letters, str | None]] = [
        ("windows-1258", from_windows_1258(data)), ("tcvn3", from_tcvn3(latin)), ("vni", from_vni(latin)),
    ]  # fmt: skip
    return _only([(letters, text) for letters, text in readings if text is not None])


def _letters_of(text: str) -> Letters:
    """How the text was typed. Unicode unless most of its words are none of Vietnamese and become so another way."""
    text = text[:_LOOKED_AT]
    if text.isascii() or share_of_syllables(text) >= _SURE:
        return "unicode"
    fonts: list[tuple[Letters, str | None]] = [("tcvn3", from_tcvn3(text)), ("vni", from_vni(text))]
    readings = [(letters, turned) for letters, turned in fonts if turned is not None]
    if any(share_of_syllables(turned) >= _SURE for _letters, turned in readings):
        return _only(readings)[1]
    if share_of_syllables(text) < _SURELY_NOT and readings:
        raise LostLetters()
    return "unicode"  # names from elsewhere


def _only(readings: list[tuple[Letters, str]]) -> tuple[str, Letters]:
    sure = [
        (text, letters) for letters, text in readings if share_of_syllables(text[:_LOOKED_AT]) >= _SURE
    ]  # fmt: skip
    if len(sure) != 1:
        raise LostLetters()
    return sure[0]


def _in_today(text: str, letters: Letters) -> str:
    """Raises LostLetters for a sign that the font does not have."""
    turned = {"tcvn3": from_tcvn3, "vni": from_vni}[letters](text) if letters in {"tcvn3", "vni"} else text
    if turned is None:
        raise LostLetters()
    return turned


def _turned(table: Table, letters: Letters) -> Table:
    if letters == "unicode":
        return table

    def turn(cell: Any) -> Any:
        return _in_today(cell, letters) if isinstance(cell, str) else cell

    rows = [(row, tuple(turn(cell) for cell in cells)) for row, cells in table.rows]
    return Table(rows, table.merges, table.ragged, turn(table.title) if not table.title.isascii() else table.title)


def _texts(tables: list[Table]) -> Iterator[str]:
    for table in tables:
        for _row, cells in table.rows:
            yield from (cell for cell in cells if isinstance(cell, str))


def _by_separator(text: str, *, kind: str) -> list[Table]:
    """The table under the separator whose heads say most; without heads, the one that makes most columns."""
    best: tuple[tuple[int, int], Table] | None = None
    for separator in csv_text.separators_of(text):
        try:
            table = csv_text.table(text, separator=separator)
        except DoubtfulStatement:
            continue  # it was not written with this separator
        heading = heading_of(table, kind=kind)
        columns = sorted(len(cells) for _row, cells in table.rows[:_SPLIT_AT])
        worth = (len(heading.roles) if heading else 0, columns[len(columns) // 2] if columns else 0)
        if best is None or worth > best[0]:
            best = worth, table
    if best is None:
        raise csv_text.BrokenCsv(row=1)
    return [best[1]] if best[1].rows else []
