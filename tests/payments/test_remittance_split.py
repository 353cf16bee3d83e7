"""The money of a carrier's list over its parcels: exact to the đồng, however the transfers are cut."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.remittance_split import MoreThanLacks, Said, Share, left, split, whole

_LINES = st.lists(st.tuples(st.integers(0, 400_000), st.integers(0, 60_000)), min_size=1, max_size=12).map(
    lambda pairs: [Said(number, *pair) for number, pair in enumerate(pairs, start=1)]
)


def _net(lines: list[Said]) -> int:
    return sum(line.said_dong - line.fee_dong for line in lines)


def test_a_returned_parcels_fee_is_kept_out_of_the_first_that_bring_money() -> None:
    lines = [Said(1, 100_000, 22_000), Said(2, 0, 90_000), Said(3, 200_000, 25_000)]
    assert whole(lines) == [Share(1, 0, 100_000), Share(2, 0, 0), Share(3, 163_000, 37_000)]


def test_money_in_parts_fills_the_parcels_in_the_order_of_the_list() -> None:
    lines = [Said(1, 100_000, 22_000), Said(2, 50_000, 20_000)]
    still = left(lines, taken={}, there={1: 100_000, 2: 50_000})
    first = split(still, 90_000)
    assert first == [Share(1, 78_000, 22_000), Share(2, 12_000, 0)]
    still = left(lines, taken={share.key: share for share in first}, there={1: 0, 2: 38_000})
    assert split(still, 18_000) == [Share(2, 18_000, 20_000)]
    with pytest.raises(MoreThanLacks):
        split(still, 18_001)


def test_what_was_written_off_is_not_waited_for() -> None:
    lines = [Said(1, 100_000, 22_000), Said(2, 50_000, 20_000)]
    still = left(lines, taken={}, there={1: 60_000, 2: 50_000})
    assert still == [Share(1, 38_000, 22_000), Share(2, 30_000, 20_000)]


@settings(max_examples=50, deadline=None)
@given(_LINES.filter(lambda lines: _net(lines) >= 1), st.lists(st.integers(1, 500_000), max_size=5))
def test_any_cutting_of_the_money_clears_each_parcel_of_what_the_list_says(lines: list[Said], cuts: list[int]) -> None:
    there = {line.key: line.said_dong for line in lines}
    taken: defaultdict[int, Share] = defaultdict(lambda: Share(0, 0, 0))
    to_come = _net(lines)
    for cut in [*cuts, to_come]:
        amount = min(cut, to_come)
        if not amount:
            break
        shares = split(left(lines, taken=taken, there=there), amount)
        assert sum(share.net_dong for share in shares) == amount
        assert all(share.net_dong >= 0 and share.fee_dong >= 0 and share.net_dong + share.fee_dong for share in shares)
        assert len({share.key for share in shares}) == len(shares)
        for share in shares:
            before = taken[share.key]
            taken[share.key] = Share(
                share.key, before.net_dong + share.net_dong, before.fee_dong + share.fee_dong
            )  # fmt: skip
            there[share.key] -= share.net_dong + share.fee_dong
            assert there[share.key] >= 0
        to_come -= amount
    assert to_come == 0
    assert set(there.values()) <= {0}
    assert sum(share.fee_dong for share in taken.values()) == sum(line.fee_dong for line in lines)


@settings(max_examples=50, deadline=None)
@given(_LINES.filter(lambda lines: _net(lines) >= 1), st.data())
def test_never_more_than_is_with_the_carrier(lines: list[Said], data: st.DataObject) -> None:
    there = {line.key: data.draw(st.integers(0, line.said_dong)) for line in lines}
    still = left(lines, taken={}, there=there)
    assert all(share.net_dong >= 0 and share.fee_dong >= 0 for share in still)
    for share in split(still, sum(share.net_dong for share in still)):
        assert share.net_dong + share.fee_dong <= there[share.key]
