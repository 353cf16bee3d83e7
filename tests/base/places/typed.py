"""Addresses as people type them, made from the lists, with the truth reckoned apart from the finder.

Nothing here imports the finder or what it reads with: the CSV files are read anew, names are folded by the few lines
below, and the truth is a plain scan: every commune, of today or of before, whose name is the one typed and which has
the type, the district and the province that were typed.
"""

import csv
import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[3] / "base" / "places" / "data"
TONES = "\u0300\u0301\u0303\u0309\u0323"
SHORT = {"xã": "x.", "phường": "P.", "thị trấn": "TT", "huyện": "h.", "quận": "Q.", "thị xã": "TX", "thành phố": "TP"}
HAMLETS = (
    "xóm 3|thôn Đông|xóm chùa|Khu 6|bản Lác|ấp 4|tổ 5|thôn Cổ Loan|xóm 12A|đội 9|khu phố 3|làng Sen|ấp Bình Hòa|thôn 2"
)
TAILS = (
    "gần cầu|đối diện cổng trường tiểu học|nhà gần cây xăng|hỏi nhà bác Tư|sau nhà văn hoá|cạnh ủy ban|gần bến cá"
    "|nhà chị Lành đầu làng|gọi trước khi giao|khách sạn Sóng Xanh"
)
HEADS = "chợ Viềng|thành nhà Hồ|số 12 đường Lê Hồng Phong|số 5 ngõ 3 phố Trần Phú|nhà thờ Phát Diệm|cầu Đông"
CHAT = (
    "asdfgh 123|???|12 rue des Fleurs, 75001 Paris|nhà em ở cuối ngõ có cây khế|lấy 2 hộp cá kho nhé shop|0900 000 321"
    "|ok shop|giao buổi chiều giúp em|em chuyển khoản rồi ạ|cho em hỏi còn cá không|gọi trước 15 phút|không lấy hành"
    "|mua 3kg gạo nếp|🐟🐟|giao tận nhà|hàng dễ vỡ xin nhẹ tay|cảm ơn shop nhiều|để ở cổng|.,.,|-"
    "|xã Vũ Đại, huyện Chí Phèo, tỉnh Lão Hạc|chị ơi bao giờ có hàng|em lấy thêm 1 con gà|10 Downing Street London"
    "|tháng sau em về quê lấy|nhà màu xanh hai tầng"
)
VERY_OLD = {"Vĩnh Phúc": "Vĩnh Phú", "Phú Thọ": "Vĩnh Phú", "Nam Định": "Hà Nam Ninh", "Ninh Bình": "Hà Nam Ninh"} | {
    "Hà Nam": "Nam Hà",
    "Hải Dương": "Hải Hưng",
    "Hưng Yên": "Hải Hưng",
    "Bắc Giang": "Hà Bắc",
    "Bắc Ninh": "Hà Bắc",
    "Nghệ An": "Nghệ Tĩnh",
    "Hà Tĩnh": "Nghệ Tĩnh",
    "Quảng Ngãi": "Nghĩa Bình",
    "Bình Định": "Nghĩa Bình",
    "Phú Yên": "Phú Khánh",
    "Cà Mau": "Minh Hải",
    "Bạc Liêu": "Minh Hải",
    "Bình Dương": "Sông Bé",
    "Yên Bái": "Hoàng Liên Sơn",
    "Vĩnh Long": "Cửu Long",
    "Trà Vinh": "Cửu Long",
}
"""A province of before the reform → one that once held it; truth counts every province under that older name."""


