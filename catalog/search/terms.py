"""The terms a product is found by, ``<form>:<word>``, and where in it they stand. Pure; both engines index these.

| form | holds | for |
|---|---|---|
| ``a`` | a word as written: NFC, small letters, one place for its tone | ``a:chạch`` |
| ``p`` | a word of a text that has no accents at all, so that its own are not known | ``p:chuoi`` |
| ``h`` | the first word of the name: what the thing *is* | ``h:chạch`` |
| ``j`` | two neighbours of the name by their sound, joined | ``j:cachach`` |
| ``same`` | a meaning that several words share (synonyms.txt) | ``same:lạc`` |
| ``bare`` | a meaning that a name without accents may have | ``bare:same:lạc`` |
| ``as`` | that meaning in the words of this name | ``as:lạc=đậu_phộng`` |
| ``g`` ``ml`` ``n`` | how much is in it: grams, millilitres, pieces | ``g:500`` |
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from base.syllables import cased_words, has_accents, words
from catalog.search.amounts import amounts_in
from catalog.search.everyday import KINDS, PACKINGS
from catalog.search.rules import joined
from catalog.search.synonyms import meanings_in, other_words

MOST_TERMS = 400
MOST_TERM_LETTERS = 60
MOST_NAME_WORDS = 30
MOST_DESCRIPTION_LETTERS = 4000


class Place(IntEnum):
    """Where a term stands; the values of ``SearchWord.Place``."""

    NAME = 1
    ELSEWHERE = 2


@dataclass(frozen=True, slots=True)
class Goods:
    """What is read of a product. ``maker`` is empty unless she agreed that buyers read her name.

    ``synonyms``: the sets of its own cooperative, each as written ("cá trạch, cá chạch, con nhếch").
    """

    name: str
    description: str = ""
    maker: str = ""
    category: str = ""
    commune: str = ""
    variants: tuple[str, ...] = field(default=())
    synonyms: tuple[str, ...] = field(default=())


def name_words(name: str) -> int:
    """How many words between blanks: the fewer, the closer a product is to the one word asked for."""
    return len(name.split())


def terms_of(goods: Goods) -> dict[str, Place]:
    """Every term of these goods, no more than 400; one that stands in the name and elsewhere counts as in the name."""
    name = amounts_in(goods.name)
    named = words(name.rest)[:MOST_NAME_WORDS]
    terms = dict.fromkeys(_spelled(named), Place.NAME)
    heads = _heads(named)
    terms |= dict.fromkeys((f"h:{word}" for word in heads), Place.NAME)
    terms |= dict.fromkeys((f"j:{joined(a, b)}" for a, b in pairwise(named)), Place.NAME)
    proper = _proper_words(goods.name)
    for meant in meanings_in(named, typed=False):
        phrase = named[meant.start : meant.end]
        if len(phrase) == 1 and not any(map(has_accents, named)):
            terms[f"bare:{meant.term}"] = Place.NAME  # "DUA" may be pineapple, coconut or pickle
        elif not proper.issuperset(phrase):  # "bưởi Tân Lạc" is no peanut
            terms[meant.term] = terms[said_as(meant.term, phrase)] = Place.NAME
            if meant.start < len(heads) and meant.as_written:  # "cà khô" may be cá khô misspelt, and may be eggplant
                terms[f"h:{meant.term}"] = Place.NAME
    terms |= dict.fromkeys(name.terms, Place.NAME)
    for variant in goods.variants:
        packed = amounts_in(variant)
        terms |= dict.fromkeys(packed.terms, Place.NAME)  # "gói 200 g" is part of what one reads as the name
        _add(terms, _spelled(words(packed.rest)))
    _add(terms, (f"a:{word}" for word in other_words(named, goods.synonyms)))
    for text in (goods.category, goods.maker, goods.commune, goods.description[:MOST_DESCRIPTION_LETTERS]):
        _add(terms, _spelled(words(text)))
    return {term: place for term, place in list(terms.items())[:MOST_TERMS] if len(term) <= MOST_TERM_LETTERS}


def said_as(meaning: str, phrase: Iterable[str]) -> str:
    """The term of a meaning in one of its wordings: ``as:lạc=đậu_phộng``."""
    return f"as:{meaning.removeprefix('same:')}={'_'.join(phrase)}"


def _proper_words(name: str) -> frozenset[str]:
    """Words of a name that are capitalised in its midst, where others are not: "Tân", "Lạc". None in a name that is
    capitalised throughout, or that a new sentence could begin in."""
    written = [word for word in cased_words(name) if not word.isdigit()][1:]
    if not any(word.islower() and len(word) > 1 for word in written):
        return frozenset()
    small = {word for word in written if word.islower()}
    return frozenset(word.lower() for word in written if word[:1].isupper()) - small


def _spelled(spoken: list[str]) -> list[str]:
    """As words whose tones are known; of a text without any accent, as bare ones."""
    form = "a" if any(map(has_accents, spoken)) else "p"
    return [f"{form}:{word}" for word in spoken]


def _heads(named: list[str]) -> list[str]:
    """The first word that says what it is: of "cá chạch sấy" both "cá" and "chạch"."""
    for at, word in enumerate(named):
        if word not in KINDS and word not in PACKINGS:
            return named[: at + 1]
    return named[:1]


def _add(terms: dict[str, Place], more: Iterable[str]) -> None:
    for term in more:
        terms.setdefault(term, Place.ELSEWHERE)
