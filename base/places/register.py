"""Every name by which a province, a district or a commune is called, of today and of before, under its plain key.

Built from base.places.divisions at the first use in a process; a name is a few words, so a text is read by looking up
every short run of its words.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from base.places.divisions import Divisions, Former, divisions
from base.places.nicknames import DISTRICTS, ONCE_WIDER, PROVINCES, SPELLINGS
from base.places.words import Sound, key, name_words, number, plain, sound

MOST_WORDS_OF_A_NAME = 6
_OLDER, _INITIALS, _OF_A_CITY, _ONCE = 0.5, 2.0, 2.0, 3.0


@dataclass(frozen=True, slots=True)
class Name:
    """``sounds`` syllable by syllable; ``numbered`` for "phường 5", which needs its type to be a name at all."""

    sounds: tuple[Sound, ...]
    numbered: bool
    hyphened: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune by one of its names. ``within``: the codes of the 63 provinces it lies or lay in.

    ``district``: the code of the one it lay in, "" for a commune of today. ``older``: a name of before earlier mergers.
    """

    name: Name
    types: frozenset[str]
    district: str
    within: frozenset[str]
    province: str
    into: frozenset[str]
    older: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A district by one of its names: ``codes`` of the districts, ``into`` the communes of today."""

    name: Name
    type: str
    codes: frozenset[str]
    within: frozenset[str]
    into: frozenset[str]


@dataclass(frozen=True, slots=True)
class Region:
    """A province by one of its names, and what it holds of the 63.

    ``doubt`` is taken off a reading that rests on it: initials, a province that once was wider, the name of a city.
    """

    name: Name
    type: str
    within: frozenset[str]
    doubt: float = 0.0
    initials: bool = False


@dataclass(frozen=True)
class Register:
    units: dict[str, tuple[Unit, ...]]
    areas: dict[str, tuple[Area, ...]]
    regions: dict[str, tuple[Region, ...]]
    within: dict[str, frozenset[str]]
    longest: int

    def lies_in(self, code: str, olds: frozenset[str]) -> bool:
        """Whether the commune of that code lies, or lay in part, in one of those of the 63 provinces."""
        return bool(self.within[code] & olds)


@cache
def register() -> Register:
    known = divisions()
    units: dict[str, list[Unit]] = defaultdict(list)
    areas: dict[str, list[Area]] = defaultdict(list)
    for named, unit in _units(known):
        units[named].append(unit)
    for named, area in _areas(known):
        areas[named].append(area)
    regions = _regions(known, areas)
    every = [*units, *areas, *regions]
    return Register(
        {named: tuple(them) for named, them in units.items()},
        {named: tuple(them) for named, them in areas.items()},
        regions,
        {code: unit.within for them in units.values() for unit in them if not unit.district for code in unit.into},
        max(map(len, every)),
    )


def _named(name: str) -> tuple[str, Name]:
    parts = name_words(name)
    numbered = len(parts) == 1 and number(plain(parts[0])) != ""
    bare = [number(plain(part)) for part in parts] if numbered else [plain(part) for part in parts]
    return key(bare), Name(tuple(sound(part) for part in parts), numbered, "-" in name)


def _units(known: Divisions) -> Iterable[tuple[str, Unit]]:
    olds_into: dict[str, set[str]] = defaultdict(set)
    for code, old in known.former_provinces.items():
        olds_into[old.into].add(code)
    for code, rows in known.communes.items():
        last = rows[-1]
        within = {former.district.province for former in last.predecessors} or olds_into[last.province]
        types = frozenset(row.type for row in rows)
        for name in {row.name for row in rows}:
            named, made = _named(name)
            yield named, Unit(made, types, "", frozenset(within), last.province, frozenset({code}))
    for former in known.former:
        yield from _former(known, former)


def _former(known: Divisions, former: Former) -> Iterable[tuple[str, Unit]]:
    within = frozenset({former.district.province})
    today = known.former_provinces[former.district.province].into
    named, made = _named(former.name)
    yield named, Unit(made, frozenset({former.type}), former.district.code, within, today, frozenset(former.into))
    for older in former.older:
        unit = Unit(
            Name((), False, False), frozenset(), former.district.code, within, today, frozenset(former.into), True
        )
        yield older, unit


def _areas(known: Divisions) -> Iterable[tuple[str, Area]]:
    at: dict[tuple[str, str], list[str]] = defaultdict(list)
    for district in known.districts.values():
        named, made = _named(district.name)
        yield (
            named,
            Area(
                made,
                district.type,
                frozenset({district.code}),
                frozenset({district.province}),
                frozenset(district.into),
            ),
        )
        at[district.name, known.former_provinces[district.province].name].append(district.code)
    for kind, older, taken_by, in_province in DISTRICTS:
        named, made = _named(older)
        held = [known.districts[code] for code in at[taken_by, in_province]]
        yield (
            named,
            Area(
                made,
                kind,
                frozenset(district.code for district in held),
                frozenset(district.province for district in held),
                frozenset(code for district in held for code in district.into),
            ),
        )


def _regions(known: Divisions, areas: dict[str, list[Area]]) -> dict[str, tuple[Region, ...]]:
    code_of = {old.name: code for code, old in known.former_provinces.items()}
    held = {old.name: frozenset({code}) for code, old in known.former_provinces.items()}
    types = dict.fromkeys(held, "tỉnh")
    for code, rows in known.provinces.items():
        held[rows[-1].name] = frozenset(old for old, one in known.former_provinces.items() if one.into == code)
        types[rows[-1].name] = rows[-1].type
    regions: dict[str, list[Region]] = defaultdict(list)
    for name, olds in held.items():
        named, made = _named(name)
        regions[named].append(Region(made, types[name], olds))
    called = {spelt: (held[name], 0.0) for spelt, name in SPELLINGS.items()}
    called |= {name: (frozenset(code_of[old] for old in olds), _OLDER) for name, olds in PROVINCES.items()}
    for name, (olds, doubt) in called.items():
        named, made = _named(name)
        regions[named].append(Region(made, "", olds, _OF_A_CITY if named in areas else doubt))
    for name, once in ONCE_WIDER.items():
        named, made = _named(name)
        regions[named].append(Region(made, "tỉnh", frozenset(code_of[old] for old in once), _ONCE))
    short: dict[str, set[str]] = defaultdict(set)
    for name, olds in held.items():
        short["".join(plain(part)[0] for part in name_words(name))] |= olds
    for initials, codes in short.items():
        if initials not in regions:
            made = Name((), False, False)
            regions[initials].append(Region(made, "", frozenset(codes), _INITIALS, initials=True))
    return {named: tuple(them) for named, them in regions.items()}