def fold(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(c for c in letters if c.isalnum() or c == " ")
    return " ".join(word[:-1] + "i" if word in MY else word for word in bare.split())


MY = frozenset(["my", "ly", "ky", "ty", "sy", "vy", "hy", "quy"])


def heard(text: str) -> list[tuple[str, str]]:
    """Syllables as (letters, tone), wherever the tone stands."""
    found = []
    for word in unicodedata.normalize("NFD", text.lower()).replace("-", " ").split():
        letters = "".join(c for c in word if c not in TONES and (c.isalnum() or unicodedata.combining(c)))
        found.append(
            (
                letters[:-1] + "i" if fold(word) in {w[:-1] + "i" for w in MY} and letters[-1:] == "y" else letters,
                "".join(c for c in word if c in TONES),
            )
        )
    return found


@dataclass(frozen=True)
class Place:
    name: str
    type: str
    into: frozenset[str]
    district: tuple[str, str, str] | None
    olds: frozenset[str]
    province: str
    districts_today: frozenset[str] = frozenset()


@dataclass
class World:
    places: list[Place] = field(default_factory=list)
    by_name: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    province_names: dict[str, frozenset[str]] = field(default_factory=dict)
    old_name: dict[str, str] = field(default_factory=dict)
    district_into: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    district_names: dict[str, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))
    former: list[Place] = field(default_factory=list)
    today: list[Place] = field(default_factory=list)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def world() -> World:
    made = World()
    provinces = _rows("provinces")
    inside: dict[str, set[str]] = defaultdict(set)
    for row in provinces:
        if row["into"]:
            made.old_name[row["code"]] = row["name"]
            inside[row["into"]].add(row["code"])
    for code, name in made.old_name.items():
        made.province_names[name] = frozenset({code})
    for row in provinces:
        if not row["into"]:
            made.province_names[row["name"]] = frozenset(inside[row["code"]])
    for old, name in made.old_name.items():
        if older := VERY_OLD.get(name):
            made.province_names[older] = made.province_names.get(older, frozenset()) | {old}
    districts = {row["code"]: row for row in _rows("districts")}
    came_from: dict[str, list[dict[str, str]]] = defaultdict(list)
    home = {old: row["code"] for row in provinces if not row["into"] for old in inside[row["code"]]}
    for row in _rows("former"):
        district = districts[row["district"]]
        at = (district["code"], district["type"], district["name"])
        for code in row["into"].split():
            came_from[code].append(district)
            made.district_into[district["code"]].add(code)
        made.former.append(
            Place(
                row["name"],
                row["type"],
                frozenset(row["into"].split()),
                at,
                frozenset({district["province"]}),
                home[district["province"]],
            )
        )
    for row in _rows("communes"):
        olds = frozenset(district["province"] for district in came_from[row["code"]]) or frozenset(
            inside[row["province"]]
        )
        at_once = frozenset(district["code"] for district in came_from[row["code"]])
        made.today.append(
            Place(row["name"], row["type"], frozenset({row["code"]}), None, olds, row["province"], at_once)
        )
    for district in districts.values():
        made.district_names[fold(district["name"])].append((district["code"], district["type"], district["name"]))
        made.district_into[district["code"]].update(district["into"].split())
    made.places = made.former + made.today
    for place in made.places:
        made.by_name[fold(place.name)].append(place)
    return made


@dataclass(frozen=True)
class Typed:
    kinds: tuple[str, ...]
    text: str
    expect: str
    into: frozenset[str]
    rest: str = ""


def truth(
    place: Place, *, typed: str, district: str, district_type: str, province: str, accents: bool, name: str
) -> frozenset[str]:
    """Everything of that name that has what was typed; a wrong type or accent drops no last one."""
    known = world()
    there = known.by_name[fold(name)]
    if province:
        there = [one for one in there if one.olds & known.province_names[province]]
    if district:
        namesakes = known.district_names[fold(district)]
        namesakes = [one for one in namesakes if heard(one[2]) == heard(district)] or namesakes
        codes = {code for code, kind, _ in namesakes if kind == district_type} or {code for code, _, _ in namesakes}
        there = [one for one in there if (one.district and one.district[0] in codes) or one.districts_today & codes]
    if typed:
        there = [one for one in there if one.type == typed] or there
    if accents:
        there = [one for one in there if heard(one.name) == heard(name)] or there
    return frozenset(code for one in there for code in one.into)


def wrong_tone(name: str, dice: random.Random) -> str:
    words = name.split()
    at = dice.randrange(len(words))
    letters = [c for c in unicodedata.normalize("NFD", words[at]) if c not in TONES]
    vowels = [i for i, c in enumerate(letters) if c.lower() in "aeiouy"]
    if not vowels:
        return name
    place = vowels[-1] + 1
    while place < len(letters) and unicodedata.combining(letters[place]):
        place += 1
    letters.insert(place, dice.choice(TONES))
    words[at] = unicodedata.normalize("NFC", "".join(letters))
    return " ".join(words)


