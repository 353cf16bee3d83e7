"""Words that mean the same, and names in which they mean something else."""

import pytest

from base.syllables import words
from catalog.search.synonyms import meaning_of, meanings, meanings_in, other_words
from catalog.search.terms import Goods, Place, terms_of


def meant(name: str, *, typed: bool = False) -> set[str]:
    return {one.term for one in meanings_in(words(name), typed=typed)}


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("Đậu phộng rang", "same:lạc"),
        ("Lạc đỏ khô", "same:lạc"),
        ("DAU PHONG RANG", "same:lạc"),
        ("Heo quay", "same:lợn"),
        ("Thơm sấy dẻo", "same:dứa"),
        ("Chè xanh Thái Nguyên", "same:trà"),
        ("Chà bông heo", "same:ruốc"),
    ],
)
def test_a_name_means(name: str, term: str) -> None:
    assert term in meant(name)


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("Gạo thơm Hải Hậu", "same:dứa"),
        ("Chè lam phủ mật", "same:trà"),
        ("Bắp cải xanh", "same:ngô"),
        ("Măng lưỡi lợn", "same:lợn"),
        ("Cá mè kho", "same:vừng"),
        ("Thịt nạc vai", "same:lạc"),
        ("Nón lá", "same:mũ"),
    ],
)
def test_a_name_does_not_mean(name: str, term: str) -> None:
    assert term not in meant(name)


def test_what_is_typed_is_understood_more_widely() -> None:
    assert "same:mũ" in meant("nón", typed=True)
    assert "same:lạc" in meant("dau phong", typed=True)
    assert "same:lạc" in meant("đậu phông", typed=True)


def test_a_place_is_no_food() -> None:
    assert "same:lạc" not in terms_of(Goods("Bưởi đỏ Tân Lạc quả 1,5kg"))
    assert "same:lạc" in terms_of(Goods("Kẹo lạc Tân Lạc"))
    assert "same:lạc" in terms_of(Goods("Kẹo Lạc Giòn"))  # capitalised throughout


def test_every_line_of_the_file_is_a_set() -> None:
    assert len(meanings()) > 100
    assert len({one.term for one in meanings()}) == len(meanings()), "two sets of one name"


@pytest.mark.parametrize("line", ["lạc", "a, ", "một cụm từ quá dài, lạc", "| chè lam"])
def test_what_is_no_set_is_said(line: str) -> None:
    with pytest.raises(ValueError, match="not a set"):
        meaning_of(line)


def test_a_cooperatives_own_set_adds_its_other_words() -> None:
    sets = ["cá trạch, cá chạch, con nhếch"]
    assert list(other_words(words("Cá chạch sấy"), sets)) == ["con", "nhếch"]
    assert list(other_words(words("Cá rô"), sets)) == []
    terms = terms_of(Goods("Cá chạch sấy", synonyms=tuple(sets)))
    assert terms["a:nhếch"] == Place.ELSEWHERE
