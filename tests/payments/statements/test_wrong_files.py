"""Each bank's file × each way of being wrong × both formats: refused with its row; the right ones read alike.

CI plays some hundred files; ``PROVE=1`` plays thousands.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from payments.statements.banks import read_statement
from payments.statements.statement import DoubtfulStatement
from tests.payments.statements.files import as_csv, as_xlsx
from tests.payments.statements.layouts import LAYOUTS, Layout, moves
from tests.payments.statements.spoiling import SPOILERS, Case, Spoiler, cut, page_of

PROVE = bool(os.environ.get("PROVE"))

pytestmark = pytest.mark.simulation
SEEDS = range(12) if PROVE else range(1)
LEAST_FILES = 5_000 if PROVE else 500
Form = Callable[[list[list[Any]]], bytes]
FORMATS: tuple[Form, ...] = (as_csv, as_xlsx)


def cases(layout: Layout) -> Iterator[Case]:
    for seed in SEEDS:
        for write in layout.writes:
            moved = moves(8 + seed % 5, seed=seed)
            yield Case(layout, write, moved, at=2 + seed % (len(moved) - 4))


def spoilt(layout: Layout, spoil: Spoiler) -> Iterator[tuple[Form, list[list[Any]], int]]:
    """How to write the file, its rows, and the row to be named; -1 for any."""
    for case in cases(layout):
        row = spoil(case)
        for form in FORMATS:
            if row is not None and not (spoil is cut and form is as_xlsx):  # a sheet leaves empty cells out anyway
                yield form, case.rows, row


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_wrong_file_is_refused_with_its_row(name: str, spoil: Spoiler) -> None:
    layout = LAYOUTS[name]
    for form, rows, row in spoilt(layout, spoil):
        data = form(rows)
        for bank in (layout.bank, "generic"):
            with pytest.raises(DoubtfulStatement) as doubt:
                read_statement(data, bank=bank)
            assert "%(" not in doubt.value.message
            if row > 0:
                assert doubt.value.row == row, doubt.value
                assert f"Dòng {row}" in doubt.value.message


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_right_file_is_read_alike_in_every_format_and_order(name: str) -> None:
    layout = LAYOUTS[name]
    for case in cases(layout):
        right = read_statement(as_csv(case.rows), bank=layout.bank)
        ids = [arrival.source_id for arrival in right.arrivals]
        assert [a.dong if a.direction == "in" else -a.dong for a in right.arrivals] == [m.dong for m in case.moved]
        assert (right.closing_dong, right.continuous) == (case.moved[-1].balance, True)
        assert len(set(ids)) == len(ids)
        for data in (as_xlsx(case.rows), as_csv(case.rows, separator="|", encoding="utf-16"), page_of(case.rows)):
            for bank in (layout.bank, "generic"):
                again = read_statement(data, bank=bank)
                assert [arrival.source_id for arrival in again.arrivals] == ids
        case.rows[case.body] = case.rows[case.body][::-1]
        turned = read_statement(as_xlsx(case.rows), bank=layout.bank)
        assert [arrival.source_id for arrival in turned.arrivals] == ids[::-1]
        assert (turned.opening_dong, turned.closing_dong) == (right.opening_dong, right.closing_dong)


@pytest.mark.parametrize("name", LAYOUTS)
def test_overlapping_files_share_the_ids_of_the_days_they_share(name: str) -> None:
    layout = LAYOUTS[name]
    moved = moves(12)
    whole = [a.source_id for a in read_statement(as_csv(layout.rows(moved, layout.writes[0]))).arrivals]
    later = [a.source_id for a in read_statement(as_xlsx(layout.rows(moved[5:], layout.writes[0]))).arrivals]
    assert later == whole[5:]


def test_that_these_are_many_files() -> None:
    count = sum(sum(1 for _file in spoilt(layout, spoil)) for layout in LAYOUTS.values() for spoil in SPOILERS)
    assert count >= LEAST_FILES
