"""Codes in a transfer memo: whole, without their prefix, or one slip away. Pure, and quick enough for a flood.

Banks fold, cut, glue and wrap what the payer wrote. So letters are folded and separators dropped before anything is
looked for; where separators stood is remembered, because dropping them can also *make* a code of two neighbours.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from base import codes
from base.codes import PREFIX, SYMBOLS_LENGTH
from base.text import squeezed, without_accents

_TOKEN = re.compile(r"[A-Z0-9]+")
_PREFIX_SWAPPED_INTO_BODY = re.compile(rf"{PREFIX[0]}(?=(.){PREFIX[1]}(.{{{SYMBOLS_LENGTH - 1}}}))")
_DAMAGED_LENGTHS = (SYMBOLS_LENGTH, SYMBOLS_LENGTH - 1, SYMBOLS_LENGTH + 1)


@dataclass(frozen=True, slots=True)
class Found:
    """What a memo says, each code once, as issued (``CP…``), in the order of the memo."""

    codes: tuple[str, ...] = ()
    """Whole, behind the prefix: proven."""
    bare: tuple[str, ...] = ()
    """Whole, but the prefix is missing or damaged: proven once the amount agrees."""
    repaired: tuple[str, ...] = ()
    """One slip from what is written: for a person, never booked by itself."""
    unknown: tuple[str, ...] = ()
    """Whole, behind the prefix, and not among the codes that were asked about."""
    inside: tuple[str, ...] = ()
    """Those of ``bare`` in the middle of a longer word, as a bank's reference may hold one by chance: for a person."""


@dataclass(frozen=True, slots=True)
class _Memo:
    """A folded memo without separators, and where in it something began or ended."""

    text: str
    starts: frozenset[int]
    ends: frozenset[int]

    def bounded(self, start: int, end: int) -> bool:
        """Whether this stretch begins and ends where the memo has a separator."""
        return start in self.starts and end in self.ends


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    code: str
    prefixed: bool


def codes_in(memo: str, *, open_codes: Container[str] | None = None) -> Found:
    """The codes that ``memo`` carries.

    With ``open_codes`` (whole codes, ``CP…``) only those count. Without, the check symbols decide, and what stands
    in running text without a prefix counts only where separators or digits make it look like a code: by chance one
    stretch of eight letters in 961 passes the check.
    """
    read, hits = _read_for_whole(memo)
    doubtful: list[_Hit] = []
    unknown: list[_Hit] = []
    if open_codes is None:
        kept = _without_overlaps(read, [hit for hit in hits if hit.prefixed or _looks_issued(read, hit)])
    else:
        kept, doubtful, unknown = _among_open(read, hits, open_codes)
    proven = _unique(hit.code for hit in kept if hit.prefixed)
    bare = _unique(hit.code for hit in kept if not hit.prefixed and hit.code not in proven)
    repaired = _repairs(read, taken=[*kept, *unknown, *doubtful], open_codes=open_codes)
    set_apart = {hit.code for hit in kept if hit.start in read.starts or hit.end in read.ends}
    return Found(
        codes=proven,
        bare=bare,
        repaired=_unique(
            code for code in (*(hit.code for hit in doubtful), *repaired) if code not in proven and code not in bare
        ),
        unknown=_unique(hit.code for hit in unknown),
        inside=tuple(code for code in bare if code not in set_apart),
    )


@lru_cache(maxsize=1_000)
def possible_codes(memo: str) -> frozenset[str]:
    """Every code that ``codes_in`` could find in ``memo``, whichever are open: a handful, to look up in the database.

    ``codes_in(memo, open_codes=those of them that exist)`` then answers as if all codes ever issued were at hand.
    """
    read, whole = _read_for_whole(memo)
    possible = {hit.code for hit in whole}
    for hit in whole:
        possible.update(_other_readings(read, hit))
    possible.update(code for _, _, code in _repairs_behind_prefix(read, taken=()))
    if not any(hit.prefixed for hit in whole):  # else something whole is found, open or not, and nothing bare repaired
        possible.update(_repairs_without_prefix(read))
    return frozenset(possible)


