"""Files that are not what they say, too big, or made to do harm: refused before anything is built from them."""

import io
import os
import time
import zipfile

import pytest
from openpyxl import load_workbook

from payments.statements import generic
from payments.statements.statement import DoubtfulStatement
from tests.payments.statements.files import HEADER, as_csv, as_xlsx, movements, with_part

SHEET = "xl/worksheets/sheet1.xml"


def code_of(data: bytes) -> str:
    with pytest.raises(DoubtfulStatement) as doubt:
        generic.read(data)
    assert doubt.value.message
    return doubt.value.code


def test_kinds_are_told_by_their_first_bytes() -> None:
    assert code_of(b"") == "STATEMENT_EMPTY"
    assert code_of(b" \r\n\t") == "STATEMENT_EMPTY"
    assert code_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == "STATEMENT_OLD_EXCEL"
    assert code_of(b"<html><table><tr><td>x</td></tr></table></html>") == "STATEMENT_WEB_PAGE"
    assert code_of("\ufeff\n <?xml version='1.0'?>".encode()) == "STATEMENT_WEB_PAGE"
    assert code_of(b"%PDF-1.7") == "STATEMENT_PDF"
    assert code_of("Ngày;Nội dung".encode("cp1258", "replace") + b"\xff") == "STATEMENT_BAD_ENCODING"
    assert code_of(b"a,b\0c") == "STATEMENT_BAD_ENCODING"


def test_random_bytes() -> None:
    for beginning in (b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"):
        for size in (1, 50, 5_000):
            assert code_of(beginning + os.urandom(size)).startswith("STATEMENT_")


def test_a_zip_bomb_is_refused_unopened() -> None:
    honest = as_xlsx([HEADER, *movements()])
    for size in (2_000_000, 60_000_000):
        bomb = with_part(honest, SHEET, b" " * size)
        assert len(bomb) < 100_000
        started = time.thread_time()
        assert code_of(bomb) == "STATEMENT_TOO_BIG"
        assert time.thread_time() - started < 0.5, "seconds of CPU: what else the machine does has no part in it"
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(1_100):
            archive.writestr(f"xl/{number}.xml", b"")
    assert code_of(many.getvalue()) == "STATEMENT_TOO_BIG"


def test_a_directory_that_lies_about_the_size_is_no_way_in() -> None:
    honest = as_xlsx([HEADER, *movements()])
    bomb = bytearray(with_part(honest, SHEET, b" " * 3_000_000))
    at = bomb.rfind(b"PK\x01\x02", 0, bomb.rfind(SHEET.encode()))
    bomb[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    assert code_of(bytes(bomb)) == "STATEMENT_NOT_A_SHEET"


def test_entities_are_never_followed() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData/></worksheet>'
    honest = as_xlsx([HEADER, *movements()])
    assert code_of(with_part(honest, SHEET, laughs)) == "STATEMENT_NOT_A_SHEET"
    assert code_of(with_part(honest, SHEET, laughs.decode().encode("utf-16"))) == "STATEMENT_NOT_A_SHEET"
    assert code_of(with_part(honest, "xl/workbook.xml", laughs)) == "STATEMENT_NOT_A_SHEET"


def test_a_row_number_from_another_planet() -> None:
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' \
          b'<row r="999999999999"><c r="A999999999999"><v>1</v></c></row></sheetData></worksheet>'  # fmt: skip
    assert code_of(with_part(as_xlsx([HEADER]), SHEET, far)) in ("STATEMENT_TOO_BIG", "STATEMENT_NOT_A_SHEET")


def test_a_row_that_the_reader_would_drop() -> None:
    honest = as_xlsx([HEADER, *movements()])
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        part = archive.read(SHEET)
    assert code_of(with_part(honest, SHEET, part.replace(b'<row r="4"', b'<row r="3"'))) == "STATEMENT_NOT_A_SHEET"


def test_a_zip_that_is_no_workbook() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert code_of(other.getvalue()) == "STATEMENT_NOT_A_SHEET"
    honest = as_xlsx([HEADER, *movements()])
    assert code_of(honest[: len(honest) // 2]) == "STATEMENT_NOT_A_SHEET"
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, "xl/styles.xml"):
        assert code_of(with_part(honest, part, b"<broken")) in ("STATEMENT_NOT_A_SHEET", "STATEMENT_NO_HEADER")


def test_two_sheets_with_statements() -> None:
    book = load_workbook(io.BytesIO(as_xlsx([HEADER, *movements()])))
    book.create_sheet("ghi chú").append(["không phải sao kê"])
    one = io.BytesIO()
    book.save(one)
    assert len(generic.read(one.getvalue()).rows) == 6
    book.copy_worksheet(book.worksheets[0])
    two = io.BytesIO()
    book.save(two)
    assert code_of(two.getvalue()) == "STATEMENT_SEVERAL_TABLES"


def test_too_long_too_wide() -> None:
    assert code_of(b"x" * (20 * 1024 * 1024 + 1)) == "STATEMENT_TOO_BIG"
    assert code_of(as_csv([HEADER, ["x"] * 65])) == "STATEMENT_TOO_BIG"
    assert code_of(as_xlsx([HEADER, [""] * 64 + ["x"]])) == "STATEMENT_TOO_BIG"


def test_a_hundred_thousand_rows_take_seconds() -> None:
    data = as_csv([HEADER, *movements(100_000)])
    started = time.thread_time()
    read = generic.read(data)
    assert len(read.rows) == 100_000
    assert read.continuous
    assert time.thread_time() - started < 20, "about 4 s of one idle core"
