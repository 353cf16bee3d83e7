"""The treasurer's own column map: proposed, written down, found again in the next file, and proved like any other."""

import json
from dataclasses import replace
from typing import Any

import pytest

from payments.statements import generic
from payments.statements.mapping import BadMapping, Mapping, read_mapped
from payments.statements.proposing import propose
from payments.statements.statement import DoubtfulStatement
from tests.payments.statements.files import HEADER, as_csv, as_xlsx, movements
from tests.payments.statements.layouts import LAYOUTS, OPENING, Cells, commas, dots, moves
from tests.payments.statements.messages import mt940

MOVED = moves(9)
HEADS = ["Lúc", "Vào tk", "Ra tk", "Còn lại", "Ai trả", "Lời nhắn"]  # words that no table of ours knows
ROWS = [[m.dmy, *m.sides(dots)[::-1], dots(m.balance), "0071000123456", m.memo] for m in MOVED]
WHOLE = [["QUỸ TÍN DỤNG YÊN HÒA"], [], HEADS, *ROWS]
MAPPING = Mapping(
    name="Quỹ tín dụng", header_row=3, heads=tuple(HEADS), date=0, amount_in=1, amount_out=2, balance=3, memo=5,
    payer_account=4, thousands=".", separator=";",
)  # fmt: skip


def csv(rows: list[Cells] = WHOLE) -> bytes:
    return as_csv(rows, separator=";")


def refused(data: bytes, mapping: Mapping = MAPPING) -> tuple[str, int | None]:
    with pytest.raises(DoubtfulStatement) as doubt:
        read_mapped(data, mapping)
    assert "%(" not in doubt.value.message
    return doubt.value.code, doubt.value.row


@pytest.mark.parametrize("write", [csv, as_xlsx])
def test_a_strange_file_is_read_by_its_mapping_with_every_proof(write: Any) -> None:
    mapping = MAPPING if write is csv else replace(MAPPING, separator="")
    read = read_mapped(write(WHOLE), mapping)
    assert [a.dong if a.direction == "in" else -a.dong for a in read.arrivals] == [m.dong for m in MOVED]
    assert (read.opening_dong, read.closing_dong, read.continuous) == (OPENING, MOVED[-1].balance, True)
    assert {a.payer_account for a in read.arrivals} == {"0071000123456"}
    assert refused(write([*WHOLE[:5], *WHOLE[6:]]), mapping) == ("STATEMENT_BALANCE_BREAK", 6)
    swapped = replace(mapping, amount_in=2, amount_out=1)
    assert refused(write(WHOLE), swapped) == ("STATEMENT_COLUMNS_SWAPPED", 4)
    assert refused(write(WHOLE), replace(mapping, thousands=",")) == ("STATEMENT_OTHER_NUMBERS", 4)


def test_rows_have_the_ids_that_the_generic_reader_gives_them() -> None:
    data = as_csv([HEADER, *movements()])
    guess = propose(data).guess
    assert guess is not None
    assert read_mapped(data, guess).rows == generic.read(data).rows


def test_next_months_file_with_more_lines_above_is_found_by_its_heads() -> None:
    later = [["QUỸ TÍN DỤNG"], ["Tháng 4"], ["Số tài khoản: 0071000123456"], *WHOLE[2:]]
    read = read_mapped(csv(later), MAPPING)
    assert (len(read.rows), read.account) == (9, "0071000123456")
    other = [WHOLE[0], [], ["Lúc", "Ra tk", "Vào tk", "Còn lại", "Ai trả", "Lời nhắn"], *ROWS]
    assert refused(csv(other)) == ("STATEMENT_MAPPING_DIFFERS", 3)
    assert len(read_mapped(csv([*WHOLE[:7], HEADS, *WHOLE[7:]]), MAPPING).rows) == 9, "heads again on page two"


def test_a_file_without_heads() -> None:
    mapping = replace(MAPPING, header_row=0, heads=())
    assert len(read_mapped(csv(ROWS), mapping).rows) == 9
    assert refused(as_csv(ROWS), mapping)[0] in ("STATEMENT_MAPPING_DIFFERS", "STATEMENT_BAD_DATE")


@pytest.mark.parametrize("words", [("Nợ", "Có"), ("D", "C"), ("-", "+"), ("Ghi nợ", "Ghi có"), ("DR", "CR")])
def test_an_amount_beside_a_word(words: tuple[str, str]) -> None:
    heads = ["Lúc", "Loại", "Bao nhiêu", "Lời nhắn"]
    rows = [[m.dmy, words[m.dong > 0], commas(abs(m.dong)), m.memo] for m in MOVED]
    mapping = Mapping(name="x", header_row=1, heads=tuple(heads), date=0, marker=1, amount=2, memo=3, thousands=",",
                      separator=",")  # fmt: skip
    read = read_mapped(as_csv([heads, *rows]), mapping)
    assert [a.dong if a.direction == "in" else -a.dong for a in read.arrivals] == [m.dong for m in MOVED]
    rows[3][1] = "??"
    assert refused(as_csv([heads, *rows]), mapping) == ("STATEMENT_BAD_MARKER", 5)
    assert refused(as_csv([heads, *rows]), replace(mapping, marker=None)) == ("STATEMENT_NO_DIRECTION", 2)


