"""How Vietnamese names and classes are put in order: keys of digits alone, which every database sorts alike.

The letters go a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y, with f j w z of names from elsewhere at their
places. Tones (ngang, huyền, hỏi, ngã, sắc, nặng) decide only where all letters are equal, and count once a word: so
``Hoà`` and ``Hòa`` are the same name. Capitals do not count, nor does punctuation.

A letter is two digits from 50, a number its count of digits (1, 2, 3, or 4 and two more) and then its digits, a gap
between words 01, an end 00. The first digit says how long a piece is, so shorter words come first and 2 before 10.
"""

import unicodedata
from collections.abc import Sequence

from base.text import composed

LONGEST_NAME_KEY = 250
LONGEST_SECTION_KEY = 80

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER = {letter: str(50 + place) for place, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}
_LEVEL_TONE = 1
_OTHER_LETTER = "90"
_GAP, _END = "01", "00"
_DIGITS = "0123456789"


def sort_key(full_name: str) -> str:
    """By given name, then middle names, then family name: ``Nguyễn Văn An`` under ``An``. Digits, at most 250.

    A part is compared whole, tones included, before the next one counts: all Hòa come before all Hóa.
    """
    words = composed(full_name).split()
    parts = (words[-1:], words[1:-1], words[:1] if len(words) > 1 else [])
    return "".join(_weighed(part) for part in parts)[:LONGEST_NAME_KEY]


def section_key(section: str) -> str:
    """Of a class or hamlet, numbers by their size: ``2A`` before ``10A``, ``Xóm 2`` before ``Xóm 10``.

    Digits, at most 80; empty for an empty one. The gap between a number and a letter does not count: ``3 A`` is ``3A``.
    """
    words = composed(section).split()
    joined: list[str] = []
    for word in words:
        if joined and joined[-1][-1] in _DIGITS and word[0] not in _DIGITS and len(word) <= 2:
            joined[-1] += word
        else:
            joined.append(word)
    return _weighed(joined)[:LONGEST_SECTION_KEY] if joined else ""


def _weighed(words: Sequence[str]) -> str:
    """All letters of ``words``, an end, their tones, an end."""
    letters, tones = [], []
    for word in words:
        weights, tone = _of_word(word)
        if weights:
            letters.append(weights)
            tones.append(str(tone))
    return f"{_GAP.join(letters)}{_END}{''.join(tones)}{_END}"


def _of_word(word: str) -> tuple[str, int]:
    """The weights of a word's letters and numbers, and its one tone."""
    weights: list[str] = []
    tone, number = _LEVEL_TONE, ""
    for sign in unicodedata.normalize("NFC", word.lower()):
        if sign in _DIGITS:
            number += sign
            continue
        letter, own_tone = _taken_apart(sign)
        tone = own_tone if tone == _LEVEL_TONE else tone
        if letter:
            weights += [_of_number(number), letter]
            number = ""
    return "".join([*weights, _of_number(number)]), tone


def _of_number(digits: str) -> str:
    if not digits:
        return ""
    digits = digits.lstrip("0") or "0"
    return f"{len(digits)}{digits}" if len(digits) <= 3 else f"4{min(len(digits), 99):02d}{digits}"


def _taken_apart(sign: str) -> tuple[str, int]:
    """The weight of a letter ("" for what is none), and the tone that it bears."""
    tone = _LEVEL_TONE
    bare = ""
    for piece in unicodedata.normalize("NFD", sign):
        if piece in _TONES:
            tone = _TONES[piece]
        else:
            bare += piece
    letter = unicodedata.normalize("NFC", bare)
    if letter in _LETTER:
        return _LETTER[letter], tone
    if bare[:1] in _LETTER:  # a letter with a mark that Vietnamese does not have: ç, ñ, ö
        return _LETTER[bare[0]], tone
    return (_OTHER_LETTER if letter[:1].isalnum() else ""), tone
