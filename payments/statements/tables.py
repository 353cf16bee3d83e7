"""The tables of a file, with the header found in each: workbook, text or web page, in today's letters or old ones."""

import unicodedata
from collections.abc import Callable, Iterator

from payments.statements import csv_text, excel, html_table
from payments.statements.columns import Words
from payments.statements.csv_text import UnknownEncoding
from payments.statements.excel import Table
from payments.statements.first_bytes import Kind
from payments.statements.html_table import WebPage
from payments.statements.old_letters import FONTS, LegacyFont, from_windows_1258
from payments.statements.sheet import HEADER_WITHIN, Header, NoHeader, header_of

Found = tuple[Table, Header]

_ENOUGH_HEADS = 2  # whole Vietnamese words over columns that an old encoding must show before it is believed


def with_headers(data: bytes, *, kind: Kind, words: Words) -> list[Found]:
    """Each table that has a header; at least one. Raises NoHeader, UnknownEncoding, LegacyFont, WebPage and more."""
    if kind == "xlsx":
        sheets = list(excel.tables(data))
        return _found(iter(sheets), words) or _in_an_old_font(sheets, words) or _none()
    try:
        text = csv_text.text_of(data)
    except UnknownEncoding:
        return _in_an_old_encoding(data, words)
    if kind == "web page":
        page = html_table.table(text)
        found = _found(iter([page]), words) or _in_an_old_font([page], words)
        if not found:
            raise WebPage()
        return found
    return _of_text(text, words) or _text_in_an_old_font(text, words) or _none()


def _none() -> list[Found]:
    raise NoHeader()


def _found(tables: Iterator[Table], words: Words) -> list[Found]:
    return [(table, header) for table in tables if (header := header_of(table, words=words))]


def _of_text(text: str, words: Words) -> list[Found]:
    """The file under each separator that shows a header; the right one is the only one that does."""
    if text.lstrip().startswith("<"):
        raise WebPage()
    found = []
    for separator in csv_text.separators_of(text):
        beginning = csv_text.head(text, separator=separator, lines=HEADER_WITHIN + 2)
        if header := header_of(beginning, words=words):
            found.append((csv_text.table(text, separator=separator), header))
    return found


def _in_an_old_encoding(data: bytes, words: Words) -> list[Found]:
    """Bytes that are no UTF-8. windows-1258, TCVN3 or VNI: the one that shows whole Vietnamese heads, if it is one."""
    readings = []
    if (text := from_windows_1258(data)) is not None and not csv_text.is_binary(text):
        readings.append(_sure(_of_text(text, words), words))
    latin = data.decode("latin-1")
    if not csv_text.is_binary(latin):
        readings += _by_font(latin, lambda text: _of_text(text, words), words)
    found = [reading for reading in readings if reading]
    if len(found) == 1:
        return found[0]
    raise LegacyFont() if found else UnknownEncoding()


def _text_in_an_old_font(text: str, words: Words) -> list[Found]:
    return _only(_by_font(text, lambda turned: _of_text(turned, words), words), text)


def _in_an_old_font(tables: list[Table], words: Words) -> list[Found]:
    texts = "\n".join(cell for table in tables for _row, cells in table.rows for cell in cells if isinstance(cell, str))
    if texts.isascii():
        return []
    readings = []
    for font in FONTS:
        if font(texts) is not None:
            readings.append(_sure(_found((_turned(table, font) for table in tables), words), words))
    return _only(readings, texts)


def _turned(table: Table, font: Callable[[str], str | None]) -> Table:
    def turn(cell: object) -> object:
        return font(cell) if isinstance(cell, str) else cell

    rows = [(row, tuple(turn(cell) for cell in cells)) for row, cells in table.rows]
    return Table(rows, table.merges, table.ragged, table.title)


def _by_font(text: str, read: Callable[[str], list[Found]], words: Words) -> list[list[Found]]:
    if text.isascii():
        return []
    return [_sure(read(turned), words) for font in FONTS if (turned := font(text)) is not None]


def _only(readings: list[list[Found]], text: str) -> list[Found]:
    """The one reading that shows a header. Raises LegacyFont where two do, or where the text looks like such a font."""
    found = [reading for reading in readings if reading]
    if len(found) > 1 or (not found and _looks_typed_in_an_old_font(text)):
        raise LegacyFont()
    return found[0] if found else []


def _looks_typed_in_an_old_font(text: str) -> bool:
    """``Ngµy``, ``Ngaøy``: how the word for day, which stands over some column of every statement, comes out."""
    lower = text.lower()
    return "ngµy" in lower or "ngaøy" in lower


def _sure(found: list[Found], words: Words) -> list[Found]:
    """``found``, if its heads are whole Vietnamese words, accents and all."""
    return [(table, header) for table, header in found if _vietnamese_heads(header, words) >= _ENOUGH_HEADS]


def _vietnamese_heads(header: Header, words: Words) -> int:
    captions = (unicodedata.normalize("NFC", caption) for caption in header.captions)
    return sum(words.knows_exactly(caption) for caption in captions if not caption.isascii())