def find_open(memo: str, open_codes: Iterable[str]) -> list[str]:
    """Those of ``open_codes`` that stand in ``memo``, in its order: for codes of any form, such as another system's.

    No check symbols are assumed. Of overlapping hits the one that begins and ends at a separator wins, then the
    longest; its letters are used up. A code that is part of another one found is not found by that.
    """
    read = _read(memo)
    issued = {squeezed(code): code for code in open_codes}
    hits = []
    for length in sorted({len(form) for form in issued if form}):
        for start in range(len(read.text) - length + 1):
            code = issued.get(read.text[start : start + length])
            if code is not None:
                hits.append(_Hit(start, start + length, code, prefixed=False))
    kept = _unique(hit.code for hit in _without_overlaps(read, hits))
    forms = {code: squeezed(code) for code in kept}
    return [code for code in kept if not any(forms[code] in form and forms[code] != form for form in forms.values())]


# What could stand in a memo and what does stand there are asked one after the other, hence the two small caches.
@lru_cache(maxsize=1024)
def _one_slip_away(stretch: str) -> tuple[str, ...]:
    return tuple(codes.one_edit_repairs(stretch))


@lru_cache(maxsize=64)
def _read_for_whole(memo: str) -> tuple[_Memo, tuple[_Hit, ...]]:
    read = _read(memo)
    return read, tuple(_whole_codes(read))


def _read(memo: str) -> _Memo:
    plain = memo if memo.isascii() else without_accents(memo)
    tokens = _TOKEN.findall(plain.upper())
    edges = list(accumulate(map(len, tokens), initial=0))
    return _Memo("".join(tokens), frozenset(edges[:-1]), frozenset(edges[1:]))


def _whole_codes(read: _Memo) -> Iterator[_Hit]:
    """Every stretch that passes the check, the prefix included where it stands before."""
    for start in codes.windows_that_pass(read.text):
        end = start + SYMBOLS_LENGTH
        prefixed = start >= len(PREFIX) and read.text.startswith(PREFIX, start - len(PREFIX))
        yield _Hit(start - len(PREFIX) if prefixed else start, end, PREFIX + read.text[start:end], prefixed)


def _other_readings(read: _Memo, hit: _Hit) -> list[str]:
    """What else it could be where it is glued to its neighbours: a code that lost a symbol and gained one of the next
    word, as the C of "CT", or one with a symbol too many, of which this is all but the last."""
    first, end = hit.end - SYMBOLS_LENGTH, hit.end
    stretches = []
    if end not in read.ends or end - 1 in read.ends:
        stretches.append((first, end - 1))
    if end not in read.ends or end + 1 in read.ends:
        stretches.append((first, end + 1))
    if not hit.prefixed and (first not in read.starts or first + 1 in read.starts):
        stretches.append((first + 1, end))
    if not hit.prefixed and first and (first not in read.starts or first - 1 in read.starts):
        stretches.append((first - 1, end))
    read_otherwise = (symbols for start, stop in stretches for symbols in _one_slip_away(read.text[start:stop]))
    return [code for symbols in read_otherwise if (code := PREFIX + symbols) != hit.code]


def _could_be_another(read: _Memo, hit: _Hit, open_hits: list[_Hit]) -> bool:
    """Whether another open code overlaps this one and no separators decide between them ("CP" + 9 symbols)."""
    return not read.bounded(hit.start, hit.end) and any(
        other.code != hit.code
        and other.start < hit.end
        and hit.start < other.end
        and not read.bounded(other.start, other.end)
        for other in open_hits
    )


def _among_open(
    read: _Memo, hits: Sequence[_Hit], open_codes: Container[str]
) -> tuple[list[_Hit], list[_Hit], list[_Hit]]:
    """The whole hits that are open; those that could as well be another open code; whole ones that nobody asked for."""
    open_hits = [hit for hit in hits if hit.code in open_codes]
    kept = _without_overlaps(read, open_hits)
    strangers = [hit for hit in hits if hit.prefixed and hit.code not in open_codes]
    unknown = [hit for hit in _without_overlaps(read, strangers) if _free(hit.start, hit.end, open_hits)]
    doubtful = [hit for hit in open_hits if _could_be_another(read, hit, open_hits)] if len(open_hits) > 1 else []
    for hit in (*kept, *unknown):
        rivals = [code for code in _other_readings(read, hit) if code in open_codes]
        if rivals:
            doubtful += [hit] if hit in kept else []
            doubtful += [_Hit(hit.start, hit.end, code, prefixed=True) for code in rivals]
            unknown = [other for other in unknown if other is not hit]
    return [hit for hit in kept if hit not in doubtful], doubtful, unknown


