"""Who bears how much of carrying a parcel: by gross, to the đồng."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.bearing import members_part_dong, split

GROSS = st.dictionaries(st.none() | st.integers(1, 9), st.integers(0, 10**9), max_size=6)


@given(dong=st.integers(0, 10**7), gross=GROSS)
def test_the_parts_add_up_and_none_is_a_dong_beside_its_share(dong: int, gross: dict[int | None, int]) -> None:
    parts = split(dong, gross)
    whole = sum(gross.values())
    assert sum(parts.values()) == (dong if whole else 0)
    for owner, part in parts.items():
        assert abs(part * whole - dong * gross[owner]) < whole


def test_the_odd_dong_falls_to_the_lower_number_and_last_to_the_cooperative() -> None:
    assert split(100, {None: 1, 7: 1, 3: 1}) == {3: 34, 7: 33, None: 33}
    assert split(1, {None: 5, 4: 5}) == {4: 1, None: 0}


@pytest.mark.parametrize(("borne_by", "theirs"), [("organization", 0), ("members", 31_001), ("shared", 15_500)])
def test_members_bear_what_was_decided_and_the_odd_dong_is_the_cooperatives(borne_by: str, theirs: int) -> None:
    assert members_part_dong(31_001, borne_by=borne_by) == theirs
