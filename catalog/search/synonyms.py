"""Words that mean the same: the sets of synonyms.txt, and those that a cooperative wrote for its own goods. Pure.

A set of the file becomes one term, ``same:<its first word>``: goods whose name holds any of its words carry it, and a
query that holds any of them asks for it. A cooperative's own set only adds its other words to its own goods.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from base.syllables import folded_word, has_accents, words
from catalog.search.rules import plain_sound, sound

FILE = Path(__file__).with_name("synonyms.txt")
MOST_PHRASE_WORDS = 4

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase of a set. In a name, ``only_first`` counts at the beginning alone and ``only_typed`` never."""

    phrase: Phrase
    only_first: bool = False
    only_typed: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """A set: its term, its entries, and the phrases in which its words mean something else."""

    term: str
    entries: tuple[Entry, ...]
    elsewhere: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """A meaning found in a text: its words from ``start`` up to, without, ``end``. ``as_written``: in the very letters
    of the set, and not in others that sound alike. ``slipped``: with another tone, or one word bare among others."""

    term: str
    start: int
    end: int
    only_typed: bool
    as_written: bool
    slipped: bool


def meaning_of(line: str) -> Meaning:
    """One line of the file. Raises ValueError for a set of fewer than two words or a phrase of more than four."""
    said, _, otherwise = line.partition("|")
    entries = tuple(_entry(part.strip()) for part in said.split(","))
    if len(entries) < 2 or not all(1 <= len(entry.phrase) <= MOST_PHRASE_WORDS for entry in entries):
        raise ValueError(f"not a set of synonyms: {line!r}")
    elsewhere = tuple(tuple(words(part)) for part in otherwise.split(",") if words(part))
    return Meaning(f"same:{'_'.join(entries[0].phrase)}", entries, elsewhere)


def _entry(text: str) -> Entry:
    phrase = tuple(words(text.lstrip("^>")))
    return Entry(phrase, only_first=text.startswith("^"), only_typed=text.startswith(">"))


def meanings_in(spoken: Sequence[str], *, typed: bool) -> Iterator[Meant]:
    """The meanings of these words in order, each place once. ``typed``: a query, else a product's name."""
    keys = [plain_sound(word).replace("đ", "d") for word in spoken]
    seen = set()
    for start in range(len(keys)):
        for end in range(start + 1, min(len(keys), start + MOST_PHRASE_WORDS) + 1):
            for meaning, entry in _by_sound().get(tuple(keys[start:end]), ()):
                if (meaning.term, start) in seen or not _counts(entry, spoken, start, end, typed=typed):
                    continue
                if not any(_covers(phrase, spoken, start, end) for phrase in meaning.elsewhere):
                    seen.add((meaning.term, start))
                    here = tuple(spoken[start:end])
                    slipped = any(map(has_accents, here)) and list(map(sound, here)) != list(map(sound, entry.phrase))
                    yield Meant(meaning.term, start, end, entry.only_typed, here == entry.phrase, slipped)


def other_words(name: Sequence[str], sets: Sequence[str]) -> Iterator[str]:
    """The words that a cooperative's own sets add to goods of this name."""
    for written in sets:
        phrases = own_phrases(written)
        if any(holds(name, phrase) for phrase in phrases):
            for phrase in phrases:
                if not holds(name, phrase):
                    yield from phrase


def own_phrases(written: str) -> list[Phrase]:
    """``"cá trạch, con nhếch"`` → ``[("cá", "trạch"), ("con", "nhếch")]``; blanks between commas are nothing."""
    return [tuple(words(part)[:MOST_PHRASE_WORDS]) for part in written.split(",") if words(part)]


def same_words(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether both say the same: by sound and tone; where one side left its accents out, by sound alone."""
    return len(left) == len(right) and all(map(_same_word, left, right))


def _same_word(left: str, right: str) -> bool:
    if has_accents(left) and has_accents(right):
        return sound(left) == sound(right)
    return folded_word(left) == folded_word(right)


def _counts(entry: Entry, spoken: Sequence[str], start: int, end: int, *, typed: bool) -> bool:
    if not typed and (entry.only_typed or (entry.only_first and start > 0)):
        return False
    here = spoken[start:end]
    if not any(map(has_accents, spoken)):
        return len(entry.phrase) > 1 or folded_word(here[0]) == folded_word(entry.phrase[0])
    if len(entry.phrase) == 1:  # lean pork ("nạc") sounds like peanuts ("lạc"), and a name means what it says
        return sound(here[0]) == sound(entry.phrase[0]) if typed else here[0] == entry.phrase[0]
    return same_words(here, entry.phrase) or _nearly(here, entry.phrase)


def _nearly(here: Sequence[str], phrase: Phrase) -> bool:
    """A phrase with slips of tone: one word of it is right, and the others sound like it but for the accents."""
    pairs = list(zip(here, phrase, strict=True))
    return any(sound(a) == sound(b) for a, b in pairs if has_accents(b)) and all(
        plain_sound(a) == plain_sound(b) for a, b in pairs if has_accents(a)
    )


def _covers(phrase: Phrase, spoken: Sequence[str], start: int, end: int) -> bool:
    """Whether the words from ``start`` to ``end`` stand inside ``phrase`` in this text."""
    starts = range(max(0, end - len(phrase)), start + 1)
    return any(same_words(spoken[at : at + len(phrase)], phrase) for at in starts)


def holds(spoken: Sequence[str], phrase: Phrase) -> bool:
    """Whether these words stand together in that text."""
    return any(same_words(spoken[at : at + len(phrase)], phrase) for at in range(len(spoken) - len(phrase) + 1))


@cache
def meanings() -> tuple[Meaning, ...]:
    """The sets of the file, read once."""
    lines = (line.strip() for line in FILE.read_text(encoding="utf-8").splitlines())
    return tuple(meaning_of(line) for line in lines if line and not line.startswith("#"))


@cache
def _by_sound() -> dict[Phrase, list[tuple[Meaning, Entry]]]:
    found: dict[Phrase, list[tuple[Meaning, Entry]]] = {}
    for meaning in meanings():
        for entry in meaning.entries:
            key = tuple(plain_sound(word).replace("đ", "d") for word in entry.phrase)
            found.setdefault(key, []).append((meaning, entry))
    return found
