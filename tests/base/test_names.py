"""The order of names in a class list and of classes in a school, against orders written down by hand."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.names import LONGEST_NAME_KEY, LONGEST_SECTION_KEY, section_key, sort_key

ALPHABET = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
TONES = ("a", "à", "ả", "ã", "á", "ạ")
FAMILIES = st.sampled_from(
    [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Phan",
        "Vũ",
        "Võ",
        "Đặng",
        "Bùi",
        "Đỗ",
        "Hồ",
        "Ngô",
        "Dương",
        "Lý",
        "Ừng",
        "Ông",
    ]
)
WORDS = st.sampled_from(
    [
        "An",
        "Ân",
        "Ấn",
        "Ánh",
        "Ảnh",
        "Ba",
        "Bình",
        "Bích",
        "Cúc",
        "Dung",
        "Dũng",
        "Đức",
        "Đào",
        "Em",
        "Êm",
        "Hà",
        "Hạ",
        "Hoa",
        "Hóa",
        "Hòa",
        "Hoà",
        "Oanh",
        "Ông",
        "Ơn",
        "Thị",
        "Văn",
        "Xuân",
        "Y",
    ]
)
NAMES = st.builds(lambda *words: " ".join(words), FAMILIES, WORDS, WORDS)


def by_hand(name: str) -> list[tuple[list[list[int]], list[int]]]:
    """The order as a teacher says it: given, middle, family; letters of a part, then its tones."""
    words = unicodedata.normalize("NFC", name).lower().split()
    parts = [words[-1:], words[1:-1], words[:1] if len(words) > 1 else []]
    keyed = []
    for part in parts:
        letters, tones = [], []
        for word in part:
            apart = unicodedata.normalize("NFD", word)
            marks = [mark for mark in apart if mark in "\u0300\u0309\u0303\u0301\u0323"]
            tones.append("\u0300\u0309\u0303\u0301\u0323".index(marks[0]) + 1 if marks else 0)
            bare = unicodedata.normalize("NFC", "".join(sign for sign in apart if sign not in marks))
            letters.append([ALPHABET.index(sign) for sign in bare])
        keyed.append((letters, tones))
    return keyed


def test_letters_go_as_in_the_vietnamese_alphabet():
    assert sorted(ALPHABET, key=sort_key) == ALPHABET
    assert sorted((letter.upper() for letter in ALPHABET[::-1]), key=sort_key) == [a.upper() for a in ALPHABET]


def test_tones_go_ngang_huyen_hoi_nga_sac_nang():
    assert sorted(TONES, key=sort_key) == list(TONES)


def test_a_class_is_listed_by_given_name_then_middle_then_family():
    listed = [
        "Nguyễn Thị An", "Lê Văn An", "Trần Văn An", "Phạm Thị Ánh", "Vũ Thị Ân", "Hoàng Văn Ba", "Lê Dũng",
        "Đỗ Thị Dung", "Bùi Văn Dũng", "Nguyễn Minh Đức", "Nguyễn Thị Hòa", "Nguyễn Văn Hòa", "Nguyễn Thị Hóa",
    ]  # fmt: skip
    ordered = sorted(listed, key=sort_key)
    assert ordered.index("Nguyễn Thị An") < ordered.index("Lê Văn An") < ordered.index("Trần Văn An")
    assert [name.split()[-1] for name in ordered] == [
        "An", "An", "An", "Ánh", "Ân", "Ba", "Dung", "Dũng", "Dũng", "Đức", "Hòa", "Hòa", "Hóa",
    ]  # fmt: skip


def test_letters_count_before_tones():
    assert sort_key("Lê Hạ") < sort_key("Lê Hai")  # "ha" ends before "hai", whatever its tone


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lê Thị Hòa", "Lê Thị Hoà"), ("LÊ THỊ HÒA", "lê thị hòa"), ("Lê  Thị\u00a0Hòa ", "Lê Thị Hòa"),
     ("Y-Bích", "YBích")],
)  # fmt: skip
def test_the_same_name_written_otherwise_has_the_same_key(one, other):
    assert sort_key(one) == sort_key(other)


def test_classes_go_by_their_numbers():
    listed = ["1A", "2A", "2B", "9A", "10A", "10A2", "10A10", "10B", "11", "Mầm non", "Xóm 2", "Xóm 10"]
    assert sorted(listed, key=section_key) == listed
    assert section_key("3 A") == section_key("3A") == section_key("3a") == section_key("03A")
    assert section_key("") == ""


def test_long_numbers_of_sections_keep_their_order():
    listed = ["Tổ 7", "Tổ 77", "Tổ 777", "Tổ 7777", "Tổ 77777"]
    assert sorted(listed, key=section_key) == listed


@given(st.lists(NAMES, min_size=2, max_size=8))
@settings(max_examples=200)
def test_the_order_is_the_one_by_hand(names):
    assert [by_hand(name) for name in sorted(names, key=sort_key)] == sorted(by_hand(name) for name in names)


@given(NAMES)
@settings(max_examples=100)
def test_decomposed_accents_are_the_same_name(name):
    assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(name)


@given(st.text(max_size=120), st.text(max_size=60))
@settings(max_examples=300)
def test_keys_of_anything_are_short_and_of_digits_alone(name, section):
    # Only digits: every collation of PostgreSQL and SQLite's bytes put them in one order.
    assert set(sort_key(name)) <= set("0123456789")
    assert len(sort_key(name)) <= LONGEST_NAME_KEY
    assert set(section_key(section)) <= set("0123456789")
    assert len(section_key(section)) <= LONGEST_SECTION_KEY


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["{}A", "Xóm {}", "Tổ {} Đông", "{}"]))
@settings(max_examples=100)
def test_numbers_are_compared_as_numbers(one, other, shape):
    assert (section_key(shape.format(one)) < section_key(shape.format(other))) == (one < other)
