"""Amounts as people say and print them, in names and in queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.amounts import amounts_in


@pytest.mark.parametrize(
    ("text", "terms", "rest"),
    [
        ("lạc 5 lạng", ["g:500"], "lạc"),
        ("nửa cân chả", ["g:500"], "chả"),
        ("lac nua ky", ["g:500"], "lac"),
        ("muối 0,5kg", ["g:500"], "muối"),
        ("1kg2 thịt", ["g:1200"], "thịt"),
        ("1 ký rưỡi gạo", ["g:1500"], "gạo"),
        ("ký rưỡi", ["g:1500"], ""),
        ("hai lạng giò", ["g:200"], "giò"),
        ("gạo 1.000g", ["g:1000"], "gạo"),
        ("gạo 1 yến", ["g:10000"], "gạo"),
        ("nước mắm 1 lít rưỡi", ["ml:1500"], "nước mắm"),
        ("can 5L", ["ml:5000"], "can"),
        ("trứng vỉ 10 quả", ["n:10"], "trứng vỉ"),
        ("chục trứng", ["n:10"], "trứng"),
        ("đũa 10 đôi", ["n:20"], "đũa"),
    ],
)
def test_amounts_are_read(text: str, terms: list[str], rest: str) -> None:
    found = amounts_in(text)
    assert (list(found.terms), found.rest.split()) == (terms, rest.split())


@pytest.mark.parametrize("text", ["gạo st25", "mắm 40 độ đạm", "khăn 40x60", "size 36-39", "rau cần", "1m6", "0 kg"])
def test_other_figures_stay_words(text: str) -> None:
    assert (amounts_in(text).terms, amounts_in(text).rest) == ((), text)


@given(st.text("0123456789.,kgmlítlạngký nửarưỡi quả", max_size=120))
def test_no_figures_are_too_odd(text: str) -> None:
    for term in amounts_in(text).terms:
        kind, _, size = term.partition(":")
        assert kind in {"g", "ml", "n"}
        assert 0 < int(size) <= 10**9
