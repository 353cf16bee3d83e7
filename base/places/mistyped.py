"""Words typed with Telex or VNI keys on a keyboard that did not read them: "xax Yeen Moo". Pure.

Only a word that is no Vietnamese syllable as it stands is read so, and only by whoever could not read the text without.
"""

from collections.abc import Sequence
from dataclasses import replace

from base.places.words import Word, plain, sound
from base.typed_keys import is_plain_syllable, readings


def as_meant(words: Sequence[Word], text: str) -> list[Word]:
    """The same words at the same places, each as its keys mean it; equal to ``words`` where none was mistyped."""
    return [_meant(word, text[word.start : word.end].lower()) for word in words]


def _meant(word: Word, typed: str) -> Word:
    if typed.isdecimal() or not typed.isascii() or is_plain_syllable(typed):
        return word
    meant = next(iter(readings(typed)), "")
    if not meant:
        return word
    return replace(word, plain=plain(meant), sound=sound(meant), accented=not meant.isascii())
