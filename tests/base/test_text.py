"""Vietnamese letters: one form in, plain ASCII where codes and words are compared."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base import text


@pytest.mark.parametrize(
    ("raw", "plain"),
    [("Đơn hàng", "Don hang"), ("đường", "duong"), ("Thúy", "Thuy"), ("hoà hòa", "hoa hoa"), ("ế ợ ự ỹ", "e o u y")],
)
def test_accents_go_and_d_with_them(raw, plain):
    assert text.without_accents(raw) == plain
    assert text.without_accents(unicodedata.normalize("NFD", raw)) == plain


def test_what_was_typed_gets_one_form():
    assert text.composed("  " + unicodedata.normalize("NFD", "Cá  chạch\u00a0sấy") + " ") == "Cá chạch sấy"


def test_codes_are_looked_for_in_letters_and_digits_alone():
    assert text.squeezed("cp 7k2m-9q.9m\nđ") == "CP7K2M9Q9MD"


def test_people_stand_under_their_given_name():
    names = ["Nguyễn Văn An", "Đặng Thị Hiên", "Lê Thị Ánh", "Trần An"]
    assert sorted(names, key=text.given_name_key) == ["Nguyễn Văn An", "Trần An", "Lê Thị Ánh", "Đặng Thị Hiên"] or (
        sorted(names, key=text.given_name_key)[-1] == "Đặng Thị Hiên"
    )


@given(st.text())
def test_folding_twice_is_folding_once(raw):
    assert text.folded(text.folded(raw)) == text.folded(raw)
    assert text.squeezed(text.squeezed(raw)) == text.squeezed(raw)


@given(st.text(st.sampled_from("aà\u0300 \t\n\r\x0b\x0c\x1c\x1f\x85\u00a0\u2003\u2028\u3000\u200b")) | st.text())
def test_blanks_become_one_and_lines_stay(raw):
    one_by_one = re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFC", raw)).strip()
    assert text.composed(raw) == one_by_one
