"""Statement files, each named by the mess it survives or is refused for."""

import contextlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.statements import generic
from payments.statements.statement import DoubtfulStatement, StatementRead
from tests.payments.statements.files import HEADER, OPENING, as_csv, as_xlsx, movements

CLOSING = movements()[-1][4]


def check_whole(read: StatementRead, *, first_row: int = 2) -> None:
    """All six made-up movements came through, to the đồng."""
    wanted = movements()
    assert [line.row for line in read.rows] == list(range(first_row, first_row + 6))
    assert [(a.direction, a.dong) for a in read.arrivals] == [
        ("out", row[2]) if row[2] else ("in", row[3]) for row in wanted
    ]
    assert [a.memo for a in read.arrivals] == [row[5] for row in wanted]
    assert [a.reference for a in read.arrivals] == [row[1] for row in wanted]
    assert [a.balance_dong for a in read.arrivals] == [row[4] for row in wanted]
    assert [a.happened_at.strftime("%d/%m/%Y %H:%M %z") for a in read.arrivals] == [
        f"{r[0]} 00:00 +0700" for r in wanted
    ]
    assert (read.opening_dong, read.closing_dong, read.continuous) == (OPENING, CLOSING, True)
    assert (read.first_day, read.last_day) == (date(2026, 3, 1), date(2026, 3, 3))


def refused(data: bytes, code: str, row: int | None = None) -> DoubtfulStatement:
    with pytest.raises(DoubtfulStatement) as doubt:
        generic.read(data)
    assert (doubt.value.code, doubt.value.row) == (code, row)
    assert "%(" not in doubt.value.message
    if row is not None:
        assert f"Dòng {row}" in doubt.value.message
    return doubt.value


def changed(row: int, column: int, value: Any) -> list[list[Any]]:
    """Header and movements with one cell replaced; ``row`` as the spreadsheet numbers it."""
    rows = [HEADER, *movements()]
    rows[row - 1][column] = value
    return rows


# -- what is read -------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_any_separator_and_marked_encoding(separator: str, encoding: str) -> None:
    check_whole(generic.read(as_csv([HEADER, *movements()], separator=separator, encoding=encoding)))


def test_xlsx_with_numbers() -> None:
    check_whole(generic.read(as_xlsx([HEADER, *movements()])))


def test_xlsx_with_excel_dates_and_whole_floats() -> None:
    rows = [
        [date.fromisoformat("-".join(reversed(r[0].split("/")))), r[1], r[2] and float(r[2]), r[3], float(r[4]), r[5]]
        for r in movements()
    ]
    check_whole(generic.read(as_xlsx([HEADER, *rows])))


