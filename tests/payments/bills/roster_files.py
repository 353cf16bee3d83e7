"""Lists made up for the tests, written the messy ways in which schools and collectors write them."""

import io
import unicodedata
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from payments.statements.old_letters import _TCVN3, _VNI

HEAD = ["STT", "Mã HS", "Họ và tên", "Lớp", "Phụ huynh", "Số điện thoại"]
AN = [1, "HS-01", "Nguyễn Văn An", "3A", "Trần Thị Hòa", "0912345678"]
BINH = [2, "HS-02", "Lê Thị Bình", "3A", "Phạm Văn Cường", "0987654321"]
CUC = [3, "HS-03", "Nguyễn Thị Cúc", "5B", "Trần Thị Hòa", "0912345678"]
ROWS = [AN, BINH, CUC]

Rows = Sequence[Sequence[Any]]


def text(rows: Rows = (HEAD, *ROWS), *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    return "".join(separator.join(map(str, row)) + "\r\n" for row in rows).encode(encoding)


def xlsx(rows: Rows = (HEAD, *ROWS), *, merged: Sequence[str] = (), title: str = "Sheet1") -> bytes:
    return book({title: rows}, merged={title: merged})


def book(
    sheets: dict[str, Rows], *, merged: dict[str, Sequence[str]] | None = None, hidden: Sequence[str] = ()
) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
        for cells in (merged or {}).get(title, ()):
            sheet.merge_cells(cells)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def page(rows: Rows = (HEAD, *ROWS)) -> bytes:
    """A web page that calls itself .xls."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><head><meta charset='utf-8'></head><body><table>{body}</table></body></html>".encode()


def typed_in_tcvn3(text: str) -> str:
    """As the font .VnTime stores it."""
    back = {letter: written for written, letter in reversed(_TCVN3.items())}
    return "".join(back.get(sign, back.get(sign.lower(), sign)) for sign in text)


def typed_in_vni(text: str) -> str:
    back = {letter: written for written, letter in _VNI.items()}
    return "".join(back.get(sign, sign) for sign in text)


def typed_in_1258(text: str) -> bytes:
    """Vowels with their circumflex or horn are one sign, the tone is another behind it."""
    written = b""
    for sign in text:
        try:
            written += sign.encode("cp1258")
        except UnicodeEncodeError:
            apart = _without_tone(sign)
            written += apart[0].encode("cp1258") + apart[1].encode("cp1258")
    return written


def _without_tone(sign: str) -> tuple[str, str]:
    for tone in "\u0300\u0309\u0303\u0301\u0323":
        decomposed = unicodedata.normalize("NFD", sign)
        if tone in decomposed:
            return unicodedata.normalize("NFC", decomposed.replace(tone, "")), tone
    raise ValueError(sign)


def in_font(turn: Any, rows: Rows = (HEAD, *ROWS)) -> list[list[Any]]:
    return [[turn(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
