"""What in a text may be a commune, a district or a province: every run of words that is the name of one. Pure.

Nothing is decided here. A mention says where it stands, which type was typed before it, and which words have to belong
to something else for it to count: "van xa kim bang" names Kim Bảng only if its "xa" is that of Văn Xá, and in "gần chợ
Yên Ninh" nothing tells the commune, unless the "chợ" is part of a name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from base.places.register import MOST_WORDS_OF_A_NAME, Area, Region, Register, Unit
from base.places.words import DASH, HARD, NOTHING, Sound, Word, number, plain, sound

MOST_COMMUNES, MOST_AROUND = 24, 8
"""Names in one text that are weighed, communes and each of districts and provinces: an address has a few."""
COMMUNE, DISTRICT, PROVINCE = frozenset({"c"}), frozenset({"d"}), frozenset({"p"})
_TYPES: dict[str, tuple[str, frozenset[str]]] = {
    "xã": ("xã", COMMUNE),
    "x": ("xã", COMMUNE),
    "xã đảo": ("xã", COMMUNE),
    "phường": ("phường", COMMUNE),
    "p": ("phường", COMMUNE),
    "f": ("phường", COMMUNE),
    "thị trấn": ("thị trấn", COMMUNE),
    "tt": ("thị trấn", COMMUNE),
    "t t": ("thị trấn", COMMUNE),
    "đặc khu": ("đặc khu", COMMUNE),
    "đk": ("đặc khu", COMMUNE),
    "huyện": ("huyện", DISTRICT),
    "huyện đảo": ("huyện", DISTRICT),
    "h": ("huyện", DISTRICT),
    "quận": ("quận", DISTRICT),
    "q": ("quận", DISTRICT),
    "thị xã": ("thị xã", DISTRICT),
    "tx": ("thị xã", DISTRICT),
    "t x": ("thị xã", DISTRICT),
    "thành phố": ("thành phố", DISTRICT | PROVINCE),
    "tp": ("thành phố", DISTRICT | PROVINCE),
    "t p": ("thành phố", DISTRICT | PROVINCE),
    "tỉnh": ("tỉnh", PROVINCE),
    "t": ("tỉnh", PROVINCE),
}
_HAMLET = "thôn xóm bản làng ấp buôn khu tổ đội khóm sóc phum tiểu khối"
_PLACE = "gần cạnh chợ cầu đường phố ngõ ngách hẻm kiệt số nhà trường chùa ngã quán cổng sau trước cách đối hỏi ql tl"
_PLACE_WHEN_ACCENTED = (
    "diện bên đầu cuối giữa đình đền miếu ga bến tiệm cây sân công ty viện trạm thờ hồ đồi núi thành cống kênh sông "
    "ngay gặp khách sạn siêu tạp hóa bưu điện ủy ban ubnd xăng giáo xứ học mầm non lộ lô căn đại quốc phòng kho nhà"
)
_AFTER_A_NAME = "cũ mới nay việt vn viet ở o tại về gửi giao đến"

Found_ = TypeVar("Found_", Unit, Area, Region)


def _spoken(*lists: str) -> dict[str, frozenset[Sound]]:
    heard: dict[str, set[Sound]] = {}
    for word in " ".join(lists).split():
        heard.setdefault(plain(word), set()).add(sound(word))
    return {bare: frozenset(sounds) for bare, sounds in heard.items()}


_HAMLETS, _PLACES = _spoken(_HAMLET), _spoken(_PLACE)
_PLACES_ACCENTED = _spoken(_PLACE, _PLACE_WHEN_ACCENTED)
_LINKS = _spoken(_AFTER_A_NAME)
_TYPE_WORDS = {
    tuple((plain(word), sound(word)) for word in written.split()): meaning for written, meaning in _TYPES.items()
}


@dataclass(frozen=True, slots=True)
class Mention(Generic[Found_]):
    """Words ``start`` to ``end`` (half open); the name itself begins at ``name_at``. ``typed``: the type before it.

    ``needs``: words that another mention must explain, else this one is none. ``shade``: words that put it in the
    shade, a landmark's or a hamlet's, unless another explains them.
    """

    start: int
    name_at: int
    end: int
    typed: str
    needs: tuple[int, ...]
    shade: tuple[int, ...]
    found: tuple[Found_, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    words: tuple[Word, ...]
    communes: tuple[Mention[Unit], ...]
    districts: tuple[Mention[Area], ...]
    provinces: tuple[Mention[Region], ...]
    well_accented: bool
    unknown: tuple[int, ...]
    """Words at which a full type stands, "huyện", and no name that we know behind it."""


def read(words: Sequence[Word], known: Register) -> Reading:
    letters = [word for word in words if not word.plain.isdecimal() and len(word.plain) > 1]
    accented = sum(word.accented for word in letters)
    shades = _shades(words, well_accented=accented * 3 >= len(letters))
    communes: list[Mention[Unit]] = []
    districts: list[Mention[Area]] = []
    provinces: list[Mention[Region]] = []
    named: set[int] = set()
    for start, end, joined in _runs(words, known.longest):
        units, areas = known.units.get(joined, ()), known.areas.get(joined, ())
        regions = known.regions.get(joined, ())
        if not (units or areas or regions):
            continue
        soft = any(word.before != NOTHING for word in words[start + 1 : end])
        kind, kinds, before = _type_before(words, start)
        adjacent = tuple(at for at in shades[start] if at == start - 1)
        types = tuple(range(start - before, start))
        for typed, head, needs in _ways(kind, words, start, types):
            reads = kinds if typed else COMMUNE | DISTRICT | PROVINCE
            shade = shades[head]
            if reads & COMMUNE and (fit := tuple(_fitting(units, typed, soft))):
                communes.append(Mention(head, start, end, typed, needs, shade, fit))
                named.update(types)
            shade = () if typed else adjacent
            if reads & DISTRICT and (fit_areas := tuple(_fitting(areas, typed, soft))):
                districts.append(Mention(head, start, end, typed, needs, shade, fit_areas))
                named.update(types)
            if reads & PROVINCE and (fit_regions := tuple(_regions(regions, typed, soft, words, start, end))):
                provinces.append(Mention(head, start, end, typed, needs, shade, fit_regions))
                named.update(types)
    unknown = tuple(at for at in _full_types(words, shades) if at not in named)
    return Reading(
        tuple(words),
        tuple(communes[:MOST_COMMUNES]),
        tuple(_whole(districts, provinces)[:MOST_AROUND]),
        tuple(_whole(provinces, provinces)[:MOST_AROUND]),
        accented * 3 >= len(letters),
        unknown,
    )


def _whole(mentions: Sequence[Mention[Found_]], provinces: Sequence[Mention[Region]]) -> list[Mention[Found_]]:
    """Without those that are a part of a province's name: no "Bà Rịa" in "Bà Rịa - Vũng Tàu"."""
    names = [(one.name_at, one.end) for one in provinces if any(not region.doubt for region in one.found)]
    return [
        one
        for one in mentions
        if not any(at <= one.name_at and one.end <= end and (at, end) != (one.name_at, one.end) for at, end in names)
    ]