STYLES: list[Callable[[int], str]] = [
    str,
    lambda n: f"{n:,}",
    lambda n: f"{n:,}".replace(",", "."),
    lambda n: f"{n:,}".replace(",", " "),
    lambda n: f"{n:,}".replace(",", "\u00a0") + " đ",
    lambda n: f"{n:,}".replace(",", ".") + " VND",
    lambda n: f"{n:,}.00",
    lambda n: f"{n:,}".replace(",", ".") + ",00",
    lambda n: f"{n}.0",
    lambda n: f"+{n:,}đ",
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_text_numbers_in_one_style(style: Callable[[int], str], write: Callable[[list[list[Any]]], bytes]) -> None:
    rows = [[style(cell) if isinstance(cell, int) else cell for cell in row] for row in movements()]
    check_whole(generic.read(write([HEADER, *rows])))


def test_header_below_five_lines_with_account_and_balances() -> None:
    above = [
        ["NGÂN HÀNG MẪU"],
        ["SAO KÊ CHI TIẾT TÀI KHOẢN"],
        ["Số tài khoản:", "0000 1234 5678"],
        ["Từ ngày 01/03/2026 đến ngày 03/03/2026"],
        ["Số dư đầu kỳ: 5000000", "", "Số dư cuối kỳ", str(CLOSING)],
    ]
    read = generic.read(as_csv([*above, HEADER, *movements()]))
    check_whole(read, first_row=7)
    assert read.account == "000012345678"
    assert {arrival.account for arrival in read.arrivals} == {"000012345678"}


def test_newest_first() -> None:
    read = generic.read(as_csv([HEADER, *reversed(movements())]))
    assert (read.opening_dong, read.closing_dong, read.continuous) == (OPENING, CLOSING, True)
    assert [line.row for line in read.rows] == [2, 3, 4, 5, 6, 7]
    assert [a.reference for a in read.arrivals] == [row[1] for row in reversed(movements())]


def test_opening_line_totals_and_closing_line() -> None:
    out, into = sum(r[2] or 0 for r in movements()), sum(r[3] or 0 for r in movements())
    rows = [
        HEADER,
        ["01/03/2026", "", "0", "0", OPENING, "Số dư đầu kỳ"],
        *movements(),
        ["Cộng phát sinh", "", out, into, "", ""],
        ["Số dư cuối kỳ", "", "", "", CLOSING, ""],
        ["Ngày in 04/03/2026"],
        ["Người lập", "", "", "", "", "Giám đốc"],
    ]
    check_whole(generic.read(as_csv(rows)), first_row=3)


def test_two_line_header_with_merged_cells() -> None:
    rows = [
        ["SAO KÊ", "", "", "", "", ""],
        ["Ngày", "Chứng từ", "Phát sinh (VND)", "", "Số dư", "Diễn giải"],
        ["", "", "Nợ", "Có", "", ""],
        *movements(),
    ]
    merged = ["A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:F3"]
    check_whole(generic.read(as_xlsx(rows, merged=merged)), first_row=4)
    check_whole(generic.read(as_csv(rows)), first_row=4)


def test_vietnamese_and_english_heads_and_a_row_of_column_numbers() -> None:
    header = [
        "Ngày GD\nTrans. Date",
        "Số CT/ Doc No.",
        "Số tiền ghi nợ/ Debit",
        "Ghi có (Credit)",
        "Số dư/Balance",
        "Description",
    ]
    check_whole(generic.read(as_csv([header, *movements()])))
    check_whole(generic.read(as_csv([header, [f"({n})" for n in range(1, 7)], *movements()])), first_row=3)


def test_english_half_of_the_header_on_a_row_of_its_own() -> None:
    english = ["Transaction date", "Reference", "Debit", "Credit", "Balance", "Description"]
    check_whole(generic.read(as_csv([HEADER, english, *movements()])), first_row=3)


def test_relief_fund_heads_without_blanks_and_accents() -> None:
    header = ["PageId", "Date", "Time", "DocumentNumber", "ReferenceNumber", "TransactionDetails", "DebitAmount",
              "CreditAmount", "Balance", "OffsetAccount"]  # fmt: skip
    row = ["1", "05/03/2026", "10:22:33", "5214.1", "FT1", "ung ho", "", "50.000", "150.000", "1.02"]
    read = generic.read(as_csv([header, row]))
    (arrival,) = read.arrivals
    assert (arrival.dong, arrival.direction, arrival.reference) == (50_000, "in", "FT1")
    assert arrival.happened_at.isoformat() == "2026-03-05T10:22:33+07:00"
    assert read.opening_dong == 100_000


def test_one_signed_column() -> None:
    header = ["Ngày giao dịch", "Số tham chiếu", "Số tiền", "Số dư", "Nội dung"]
    rows = [[r[0], r[1], r[3] or -r[2], r[4], r[5]] for r in movements()]
    check_whole(generic.read(as_csv([header, *rows])))
    bracketed = [[*r[:2], f"({-r[2]:,})" if r[2] < 0 else f"{r[2]:,}", f"{r[3]:,}", r[4]] for r in rows]
    check_whole(generic.read(as_csv([header, *bracketed])))


def test_debits_printed_with_a_minus_in_every_row() -> None:
    rows = [[r[0], r[1], r[2] and -r[2], r[3], r[4], r[5]] for r in movements()]
    check_whole(generic.read(as_csv([HEADER, *rows])))


def test_a_memo_broken_over_two_rows_stays_whole() -> None:
    rows = [HEADER, *movements()]
    rows.insert(3, ["", "", "", "", "", "Q9M phần hai"])
    read = generic.read(as_csv(rows))
    assert read.rows[1].arrival.memo == movements()[1][5] + "\nQ9M phần hai"
    assert [line.row for line in read.rows] == [2, 3, 5, 6, 7, 8]


def test_without_a_balance_column_nothing_is_claimed() -> None:
    rows = [row[:4] + row[5:] for row in [HEADER, *movements()]]
    read = generic.read(as_csv(rows))
    assert len(read.rows) == 6
    assert (read.opening_dong, read.closing_dong, read.continuous) == (None, None, None)


def test_without_a_balance_column_two_balance_lines_prove_the_sum() -> None:
    rows = [row[:4] + row[5:] for row in [HEADER, *movements()]]
    lines = [["Số dư đầu kỳ", "", "", OPENING, ""], ["Số dư cuối kỳ", "", "", CLOSING, ""]]
    read = generic.read(as_csv([rows[0], lines[0], *rows[1:], lines[1]]))
    assert (read.opening_dong, read.closing_dong, read.continuous) == (OPENING, CLOSING, True)
    refused(as_csv([rows[0], lines[0], *rows[1:-1], lines[1]]), "STATEMENT_CLOSING_DIFFERS", 8)


def test_a_quiet_month_is_a_statement_too() -> None:
    read = generic.read(
        as_csv([HEADER, ["Số dư đầu kỳ", "", "", "", OPENING, ""], ["Số dư cuối kỳ", "", "", "", OPENING, ""]])
    )
    assert (read.rows, read.opening_dong, read.closing_dong, read.continuous) == ((), OPENING, OPENING, True)


# -- identity -------------------------------------------------------------------------------------------


def test_overlapping_files_agree_on_the_id_of_a_row() -> None:
    whole = {a.source_id for a in generic.read(as_csv([HEADER, *movements()])).arrivals}
    later = {a.source_id for a in generic.read(as_xlsx([HEADER, *movements()[2:]])).arrivals}
    backwards = {a.source_id for a in generic.read(as_csv([HEADER, *reversed(movements())], separator=";")).arrivals}
    assert len(whole) == 6
    assert later < whole
    assert backwards == whole


def test_equal_rows_without_balances_are_numbered_twins() -> None:
    rows = [row[:4] + row[5:] for row in [HEADER, *movements(2)]]
    read = generic.read(as_csv([*rows, rows[1], rows[1]]))
    assert [line.arrival.source_id.rpartition("-")[2] for line in read.rows] == ["1", "1", "2", "3"]
    assert len({a.source_id for a in read.arrivals}) == 4


def test_separators_keep_neighbouring_fields_apart() -> None:
    header = ["Ngày", "Ghi nợ", "Ghi có", "Nội dung", "Số tham chiếu"]
    one = generic.read(as_csv([header, ["05/03/2026", "", "5", "AB", "C"]]))
    two = generic.read(as_csv([header, ["05/03/2026", "", "5", "A", "BC"]]))
    assert one.rows[0].arrival.source_id != two.rows[0].arrival.source_id


# -- what is refused ------------------------------------------------------------------------------------


def test_a_missing_row_breaks_the_chain_and_says_by_how_much() -> None:
    rows = [HEADER, *movements()]
    del rows[3]
    doubt = refused(as_csv(rows), "STATEMENT_BALANCE_BREAK", 4)
    assert "−152.222" in doubt.message
    newest = [HEADER, *reversed(movements())]
    del newest[4]
    refused(as_csv(newest), "STATEMENT_BALANCE_BREAK", 4)


def test_a_doubled_row_breaks_the_chain() -> None:
    rows = [HEADER, *movements()]
    rows.insert(3, list(rows[2]))
    refused(as_csv(rows), "STATEMENT_BALANCE_BREAK", 4)


def test_swapped_columns_are_named() -> None:
    header = [*HEADER[:2], HEADER[3], HEADER[2], *HEADER[4:]]
    refused(as_csv([header, *movements()]), "STATEMENT_COLUMNS_SWAPPED", 2)


@pytest.mark.parametrize("row", range(3, 8))
def test_one_dong_off_is_found_where_it_is(row: int) -> None:
    rows = [HEADER, *movements()]
    for later in rows[row - 1 :]:
        later[4] += 1
    refused(as_csv(rows), "STATEMENT_BALANCE_BREAK", row)


def test_first_row_missing_shows_against_the_opening_line() -> None:
    refused(
        as_csv([HEADER, ["", "", "", "", OPENING, "Số dư đầu kỳ"], *movements()[1:]]), "STATEMENT_OPENING_DIFFERS", 3
    )


def test_last_row_missing_shows_against_the_closing_line_and_the_totals() -> None:
    refused(
        as_csv([HEADER, *movements()[:-1], ["Số dư cuối kỳ", "", "", "", CLOSING, ""]]), "STATEMENT_CLOSING_DIFFERS", 7
    )
    into = sum(r[3] or 0 for r in movements())
    refused(as_csv([HEADER, *movements()[:-2], ["Tổng cộng", "", "", into, "", ""]]), "STATEMENT_TOTAL_DIFFERS", 6)


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        ("1E+06", "STATEMENT_BAD_NUMBER"),
        ("150.5", "STATEMENT_FRACTION"),
        ("150000.25", "STATEMENT_FRACTION"),
        ("１５０000", "STATEMENT_BAD_NUMBER"),
        ("١٥٠٠٠٠", "STATEMENT_BAD_NUMBER"),
        ("15.00.000", "STATEMENT_BAD_NUMBER"),
        ("1,50,000", "STATEMENT_BAD_NUMBER"),
        ("150k", "STATEMENT_BAD_NUMBER"),
        ("150000 USD", "STATEMENT_BAD_NUMBER"),
        ("0150000", "STATEMENT_BAD_NUMBER"),
        ("--150000", "STATEMENT_BAD_NUMBER"),
        ("9007199254740992", "STATEMENT_BAD_NUMBER"),
        ("150.000", "STATEMENT_MIXED_NUMBERS"),
        ("150,000", "STATEMENT_MIXED_NUMBERS"),
        ("#REF!", "STATEMENT_BAD_NUMBER"),
    ],
)
def test_a_doubtful_figure_refuses_the_file(figure: str, code: str) -> None:
    refused(as_csv(changed(5, 3, figure)), code, 5)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (150_000.5, "STATEMENT_FRACTION"),
        (True, "STATEMENT_BAD_NUMBER"),
        (date(2026, 3, 1), "STATEMENT_BAD_NUMBER"),
    ],
)
def test_a_doubtful_excel_cell_refuses_the_file(cell: object, code: str) -> None:
    refused(as_xlsx(changed(5, 3, cell)), code, 5)


