"""Letters on paper: the two weights of the bundled face, what they can draw, how wide it is, where a line breaks.

Sizes and widths are in points (1/72 inch). Text is brought to NFC first: a name stored as base letter + marks would
otherwise be drawn with its marks beside the letters.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from base.text import composed

FONTS = Path(__file__).resolve().parent.parent / "providers" / "fonts"
REGULAR, BOLD = "BeVietnamPro", "BeVietnamPro-Bold"
_FILES = {REGULAR: "BeVietnamPro-Regular.ttf", BOLD: "BeVietnamPro-SemiBold.ttf"}
_LIKE = {"−": "–", "≥": ">=", "≤": "<=", "→": "–", "\u2011": "-", "\u2010": "-", "Ƀ": "B", "ƀ": "b", "Ʊ": "Ư", "ʼ": "’"}
"""Signs that the face does not have, and what is drawn for them."""
ASCENT, DESCENT = 0.98, 0.27
"""Of the size: Ẫ and Ặ reach this far above and below the line they stand on."""


@cache
def font(*, bold: bool) -> TTFont:
    """The face in one weight, known to reportlab under ``BOLD`` or ``REGULAR``. Embedded as a subset."""
    name = BOLD if bold else REGULAR
    face = TTFont(name, str(FONTS / _FILES[name]))
    pdfmetrics.registerFont(face)
    return face


@lru_cache(maxsize=8192)
def drawn(text: str) -> str:
    """``text`` as it can be drawn: NFC, on one line, and no letter that would come out as an empty box.

    A letter outside the face loses the mark that the face lacks (``Ŏ`` → ``O``); what is no letter at all becomes
    ``?``, so that nothing vanishes unseen.
    """
    return "".join(_drawn(letter) for letter in composed(text).replace("\n", " "))


def _drawn(letter: str) -> str:
    known = font(bold=False).face.charToGlyph
    if ord(letter) in known:
        return letter
    if letter in _LIKE:
        return _LIKE[letter]
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if ord(part) in known)
    if bare or unicodedata.category(letter) in {"Mn", "Cf"}:
        return bare
    return "?"


@lru_cache(maxsize=16384)
def _width(text: str, bold: bool) -> float:
    """At size 1. ``text`` must be drawable."""
    face = font(bold=bold).face
    widths, default = face.charWidths, face.defaultWidth
    return sum(widths.get(ord(letter), default) for letter in text) / 1000


def width(text: str, size: float, *, bold: bool = False) -> float:
    return _width(drawn(text), bold) * size


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """``text`` in lines no wider than ``room``; a word wider than that is broken where it has to be."""
    lines: list[str] = []
    for word in drawn(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if width(longer, size, bold=bold) <= room:
            lines[-1:] = [longer]
        else:
            lines += _broken(word, size, room, bold)
    return lines


def _broken(word: str, size: float, room: float, bold: bool) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and width(parts[-1] + letter, size, bold=bold) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def fitting(text: str, size: float, room: float, *, bold: bool = False) -> float:
    """The largest size up to ``size`` at which ``text`` stands on one line of ``room``."""
    wide = width(text, size, bold=bold)
    return size if wide <= room else size * room / wide