def test_a_wrong_word_is_proved_wrong_by_the_balance() -> None:
    heads = ["Lúc", "Loại", "Bao nhiêu", "Còn", "Lời nhắn"]
    rows = [[m.dmy, "C" if m.dong < 0 else "D", commas(abs(m.dong)), commas(m.balance), m.memo] for m in MOVED]
    mapping = Mapping(name="x", header_row=1, heads=tuple(heads), date=0, marker=1, amount=2, balance=3, memo=4,
                      thousands=",", separator=",")  # fmt: skip
    assert refused(as_csv([heads, *rows]), mapping) == ("STATEMENT_COLUMNS_SWAPPED", 2)


@pytest.mark.parametrize(("order", "written"), [("dmy", "14/3/2026"), ("mdy", "3/14/2026"), ("ymd", "2026-3-14")])
def test_days_in_the_order_that_a_person_said(order: Any, written: str) -> None:
    rows = [HEADS, [written, "5", "", "5", "", "x"]]
    mapping = replace(MAPPING, header_row=1, thousands="", date_order=order)
    assert read_mapped(csv(rows), mapping).rows[0].arrival.happened_at.date().isoformat() == "2026-03-14"
    for other in {"dmy", "mdy", "ymd"} - {order}:
        assert refused(csv(rows), replace(mapping, date_order=other)) == ("STATEMENT_BAD_DATE", 2)  # type: ignore[arg-type]


def test_it_goes_through_json_and_back() -> None:
    assert Mapping.from_json(json.loads(json.dumps(MAPPING.as_json()))) == MAPPING


@pytest.mark.parametrize(
    "change",
    [
        {"date": None}, {"memo": True}, {"date": 64}, {"date": -1}, {"date": "0"}, {"amount_in": None}, {"amount": 6},
        {"amount_in": None, "amount_out": None}, {"marker": 6}, {"memo": 0}, {"date_order": "ydm"}, {"thousands": "'"},
        {"separator": "x"}, {"name": " "}, {"name": "x" * 81}, {"heads": "Lúc"}, {"heads": [1]}, {"header_row": -1},
        {"header_row": 1.0}, {"more": 1},
    ],
)  # fmt: skip
def test_json_that_is_no_mapping(change: dict[str, Any]) -> None:
    with pytest.raises(BadMapping):
        Mapping.from_json(MAPPING.as_json() | change)
    with pytest.raises(BadMapping):
        Mapping.from_json({name: value for name, value in MAPPING.as_json().items() if name != "time"})
    with pytest.raises(BadMapping):
        Mapping.from_json([MAPPING.as_json()])


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_the_banks_own_layouts_are_guessed_whole(name: str, write: Any) -> None:
    layout = LAYOUTS[name]
    proposal = propose(write(layout.rows(MOVED, commas)))
    assert (proposal.header_row, proposal.unclear) == (layout.header, ())
    told = proposal.roles
    assert (told["date"], told["amount_out"], told["amount_in"], told["memo"]) == (
        layout.day, layout.debit, layout.credit, layout.memo,
    )  # fmt: skip
    assert (told.get("balance"), proposal.date_order, proposal.thousands) == (layout.balance, "dmy", ",")
    assert proposal.guess is not None
    assert len(read_mapped(write(layout.rows(MOVED, commas)), proposal.guess).rows) == 9


def test_a_strange_file_is_shown_and_asked_about() -> None:
    proposal = propose(csv())
    assert (proposal.separator, proposal.columns) == (";", 6)
    assert proposal.sample[0].cells == ("QUỸ TÍN DỤNG YÊN HÒA",)
    assert [sample.row for sample in proposal.sample[:3]] == [1, 3, 4]
    assert proposal.guess is None
    assert proposal.roles == {"date": 0, "memo": 5}
    assert {"amount_in", "amount_out"} <= set(proposal.unclear)


def test_what_the_rows_leave_open_is_said() -> None:
    early = [HEADER, ["03/04/2026", "a", "", "5", "5", "một hai"], ["05/04/2026", "b", "", "7", "12", "ba bốn"]]
    assert set(propose(as_csv(early)).unclear) == {"date_order", "thousands"}
    heads = ["Ngày", "Loại", "Số tiền", "Nội dung"]
    told = propose(as_csv([heads, ["14/03/2026", "Nợ", "1,500", "a b"], ["15/03/2026", "Có", "2,500", "c d"]]))
    assert (told.roles["marker"], told.unclear) == (1, ())
    untold = propose(as_csv([heads, ["14/03/2026", "x", "1,500", "a b"], ["15/03/2026", "y", "2,500", "c d"]]))
    assert untold.unclear == ("marker",)
    month_first = propose(as_csv([HEADER, ["03/14/2026", "a", "", "5000", "5000", "một hai"]]))
    assert (month_first.date_order, month_first.unclear) == ("mdy", ())


def test_there_is_nothing_to_map() -> None:
    for data, code in (
        (b"", "EMPTY"), (b"%PDF-1.7", "PDF"), (mt940(MOVED).encode(), "NOTHING_TO_MAP"), (b"chi mot cot", "NO_HEADER"),
    ):  # fmt: skip
        with pytest.raises(DoubtfulStatement) as doubt:
            propose(data)
        assert doubt.value.code == f"STATEMENT_{code}"
    assert len(read_mapped(mt940(MOVED).encode(), MAPPING).rows) == 9
