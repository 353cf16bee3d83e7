"""No cell of an export runs in a spreadsheet, whatever anybody was called; numbers stay numbers."""

import csv
import io
import sys
import unicodedata
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bills.sheets import Table, csv_of, harmless, xlsx_of

INVISIBLE = {"Zs", "Zl", "Zp", "Cc", "Cf"}


def would_run(text: str) -> bool:
    """What a spreadsheet might do: trim what cannot be seen, fold widths, look at the first sign."""
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    seen = [sign for sign in text if unicodedata.category(sign) not in INVISIBLE]
    return bool(seen) and unicodedata.normalize("NFKC", seen[0])[0] in "=+-@"


def read_csv(made: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def test_no_letter_of_unicode_begins_a_formula():
    risky = 0
    for point in range(sys.maxunicode + 1):
        text = f"{chr(point)}1+1"
        assert not would_run(harmless(text)), hex(point)
        risky += would_run(text)
    assert risky >= 20, "= + - @, their wide, small and raised forms, tab and line ends"


@given(st.text(alphabet=st.characters(), max_size=30))
def test_a_text_comes_back_with_at_most_an_apostrophe_in_front(text):
    made = harmless(text)
    assert not would_run(made)
    assert made == harmless(made)
    assert made in {_what_xml_can_hold(text), "'" + _what_xml_can_hold(text)}


def _what_xml_can_hold(text: str) -> str:
    kept = (sign for sign in text if sign in "\t\n\r" or (sign >= " " and unicodedata.category(sign) != "Cs"))
    return "".join(sign for sign in kept if sign not in "\ufffe\uffff")


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "＝1+1", "\t=1", "  =1", "\u202e=1", "−5", "\r\nx"])
def test_these_get_an_apostrophe(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["Nguyễn Văn An", "3A", "CP7K2M9Q9M", "0912 345 678", "", "(=)", "'=1+1", "a=b"])
def test_these_stay_as_they_are(text):
    assert harmless(text) == text


TEXTS = st.lists(st.one_of(st.text(max_size=20), st.integers(-(2**53), 2**53), st.none()), min_size=1, max_size=5)


@given(st.lists(TEXTS, max_size=5))
def test_both_formats_hold_every_cell(rows):
    table = Table("Khoản thu", ["=Tên"], rows)
    in_csv = read_csv(csv_of(table).read())
    assert in_csv[0] == ["'=Tên"]
    book = openpyxl.load_workbook(xlsx_of([table]))
    for place, (row, shown) in enumerate(zip(rows, in_csv[1:], strict=True), 2):
        assert len(shown) == len(row)
        for column, (cell, text) in enumerate(zip(row, shown, strict=True), 1):
            found = book.active.cell(place, column)
            if isinstance(cell, int):
                assert (text, found.value, found.data_type) == (str(cell), cell, "n")
            elif cell:
                assert not would_run(text)
                assert found.data_type in {"s", "inlineStr"} or found.value is None
                assert not would_run(str(found.value or ""))


def test_days_and_moments_are_days_and_moments_of_viet_nam():
    row = [date(2026, 3, 31), datetime(2026, 3, 31, 18, 30, tzinfo=UTC), "#N/A", -5_000]
    table = Table("Tiền", ["a", "b", "c", "d"], [row])
    assert read_csv(csv_of(table).read())[1] == ["2026-03-31", "2026-04-01 01:30", "#N/A", "-5000"]
    [cells] = openpyxl.load_workbook(xlsx_of([table])).active.iter_rows(min_row=2)
    assert [str(cell.value) for cell in cells] == ["2026-03-31 00:00:00", "2026-04-01 01:30:00", "#N/A", "-5000"]
    assert [cell.data_type for cell in cells] == ["d", "d", "s", "n"]


def test_a_sheet_is_read_from_its_beginning_and_names_no_author():
    made = xlsx_of([Table("Khoản thu", ["Tên"], iter([["An"]])), Table("Tiền đã nhận", ["Tên"], [])])
    book = openpyxl.load_workbook(made)
    assert book.sheetnames == ["Khoản thu", "Tiền đã nhận"]
    assert not book.properties.creator
