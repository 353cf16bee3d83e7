"""A carrier's list: pasted, typed or its own file; figures read one way or not at all, and no row lost."""

import io
import random
import zipfile

import pytest
from openpyxl import Workbook

from payments.remittance_reading import (
    LONGEST_PARCEL,
    MOST_BYTES,
    MOST_ROWS,
    ListTooBig,
    NoColumns,
    OldExcelList,
    Row,
    UnreadableList,
    as_text,
    of_file,
    of_text,
)
from payments.statements import excel


def _seen(rows: list[Row]) -> list[tuple[str, int | None, int | None, str]]:
    return [(row.parcel, row.said_dong, row.fee_dong, row.fault) for row in rows]


def test_a_parcel_a_line_with_tabs_semicolons_bars_or_blanks() -> None:
    text = "DH-261122-7K2M\t150.000\t22.000\nS1.A1; 90.000 đ; 20.000\n\nVN123 | 0 | 35.000\nDH-261122-9QQQ 120.000 đ\n"
    assert _seen(of_text(text)) == [
        ("DH-261122-7K2M", 150_000, 22_000, ""),
        ("S1.A1", 90_000, 20_000, ""),
        ("VN123", 0, 35_000, ""),
        ("DH-261122-9QQQ", 120_000, 0, ""),
    ]
    assert [row.number for row in of_text(text)] == [1, 2, 4, 5]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("A; 1E+05; 0", "BAD_FIGURE"),
        ("A; １５０.000; 0", "BAD_FIGURE"),
        ("A; 150.5; 0", "FRACTION"),
        ("A; 150,000; 0", "MIXED_FIGURES"),  # beside 1.000.000 above it
        ("A; 150.000; -22.000", "NEGATIVE"),
        ("; 150.000; 22.000", "NO_PARCEL"),
        ("A; 150.000; 22.000; 9", "TOO_MANY_CELLS"),
    ],
)
def test_what_cannot_be_read_surely_is_said_row_by_row_and_kept_to_be_mended(line: str, fault: str) -> None:
    first, second, third = of_text(f"B; 1.000.000; 20.000\n{line}\nC; 50.000; 0")
    assert (first.fault, second.fault, third.fault) == ("", fault, "")
    shown = as_text([first, second, third]).splitlines()
    assert len(shown) == 3
    assert of_text(shown[0])[0].said_dong == 1_000_000


def _workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_carriers_own_file_is_read_by_the_names_of_its_columns() -> None:
    data = _workbook(
        ["Bảng đối soát 11/2026"],
        ["STT", "Mã đơn hàng", "Mã vận đơn", "Tiền thu hộ (đ)", "Phí giao hàng", "Phí chuyển hoàn", "Thực nhận"],
        [1, "DH-1", "S1.A1", 150000, 22000, 0, 128000],
        [2, "DH-2", "S1.A2", 0, 22000, 11000, -33000],
        [3, "DH-3", "S1.A3", 90000, 22000, None, 70000],
        ["", "Tổng cộng", "", 240000, 66000, 11000, 163000],
    )
    assert _seen(of_file(data)) == [
        ("S1.A1", 150_000, 22_000, ""),
        ("S1.A2", 0, 33_000, ""),
        ("S1.A3", 90_000, 22_000, "NET_DIFFERS"),
    ]


def test_a_list_whose_own_total_differs_was_cut() -> None:
    rows = of_file("Mã vận đơn;Thu hộ;Tổng phí\nS1;150.000;22.000\nTổng;170.000;22.000\n".encode())
    assert [(row.fault, row.said_dong) for row in rows] == [("", 150_000), ("TOTAL_DIFFERS", 170_000)]


def test_a_file_without_the_columns_it_needs_is_refused_whole() -> None:
    with pytest.raises(NoColumns):
        of_file("Ngày;Số tiền\n1/1/2026;5\n".encode())
    for data in (b"%PDF-1.4", b"\xff\x00\x81ab;c"):
        with pytest.raises(UnreadableList):
            of_file(data)
    with pytest.raises(OldExcelList) as refused:
        of_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "Lưu thành" in refused.value.message
    with pytest.raises(UnreadableList):
        of_text("A; 1\n" * 3_001)


def test_brackets_without_end_are_read_at_once() -> None:
    """400,000 of them took a minute: each looked for its own end."""
    brackets = "(" * 400_000
    [row] = of_text(brackets)
    assert (row.parcel, row.said_dong) == (brackets[:LONGEST_PARCEL], 0)
    with pytest.raises(NoColumns):
        of_file(f"{brackets[:100_000]};1\n".encode() * 20)


def _packed(rows: str) -> bytes:
    """A genuine workbook whose sheet is ``rows`` of XML."""
    sheet = (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>'
    )
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_workbook(["x"]))) as plain,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in plain.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            made.writestr(name, f"{sheet}</worksheet>" if is_sheet else plain.read(name))
    return stream.getvalue()


def _cells(count: int) -> str:
    drawn = random.Random(count)
    return "".join(f"<c><v>{drawn.randrange(10_000_000)}</v></c>" for _ in range(count))


@pytest.mark.parametrize(
    "rows",
    [
        "".join(f"<row>{_cells(10)}</row>" for _ in range(38_000)),  # 8.9 MB of cells in 3 MB
        f"<row>{_cells(300_000)}</row>",  # one row
        "<row/>" * 20_000 + "<row><c><v>1</v></c></row>",  # nothing for long
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
    ],
    ids=["many rows", "one row", "empty rows", "far down"],
)
def test_a_file_that_unpacks_to_more_than_any_list_is_refused_before_it_is_read(
    rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a statement it would have been unpacked and read whole, and then its rows counted."""
    data = _packed(rows)
    assert len(data) < MOST_BYTES
    if rows.count("<c>") > 3:
        monkeypatch.setattr(excel, "load_workbook", lambda *_, **__: pytest.fail("the sheet was read"))
    with pytest.raises(ListTooBig):
        of_file(data)


def test_the_longest_list_there_may_be_is_read() -> None:
    head = ["Mã vận đơn", "Thu hộ", "Phí", *(f"cột {place}" for place in range(25))]
    listed = [[f"S1.{number}", 150_000, 22_000, *["nhận hàng giờ hành chính"] * 25] for number in range(MOST_ROWS)]
    assert len(of_file(_workbook(["HTX Nộn Khê"], head, *listed))) == MOST_ROWS
    with pytest.raises(ListTooBig):
        of_text("A; 1\n" * (MOST_ROWS + 1))
