"""Whatever a file holds: it is read, or refused by name; every row ends in one place; and nothing else is raised."""

import contextlib
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.refusals import Refused
from payments.bills.roster.cells import day_of, figure_of, number_of, phone_of
from payments.bills.roster.faults import Faulty
from payments.bills.roster.homes import KnownHousehold
from payments.bills.roster.opening import Book, opened
from payments.bills.roster.people import people_of
from payments.bills.roster.planning import Known, plan
from payments.bills.roster.pointing import propose
from payments.bills.roster.reading import read
from payments.bills.roster.refusing import UnreadableList
from payments.bills.roster.words import WORDS, Kind
from payments.statements.excel import Merge, Table
from tests.payments.bills.roster_files import text, typed_in_tcvn3, typed_in_vni, xlsx

KINDS = st.sampled_from([kind.value for kind in Kind])
HEADS = st.sampled_from([words[0] for words in WORDS.values()] + ["STT", "Ngày sinh", "Lớp 3A", "Tổng cộng"])
CELLS = st.one_of(
    st.none(), HEADS, st.text(max_size=20), st.integers(-5, 10**12), st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(["Nguyễn Văn An", "Lê Thị Bình", "3A", "0912345678", "01/02", "'0012", "12.0", "#N/A", "x"]),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.datetimes(),
    st.booleans(),
)  # fmt: skip
ROW = st.lists(CELLS, min_size=1, max_size=8).map(tuple)
MERGES = st.builds(
    lambda row, down, column, across: Merge(row, row + down, column, column + across),
    st.integers(1, 12), st.integers(0, 10**6), st.integers(0, 8), st.integers(0, 70),
)  # fmt: skip
TABLES = st.builds(
    lambda rows, merges, title: Table(list(enumerate(rows, 1)), merges, True, title),
    st.lists(ROW, min_size=1, max_size=14), st.lists(MERGES, max_size=4),
    st.sampled_from(["Sheet1", "3A", "Lớp 5B", ""]),
)  # fmt: skip
FEW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = [
    xlsx(), text(), text(separator=";", encoding="utf-16"), typed_in_tcvn3(text().decode()).encode("latin-1"),
    typed_in_vni(text().decode()).encode("latin-1"), b"<table><tr><td>STT<td>L\xe1\xbb\x9bp</table>",
]  # fmt: skip


@given(st.lists(TABLES, min_size=1, max_size=3), KINDS)
@FEW
def test_any_tables_are_read_to_the_end(tables, kind):
    book = Book(tuple(tables), (), "unicode")
    proposal = propose(book, kind=kind)
    try:
        done = read(book, proposal, proposal.pointing)
    except Refused:
        return
    people, faults, _doubted = people_of(done.lines, account_kind="pupil", letters="unicode", year=2026)
    assert len(people) + len(faults) == len(done.lines)
    made = plan(people, account_kind="pupil", accounts=[], households=[], today=date(2026, 3, 1))
    assert len(made.added) + len(made.faults) == len(people)
    assert not made.changed
    assert not made.same


@given(st.sampled_from(SEEDS), st.data(), KINDS)
@FEW
def test_spoilt_files_are_read_or_refused_by_name(seed, data, kind):
    spoilt = bytearray(seed)
    for _spoil in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(spoilt) - 1))
        spoilt[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        if not spoilt:
            break
    with contextlib.suppress(UnreadableList):
        propose(opened(bytes(spoilt), kind=kind), kind=kind)


@given(CELLS)
@FEW
def test_single_cells_are_understood_or_faulty(cell):
    for understood in (number_of, phone_of, figure_of, lambda one: day_of(one, year=2026)):
        with contextlib.suppress(Faulty):
            understood(cell)


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["", "A1", "a1", "0012", "12", "B2"]), st.sampled_from(["Nguyễn An", "NGUYỄN AN", "Lê Ba"]),
        st.sampled_from(["3A", "5B", ""]), st.sampled_from(["", "Mẹ Hòa", "Bố Tư"]),
        st.sampled_from(["", "0911111111", "0922222222"]),
    ),
    max_size=7,
)  # fmt: skip


def lines(rows: list[Any]) -> Any:
    table = Table(
        [(1, ("Mã HS", "Họ và tên", "Lớp", "Phụ huynh", "SĐT")), *((at, row) for at, row in enumerate(rows, 2))]
    )
    book = Book((table,), (), "unicode")
    proposal = propose(book, kind="accounts")
    return people_of(
        read(book, proposal, proposal.pointing).lines, account_kind="pupil", letters="unicode", year=2026
    )[0]  # fmt: skip


@given(PEOPLE)
@FEW
def test_what_came_in_once_is_known_the_second_time(rows):
    """Written down as a plan says, the same list again adds nobody, and changes nobody."""
    first = plan(lines(rows), account_kind="pupil", accounts=[], households=[], today=date(2026, 3, 1))
    homes = {one.home.key: at for at, one in enumerate(first.added, 100)}
    households = {
        homes[one.home.key]: known_household(homes[one.home.key], one.home.new) for one in first.added if one.home.new
    }  # fmt: skip
    accounts = [
        Known(
            at, "pupil", one.person.number or f"HS{at:04d}", one.person.name, one.person.name_key, one.person.section,
            one.person.section_key, one.person.note, date(2026, 1, 1), None, homes[one.home.key],
        )
        for at, one in enumerate(first.added, 1)
    ]  # fmt: skip
    again = plan(
        lines(rows), account_kind="pupil", accounts=accounts, households=households.values(), today=date(2026, 3, 1)
    )  # fmt: skip
    assert again.added == []
    assert [(one.known.called, one.what) for one in again.changed if one.what] == []


def known_household(at: int, new: Any) -> Any:
    return KnownHousehold(at, new.name, new.phone, new.place)


@pytest.mark.parametrize("data", SEEDS)
def test_the_seeds_themselves_are_read(data):
    assert opened(data, kind="accounts").tables
