"""Typed words that the market does not know, made into those it does: Telex and VNI keys, blanks left out. Pure."""

from dataclasses import dataclass
from itertools import pairwise

from base.syllables import folded_word, has_accents
from base.typed_keys import is_plain_syllable, readings
from catalog.search.rules import joined
from catalog.search.vocabulary import Vocabulary

LEAST_LETTERS = 4
_VOWELS = frozenset("aeiouy")
MOST_PIECE = 7
MOST_PIECES = 4
MOST_JOINED_LETTERS = 24
_MOST_WAYS = 200


@dataclass(frozen=True, slots=True)
class Respelled:
    """``words``: what is searched for. ``by_keys``: some were Telex or VNI, so that every tone was typed."""

    words: list[str]
    by_keys: bool


def respelled(tokens: list[str], vocabulary: Vocabulary) -> Respelled:
    """Keys read as Vietnamese where that gives a word of the market, and joined words taken apart. Known words stay."""
    found: list[str] = []
    by_keys = False
    for token in tokens:
        if vocabulary.knows(token) or token.isdigit():
            found.append(token)
            continue
        typed = _by_keys(token, vocabulary)
        if typed is not None:
            found.append(typed)
            by_keys = True
        elif is_plain_syllable(token):
            found.append(token)  # "nước" is a word, though not one of this market
        else:
            found += _taken_apart(token, vocabulary) or [token]
    return Respelled(found, by_keys)


def _by_keys(token: str, vocabulary: Vocabulary) -> str | None:
    for word in readings(token):
        if vocabulary.sounding(word) or (has_accents(word) and vocabulary.knows(word)):
            return word
    return None


def _taken_apart(token: str, vocabulary: Vocabulary) -> list[str] | None:
    """``"cachach"`` → ``["ca", "chach"]``: of all ways, the one whose neighbours stand side by side in some name,
    else the one of fewest words."""
    plain = folded_word(token)
    if not LEAST_LETTERS <= len(plain) <= MOST_JOINED_LETTERS or len(plain) != len(token):
        return None
    ways: list[list[str]] = []
    _part(plain, 0, [], ways, vocabulary)
    if not ways:
        return None

    def rank(pieces: list[str]) -> tuple[int, int, int]:
        together = sum(vocabulary.has_joined(joined(a, b)) for a, b in pairwise(pieces))
        spelled = sum(vocabulary.knows(piece) for piece in pieces)
        return (len(pieces) - 1 - together, len(pieces), -spelled)

    pieces = min(ways, key=rank)
    apart, at = [], 0
    for piece in pieces:
        apart.append(token[at : at + len(piece)])
        at += len(piece)
    return apart


def _part(plain: str, at: int, pieces: list[str], ways: list[list[str]], vocabulary: Vocabulary) -> None:
    if len(ways) >= _MOST_WAYS:
        return
    if at == len(plain):
        if len(pieces) > 1:
            ways.append(list(pieces))
        return
    if len(pieces) == MOST_PIECES:
        return
    for length in range(1, min(MOST_PIECE, len(plain) - at) + 1):
        piece = plain[at : at + length]
        if length == 1 and piece not in _VOWELS:
            continue  # "ô" and "ủ" are words
        if vocabulary.knows(piece) or vocabulary.sounding_plain(piece):
            pieces.append(piece)
            _part(plain, at + length, pieces, ways, vocabulary)
            pieces.pop()
