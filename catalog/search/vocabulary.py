"""The words that the goods of a market use, ready to be looked up by sound, beginning or a slip of the finger. Pure.

Vietnamese has some seven thousand syllables, so this stays small however large the market grows. Reading it from the
database and keeping it: market_words.py.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from base.syllables import folded_word
from catalog.search.rules import plain_sound, sound

LEAST_LETTERS_FOR_SLIPS = 3
MOST_LETTERS_FOR_SLIPS = 12


class Vocabulary:
    """Words as terms (``a:chạch``, ``p:chuoi``) with the number of products that hold each."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts: Counter[str] = Counter()
        self._by_fold: dict[str, list[str]] = {}
        self._by_sound: dict[str, list[str]] = {}
        self._by_plain_sound: dict[str, list[str]] = {}
        self._by_deletion: dict[str, set[str]] = {}
        self._joined: set[str] = set()
        self._meanings: set[str] = set()
        self._folds: list[str] = []
        self.add(counts)

    def add(self, counts: Mapping[str, int]) -> None:
        """Learn these terms; what is known already counts on."""
        for term, count in counts.items():
            form, _, word = term.partition(":")
            if form == "j":
                self._joined.add(word)
            elif form in ("same", "bare"):
                self._meanings.add(term.removeprefix("bare:"))
            elif form in "ap" and word:
                if term not in self.counts:
                    self._learn(term, word)
                self.counts[term] += count
        self._folds = sorted(self._by_fold)

    def _learn(self, term: str, word: str) -> None:
        fold = folded_word(word)
        if fold not in self._by_fold and not fold.isdigit():
            for shorter in _deletions(fold):
                self._by_deletion.setdefault(shorter, set()).add(fold)
        self._by_fold.setdefault(fold, []).append(term)
        self._by_plain_sound.setdefault(plain_sound(word), []).append(term)
        if term.startswith("a:"):
            self._by_sound.setdefault(sound(word), []).append(term)

    def __contains__(self, term: str) -> bool:
        return term in self.counts

    def spelled(self, fold: str) -> list[str]:
        """Terms that are ``fold`` without their accents."""
        return self._by_fold.get(fold, [])

    def sounding(self, word: str) -> list[str]:
        """Terms that sound like it, tone and all."""
        return self._by_sound.get(sound(word), [])

    def sounding_as(self, heard: str) -> list[str]:
        """Terms of this very sound (``chach5``)."""
        return self._by_sound.get(heard, [])

    def sounding_plain(self, word: str) -> list[str]:
        """Terms that may sound like it, accents apart."""
        return self._by_plain_sound.get(plain_sound(word), [])

    def knows(self, word: str) -> bool:
        """Whether some word is spelled so, accents apart."""
        return folded_word(word) in self._by_fold

    def has_joined(self, sounds: str) -> bool:
        """Whether some name has two neighbours that sound so."""
        return sounds in self._joined

    def has_meaning(self, term: str) -> bool:
        """Whether some name means this (``same:lạc``)."""
        return term in self._meanings

    def beginning(self, fold: str, *, most: int) -> list[str]:
        """Terms whose plain letters begin so, those of most products first."""
        found: list[str] = []
        for at in range(bisect_left(self._folds, fold), len(self._folds)):
            if not self._folds[at].startswith(fold):
                break
            found += self._by_fold[self._folds[at]]
        return self.commonest(found)[:most]

    def one_slip_away(self, fold: str) -> list[str]:
        """Plain words that differ by one letter missing, added, changed, or two that changed places."""
        if not LEAST_LETTERS_FOR_SLIPS <= len(fold) <= MOST_LETTERS_FOR_SLIPS:
            return []
        near = set()
        for shorter in _deletions(fold):
            near |= self._by_deletion.get(shorter, set())
        return sorted(other for other in near if other != fold and is_one_slip(fold, other))

    def commonest(self, terms: Iterable[str]) -> list[str]:
        """These terms, each once, those of most products first."""
        return sorted(set(terms), key=lambda term: (-self.counts[term], term))


def is_one_slip(left: str, right: str) -> bool:
    """One letter added, left out or changed, or two neighbours swapped."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    if len(left) > len(right):
        return left[start + 1 :] == right[start:]
    if len(left) < len(right):
        return left[start:] == right[start + 1 :]
    if left[start + 1 :] == right[start + 1 :]:
        return True
    return left[start : start + 2] == right[start : start + 2][::-1] and left[start + 2 :] == right[start + 2 :]


def _deletions(fold: str) -> Iterator[str]:
    """The word itself and with any one letter left out."""
    if len(fold) <= MOST_LETTERS_FOR_SLIPS + 1:
        yield fold
        for at in range(len(fold)):
            yield fold[:at] + fold[at + 1 :]