def is_link(word: Word) -> bool:
    """ "cũ", "nay là", "ở": says nothing of where, and parts names."""
    return _is(word, _LINKS)


def is_old(word: Word) -> bool:
    return word.plain == "cu" and word.before == NOTHING and (not word.accented or word.sound == sound("cũ"))


def opens_a_place(word: Word) -> bool:
    return _is(word, _PLACES_ACCENTED if word.accented else _PLACES) or _is(word, _HAMLETS)


def is_type(words: Sequence[Word], at: int) -> bool:
    """Whether a type begins at that word."""
    return any(_spells(words, at, spelt) for spelt in _TYPE_WORDS)


def types_before_the_name(words: Sequence[Word]) -> int:
    """How many words of a type the text begins with: 2 for "thị trấn Yên", 0 for "Yên"."""
    lengths = [
        len(spelt)
        for spelt in _TYPE_WORDS
        if _spells(words, 0, spelt) and (len(spelt) < len(words) or len(spelt[0][0]) > 1)  # "p" may become Phủ Lý
    ]
    return max(lengths, default=0)


def _ways(
    kind: str, words: Sequence[Word], start: int, types: tuple[int, ...]
) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """(type, first word, needs): with the type before it, and as a bare name where the type may be part of another."""
    if not kind:
        yield "", start, ()
        return
    yield kind, types[0], ()
    if len(words[types[-1]].plain) > 1:
        yield "", start, types


