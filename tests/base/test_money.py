"""Whole đồng: what passes the boundary, how parts sum, how sums are written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base import money
from base.money import MAX_DONG, BadAmount


@pytest.mark.parametrize("value", [True, 1.0, 0.5, Decimal(5), "5", None, 0, -5, MAX_DONG + 1])
def test_only_whole_positive_integers_pass(value):
    with pytest.raises(BadAmount):
        money.checked_dong(value)


@pytest.mark.parametrize("value", [1, 1000, MAX_DONG])
def test_an_integer_passes_as_it_is(value):
    assert money.checked_dong(value) == value


@pytest.mark.parametrize(
    "text", ["", " 5", "5 ", "1.000", "1,000", "1e6", "0x10", "١٢٣", "１２３", "5.0", "+5", "99999999999999999"]
)
def test_text_that_is_not_plain_digits_is_refused(text):
    with pytest.raises(BadAmount):
        money.dong_from_text(text)


@given(st.integers(-MAX_DONG, MAX_DONG))
def test_text_and_number_are_one(amount):
    assert money.dong_from_text(str(amount)) == amount


@pytest.mark.parametrize(
    ("price", "quantity", "unit", "total"),
    [
        (92_500, 2, 1, 185_000),
        (240_000, 1500, 1000, 360_000),
        (33_333, 500, 1000, 16_667),
        (1, 500, 1000, 1),
        (1, 499, 1000, 0),
    ],
)
def test_a_line_is_rounded_half_up_once(price, quantity, unit, total):
    assert money.line_total_dong(price_dong=price, quantity=quantity, unit=unit) == total


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "0\u00a0₫"),
        (999, "999\u00a0₫"),
        (185_000, "185.000\u00a0₫"),
        (1_234_567, "1.234.567\u00a0₫"),
        (-5_000, "−5.000\u00a0₫"),
    ],
)
def test_figures_have_dots_and_a_real_minus(amount, written):
    assert money.figures(amount) == written


WORDS = {
    0: "không", 1: "một", 4: "bốn", 5: "năm", 9: "chín", 10: "mười", 11: "mười một", 14: "mười bốn", 15: "mười lăm",
    19: "mười chín", 20: "hai mươi", 21: "hai mươi mốt", 24: "hai mươi bốn", 25: "hai mươi lăm", 31: "ba mươi mốt",
    45: "bốn mươi lăm", 55: "năm mươi lăm", 91: "chín mươi mốt", 99: "chín mươi chín", 100: "một trăm",
    101: "một trăm linh một", 105: "một trăm linh năm", 110: "một trăm mười", 111: "một trăm mười một",
    115: "một trăm mười lăm", 121: "một trăm hai mươi mốt", 200: "hai trăm", 205: "hai trăm linh năm",
    500: "năm trăm", 555: "năm trăm năm mươi lăm", 999: "chín trăm chín mươi chín", 1000: "một nghìn",
    1001: "một nghìn không trăm linh một", 1005: "một nghìn không trăm linh năm", 1010: "một nghìn không trăm mười",
    1015: "một nghìn không trăm mười lăm", 1100: "một nghìn một trăm", 1105: "một nghìn một trăm linh năm",
    2021: "hai nghìn không trăm hai mươi mốt", 10_000: "mười nghìn", 15_000: "mười lăm nghìn",
    21_000: "hai mươi mốt nghìn", 48_000: "bốn mươi tám nghìn", 92_500: "chín mươi hai nghìn năm trăm",
    100_000: "một trăm nghìn", 105_000: "một trăm linh năm nghìn", 150_000: "một trăm năm mươi nghìn",
    185_000: "một trăm tám mươi lăm nghìn", 200_200: "hai trăm nghìn hai trăm",
    311_665: "ba trăm mười một nghìn sáu trăm sáu mươi lăm", 1_000_000: "một triệu",
    1_000_001: "một triệu không trăm linh một", 1_005_000: "một triệu không trăm linh năm nghìn",
    1_150_000: "một triệu một trăm năm mươi nghìn", 2_000_500: "hai triệu năm trăm",
    10_000_000: "mười triệu", 15_015_015: "mười lăm triệu không trăm mười lăm nghìn không trăm mười lăm",
    499_999_999: "bốn trăm chín mươi chín triệu chín trăm chín mươi chín nghìn chín trăm chín mươi chín",
    1_000_000_000: "một tỷ", 1_000_000_005: "một tỷ không trăm linh năm", 3_000_000_000: "ba tỷ",
    12_000_000_000: "mười hai tỷ", 1_000_000_000_000: "một nghìn tỷ",
    -21_000: "âm hai mươi mốt nghìn",
}  # fmt: skip


@pytest.mark.parametrize(("number", "words"), WORDS.items())
def test_numbers_in_words(number, words):
    assert money.number_in_words(number) == words


def test_in_words_names_the_money():
    assert money.in_words(185_000) == "một trăm tám mươi lăm nghìn đồng"


_UNITS = {
    word: value for value, word in enumerate(("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"))
}
_UNITS |= {"mốt": 1, "lăm": 5}


def _read_back(words: str) -> int:
    """An independent reader: group by scale words, then hundreds, tens, ones."""
    if " tỷ" in words:
        high, _, low = words.partition(" tỷ")
        while " tỷ" in low:  # "một triệu tỷ … tỷ" does not occur below 2^53
            raise AssertionError(words)
        return _read_back(high) * 10**9 + (_read_back(low.strip()) if low.strip() else 0)
    total, group = 0, 0
    pending = None
    for word in words.split():
        if word in ("triệu", "nghìn"):
            total += (group + (pending or 0)) * (10**6 if word == "triệu" else 1000)
            group, pending = 0, None
        elif word == "trăm":
            group += (pending or 0) * 100
            pending = None
        elif word == "mươi":
            group += (pending or 0) * 10
            pending = None
        elif word == "mười":
            group += 10
        elif word == "linh":
            pending = None
        else:
            pending = _UNITS[word]
    return total + group + (pending or 0)


@given(st.integers(0, 10**15))
def test_words_can_be_read_back(number):
    assert _read_back(money.number_in_words(number)) == number
