"""Telex and VNI keys typed without a keyboard that reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.typed_keys import is_syllable, readings


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("cas", "cá"), ("chachj", "chạch"), ("chajch", "chạch"), ("chuoois", "chuối"), ("chuoosi", "chuối"),
        ("nuwowcs", "nước"), ("nuocws", "nước"), ("ruwowuj", "rượu"), ("dduwowngf", "đường"), ("ddaauj", "đậu"),
        ("nuwocs", "nước"), ("thuowr", "thuở"),
        ("dauajd", "đậu"), ("ngoo", "ngô"), ("gaoj", "gạo"), ("quaf", "quà"), ("thuys", "thúy"), ("mawcs", "mắc"),
        ("ca1", "cá"), ("chach5", "chạch"), ("ga5o", "gạo"), ("chuo6i1", "chuối"), ("nuoc71", "nước"),
        ("d9u7o7ng2", "đường"), ("d9a65u", "đậu"), ("ma81c", "mắc"),
    ],
)  # fmt: skip
def test_keys_are_read(keys: str, word: str) -> None:
    assert readings(keys) == [word]


@pytest.mark.parametrize("token", ["ca", "chuoi", "200", "st25", "size", "a4", "9d", "x", "", "chạch", "ca1b2c3"])
def test_what_are_no_keys_stays(token: str) -> None:
    assert all(not is_syllable(word) or word != token for word in readings(token))
    assert token not in readings(token)


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789đơưăâêô", max_size=20))
def test_whatever_is_read_is_a_syllable(token: str) -> None:
    assert all(is_syllable(word) for word in readings(token))