@pytest.mark.parametrize(
    "day",
    ["30/02/2026", "03/31/2026", "2026-13-01", "1/3/2026", "01/03/26", "01/03-2026", "46082",
     "1 tháng 3", "٠١/٠٣/2026", "01/03/1026"],
)  # fmt: skip
def test_a_day_that_is_not_day_first_refuses_the_file(day: str) -> None:
    refused(as_csv(changed(4, 0, day)), "STATEMENT_BAD_DATE", 4)


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("05/03/2026", "2026-03-05T00:00:00+07:00"),
        ("05-03-2026 23:59", "2026-03-05T23:59:00+07:00"),
        ("05.03.2026 00:00:01", "2026-03-05T00:00:01+07:00"),
        ("2026-03-05 10:22:33", "2026-03-05T10:22:33+07:00"),
        ("2026-03-05T10:22:33", "2026-03-05T10:22:33+07:00"),
        ("05/03/2026\n10:22:33", "2026-03-05T10:22:33+07:00"),
        ("10:22 05/03/2026", "2026-03-05T10:22:00+07:00"),
    ],
)
def test_days_and_times_as_banks_print_them(cell: str, iso: str) -> None:
    (arrival,) = generic.read(as_csv([HEADER, [cell, "", "", 5, 5, "x"]])).arrivals
    assert arrival.happened_at.isoformat() == iso


