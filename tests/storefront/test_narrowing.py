"""What an address asks the shelves for, read and written."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.narrowing import Narrowing


def read(query: str) -> Narrowing:
    return Narrowing.read(dict(parse_qsl(query, keep_blank_values=True)))


def test_everything_at_once() -> None:
    asked = read(
        "q=c%C3%A1+kh%C3%B4&category=ca-va-mam&place=Y%C3%AAn+M%C3%B4&price=50000-100000&stars=4&sort=cheap&page=3"
    )
    assert asked == Narrowing("cá khô", "ca-va-mam", "Yên Mô", 50_000, 100_000, 4, "cheap", 3)
    assert asked.is_narrowed


@pytest.mark.parametrize(
    "query",
    [
        "", "q=", "q=%00", "category=../..", "category=A", "stars=6", "stars=x", "sort=name", "page=0",
        "page=-1", "page=x",
        "page=1e3", "price=5", "price=9-1", "price=a-b", "price=-5", "price=1000000000-", "unknown=1",
    ],
)  # fmt: skip
def test_whatever_it_is_not_counts_as_not_asked(query: str) -> None:
    assert read(query) == Narrowing()
    assert read(query).query == ""


def test_a_price_without_an_upper_end() -> None:
    asked = read("price=200000-")
    assert (asked.least_dong, asked.most_dong) == (200_000, None)
    assert asked.query == "?price=200000-"


def test_asking_otherwise_starts_at_the_first_page() -> None:
    asked = read("q=miến&page=4&sort=dear")
    assert asked.but(sort="").query == "?q=mi%E1%BA%BFn"
    assert asked.page == 4


def test_two_ways_to_type_the_same_words_are_one_address() -> None:
    assert read("q=+ca\u0301++kh%C3%B4+").query == read("q=cá+khô").query


@given(
    text=st.text(max_size=300), place=st.text(max_size=100), stars=st.sampled_from(["3", "5", "", "9"]),
    least=st.integers(0, 10**9 - 1), more=st.integers(1, 10**6), page=st.integers(1, 9_999),
)  # fmt: skip
def test_what_is_written_is_read_again(text: str, place: str, stars: str, least: int, more: int, page: int) -> None:
    query = {"q": text, "place": place, "stars": stars, "price": f"{least}-{least + more}", "page": str(page)}
    asked = Narrowing.read(query)
    assert read(asked.query[1:]) == asked
