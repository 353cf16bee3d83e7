"""Vietnamese syllables: one form for each, its letters and its tone apart. Pure.

"hòa" and "hoà" are one word, and so are its NFC and NFD forms; official lists of communes differ by nothing else.
"""

import re
import unicodedata

from base.text import without_accents

MOST_LETTERS = 40
"""Of one word. The longest Vietnamese syllable has seven; the rest is for names from elsewhere."""

_TONES = {"\u0300": 1, "\u0301": 2, "\u0309": 3, "\u0303": 4, "\u0323": 5}
_MARKS = {number: mark for mark, number in _TONES.items()}
_WORD = re.compile(r"[0-9]+|[^\W0-9_]+")  # "200g" is two words, as "200 g" is
_TOKEN = re.compile(r"[^\W_]+")
_NUCLEUS = re.compile(r"^((?:qu|gi(?=[aăâeêioôơuưy]))?[^aăâeêioôơuưy]*)([aăâeêioôơuưy]+)(.*)$")
_MARKED = "ơêôâăư"
"""The letter that carries the tone where a nucleus has several; ơ of "ươ" before its ư."""
_OPEN = frozenset(("oa", "oe", "uy"))


def tidy(text: str) -> str:
    """Small letters in one form: composed, wide and ligature letters made plain ones."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).lower())


def words(text: str) -> list[str]:
    """``"Cá chạch sấy, 200g"`` → ``["cá", "chạch", "sấy", "200", "g"]``: in order, repeats kept, accents kept."""
    return [written(word[:MOST_LETTERS]) for word in _WORD.findall(tidy(text))]


def cased_words(text: str) -> list[str]:
    """As ``words``, with the capitals that were written."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text))
    return [written(word[:MOST_LETTERS]) for word in _WORD.findall(composed)]


def tokens(text: str) -> list[str]:
    """As ``words``, but letters and digits that touch stay together: ``["chach5", "200g"]``."""
    return [written(token[:MOST_LETTERS]) for token in _TOKEN.findall(tidy(text))]


def letters_and_tone(word: str) -> tuple[str, int]:
    """``"chạch"`` → ``("chach", 5)``; â ă ê ô ơ ư đ are letters. 0 is the level tone. Takes the last of several."""
    tone, letters = 0, []
    for sign in unicodedata.normalize("NFD", word):
        if sign in _TONES:
            tone = _TONES[sign]
        else:
            letters.append(sign)
    return unicodedata.normalize("NFC", "".join(letters)), tone


def written(word: str) -> str:
    """The word with its tone where dictionaries of old put it: hòa, thúy, khỏe, quý, giò, thuở."""
    letters, tone = letters_and_tone(word)
    parts = _NUCLEUS.match(letters) if tone else None
    if parts is None:
        return word
    onset, nucleus, coda = parts.groups()
    at = _tone_at(nucleus, coda)
    toned = nucleus[: at + 1] + _MARKS[tone] + nucleus[at + 1 :]
    return unicodedata.normalize("NFC", onset + toned + coda)


def folded_word(word: str) -> str:
    """Without any accent, đ as d."""
    return without_accents(word).lower()


def has_accents(word: str) -> bool:
    """Whether it says more than its plain letters do; đ counts."""
    return not word.isascii() and folded_word(word) != word


def _tone_at(nucleus: str, coda: str) -> int:
    for letter in _MARKED:
        if letter in nucleus:
            return nucleus.rindex(letter)
    if len(nucleus) == 1:
        return 0
    if len(nucleus) == 2:
        return 1 if coda or (nucleus not in _OPEN and nucleus[0] in "ou" and nucleus[1] in "oey") else 0
    return 1