def test_debit_and_credit_both_or_neither() -> None:
    refused(as_csv(changed(3, 2, 5)), "STATEMENT_DEBIT_AND_CREDIT", 3)
    refused(as_csv(changed(3, 3, "")), "STATEMENT_DEBIT_AND_CREDIT", 3)
    refused(as_csv(changed(3, 3, "0")), "STATEMENT_DEBIT_AND_CREDIT", 3)


def test_money_without_a_day_or_without_its_balance() -> None:
    refused(as_csv(changed(3, 0, "")), "STATEMENT_NO_DATE", 3)
    refused(as_csv(changed(3, 4, "")), "STATEMENT_NO_BALANCE", 3)


def test_a_class_that_pays_equal_sums_in_swapped_columns() -> None:
    """Read backwards, equal sums out hold as well as equal sums in: the days must tell."""
    rows = [[f"{day:02d}/03/2026", "", 185_000, "", 185_000 * day, f"em {day}"] for day in range(1, 31)]
    refused(as_csv([HEADER, *rows]), "STATEMENT_COLUMNS_SWAPPED", 2)
    refused(as_csv([HEADER, *reversed(rows)]), "STATEMENT_COLUMNS_SWAPPED", 2)


def test_an_amount_without_sign_and_balance_has_no_direction() -> None:
    header = ["Ngày", "Loại", "Số tiền", "Nội dung", "Số dư"]
    refused(as_csv([header[:4], ["05/03/2026", "ra", 5, "x"]]), "STATEMENT_NO_DIRECTION", 2)
    refused(as_csv([header, ["05/03/2026", "ra", 5, "x", 5]]), "STATEMENT_NO_DIRECTION", 2)
    equal = [header, ["05/03/2026", "ra", 5, "x", 5], ["05/03/2026", "ra", 5, "x", 0]]
    refused(as_csv(equal), "STATEMENT_NO_DIRECTION", 2)
    unequal = [header, ["05/03/2026", "ra", 5, "x", 5], ["05/03/2026", "ra", 4, "x", 1]]
    refused(as_csv(unequal), "STATEMENT_COLUMNS_SWAPPED", 2)
    told = [header, ["05/03/2026", "vào", 5, "x", 5], ["05/03/2026", "vào", 4, "x", 9]]
    assert [a.direction for a in generic.read(as_csv(told)).arrivals] == ["in", "in"]
    (signed,) = generic.read(as_csv([header[:4], ["05/03/2026", "vào", "+5", "x"]])).arrivals
    assert (signed.direction, signed.dong) == ("in", 5)


