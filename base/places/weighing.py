"""Every way to read an address, and its weight: which words name the commune, the district, the province. Pure.

A reading's parts lie in one another: no district outside its province, no commune outside either. Weights only order
readings of one text: a level that is named weighs most, then a type that fits, then accents that fit.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from base.places.reading import Mention, Reading, is_link, is_type, opens_a_place
from base.places.register import Area, Name, Region, Unit
from base.places.words import NOTHING

Said = Mention[Unit] | Mention[Area] | Mention[Region]
EXACT, PLAIN, WRONG = 2, 1, 0
_TONE = {EXACT: 1.0, PLAIN: 0.5, WRONG: -1.0}
_PROVINCE, _DISTRICT, _COMMUNE = 4.0, 4.0, 6.0
_UNTOLD = 4.0
"""Taken off where the commune's name stands in a landmark's shade, or in the middle of a sentence."""

_SIDE_BY_SIDE = 0.75
_LONGER = 2.0
"""Taken off where the name is a part of a longer one: "An Thạnh" in "An Thạnh 3"."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read the text. ``sure``: what it names is told by name and not by a landmark."""

    weight: float
    into: frozenset[str]
    commune: Mention[Unit] | None
    district: Mention[Area] | None
    province: Mention[Region] | None
    sure: bool

    @property
    def mentions(self) -> tuple[Said, ...]:
        return tuple(one for one in (self.commune, self.district, self.province) if one is not None)


def ways(reading: Reading, *, older: bool) -> Iterator[Way]:
    for province in (*reading.provinces, None):
        for region, region_weight in _regions(reading, province):
            for district in (*reading.districts, None):
                areas = _areas(reading, district, region)
                if district is not None and (not areas or overlap(district, province)):
                    continue
                yield from _with_communes(reading, (province, region, region_weight), district, areas, older=older)


def _with_communes(
    reading: Reading,
    around: tuple[Mention[Region] | None, Region | None, float],
    district: Mention[Area] | None,
    areas: tuple[tuple[Area, ...], float] | None,
    *,
    older: bool,
) -> Iterator[Way]:
    province, region, weight = around
    there, area_weight = areas or ((), 0.0)
    weight += area_weight + _beside(reading, district, province)
    codes = frozenset(code for area in there for code in area.codes)
    inside = frozenset(code for area in there for code in area.into)
    used = [one for one in (province, district) if one is not None]
    for commune in reading.communes:
        if any(overlap(commune, one) for one in used):
            continue
        fit = [
            unit
            for unit in commune.found
            if unit.older == older
            and (region is None or unit.within & region.within)
            and (not there or unit.district in codes or (not unit.district and unit.into & inside))
        ]
        explained = [*used, commune]
        if not fit or not all(holds(one, explained) for one in explained):
            continue
        if any(shaded(one, explained) for one in used):
            continue
        units, unit_weight = _fittest(reading, commune, fit)
        if not commune.typed and _is_a_province(reading, commune, lone=not (district and province)):
            continue
        sure = _told(reading, commune, fit, district, province, explained) and (not older or district is not None)
        total = weight + _COMMUNE + unit_weight + _beside(reading, commune, district or province)
        if not sure and not used:
            continue
        if not sure or shaded(commune, explained) or not _open_end(reading, commune, explained):
            total -= _UNTOLD
        if _longer_name(reading, commune):
            total -= _LONGER
        yield Way(total, frozenset(code for unit in units for code in unit.into), commune, district, province, sure)
    if district is not None and all(holds(one, used) and not shaded(one, used) for one in used):
        sure = bool(district.typed) or province is not None
        if sure or (fills_its_part(reading, district) and not _is_a_province(reading, district, lone=True)):
            yield Way(weight, inside, None, district, province, sure)


def _regions(reading: Reading, mention: Mention[Region] | None) -> Iterator[tuple[Region | None, float]]:
    if mention is None:
        yield None, 0.0
        return
    for region in mention.found:
        fits = not mention.typed or mention.typed == region.type
        ear = PLAIN if region.initials else _heard(reading, mention, region.name)
        yield region, _PROVINCE + (0.5 if mention.typed and fits else 0 if fits else -1) + _TONE[ear] - region.doubt


def _areas(
    reading: Reading, mention: Mention[Area] | None, region: Region | None
) -> tuple[tuple[Area, ...], float] | None:
    """The districts that the mention may mean within the region, and what it weighs; None where there is none."""
    if mention is None:
        return None
    there = [area for area in mention.found if region is None or area.within & region.within]
    if not there:
        return None
    marks = [(_heard(reading, mention, area.name), not mention.typed or area.type == mention.typed) for area in there]
    best = max(marks)
    kept = tuple(area for area, mark in zip(there, marks, strict=True) if not _beaten(mark, marks))
    return kept, _DISTRICT + _TONE[best[0]] + (1 if mention.typed and best[1] else 0)


def _fittest(reading: Reading, mention: Mention[Unit], units: Sequence[Unit]) -> tuple[list[Unit], float]:
    """Those that no other beats in both accents and type, and what the best of them weighs."""
    marks = [
        (
            PLAIN if unit.older else _heard(reading, mention, unit.name),
            not mention.typed or unit.older or mention.typed in unit.types,
        )
        for unit in units
    ]
    kept = [unit for unit, mark in zip(units, marks, strict=True) if not _beaten(mark, marks)]
    tone, type_fits = max(marks)
    return kept, _TONE[tone] + (0 if not mention.typed else 3 if type_fits else 1)


def _beaten(mark: tuple[int, bool], marks: Iterable[tuple[int, bool]]) -> bool:
    return any(other != mark and other[0] >= mark[0] and other[1] >= mark[1] for other in marks)


