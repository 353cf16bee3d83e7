"""The words of an address: where they stand, how they sound, and what kind of word they are. Pure.

A word is compared by its plain letters first and by its accents second, wherever the tone was put (hoà, hòa), and i
and y alone after a consonant are one letter (Mỹ, Mĩ). ``key`` joins words, so that "sapa" is "Sa Pa".
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 400
"""Letters of a text that are read. No address is longer; what follows stays in the rest as it was typed."""
MOST_WORDS = 60

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_APOSTROPHES = "'’ʼ‘`´"
_WORD = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*")
PHONE = re.compile(r"(?<![\w/])(?:\+?84|0)(?:[ .\-]{0,2}\d){8,10}(?![\w/])|\d{8,}")
_GLUED = re.compile(r"([pqf])(\d{1,2})(?:([q])(\d{1,2}))?", re.IGNORECASE)
_LONE_Y = re.compile(r"^([^aeiouy]*|qu)y$")
_HARD = re.compile(r"[,;\n\r\t()\[\]|\"“”]|\s/\s")
_SOFT = re.compile(r"[-–—_]")
_DASH = re.compile(r"\s[-–—]|[-–—]\s")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_SHORT = frozenset(["x", "h", "t", "p", "q", "f", "tt", "tp", "tx", "dk", "kp", "st", "so"])

NOTHING, SOFT, DASH, HARD = 0, 1, 2, 3
"""What stands between two words: blanks; a hyphen; a dash between blanks; a comma, a bracket, a line's end."""

Sound = tuple[str, int]
"""A syllable: its letters with â ă ê ô ơ ư đ told apart, and its tone, 0 for the level one."""


@dataclass(frozen=True, slots=True)
class Word:
    """``plain`` without accents; ``before``: what stands between it and the word before it."""

    plain: str
    sound: Sound
    accented: bool
    start: int
    end: int
    before: int


@lru_cache(maxsize=20_000)
def sound(word: str) -> Sound:
    """``"Thuỵ"`` and ``"thụy"`` → ``("thuy", 5)``."""
    tone, letters = 0, []
    for sign in unicodedata.normalize("NFD", word.lower()):
        if sign in _TONES:
            tone = _TONES[sign]
        elif sign not in _APOSTROPHES:
            letters.append(sign)
    joined = unicodedata.normalize("NFC", "".join(letters))
    return _LONE_Y.sub(r"\1i", joined), tone


@lru_cache(maxsize=20_000)
def plain(word: str) -> str:
    """Small letters and digits without accents; a number without leading zeros."""
    letters = unicodedata.normalize("NFKD", word.lower().replace("đ", "d"))
    bare = "".join(sign for sign in letters if sign.isalnum() and not unicodedata.combining(sign))
    return _LONE_Y.sub(r"\1i", bare) if not bare.isdecimal() else bare.lstrip("0") or "0"


def key(plains: Iterable[str]) -> str:
    return "".join(plains)


def number(word: str) -> str:
    """``"05"`` → 5, ``"iii"`` → 3, "" for what is no number of a ward or district."""
    return _ROMAN.get(word, word if word.isdecimal() and len(word) <= 2 else "")


def name_words(name: str) -> list[str]:
    """The words of an official name; hyphens part them as blanks do."""
    return _WORD.findall(unicodedata.normalize("NFC", name))


@lru_cache(maxsize=2_000)
def name_key(name: str) -> str:
    """``"Yên Mô"`` → yenmo."""
    return key(plain(word) for word in name_words(name))


def words(text: str) -> list[Word]:
    """The first words of an NFC text. Telephone numbers are none, and part what stands around them; so the country."""
    found: list[Word] = []
    readable = PHONE.sub(lambda phone: ";" * len(phone.group()), text[:LONGEST])
    end = 0
    for match in _WORD.finditer(readable):
        between = readable[end : match.start()]
        before = _between(between, found[-1] if found else None)
        for written, start in _pieces(match):
            found.append(_word(written, start, before))
            before = NOTHING
        end = match.end()
        if len(found) >= MOST_WORDS:
            break
    last = [word.plain for word in found[-2:]]
    country = 2 if last == ["viet", "nam"] else 1 if last[-1:] == ["vietnam"] else 0
    return found[:-country] if 0 < country < len(found) else found


def _word(written: str, start: int, before: int) -> Word:
    bare = plain(written)
    return Word(
        bare, sound(written), not written.isascii() and written.lower() != bare, start, start + len(written), before
    )


def _pieces(match: re.Match[str]) -> list[tuple[str, int]]:
    """``p5q3`` is four words."""
    glued = _GLUED.fullmatch(match.group())
    if glued is None:
        return [(match.group(), match.start())]
    return [(glued[group], match.start() + glued.start(group)) for group in range(1, 5) if glued[group]]


def _between(signs: str, last: Word | None) -> int:
    if last is None or _HARD.search(signs):
        return HARD
    if "." in signs and last.plain not in _SHORT and (". " in signs if last.plain.isdecimal() else len(last.plain) > 1):
        return HARD
    return DASH if _DASH.search(signs) else SOFT if _SOFT.search(signs) else NOTHING