def test_signs_that_mean_something_else() -> None:
    refused(as_csv(changed(3, 3, "-151111")), "STATEMENT_BAD_NUMBER", 3)
    rows = changed(7, 2, -movements()[5][2])
    refused(as_csv(rows), "STATEMENT_BAD_NUMBER", 7)


@pytest.mark.parametrize("column", ["Số tài khoản", "Số tham chiếu"])
def test_an_account_number_that_excel_rewrote(column: str) -> None:
    header = ["Ngày", "Ghi nợ", "Ghi có", "Nội dung", column]
    refused(as_csv([header, ["05/03/2026", "", 5, "x", "1.02E+11"]]), "STATEMENT_ACCOUNT_AS_NUMBER", 2)


def test_an_account_kept_as_a_number_lost_its_zeros() -> None:
    header = ["Ngày", "Ghi nợ", "Ghi có", "Nội dung", "Số tài khoản"]
    refused(as_xlsx([header, ["05/03/2026", "", 5, "x", 1234567890]]), "STATEMENT_ACCOUNT_AS_NUMBER", 2)
    read = generic.read(as_csv([header, ["05/03/2026", "", 5, "x", '="0123456789"']]))
    assert read.account == "0123456789"


def test_two_accounts_in_one_file() -> None:
    header = ["Ngày", "Ghi nợ", "Ghi có", "Nội dung", "Số tài khoản"]
    rows = [header, ["05/03/2026", "", 5, "x", "0123456789"], ["05/03/2026", "", 5, "x", "0123456780"]]
    refused(as_csv(rows), "STATEMENT_SEVERAL_TABLES", 3)
    sections = [HEADER, ["Số dư đầu kỳ", "", "", "", OPENING, ""], *movements()]
    refused(as_csv([*sections, ["Số dư đầu kỳ", "", "", "", 7, ""], *movements()]), "STATEMENT_SEVERAL_TABLES", 9)