def tone_moved(name: str) -> str:
    for one, other in (
        ("òa", "oà"),
        ("óa", "oá"),
        ("ỏa", "oả"),
        ("ọa", "oạ"),
        ("ũy", "uỹ"),
        ("ủy", "uỷ"),
        ("úy", "uý"),
        ("ụy", "uỵ"),
        ("ùy", "uỳ"),
    ):
        name = name.replace(one, "\0").replace(other, one).replace("\0", other)
    return name


def plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in letters if not unicodedata.combining(c))


def short_type(kind: str, dice: random.Random) -> str:
    return dice.choice([SHORT.get(kind, kind), SHORT.get(kind, kind).lower(), SHORT.get(kind, kind).rstrip(".")])


def address(dice: random.Random) -> Typed | None:
    """One address; None where the dice made one whose truth the rules do not tell."""
    known = world()
    kinds: list[str] = []
    old = dice.random() < 0.72
    place = dice.choice(known.former if old else known.today)
    kinds.append("old_name" if old else "new_name")
    numbered = place.name.isdigit() or place.name in {"I", "III", "IV", "V", "VII"}
    name = place.name
    if numbered:
        kinds.append("numbered")
    short = dice.random() < 0.3
    if dice.random() < 0.07 and not numbered:
        name = wrong_tone(name, dice)
        if any(heard(one.name) == heard(name) for one in known.by_name[fold(name)]):
            return None
        kinds.append("wrong_tone")
    if dice.random() < 0.1 and tone_moved(name) != name:
        name = tone_moved(name)
        kinds.append("tone_place")
    typed = place.type if numbered or dice.random() < (0.6 if old else 0.9) else ""
    if typed in ("xã", "thị trấn") and dice.random() < 0.04:
        typed = "xã" if typed == "thị trấn" else "thị trấn"
        kinds.append("type_changed")
    district = place.district[2] if place.district and dice.random() < 0.9 else ""
    district_type = (
        place.district[1] if district and place.district and (district.isdigit() or dice.random() < 0.5) else ""
    )
    province = ""
    if dice.random() < 0.88:
        olds = [known.old_name[code] for code in sorted(place.olds)]
        was = dice.choice(olds)
        now = next(
            one for one, codes in known.province_names.items() if place.olds <= codes and one not in VERY_OLD.values()
        )
        today_name = _today_name(place)
        province = (
            dice.choice([was, was, today_name, VERY_OLD.get(was, was)])
            if old
            else dice.choice([today_name, today_name, was])
        )
        if province in VERY_OLD.values():
            kinds.append("very_old_province")
        elif was == province != today_name and not old:
            kinds.append("old_province_new_name")
        elif old and was != today_name:
            kinds.append("merged_province")
        del now
    if not district:
        kinds.append("no_district")
    if not province:
        kinds.append("no_province")
    no_accents = dice.random() < 0.25 and "wrong_tone" not in kinds
    into = truth(
        place,
        typed=typed,
        district=district,
        district_type=district_type,
        province=province,
        accents=not no_accents and "wrong_tone" not in kinds,
        name=name,
    )
    if (
        not typed
        and not district
        and province
        and any(not province or known.district_into[code] for code, _, _ in known.district_names.get(fold(name), []))
    ):
        return None  # a bare name that a district had too: a question is right, one code may be
    if not typed and fold(name) in {fold(one) for one in known.province_names}:
        return None
    if "type_changed" in kinds and len(
        truth(
            place,
            typed="",
            district=district,
            district_type=district_type,
            province=province,
            accents=not no_accents,
            name=name,
        )
    ) > len(into):
        return None
    said = " ".join(filter(None, [short_type(typed, dice) if short and typed else typed, name]))
    if short and (typed or district_type):
        kinds.append("abbreviated")
    parts = [said]
    if district:
        parts.append(
            " ".join(
                filter(None, [short_type(district_type, dice) if short and district_type else district_type, district])
            )
        )
    if province:
        kind = (
            "tỉnh"
            if dice.random() < 0.25
            and province not in ("Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế")
            else ""
        )
        parts.append(f"{'t.' if kind and short else kind} {_nicknamed(province, dice)}".strip())
    commas = dice.random() < 0.75
    if dice.random() < 0.12 and (district or province):
        parts = [*parts[1:], parts[0]]
        kinds.append("reversed")
        if not typed and not commas:
            return None
    rest = ""
    if dice.random() < 0.3 and "reversed" not in kinds:
        rest = dice.choice(HAMLETS.split("|"))
        parts.insert(0, rest)
        kinds.append("hamlet")
    if dice.random() < 0.2:
        parts.append(dice.choice(TAILS.split("|")))
        kinds.append("extra_words")
    elif dice.random() < 0.12 and commas:
        parts.insert(0, dice.choice([*HEADS.split("|"), f"gần chợ {dice.choice(known.former).name}"]))
        kinds.append("landmark")
    trap = dice.random()
    if trap < 0.05 and commas:
        parts.insert(0, f"{dice.choice(['thôn', 'làng', 'xóm', 'ấp'])} {dice.choice(known.former).name}")
        kinds.append("decoy_hamlet")
    elif trap < 0.08 and commas and district and province and "reversed" not in kinds:
        parts.insert(0, dice.choice(known.former).name)
        kinds.append("decoy_bare_hamlet")
    elif trap < 0.11 and commas:
        parts.append(
            f"gần {dice.choice(['chợ', 'ủy ban', 'trường', 'ubnd xã', 'bưu điện'])} {dice.choice(known.former).name}"
        )
        kinds.append("decoy_landmark")
    elif trap < 0.14 and commas and district and province:
        parts[parts.index(said)] += " cũ"
        kinds.append("said_old")
    elif trap < 0.17:
        parts.append("Việt Nam")
        kinds.append("country")
    text = (dice.choice([", ", ", ", " - ", ",", "-", "\n", "; ", ". "]) if commas else " ").join(parts)
    if not commas:
        kinds.append("no_commas")
    if no_accents:
        text = plain(text)
        kinds.append("no_accents")
    look = dice.random()
    if look < 0.15:
        text, kinds = text.lower(), [*kinds, "lower"]
    elif look < 0.22:
        text, kinds = text.upper(), [*kinds, "upper"]
    elif look < 0.27:
        text, kinds = unicodedata.normalize("NFD", text), [*kinds, "nfd"]
    if dice.random() < 0.1:
        text, kinds = text + dice.choice([" 0900 000 123", " 0900.000.789", ", 0900000456"]), [*kinds, "phone"]
    if len(into) > 1:
        kinds.append("split" if district and len(place.into) > 1 else "ambiguous")
    if not into:
        return None
    return Typed(tuple(kinds), text, "one" if len(into) == 1 else "ask", into, rest)


