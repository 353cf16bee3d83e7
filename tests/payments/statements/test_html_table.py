"""A web page that calls itself .xls: read where it is plain tables, refused where it is anything more."""

import html
from typing import Any

import pytest

from payments.statements import generic
from payments.statements.statement import DoubtfulStatement
from tests.payments.statements.files import HEADER, OPENING, as_csv, movements

ROWS = [HEADER, *movements()]


def page(rows: list[list[Any]], *, before: str = "", after: str = "") -> bytes:
    def tr(row: list[Any]) -> str:
        return "<tr>" + "".join(f"<td class=x>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"

    return (
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head><title>Sao kê</title>"
        "<style>td {mso-number-format: '@'}</style></head><body>"
        f"{before}<table border=1>{''.join(tr(row) for row in rows)}</table>{after}</body></html>"
    ).encode()


def refused(data: bytes) -> DoubtfulStatement:
    with pytest.raises(DoubtfulStatement) as doubt:
        generic.read(data)
    return doubt.value


def test_the_same_rows_as_a_page_have_the_same_ids() -> None:
    read = generic.read(page(ROWS))
    assert [a.source_id for a in read.arrivals] == [a.source_id for a in generic.read(as_csv(ROWS)).arrivals]
    assert [line.row for line in read.rows] == [2, 3, 4, 5, 6, 7]
    assert (read.opening_dong, read.continuous) == (OPENING, True)


def test_a_title_table_before_the_rows_names_the_account() -> None:
    title = "<table><tr><td colspan=2>SAO KÊ</td></tr><tr><td>Số tài khoản:</td><td>0071000123456</td></tr></table>"
    read = generic.read(page(ROWS, before=title, after="<p>Trang 1</p>"))
    assert read.account == "0071000123456"
    assert [line.row for line in read.rows] == [4, 5, 6, 7, 8, 9]


def test_cells_that_are_left_open_and_heads_in_two_lines() -> None:
    rows = page(ROWS).decode().replace("</td>", "").replace("</tr>", "").replace("Ghi nợ", "Ghi nợ<br>Debit")
    assert len(generic.read(rows.encode()).rows) == 6


def test_heads_over_two_rows_with_spans() -> None:
    heads = (
        "<tr><th rowspan=2>Ngày</th><th rowspan=2>Chứng từ</th><th colspan=2>Phát sinh</th><th rowspan=2>Số dư</th>"
        "<th rowspan=2>Diễn giải</th></tr><tr><th>Nợ</th><th>Có</th></tr>"
    )
    data = page(movements()).decode().replace("<table border=1>", f"<table border=1>{heads}")
    read = generic.read(data.encode())
    assert [line.row for line in read.rows] == [3, 4, 5, 6, 7, 8]
    assert [a.source_id for a in read.arrivals] == [a.source_id for a in generic.read(as_csv(ROWS)).arrivals]


def test_money_under_a_span_is_nobodys() -> None:
    data = page(ROWS).decode()
    first = "<td class=x>150000</td>"
    assert first in data
    doubt = refused(data.replace("<td class=x></td>" + first, "<td colspan=2>150000</td>", 1).encode())
    assert (doubt.code, doubt.row) == ("STATEMENT_MERGED_CELLS", 2)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("150000</td>", "<table><tr><td>1</td></tr></table></td>", 1),
        lambda text: text.replace("</tr><tr>", "</tr>150000<tr>", 1),
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("<td class=x>150000", "<td colspan=x>150000", 1),
        lambda text: text.replace("Ghi có", "Cột"),
        lambda text: "<html><body><p>Hết phiên đăng nhập</p></body></html>",
    ],
    ids=["a table in a cell", "text between rows", "cut", "a span of letters", "no money column", "a sign-in page"],
)
def test_any_other_page_is_refused_in_words(spoil) -> None:
    assert refused(spoil(page(ROWS).decode()).encode()).code in ("STATEMENT_WEB_PAGE", "STATEMENT_MISSING_COLUMN")


def test_a_missing_row_is_found_here_too() -> None:
    doubt = refused(page([*ROWS[:3], *ROWS[4:]]))
    assert (doubt.code, doubt.row) == ("STATEMENT_BALANCE_BREAK", 4)