def _runs(words: Sequence[Word], longest: int) -> Iterator[tuple[int, int, str]]:
    for start in range(len(words)):
        joined = ""
        for end in range(start + 1, min(start + MOST_WORDS_OF_A_NAME, len(words)) + 1):
            if end - 1 > start and words[end - 1].before == HARD:
                break
            joined += words[end - 1].plain
            if len(joined) > longest:
                break
            yield start, end, joined
        if (digits := number(words[start].plain)) and digits != words[start].plain:
            yield start, start + 1, digits


def _fitting(found: tuple[Found_, ...], typed: str, soft: bool) -> Iterator[Found_]:
    """Numbers are names only behind their type, and only names that are written with a hyphen reach over one."""
    if not soft or any(one.name.hyphened for one in found):
        yield from (one for one in found if typed or not one.name.numbered)


def _regions(
    found: tuple[Region, ...], typed: str, soft: bool, words: Sequence[Word], start: int, end: int
) -> Iterator[Region]:
    """Initials count at the end of a text or alone between commas."""
    last = end == len(words) or words[end].before >= DASH
    for one in _fitting(found, typed, soft):
        if not one.initials or (last and (typed or words[start].before >= DASH or end == len(words))):
            yield one


def _type_before(words: Sequence[Word], start: int) -> tuple[str, frozenset[str], int]:
    """The type that stands right before the name, what it may stand before, and its number of words."""
    for length in (2, 1):
        if length > start or any(word.before >= DASH for word in words[start - length + 1 : start + 1]):
            continue
        for spelt, (kind, kinds) in _TYPE_WORDS.items():
            if len(spelt) == length and _spells(words, start - length, spelt):
                return kind, kinds, length
    return "", frozenset(), 0


def _spells(words: Sequence[Word], at: int, spelt: tuple[tuple[str, Sound], ...]) -> bool:
    return at + len(spelt) <= len(words) and all(
        word.plain == bare and (not word.accented or word.sound == heard)
        for word, (bare, heard) in zip(words[at : at + len(spelt)], spelt, strict=True)
    )


def _is(word: Word, spoken: dict[str, frozenset[Sound]]) -> bool:
    sounds = spoken.get(word.plain)
    return sounds is not None and (not word.accented or word.sound in sounds)


def _shades(words: Sequence[Word], *, well_accented: bool) -> list[tuple[int, ...]]:
    """For each word, the words that would put a bare name there in the shade.

    A landmark's or a street's word, or a house number, shades its whole part of the text, a hamlet's the next word
    alone: "xóm 3 Yên Hòa" names Yên Hòa, "thôn Yên Hòa" does not. What follows a hamlet's word is its name: in "xóm
    chùa Kim Thái" there is no pagoda.
    """
    places = _PLACES_ACCENTED if well_accented else _PLACES
    shades: list[tuple[int, ...]] = []
    standing: tuple[int, ...] = ()
    house = hamlet = False
    for at, word in enumerate(words):
        if word.before != NOTHING:
            standing, house, hamlet = (), True, False
        shades.append((*standing, at - 1) if hamlet else standing)
        after_hamlet, hamlet = hamlet, False
        number_of_house = house and word.plain[0].isdecimal()
        if _is(word, _HAMLETS) or (after_hamlet and word.plain == "dan"):  # "tổ dân phố"
            hamlet = True
        elif number_of_house or (not after_hamlet and _is(word, places)):
            standing = (*standing, at)
        house = number_of_house
    return shades


def _full_types(words: Sequence[Word], shades: list[tuple[int, ...]]) -> Iterator[int]:
    """Where "huyện", "xã" and their like stand, written out and with their accents, in no landmark's shade."""
    for at in range(len(words) - 1):
        if not shades[at] and words[at].accented and words[at + 1].before < DASH:
            for spelt in _TYPE_WORDS:
                if _spells(words, at, spelt) and len(spelt[0][0]) > 1:
                    yield at
                    break