def test_a_cut_or_shifted_csv_row() -> None:
    whole = as_csv([HEADER, *movements()])
    refused(whole[:-40], "STATEMENT_CUT_ROW", 7)
    unquoted = whole.replace(b"151111", b"151,111")
    refused(unquoted, "STATEMENT_CUT_ROW", 3)
    refused(whole + b'"', "STATEMENT_BAD_CSV", 8)


def test_merged_cells_among_the_money() -> None:
    rows = [HEADER, *movements()]
    refused(as_xlsx(rows, merged=["D2:D3"]), "STATEMENT_MERGED_CELLS", 2)
    refused(as_xlsx(rows, merged=["C4:D4"]), "STATEMENT_MERGED_CELLS", 4)


def test_header_problems_are_named() -> None:
    refused(as_csv(movements()), "STATEMENT_NO_HEADER")
    refused(as_csv([HEADER[:5], *[r[:5] for r in movements()]]), "STATEMENT_MISSING_COLUMN", 1)
    refused(as_csv([["Ngày", "Ghi nợ", "Nội dung"], ["05/03/2026", 5, "x"]]), "STATEMENT_MISSING_COLUMN", 1)
    refused(as_csv([[*HEADER, "Ghi có"], *[[*r, ""] for r in movements()]]), "STATEMENT_DOUBLE_COLUMN", 1)


# -- properties -------------------------------------------------------------------------------------------

dong = st.integers(1, 10**12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(dong, st.booleans()), min_size=2, max_size=12), st.sampled_from(STYLES), st.booleans(), st.data()
)
def test_a_chain_is_believed_whole_and_with_any_row_missing_not_at_all(
    moves: list[tuple[int, bool]], style: Callable[[int], str], newest_first: bool, data: st.DataObject
) -> None:
    balance, rows = 10**13, []
    for number, (amount, out) in enumerate(moves):
        balance += -amount if out else amount
        rows.append(
            [
                "05/03/2026",
                f"R{number}",
                style(amount) if out else "",
                "" if out else style(amount),
                style(balance),
                "m",
            ]
        )
    ordered = rows[::-1] if newest_first else rows
    read = generic.read(as_csv([HEADER, *ordered]))
    assert sorted(a.dong for a in read.arrivals) == sorted(amount for amount, _ in moves)
    assert read.continuous
    missing = data.draw(st.integers(1, len(rows) - 1)) if len(rows) > 2 else None
    if missing is not None and missing < len(rows) - 1:
        with pytest.raises(DoubtfulStatement):
            generic.read(as_csv([HEADER, *ordered[:missing], *ordered[missing + 1 :]]))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_raise_anything_but_a_doubt(data: bytes) -> None:
    for whole in (data, as_csv([HEADER]) + data):
        with contextlib.suppress(DoubtfulStatement):
            generic.read(whole)
