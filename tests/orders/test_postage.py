"""What carrying costs: the first rate that fits, weight never guessed, nothing for whoever fetches."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.postage import ANY_WEIGHT_G, Goods, Place, Postage, gross_g, postage

HERE, NEXT_DOOR, FAR = Place("14701", "37"), Place("14698", "37"), Place("00004", "01")


@dataclass(frozen=True)
class Rate:
    way: str = "POST"
    zone: str = "anywhere"
    province_codes: str = ""
    up_to_g: int = ANY_WEIGHT_G
    price_dong: int = 30_000
    free_above_dong: int = 0


def cost(*rates: Rate, way: str = "POST", to: Place = FAR, g: int | None = 1_000, goods_dong: int = 100_000):
    return postage(rates, way=way, start=HERE, to=to, gross_g=g, goods_dong=goods_dong)


def test_a_box_weighs_a_tenth_of_the_goods_and_a_hundred_grams_at_least() -> None:
    bags, loose = Goods(2, is_by_weight=False, weight_g=200), Goods(1_500, is_by_weight=True, weight_g=None)
    assert gross_g([bags]) == 500
    assert gross_g([bags, loose]) == 2_090
    assert gross_g([Goods(11, is_by_weight=True, weight_g=None), Goods(990, is_by_weight=True, weight_g=None)]) == 1_102
    assert gross_g([bags, Goods(1, is_by_weight=False, weight_g=None)]) is None


def test_fetching_costs_nothing_wherever_one_lives_and_whatever_it_weighs() -> None:
    assert cost(Rate(way="PICKUP"), way="PICKUP", to=Place(), g=None) == Postage(0)


def test_a_neighbour_brings_for_nothing_within_the_commune_until_a_rate_says_otherwise() -> None:
    assert cost(way="HOME", to=HERE, g=None) == Postage(0)
    assert cost(way="HOME", to=Place()) == Postage(0)
    assert cost(way="HOME", to=NEXT_DOOR) == "too_far"
    priced = Rate(way="HOME", zone="commune", price_dong=10_000), Rate(way="HOME", zone="province", price_dong=25_000)
    assert cost(*priced, way="HOME", to=HERE) == Postage(10_000)
    assert cost(*priced, way="HOME", to=Place()) == Postage(10_000)  # a plain text: people see where it is
    assert cost(*priced, way="HOME", to=NEXT_DOOR) == Postage(25_000)
    assert cost(*priced, way="HOME", to=FAR) == "too_far"
    assert cost(priced[1], way="HOME", to=HERE) == Postage(25_000)


def test_a_way_without_rates_is_not_offered_and_one_with_rates_needs_a_place() -> None:
    assert cost(Rate(way="COACH")) == "not_offered"
    assert cost(Rate(), to=Place()) == "place_unknown"


@pytest.mark.parametrize(
    ("zone", "codes", "to", "reached"),
    [("commune", "", HERE, True), ("commune", "", NEXT_DOOR, False), ("province", "", NEXT_DOOR, True),
     ("province", "", FAR, False), ("listed", "01,79", FAR, True), ("listed", "79", FAR, False),
     ("listed", "", FAR, False), ("anywhere", "", FAR, True)],
)  # fmt: skip
def test_zones(zone: str, codes: str, to: Place, reached: bool) -> None:
    assert cost(Rate(zone=zone, province_codes=codes), to=to) == (Postage(30_000) if reached else "too_far")


def test_a_shop_that_never_said_where_it_is_has_no_near() -> None:
    for zone in ("commune", "province"):
        rate = Rate(zone=zone)
        assert postage([rate], way="POST", start=Place(), to=FAR, gross_g=1, goods_dong=1) == "too_far"
    assert postage([], way="HOME", start=Place(), to=FAR, gross_g=1, goods_dong=1) == Postage(0)


def test_the_first_that_fits_counts_by_weight() -> None:
    rates = Rate(up_to_g=1_000, price_dong=20_000), Rate(up_to_g=3_000, price_dong=35_000)
    assert cost(*rates, g=1_000) == Postage(20_000)
    assert cost(*rates, g=1_001) == Postage(35_000)
    assert cost(*rates, g=3_001) == "too_heavy"
    assert cost(*rates, g=None) == "weight_unknown"
    assert cost(Rate(), g=None) == Postage(30_000)


def test_free_from_a_sum_on_and_what_is_saved_is_said() -> None:
    rate = Rate(free_above_dong=500_000)
    assert cost(rate, goods_dong=499_999) == Postage(30_000)
    assert cost(rate, goods_dong=500_000) == Postage(0, saved_dong=30_000)


rates = st.lists(
    st.builds(
        Rate, way=st.sampled_from(["HOME", "POST", "COACH"]),
        zone=st.sampled_from(["commune", "province", "listed", "anywhere"]), province_codes=st.sampled_from(["", "01"]),
        up_to_g=st.sampled_from([500, 2_000, ANY_WEIGHT_G]), price_dong=st.integers(0, 99_000),
        free_above_dong=st.sampled_from([0, 300_000]),
    ), max_size=6,
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(rates, st.sampled_from([HERE, NEXT_DOOR, FAR]), st.integers(1, 3_000), st.integers(1, 600_000))
def test_what_is_asked_is_the_price_of_a_rate_that_fits_and_no_order_costs_more_for_being_worth_more(
    rates: list[Rate], to: Place, g: int, goods_dong: int
) -> None:
    found = postage(rates, way="POST", start=HERE, to=to, gross_g=g, goods_dong=goods_dong)
    if isinstance(found, Postage):
        fitting = [rate for rate in rates if rate.way == "POST" and g <= rate.up_to_g]
        assert (found.saved_dong or found.dong) in [rate.price_dong for rate in fitting]
        dearer = postage(rates, way="POST", start=HERE, to=to, gross_g=g, goods_dong=goods_dong + 300_000)
        assert isinstance(dearer, Postage)
        assert dearer.dong <= found.dong
    if found == "not_offered":
        assert not [rate for rate in rates if rate.way == "POST"]
    # Not knowing the weight, no sum is named that a weight could prove wrong.
    unknown = postage(rates, way="POST", start=HERE, to=to, gross_g=None, goods_dong=goods_dong)
    if isinstance(unknown, Postage):
        assert unknown == found
