"""The commune that a typed address means: one, several to choose from, or none. Pure; never raises.

Every way to read the text is weighed (base.places.weighing). A reading whose parts lie in one another beats one that
leaves a part out; a typed "xã" or an accent that fits beats one that does not, and a wrong one never drops the only
commune there is. What the best readings leave open is a question, and so is a divided commune: a wrong code costs a
parcel, a question a tap. House, hamlet, street and landmark never decide.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from base.places.english import in_our_order
from base.places.mistyped import as_meant
from base.places.reading import Mention, Reading, is_old, read
from base.places.register import Area, Region, register
from base.places.weighing import Way, fills_its_part, holds, overlap, shaded, ways
from base.places.words import PHONE, Word, words

RIVAL = 1.5
"""Readings no further than this below the best one are heard too."""
_EDGES = " \t\r\n,;.:/-–—"
_SEPARATORS = re.compile(r"[\s,;]{0,20}[,;][\s,;.\-–—]*")
_EMPTY = re.compile(r"[(\[]\s*[)\]]")


@dataclass(frozen=True, slots=True)
class Found:
    """``expect``: "one" has a ``code``; "ask" has ``candidates``, sorted codes to choose from; "none" has neither.

    ``rest``: what does not name the commune, the district or the province, as it was typed: hamlet, house, landmark.
    """

    expect: Literal["one", "ask", "none"]
    code: str | None
    candidates: tuple[str, ...]
    rest: str


def find(text: str) -> Found:
    """What ``text`` says of the commune in force today. Any text gets an answer, garbage "none"."""
    text = unicodedata.normalize("NFC", text)
    said = in_our_order(words(text))
    found, told = _found(text, said)
    if told or (meant := as_meant(said, text)) == said:
        return found
    again, told = _found(text, meant)
    return again if told else found


def _found(text: str, said: Sequence[Word]) -> tuple[Found, bool]:
    """What these words say, and whether they name a commune and not at most where it lies."""
    reading = read(said, register())
    in_order = _in_order(reading)
    if not in_order:
        return Found("none", None, (), _rest(text, ())), False
    best = in_order[0]
    into, certain = _agreed(reading, best, [way for way in in_order if way.weight > best.weight - RIVAL])
    rest = _rest(text, _spans(reading, best))
    if certain and len(into) == 1:
        return Found("one", next(iter(into)), (), rest), True
    return Found("ask", None, tuple(sorted(into)), rest), best.commune is not None


def _in_order(reading: Reading) -> list[Way]:
    """The readings, the weightiest first. Names from before earlier mergers count where no newer one is told."""
    newer, older = (sorted(ways(reading, older=old), key=lambda way: -way.weight) for old in (False, True))
    if not older or older[0].commune is None:
        return newer
    if not newer or newer[0].commune is None:
        return older
    only_older = older[0].commune.typed and not newer[0].commune.typed
    return older if only_older and not overlap(older[0].commune, newer[0].commune) else newer


def _agreed(reading: Reading, best: Way, rivals: Sequence[Way]) -> tuple[frozenset[str], bool]:
    """The communes that the best readings leave, and whether a single one of them may be taken without asking."""
    into = best.into
    if best.commune is None:
        elsewhere = _elsewhere(reading, best)
        return into | elsewhere, best.sure and len(into) == 1 and not elsewhere
    for way in rivals:
        if way.commune is None or not (way.sure or way.commune == best.commune):
            continue
        apart = way.commune != best.commune and not overlap(way.commune, best.commune)
        if apart and way.commune.typed and best.commune.typed and way.into & into:
            into &= way.into  # "xã Gia Tân cũ, nay là xã Gia Vân" says which part of a divided commune
        else:
            into |= way.into
    namesakes = _district_of_that_name(reading, best) | _told_by_another(reading, best, into)
    if not best.commune.typed:
        namesakes |= _elsewhere(reading, best) - into
    certain = best.sure and not namesakes and not _contradicted(reading, best, into)
    if not best.sure:
        into |= frozenset(code for way in rivals for code in way.into)
        if best.district is not None:
            into |= frozenset(code for area in best.district.found for code in area.into)
    return into | namesakes, certain


def _elsewhere(reading: Reading, best: Way) -> frozenset[str]:
    """The communes of that name in the same province, where a typed "xã" names none of the district that is told.

    Communes have changed districts, and people go on writing the one of before.
    """
    told = best.province or best.district
    within = frozenset(code for one in (told.found if told is not None else ()) for code in one.within)
    return frozenset(
        code
        for one in reading.communes
        if one.typed and not any(overlap(one, own) for own in best.mentions)
        for unit in one.found
        if unit.within & within
        for code in unit.into
    )


def _district_of_that_name(reading: Reading, best: Way) -> frozenset[str]:
    """ "Kim Sơn, Ninh Bình" may leave out the commune and mean the district of before."""
    if best.commune is None or best.commune.typed or best.district is not None:
        return frozenset()
    own = best.commune
    regions = best.province.found if best.province is not None else ()
    return frozenset(
        code
        for district in reading.districts
        if (district.name_at, district.end) == (own.name_at, own.end)
        for area in district.found
        if len(area.into) > 1 and (not regions or any(area.within & region.within for region in regions))
        for code in area.into
    )


def _told_by_another(reading: Reading, best: Way, into: frozenset[str]) -> frozenset[str]:
    """The communes of a typed "TP Vĩnh Long" that holds none of ``into``: a "phường 2" lies in many a city.

    Also where the best reading takes the city for the province of its name, to have a commune of before at all.
    """
    if best.commune is None:
        return frozenset()
    numbered = any(unit.name.numbered for unit in best.commune.found)
    of_before = any(unit.district and unit.into & into for unit in best.commune.found)
    province = best.province
    taken = (
        (province.name_at, province.end)
        if province is not None and province.typed and all(one.type != province.typed for one in province.found)
        else None
    )
    return frozenset(
        code
        for one in reading.districts
        if one.typed and not any(area.into & into for area in one.found)
        if ((one.name_at, one.end) == taken and of_before)
        or (numbered and not any(overlap(one, own) for own in best.mentions))
        for area in one.found
        for code in area.into
    )


def _contradicted(reading: Reading, best: Way, into: frozenset[str]) -> bool:
    """Whether the text names another district or province than those of ``into``, or a type before an unknown name."""
    covered = {at for one in best.mentions for at in range(one.start, one.end)}
    if any(at not in covered for at in reading.unknown):
        return True
    used = best.mentions
    others: list[tuple[Mention[Area] | Mention[Region], bool]] = [
        *((one, any(into & area.into for area in one.found)) for one in reading.districts),
        *((one, _lies_in(into, one.found)) for one in reading.provinces),
    ]
    for one, agrees in others:
        told = one.typed or fills_its_part(reading, one)
        if agrees or not told or any(overlap(one, own) for own in used) or shaded(one, used) or not holds(one, used):
            continue
        same = [other for other, fine in others if fine and (other.name_at, other.end) == (one.name_at, one.end)]
        if not same and not (not one.typed and _names_a_commune(reading, one)):
            return True
    return False


def _names_a_commune(reading: Reading, mention: Mention[Area] | Mention[Region]) -> bool:
    """A hamlet is often called like a commune, a commune like a district elsewhere: bare, that is no contradiction."""
    first = min((one.name_at for one in reading.communes), default=-1)
    return mention.name_at <= first and any(
        (one.name_at, one.end) == (mention.name_at, mention.end) for one in reading.communes
    )


def _lies_in(into: frozenset[str], regions: Sequence[Region]) -> bool:
    known = register()
    return any(known.lies_in(code, region.within) for code in into for region in regions)


def _spans(reading: Reading, best: Way) -> Iterator[tuple[int, int]]:
    """From where to where each part stands in the text, a "cũ" behind it with it."""
    for one in best.mentions:
        if one is best.commune and not best.sure:
            continue
        last = one.end - 1
        if one.end < len(reading.words) and is_old(reading.words[one.end]):
            last = one.end
        yield reading.words[one.start].start, reading.words[last].end


def _rest(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without ``spans`` and telephone numbers, and without the commas that they leave behind."""
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]},{text[end:]}"
    text = _EMPTY.sub(",", PHONE.sub("", text))
    return _SEPARATORS.sub(", ", text).strip(_EDGES)
