"""Each bank's own layout under its map, under ``generic``, and under another bank's map."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from payments.statements.banks import BANKS, UnknownBank, read_statement
from payments.statements.columns import Words
from payments.statements.head_words import GENERIC
from payments.statements.known_banks import MAPS
from payments.statements.sections import AccountNotThere, SeveralAccounts
from payments.statements.statement import DoubtfulStatement
from tests.payments.statements.files import as_csv, as_xlsx
from tests.payments.statements.layouts import ACCOUNT, LAYOUTS, OPENING, Layout, cashup, commas, dots, moves

MOVED = moves(7)
SECOND = moves(4, seed=5, opening=9_000_000)


def refused(data: bytes, bank: str = "generic", **which: str) -> DoubtfulStatement:
    with pytest.raises(DoubtfulStatement) as doubt:
        read_statement(data, bank=bank, **which)
    assert "%(" not in doubt.value.message
    return doubt.value


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_banks_own_file_is_read_by_its_map_and_known_by_the_same_ids_without(layout: Layout, write) -> None:
    for style in layout.writes:
        data = write(layout.rows(MOVED, style))
        read = read_statement(data, bank=layout.bank)
        assert [a.dong if a.direction == "in" else -a.dong for a in read.arrivals] == [m.dong for m in MOVED]
        assert [a.memo for a in read.arrivals] == [m.memo for m in MOVED]
        assert [a.happened_at.date() for a in read.arrivals] == [m.day for m in MOVED]
        assert (read.opening_dong, read.closing_dong, read.continuous) == (OPENING, MOVED[-1].balance, True)
        assert read.bank == layout.bank
        by_itself = read_statement(data)
        assert by_itself.rows == read.rows


@pytest.mark.parametrize("layout", [n for n in LAYOUTS if n != "Vietcombank CashUp"])
def test_generic_says_whose_file_it_is(layout: str) -> None:
    read = read_statement(as_csv(LAYOUTS[layout].rows(MOVED, commas)))
    assert read.bank == (LAYOUTS[layout].bank if layout != "Vietcombank relief fund" else None)


@pytest.mark.parametrize("name", LAYOUTS)
def test_another_banks_map_refuses_it(name: str) -> None:
    layout = LAYOUTS[name]
    for bank in MAPS:
        nameless = name in ("Vietcombank CashUp", "Vietcombank relief fund")
        if bank != layout.bank and not nameless:
            doubt = refused(as_csv(layout.rows(MOVED, commas)), bank)
            assert doubt.code == "STATEMENT_OTHER_BANK"
            assert MAPS[layout.bank].title in doubt.message


def test_a_nameless_file_must_have_the_banks_heads() -> None:
    doubt = refused(as_csv(cashup(MOVED, commas)), "techcombank")
    assert (doubt.code, doubt.row) == ("STATEMENT_NOT_THE_BANKS_LAYOUT", 2)
    assert "số bút toán" in doubt.message
    assert refused(as_csv(cashup(MOVED, commas)), "mb").code == "STATEMENT_NOT_THE_BANKS_LAYOUT"


def test_heads_that_changed_places_are_not_the_banks() -> None:
    rows = LAYOUTS["Vietcombank retail"].rows(MOVED, commas)
    swapped = [[*row[:2], row[3], row[2], *row[4:]] if len(row) > 3 else row for row in rows]
    doubt = refused(as_csv(swapped), "vietcombank")
    assert (doubt.code, doubt.row) == ("STATEMENT_NOT_THE_BANKS_LAYOUT", 4)
    # debit and credit under exchanged heads, without a balance in any row: the order of heads alone can tell
    rows[3][2], rows[3][3] = rows[3][3], rows[3][2]
    assert refused(as_csv(rows), "vietcombank").code == "STATEMENT_NOT_THE_BANKS_LAYOUT"


@pytest.mark.parametrize("name", ["Techcombank", "MB", "BIDV"])
def test_a_bank_that_writes_commas_does_not_write_dots(name: str) -> None:
    layout = LAYOUTS[name]
    rows = layout.rows(MOVED, dots)
    doubt = refused(as_csv(rows, separator=";"), layout.bank)
    assert doubt.code == "STATEMENT_OTHER_NUMBERS"
    assert doubt.row in (2, layout.first)
    assert read_statement(as_csv(rows, separator=";")).continuous


def test_a_bank_that_writes_days_day_first_does_not_write_iso() -> None:
    rows = LAYOUTS["Techcombank"].rows(MOVED, commas)
    for row, move in zip(rows[2:], MOVED, strict=True):
        row[1] = move.day.isoformat()
    doubt = refused(as_csv(rows), "techcombank")
    assert (doubt.code, doubt.row) == ("STATEMENT_BAD_DATE", 3)
    assert read_statement(as_csv(rows)).first_day == MOVED[0].day


def test_day_and_document_number_in_one_cell() -> None:
    layout = LAYOUTS["Vietcombank printed"]
    read = read_statement(as_xlsx(layout.rows(MOVED, commas)), bank="vietcombank")
    assert [a.reference for a in read.arrivals] == [m.reference for m in MOVED]
    rows = layout.rows(MOVED, commas)
    rows[2][0] = "14/03/2026 10:22:33 5213.45946"
    rows[3][0] = "14/03/2026"
    first, second, *_rest = read_statement(as_csv(rows)).arrivals
    assert (first.happened_at.isoformat(), first.reference) == ("2026-03-14T10:22:33+07:00", "5213.45946")
    assert (second.happened_at.date(), second.reference) == (date(2026, 3, 14), "")
    rows[2][0] = "03/14/2026 5213.45946"
    assert refused(as_csv(rows)).row == 3


def test_payers_are_named_where_a_column_names_them() -> None:
    for write in (as_csv, as_xlsx):
        read = read_statement(write(LAYOUTS["Techcombank"].rows(MOVED, commas)))
        assert {(a.payer_account, a.payer_name) for a in read.arrivals} == {("0071000123456", "NGUYEN THI HOA")}
    relief = read_statement(as_csv(LAYOUTS["Vietcombank relief fund"].rows(MOVED, commas)))
    assert {a.payer_account for a in relief.arrivals} == {"0071000123456"}
    rows = LAYOUTS["Techcombank"].rows(MOVED, commas)
    rows[4][4] = 71000123456  # a number has lost its zeros: it suggests nobody
    read = read_statement(as_xlsx(rows))
    assert [a.payer_account for a in read.arrivals][:4] == ["0071000123456", "0071000123456", "", "0071000123456"]
    rows[4][4] = "7.1E+10"
    assert (refused(as_csv(rows)).code, refused(as_csv(rows)).row) == ("STATEMENT_ACCOUNT_AS_NUMBER", 5)


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@pytest.mark.parametrize("between", [[], [[]], [["Trang 2"], []]])
def test_several_accounts_in_one_sheet_are_read_one_at_a_time(write, between: list[list[str]]) -> None:
    rows = [*cashup(MOVED, dots), *between, *cashup(SECOND, dots, account="1030.0000.31")]
    for bank in ("generic", "vietcombank"):
        doubt = refused(write(rows), bank)
        assert isinstance(doubt, SeveralAccounts)
        assert "1030000030, 1030000031" in doubt.message
        first = read_statement(write(rows), bank=bank, account=ACCOUNT)
        second = read_statement(write(rows), bank=bank, account="1030000031")
        alone = read_statement(write(cashup(SECOND, dots, account="1030000031")), bank=bank)
        assert (first.account, first.opening_dong, first.closing_dong) == (ACCOUNT, OPENING, MOVED[-1].balance)
        assert [a.dong for a in first.arrivals] == [abs(m.dong) for m in MOVED]
        assert (second.opening_dong, second.closing_dong) == (9_000_000, SECOND[-1].balance)
        assert [a.source_id for a in second.arrivals] == [a.source_id for a in alone.arrivals]
        assert {a.account for a in second.arrivals} == {"1030000031"}
        assert isinstance(refused(write(rows), bank, account="999"), AccountNotThere)


def test_a_broken_section_refuses_the_file_for_every_account() -> None:
    rows = [*cashup(MOVED, dots), *cashup(SECOND, dots, account="1030000031")]
    del rows[-2]
    doubt = refused(as_csv(rows), account=ACCOUNT)
    assert (doubt.code, doubt.row) == ("STATEMENT_BALANCE_BREAK", 16)


def test_a_section_whose_columns_changed_places_is_refused() -> None:
    second = [
        [*row[:2], row[3], row[2], *row[4:]] if len(row) > 3 else row for row in cashup(SECOND, dots, "1030000031")
    ]
    doubt = refused(as_csv([*cashup(MOVED, dots), *second]), account=ACCOUNT)
    assert (doubt.code, doubt.row) == ("STATEMENT_COLUMNS_MOVED", 12)


def test_accounts_on_sheets_of_their_own() -> None:
    book = Workbook()
    for rows in (cashup(MOVED, dots), cashup(SECOND, dots, account="1030000031")):
        sheet = book.create_sheet()
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    written = io.BytesIO()
    book.save(written)
    assert isinstance(refused(written.getvalue()), SeveralAccounts)
    assert len(read_statement(written.getvalue(), account="1030000031").rows) == 4


def test_a_foot_note_that_names_an_account_opens_nothing() -> None:
    rows = [*cashup(MOVED, dots), ["Số tài khoản: 9999988888 là của ngân hàng"]]
    assert len(read_statement(as_csv(rows)).rows) == 7


def test_banks_are_asked_for_by_their_keys() -> None:
    assert list(BANKS) == ["generic", *MAPS]
    with pytest.raises(UnknownBank, match="UNKNOWN_BANK"):
        read_statement(b"", bank="Vietcombank ")


def test_every_head_of_every_map_is_what_the_generic_reader_takes_it_for() -> None:
    words = Words.of(GENERIC)
    for bank in MAPS.values():
        for layout in bank.layouts:
            for head in layout.heads:
                for word in head.words:
                    meaning = words.meaning(word)
                    assert meaning is not None, (bank.key, word)
                    assert meaning[0] == head.field, (bank.key, word)
