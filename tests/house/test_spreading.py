"""Tests that share something costly are one unit of a run in several processes; what is named for that is there."""

import pytest

from tests.house.tree import ROOT
from tests.spreading import TOGETHER, unit_of


@pytest.mark.parametrize(
    ("nodeid", "unit"),
    [
        ("tests/base/test_codes.py::test_a[x::y]", "tests/base/test_codes.py"),
        ("tests/base/test_codes.py::TestThem::test_a", "tests/base/test_codes.py"),
        ("tests/race/test_cash.py::test_a", "racers"),
        ("tests/journeys/test_messy_day.py::test_a[chromium]", "market in a browser"),
        ("tests/journeys/test_messy_excel_to_published_slips.py::test_a[chromium]", "billers in a browser"),
        ("tests/base/test_codes.py::test_a[1-chromium]", "tests/base/test_codes.py in a browser"),
    ],
    ids=["a file", "a class", "racers", "a market", "billers", "a browser"],
)
def test_what_shares_something_is_one_unit(nodeid: str, unit: str) -> None:
    assert unit_of(nodeid) == unit


def test_what_is_named_is_there() -> None:
    assert [place for place in TOGETHER if not (ROOT / place).exists()] == []
