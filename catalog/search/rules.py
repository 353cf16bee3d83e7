"""What sounds alike: why "ca chach" finds "cá trạch", and "dứa" does not find "dừa". Pure; index and query use it.

Merged, since half the country says them alike: ch/tr, s/x, d/gi/r, l/n, i/y; and spellings that only look different:
g/gh, ng/ngh, c/k. In the North "rượu" is "diệu" and "cừu" is "cìu". Not merged: v/d, the tones, the vowels, đ.
"""

import re

from base.syllables import folded_word, letters_and_tone

RULES_VERSION = "2"
"""Moves with anything that changes the terms of a product: then the worker writes all of them anew."""

_ONSETS = (
    (re.compile(r"^ngh"), "ng"),
    (re.compile(r"^gh"), "g"),
    (re.compile(r"^tr"), "ch"),
    (re.compile(r"^x"), "s"),
    (re.compile(r"^gi(?=[aăâeoôơuư])"), "d"),
    (re.compile(r"^gi"), "di"),  # gì, gìn; giếng says "diếng"
    (re.compile(r"^r"), "d"),
    (re.compile(r"^n(?![gh])"), "l"),
    (re.compile(r"^k(?!h)"), "c"),
)
_RHYMES = (
    (re.compile(r"ươu$"), "iêu"),
    (re.compile(r"uou$"), "ieu"),
    (re.compile(r"(?:ưu|uu)$"), "iu"),
    (re.compile(r"^yê"), "iê"),
    (re.compile(r"^ye"), "ie"),
    (re.compile(r"(^|[^aăâeêioôơuưy]|qu)y$"), r"\1i"),  # lý, mỹ, quý; not tay, which is no tai
)


def spoken(letters: str) -> str:
    """Letters without a tone as they sound: ``"trach"`` → ``"chach"``, ``"rươu"`` → ``"diêu"``."""
    for pattern, sound in _ONSETS:
        letters, changed = pattern.subn(sound, letters)
        if changed:
            break
    for pattern, sound in _RHYMES:
        letters, changed = pattern.subn(sound, letters)
        if changed:
            break
    return letters


def sound(word: str) -> str:
    """How a word sounds, its tone as a digit: "trạch" and "chạch" are both ``chach5``."""
    letters, tone = letters_and_tone(word)
    return f"{spoken(letters)}{tone}"


def plain_sound(word: str) -> str:
    """How it may sound where accents were left out. đ stays đ: "ro" is giò's sound, and never đỏ's."""
    return "đ".join(folded_word(part) for part in spoken(letters_and_tone(word)[0]).split("đ"))


def joined(*words: str) -> str:
    """Neighbours by their sound, joined: what is typed without a blank, or side by side."""
    return "".join(folded_word(plain_sound(word)) for word in words)