def _looks_issued(read: _Memo, hit: _Hit) -> bool:
    """Whether a stretch that passes the check by itself is likely no accident: set apart, or digits in a word."""
    if read.bounded(hit.start, hit.end):
        return True
    symbols = hit.code[len(PREFIX) :]
    return (hit.start in read.starts or hit.end in read.ends) and not symbols.isalpha() and not symbols.isdigit()


def _without_overlaps(read: _Memo, hits: list[_Hit]) -> list[_Hit]:
    """The hits that stay when each letter of the memo may serve once: prefix first, then separators, then length."""
    if len(hits) < 2:
        return hits
    kept: list[_Hit] = []
    for hit in sorted(
        hits, key=lambda hit: (not hit.prefixed, not read.bounded(hit.start, hit.end), hit.start - hit.end, hit.start)
    ):
        if _free(hit.start, hit.end, kept):
            kept.append(hit)
        elif hit.prefixed and _free(hit.end - SYMBOLS_LENGTH, hit.end, kept):  # the code before ends with a C and a P
            kept.append(replace(hit, start=hit.end - SYMBOLS_LENGTH, prefixed=False))
    return sorted(kept, key=lambda hit: hit.start)


def _free(start: int, end: int, taken: Iterable[_Hit]) -> bool:
    return all(end <= hit.start or hit.end <= start for hit in taken)


def _repairs(read: _Memo, *, taken: list[_Hit], open_codes: Container[str] | None) -> tuple[str, ...]:
    """Candidates one slip away. Without a prefix only where nothing whole was found and the open codes are known."""
    by_place: dict[int, list[tuple[bool, str]]] = {}
    for start, end, code in _repairs_behind_prefix(read, taken):
        if code in open_codes if open_codes is not None else not _running_text(read, start, end):
            by_place.setdefault(start, []).append((end in read.ends, code))
    repaired: list[str] = []
    for found in by_place.values():  # a stretch that ends at a separator is the likelier reading of the same place
        ended_well = [code for ends_well, code in found if ends_well]
        repaired += ended_well or [code for _, code in found]
    if open_codes is not None and not taken and not repaired:
        repaired = [code for code in _repairs_without_prefix(read) if code in open_codes]
    return _unique(repaired)


def _repairs_behind_prefix(read: _Memo, taken: Iterable[_Hit]) -> Iterator[tuple[int, int, str]]:
    """(start, end, code) for what follows each prefix whose letters are still free."""
    text = read.text
    at = text.find(PREFIX)
    while at >= 0:
        start = at + len(PREFIX)
        if not codes.passes_check(text[start : start + SYMBOLS_LENGTH]):
            for length in _DAMAGED_LENGTHS:
                end = start + length
                if end <= len(text) and _free(at, end, taken):
                    for symbols in _one_slip_away(text[start:end]):
                        yield at, end, PREFIX + symbols
        at = text.find(PREFIX, at + 1)
    for swapped in _PREFIX_SWAPPED_INTO_BODY.finditer(text):  # "C7PK2M…": the prefix changed places with the body
        symbols = swapped[1] + swapped[2]
        end = swapped.start() + len(PREFIX) + SYMBOLS_LENGTH
        if codes.passes_check(symbols) and _free(swapped.start(), end, taken):
            yield swapped.start(), end, PREFIX + symbols


def _repairs_without_prefix(read: _Memo) -> Iterator[str]:
    """Candidates for stretches that are set apart by separators on both sides."""
    for start in sorted(read.starts):
        for length in _DAMAGED_LENGTHS:
            if start + length in read.ends:
                for symbols in _one_slip_away(read.text[start : start + length]):
                    yield PREFIX + symbols


def _running_text(read: _Memo, start: int, end: int) -> bool:
    """Whether letters alone, with separators among them, stand here: "CTY CP THUC PHAM" is a company, not a code."""
    return read.text[start:end].isalpha() and any(edge in read.ends for edge in range(start + 1, end))


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
