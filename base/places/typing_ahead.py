"""The communes that a half-typed name may become, in the address form. Pure.

By a name of today or of before, without accents or with: "yen hoa yen mo" offers xã Yên Mô first, as what Yên Hòa of
Yên Mô is part of. A divided commune offers all its parts.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from base.names import section_key
from base.places.divisions import Commune, Former, commune, divisions
from base.places.finding import find
from base.places.reading import types_before_the_name
from base.places.register import Unit, register
from base.places.words import Word, key, name_key, words

MOST_OLD_NAMES = 4
"""Old names that a label tells; what was typed is always among them."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``label``: "Yên Mô (Yên Hòa, Khánh Dương, TT Yên Thịnh cũ)", with the province where it is not the given one."""

    code: str
    name: str
    type: str
    province: str
    province_name: str
    label: str


@dataclass(frozen=True, slots=True)
class _Match:
    """``named``: the key of the name; ``whole``: all of it was typed."""

    named: str
    whole: bool
    old: bool
    sounds_alike: bool
    unit: Unit


def suggestions(typed: str, *, province: str | None, at_most: int = 8) -> tuple[Suggestion, ...]:
    """The communes that ``typed`` may mean, those of the province with the code ``province`` first.

    Elsewhere only whole names are offered once something in the province fits, each with its province.
    """
    said = words(typed)
    said = said[types_before_the_name(said) :]
    if not said:
        return ()
    best: dict[str, _Match] = {}
    for match in _matches(said):
        for code in match.unit.into:
            if code not in best or _order(match) < _order(best[code]):
                best[code] = match
    if not best:
        found = find(typed)
        return tuple(_suggestion(code, "", province) for code in (found.code, *found.candidates) if code)[:at_most]
    there = [(one, match) for code, match in best.items() if (one := commune(code)) is not None]
    if any(one.province == province for one, _ in there):
        there = [(one, match) for one, match in there if one.province == province or match.whole]
    there.sort(
        key=lambda pair: (pair[0].province != province, *_order(pair[1]), section_key(pair[0].name), pair[0].code)
    )
    return tuple(_suggestion(one.code, match.named, province) for one, match in there[:at_most])


def _order(match: _Match) -> tuple[bool, bool, bool]:
    return not match.whole, not match.sounds_alike, match.old


def _matches(said: list[Word]) -> Iterator[_Match]:
    """Names that begin as typed, and names typed in full before the beginning of where they lie."""
    known, order = register(), _keys()
    whole = key(word.plain for word in said)
    for typed in {whole, whole[:-1] + "y" if whole.endswith("i") else whole}:  # "quy" begins Quyết, and is Quý's qui
        for at in range(bisect_left(order, typed), len(order)):
            if not order[at].startswith(typed):
                break
            for unit in known.units[order[at]]:
                if not unit.older:
                    yield _match(order[at], unit, said, whole=order[at] == whole)
    for cut in range(1, len(said)):
        name, around = key(word.plain for word in said[:cut]), key(word.plain for word in said[cut:])
        for unit in known.units.get(name, ()):
            if not unit.older and any(there.startswith(around) for there in _around(unit) if there != name):
                yield _match(name, unit, said[:cut], whole=True)


def _match(named: str, unit: Unit, said: list[Word], *, whole: bool) -> _Match:
    alike = all(not word.accented or word.sound == heard for word, heard in zip(said, unit.name.sounds, strict=False))
    return _Match(named, whole, bool(unit.district), alike, unit)


def _around(unit: Unit) -> Iterator[str]:
    """Keys of the district and the provinces that the unit lies in, and of what it became."""
    known = divisions()
    names = [known.districts[unit.district].name] if unit.district else []
    names += [known.former_provinces[code].name for code in unit.within]
    for code in unit.into:
        if (one := commune(code)) is not None:
            names += [one.name, one.province_name]
    return (name_key(name) for name in names)


@cache
def _keys() -> tuple[str, ...]:
    return tuple(sorted(register().units))


def _suggestion(code: str, named: str, province: str | None) -> Suggestion:
    one = commune(code)
    assert one is not None, "what the lists find is in the lists"
    where = "" if one.province == province else f", {one.province_name}"
    olds = _old_names(one, named)
    before = f" ({', '.join(olds)} cũ)" if olds else ""
    return Suggestion(code, one.name, one.type, one.province, one.province_name, f"{one.name}{where}{before}")


def _old_names(one: Commune, named: str) -> list[str]:
    """What the commune was made of, the name that was typed first; its own name is no news."""

    def rank(former: Former) -> tuple[bool, bool, str]:
        return name_key(former.name) != named, former.type == "thị trấn", section_key(former.name)

    names = list(dict.fromkeys(_called(former) for former in sorted(one.predecessors, key=rank)))
    names = [name for name in names if name != one.name]
    return [*names[:MOST_OLD_NAMES], "…"] if len(names) > MOST_OLD_NAMES else names


def _called(former: Former) -> str:
    if former.type == "thị trấn":
        return f"TT {former.name}"
    return former.full_name if former.name.isdecimal() else former.name
