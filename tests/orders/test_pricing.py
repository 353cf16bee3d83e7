"""The odd đồng: docs/prices-and-shares.md, word for word and at random."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.money import MAX_DONG
from orders.pricing import Share, back, line_total_dong, shares


def test_350_g_at_85_000_a_kilo():
    assert line_total_dong(price_dong=85_000, quantity=350, unit=1000) == 29_750


@pytest.mark.parametrize(("quantity", "total"), [(499, 0), (500, 1), (501, 1), (1499, 1), (1500, 2)])
def test_a_line_rounds_half_up_and_once(quantity, total):
    assert line_total_dong(price_dong=1, quantity=quantity, unit=1000) == total


def test_the_example_that_the_treasurer_reads():
    split = shares(total_dong=311_665, quantity=5, fee_bp=720, parts=[2, 2, 1])
    assert [share.net_dong for share in split] == [115_691, 115_690, 57_845]
    assert [share.gross_dong for share in split] == [124_666, 124_666, 62_333]
    assert sum(share.fee_dong for share in split) == 22_439


def test_one_lot_takes_the_whole_line():
    assert shares(total_dong=185_000, quantity=2, fee_bp=720, parts=[2]) == [Share(2, 185_000, 13_320)]


def test_without_a_rate_nothing_is_kept_and_at_a_full_rate_everything():
    assert [s.fee_dong for s in shares(total_dong=100, quantity=3, fee_bp=0, parts=[1, 2])] == [0, 0]
    assert [s.net_dong for s in shares(total_dong=100, quantity=3, fee_bp=10_000, parts=[1, 2])] == [0, 0]


def test_the_second_part_goes_on_from_the_first():
    whole = shares(total_dong=311_665, quantity=5, fee_bp=720, parts=[2, 2, 1])
    first = shares(total_dong=311_665, quantity=5, fee_bp=720, parts=[2])
    rest = shares(total_dong=311_665, quantity=5, fee_bp=720, parts=[2, 1], start=2)
    assert first + rest == whole


@pytest.mark.parametrize(
    "promise",
    [
        {"parts": [2, 4]},
        {"parts": [5, 0]},
        {"parts": [3, -1]},
        {"parts": [2], "start": 4},
        {"parts": [2], "start": -1},
        {"parts": [5], "fee_bp": 10_001},
        {"parts": [5], "total_dong": -1},
    ],
)
def test_a_broken_promise_is_a_bug_and_not_a_share(promise):
    with pytest.raises(AssertionError):
        shares(**{"total_dong": 100, "quantity": 5, "fee_bp": 720, **promise})


@st.composite
def lines(draw):
    """A line and the lots that fill it, from a đồng to all that a JSON reader can hold."""
    parts = draw(st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
    return {
        "total_dong": draw(st.one_of(st.integers(1, 10**6), st.integers(1, MAX_DONG))),
        "quantity": sum(parts),
        "fee_bp": draw(st.integers(0, 10_000)),
        "parts": parts,
    }


@given(lines())
@settings(max_examples=150, deadline=None)
def test_shares_add_up_to_the_line_and_to_its_fee(line):
    split = shares(**line)
    assert [share.quantity for share in split] == line["parts"]
    assert sum(share.gross_dong for share in split) == line["total_dong"]
    assert sum(share.fee_dong for share in split) == line["total_dong"] * line["fee_bp"] // 10_000


@given(lines())
@settings(max_examples=150, deadline=None)
def test_nobody_is_owed_less_than_nothing(line):
    for share in shares(**line):
        assert 0 <= share.fee_dong <= share.gross_dong
        assert share.net_dong >= 0


@given(lines())
@settings(max_examples=150, deadline=None)
def test_no_share_is_more_than_a_dong_from_its_exact_part(line):
    for share in shares(**line):
        exact_times_quantity = line["total_dong"] * share.quantity
        assert abs(share.gross_dong * line["quantity"] - exact_times_quantity) < line["quantity"]


@given(lines(), st.data())
@settings(max_examples=150, deadline=None)
def test_handed_over_in_two_parts_is_the_same_as_at_once(line, data):
    cut = data.draw(st.integers(0, len(line["parts"])))
    before, after = line["parts"][:cut], line["parts"][cut:]
    first = shares(**{**line, "parts": before})
    rest = shares(**{**line, "parts": after}, start=sum(before))
    assert first + rest == shares(**line)


@settings(max_examples=100)
@given(
    total=st.integers(0, 10**9),
    fee_bp=st.integers(0, 10_000),
    pieces=st.lists(st.integers(1, 900), min_size=1, max_size=8),
)
def test_any_mix_of_returns_takes_back_exactly_what_was_given(total: int, fee_bp: int, pieces: list[int]) -> None:
    [kept] = shares(total_dong=total, quantity=sum(pieces), fee_bp=fee_bp, parts=[sum(pieces)])
    given_back = []
    for quantity in pieces:
        taken = back(kept, quantity)
        assert 0 <= taken.fee_dong <= taken.gross_dong
        given_back.append(taken)
        kept = Share(
            kept.quantity - quantity, kept.gross_dong - taken.gross_dong, kept.fee_dong - taken.fee_dong
        )  # fmt: skip
        assert 0 <= kept.fee_dong <= kept.gross_dong
    assert kept == Share(0, 0, 0)
    assert sum(taken.gross_dong for taken in given_back) == total


def test_a_return_looks_at_no_rate() -> None:
    assert back(Share(5, 311_665, 22_439), 2) == Share(2, 124_666, 8_976)