def _today_name(place: Place) -> str:
    return next(row["name"] for row in _today_provinces() if row["code"] == place.province)


@cache
def _today_provinces() -> tuple[dict[str, str], ...]:
    return tuple(row for row in _rows("provinces") if not row["into"])


def _nicknamed(province: str, dice: random.Random) -> str:
    if province == "Hồ Chí Minh":
        return dice.choice(["TP HCM", "tphcm", "TP.HCM", "sài gòn", "TP Hồ Chí Minh"])
    if dice.random() < 0.06 and province in ("Ninh Bình", "Hà Nội", "Nam Định"):
        return {"Ninh Bình": "NB", "Hà Nội": "HN", "Nam Định": "NĐ"}[province]
    return province


def district_alone(dice: random.Random) -> Typed:
    known = world()
    code = dice.choice([code for code, into in known.district_into.items() if len(into) > 1])
    row = next(one for them in known.district_names.values() for one in them if one[0] == code)
    province = next(place.olds for place in known.former if place.district and place.district[0] == code)
    name = known.old_name[next(iter(province))]
    return Typed(("district_only",), f"{row[1]} {row[2]}, {name}", "ask", frozenset(known.district_into[code]))


def nonsense(dice: random.Random) -> Typed:
    text = dice.choice(CHAT.split("|"))
    return Typed(("nonsense",), dice.choice([text, text.upper(), plain(text)]), "none", frozenset())


def made(count: int, seed: int) -> list[Typed]:
    dice = random.Random(seed)
    makers: list[Callable[[random.Random], Typed | None]] = [address] * 46 + [district_alone, nonsense, nonsense]
    found: list[Typed] = []
    while len(found) < count:
        if (one := dice.choice(makers)(dice)) is not None:
            found.append(one)
    return found
