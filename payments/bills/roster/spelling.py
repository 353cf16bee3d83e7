"""Whether letters make Vietnamese syllables: what shows in which old encoding a list was typed."""

import re
import unicodedata

_TONES = frozenset("\u0300\u0309\u0303\u0301\u0323")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|ch|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
_WORD = re.compile(r"[^\W\d_]+")
MOST_WORDS = 4_000


def share_of_syllables(text: str) -> float:
    """Of the words with a letter beyond ASCII, how many Vietnamese could spell; 1.0 where there are none."""
    words = [word for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()) if not word.isascii()]
    words = words[:MOST_WORDS]
    return sum(map(_is_syllable, words)) / len(words) if words else 1.0


def _is_syllable(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word)
    tones = [sign for sign in apart if sign in _TONES]
    bare = unicodedata.normalize("NFC", "".join(sign for sign in apart if sign not in _TONES))
    return len(tones) <= 1 and _SYLLABLE.fullmatch(bare) is not None
