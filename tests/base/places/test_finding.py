"""Typed addresses, made anew from the lists, and what nobody should type."""

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from base.places.divisions import commune, divisions
from base.places.finding import Found, find
from base.places.words import LONGEST
from tests.base.places.typed import Typed, made

COUNT, SEED = 400, 20261122
AT_LEAST_RIGHT = 0.97


def right(one: Typed, found: Found) -> bool:
    if one.expect == "ask":
        return found.expect == "ask" and one.into <= set(found.candidates)
    return found.expect == one.expect and (one.expect == "none" or {found.code} == one.into)


def test_made_addresses_are_told_or_asked_about_and_never_taken_for_another() -> None:
    cases = made(COUNT, SEED)
    found = [find(one.text) for one in cases]
    wrong = [
        (one.text, answer.code)
        for one, answer in zip(cases, found, strict=True)
        if answer.code not in (None, *one.into)
    ]
    guessed = [one.text for one, answer in zip(cases, found, strict=True) if answer.code and one.expect != "one"]
    assert wrong == []
    assert guessed == []
    assert sum(map(right, cases, found)) >= COUNT * AT_LEAST_RIGHT
    assert len(Counter(kind for one in cases for kind in one.kinds)) > 20


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("xom 3 yen hoa yen mo ninh binh", "14701", "xom 3"),
        ("Yên Hoà, Yên Mô", "14701", ""),
        ("thôn Cổ Loan, xã Ninh Tiến cũ, TP Hoa Lư, Ninh Bình 0900 000 123", "14329", "thôn Cổ Loan"),
        ("xã Gia Tân cũ, nay là xã Gia Vân, Ninh Bình", "14488", "xã Gia Tân cũ, nay là"),
        ("số 12 đường Lê Hồng Phong, phường Vân Giang, tp Ninh Bình", "14329", "số 12 đường Lê Hồng Phong"),
        ("52 Nguyễn Huệ, Bến Nghé, Q1, HCM", "26740", "52 Nguyễn Huệ"),
        ("P5Q3 TPHCM", "27154", ""),
        ("phường Phú Hữu, quận 9, sài gòn", "26860", ""),
        ("xã Khánh Thịnh, Yên Mô, Ninh Bình", "14701", ""),  # merged into thị trấn Yên Thịnh before the reform
        ("huyện đảo Lý Sơn", "21548", ""),
        ("xã Lạng Giang, Bắc Ninh", "07375", ""),  # a phường since 2026
        ("Yen Hoa Commune, Yen Mo District, Ninh Binh Province", "14701", ""),
        ("45 Le Loi Street, Ben Thanh Ward District 1 Ho Chi Minh City", "26743", "45 Le Loi Street"),
        ("Ward 3, Da Lat City, Lam Dong", "24781", ""),
        ("xax Yeen Macj, Yeen Moo, Ninh Binhf", "14743", ""),  # Telex, then VNI, on a keyboard that reads neither
        ("xa4 Hai3 Minh huye65n Hai3 Ha65u Nam D9i5nh", "14236", ""),
        ("xã đảo Tân Hiệp, Hội An", "20434", ""),
        ("Văn Miếu - Quốc Tử Giám, Đống Đa, Hà Nội", None, ""),
        ("Buôn Ma Thuột", None, ""),
        ("Kim Sơn, Ninh Bình", None, ""),  # the commune, or the district of before
        ("thôn Yên Hòa, Yên Mô, Ninh Bình", None, "thôn Yên Hòa"),
        ("gần chợ Yên Ninh, Yên Khánh, Ninh Bình", None, "gần chợ Yên Ninh"),
        ("xã Yên Mô, huyện Chí Phèo, Ninh Bình", None, "huyện Chí Phèo"),
        ("xã Yên Mô, Ninh Bình, huyện Hải Hậu", None, "huyện Hải Hậu"),
    ],
)
def test_what_is_told_and_what_is_left(text: str, code: str | None, rest: str) -> None:
    found = find(text)
    assert (found.expect, found.code, found.rest) == ("one" if code else "ask", code, rest)
    assert bool(found.candidates) == (code is None)


@pytest.mark.parametrize(
    ("text", "among", "at_least"),
    [
        ("xã Hồng Giang, Lục Ngạn, Bắc Giang", "07525", 8),  # in thị xã Chũ since 2025: either part may be mistaken
        ("phường 2, TP Vĩnh Long", "29551", 2),  # not the phường 2 of another city in the province of that name
        ("phường 4, TP Cà Mau", "32002", 2),  # merged long ago; not only the phường 4 of elsewhere
    ],
)
def test_parts_that_lie_apart_are_asked_about_and_either_may_be_the_mistake(
    text: str, among: str, at_least: int
) -> None:
    found = find(text)
    assert found.expect == "ask"
    assert among in found.candidates
    assert len(found.candidates) >= at_least


def test_a_divided_commune_asks_with_all_its_parts() -> None:
    for former in [one for one in divisions().former if one.split][::40]:
        found = find(f"{former.full_name}, {former.district.type} {former.district.name}, {former.province_name}")
        assert found.expect == "ask"
        assert set(former.into) <= set(found.candidates)


@pytest.mark.parametrize(
    "text", ["", " ", "giao tận nhà", "GOI TRUOC 15 PHUT", "Ninh Bình", "em chúc shop hạnh phúc ạ"]
)
def test_what_names_no_commune_finds_none_and_stays_as_it_was(text: str) -> None:
    assert find(text) == Found("none", None, (), text.strip())


_PIECES = st.sampled_from(
    [
        "xã",
        "p.",
        "3",
        "q",
        "0",
        "Yên",
        "Hoà",
        "yen mo",
        "hòa bình",
        "hà nội",
        "-",
        ",",
        "(",
        "\n",
        "gần chợ",
        "tp",
        "\u0301",
        "\ud800",
    ]
)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60) | st.lists(_PIECES, max_size=30).map(" ".join))
@example("xã Yên Mô, Ninh Bình " * 500)
@example("hòa bình " * 1200)
@example("\ud800\0xã Yên Mô")
@example("0" * 10_000)
@example("(" * 5_000 + "," * 5_000)
@example("e" + "\u0301" * 10_000)
def test_any_text_gets_an_answer_that_holds_together(text: str) -> None:
    found = find(text)
    assert (found.expect == "one") == (found.code is not None)
    assert (found.expect == "ask") == bool(found.candidates)
    codes = {found.code, *found.candidates} - {None}
    assert all(commune(code) is not None for code in codes)
    assert len(found.rest) <= len(text) * 4 + LONGEST
