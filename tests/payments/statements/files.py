"""Statement files made up for the tests: invented rows, written the ways banks write them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook

OPENING = 5_000_000
HEADER = ["Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Số dư", "Nội dung"]


def movements(count: int = 6) -> list[list[Any]]:
    """Rows under HEADER with plain numbers and a balance that holds: every third one goes out."""
    balance, rows = OPENING, []
    for n in range(count):
        dong = 150_000 + 1_111 * n
        out = n % 3 == 2
        balance += -dong if out else dong
        day = (date(2026, 3, 1) + timedelta(days=n // max(2, count // 300))).strftime("%d/%m/%Y")
        memo = f"CP7K2M9Q{n:02d} cá trạch, mua {n}"
        rows.append([day, f"FT26{n:06d}", dong if out else "", "" if out else dong, balance, memo])
    return rows


def as_csv(rows: Sequence[Sequence[Any]], *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[Any]], *, merged: Sequence[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    for cells in merged:
        sheet.merge_cells(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same zip with one part added or replaced."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return changed.getvalue()