def _heard(reading: Reading, mention: Said, name: Name) -> int:
    """How the accents fit. A name typed without any says nothing, unless the text around it has them."""
    typed = reading.words[mention.name_at : mention.end]
    if len(typed) != len(name.sounds) or name.numbered:
        return PLAIN
    if not any(word.accented for word in typed):
        bare = all(word.plain == heard[0] and not heard[1] for word, heard in zip(typed, name.sounds, strict=True))
        return EXACT if reading.well_accented and bare else PLAIN
    if all(word.sound == heard for word, heard in zip(typed, name.sounds, strict=True)):
        return EXACT
    partly = all(word.sound == heard for word, heard in zip(typed, name.sounds, strict=True) if word.accented)
    return PLAIN if partly else WRONG


def _told(
    reading: Reading,
    commune: Mention[Unit],
    units: Sequence[Unit],
    district: Mention[Area] | None,
    province: Mention[Region] | None,
    explained: Sequence[Said],
) -> bool:
    """Whether the commune's name stands where a commune's name stands, and not in the middle of a sentence."""
    before = _open_start(reading, commune, explained)
    if commune.typed:
        of_a_name = reading.words[commune.start].plain in ("xa", "phuong")  # "Nghi Phương Nghi Lộc" holds no phường
        return before or not of_a_name or any(commune.typed in unit.types for unit in units)
    if shaded(commune, explained) or not _open_end(reading, commune, explained):
        return False
    if commune.end - commune.name_at == 1 and not _joined(commune):
        return (district is not None and before) or (province is not None and _stands_out(reading, commune))
    if district is not None:
        return True
    return before if province is not None else _part_of_its_own(reading, commune)


def _stands_out(reading: Reading, mention: Mention[Unit]) -> bool:
    """A name of one syllable, alone between commas, and no common word."""
    word = reading.words[mention.name_at]
    return fills_its_part(reading, mention) and (
        len(word.plain) > 3 or any(_heard(reading, mention, unit.name) == EXACT for unit in mention.found)
    )


def _longer_name(reading: Reading, mention: Mention[Unit]) -> bool:
    own = (mention.name_at, mention.end)
    return any(
        other.name_at <= own[0] and own[1] <= other.end and (other.name_at, other.end) != own
        for other in reading.communes
    )


def _is_a_province(reading: Reading, mention: Mention[Unit] | Mention[Area], *, lone: bool) -> bool:
    """Whether a bare name is rather a province's, or a part of it: "Vũng Tàu" in "Bà Rịa - Vũng Tàu"."""
    own = (mention.name_at, mention.end)
    for one in reading.provinces:
        if any(not region.doubt for region in one.found):
            inside = one.name_at <= own[0] and own[1] <= one.end
            if inside and (lone or own != (one.name_at, one.end)):
                return True
    return False


def _joined(mention: Mention[Unit]) -> bool:
    """One word that spells several: "sapa"."""
    return any(len(unit.name.sounds) > 1 for unit in mention.found)


def _open_end(reading: Reading, mention: Mention[Unit], explained: Sequence[Said]) -> bool:
    at = mention.end
    if at == len(reading.words) or reading.words[at].before != NOTHING:
        return True
    word = reading.words[at]
    return (
        any(one.start == at for one in explained)
        or word.plain[0].isdecimal()
        or is_link(word)
        or opens_a_place(word)
        or is_type(reading.words, at)
    )


def _open_start(reading: Reading, mention: Mention[Unit], explained: Sequence[Said]) -> bool:
    at = mention.start - 1
    if at < 0 or reading.words[mention.start].before != NOTHING:
        return True
    word = reading.words[at]
    if any(one.end == mention.start for one in explained) or word.plain[0].isdecimal() or is_link(word):
        return True
    return at > 0 and opens_a_place(reading.words[at - 1])


def _part_of_its_own(reading: Reading, mention: Mention[Unit]) -> bool:
    """Alone between commas, but for a hamlet or a number. With the accents of the name, a landmark may follow."""
    if any(
        other.start < mention.start < other.end or mention.start < other.start < mention.end < other.end
        for other in reading.communes
    ):
        return False
    end = mention.end
    while end < len(reading.words) and reading.words[end].before == NOTHING and reading.words[end].plain.isdecimal():
        end += 1
    if end < len(reading.words) and reading.words[end].before == NOTHING:
        typed = reading.words[mention.name_at : mention.end]
        if not any(word.accented for word in typed):
            return False
        if all(_heard(reading, mention, unit.name) != EXACT for unit in mention.found):
            return False
    start = mention.start
    while start > 0 and reading.words[start].before == NOTHING:
        start -= 1
    before = reading.words[start : mention.start]
    return not before or (opens_a_place(before[0]) and (len(before) == 2 or before[-1].plain.isdecimal()))


def fills_its_part(reading: Reading, mention: Said) -> bool:
    starts = reading.words[mention.start].before != NOTHING
    ends = mention.end == len(reading.words) or reading.words[mention.end].before != NOTHING
    return starts and ends


def _beside(
    reading: Reading,
    one: Mention[Unit] | Mention[Area] | None,
    other: Mention[Area] | Mention[Region] | None,
) -> float:
    """Parts that stand side by side, the smaller one first, as addresses go."""
    if one is None or other is None:
        return 0.0
    return _SIDE_BY_SIDE if one.end == other.start else 0.0


def overlap(one: Said, other: Said | None) -> bool:
    return other is not None and one.start < other.end and other.start < one.end


def holds(
    one: Said,
    explained: Iterable[Said],
) -> bool:
    return all(any(other is not one and other.start <= at < other.end for other in explained) for at in one.needs)


def shaded(
    one: Said,
    explained: Iterable[Said],
) -> bool:
    return any(not any(other is not one and other.start <= at < other.end for other in explained) for at in one.shade)
