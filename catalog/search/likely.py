"""What a typed word may stand for among the words of the market, and how likely each is. Pure.

Typed with accents, the tone wins: the word itself, then what sounds alike with its tone, then names that have no
accents at all, and far behind the same letters with another tone. Typed without, all of them may be meant.
"""

from dataclasses import dataclass

from base.syllables import folded_word, has_accents, letters_and_tone
from base.typed_keys import is_plain_syllable, is_syllable
from catalog.search.plan import MOST_CHOICES, Choice
from catalog.search.rules import spoken
from catalog.search.vocabulary import Vocabulary

ITSELF = 60
SAME_SOUND = 42
BARE_NAME = 50
"""A name without accents, spelled with the same letters."""
BARE_NAME_SOUND = 26
OTHER_TONE = 12
OTHER_LETTERS = 9
OTHER_SOUND = 6
UNKNOWN_TONE = 40
"""Another tone than was typed, where the market has no word with that one: a slip, not a wish."""
UNKNOWN_LETTERS = 34
UNKNOWN_SOUND = 22
OTHER_ENDING = 38

PLAIN = 40
PLAIN_SOUND = 18

BEGINNING = 14
BEGINNING_AS_TYPED = 18
SLIP = 16
LIKELY_SLIP = 20
"""Two letters that changed places, or one typed twice or once too few."""
LEAST_LETTERS = 4
STRONG_LETTERS = 5
SURE_LETTERS = 4
_ENDINGS = (("nh", "nh"), ("ch", "ch"), ("ng", "n"), ("n", "ng"), ("t", "c"), ("c", "t"))
_TONE_TWINS = {3: 4, 4: 3}
"""Hỏi and ngã: half of the country says and writes one for the other."""
SAME_TONE = 3
MOST_BEGINNINGS = 24
MOST_SLIPS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a query. ``accented``: whoever typed it says its tone, also where that is the level one."""

    word: str
    accented: bool


def choices_for(asked: Asked, vocabulary: Vocabulary) -> dict[str, int]:
    """Terms that the word may stand for, each with its weight; none where the market has no such word."""
    return _accented(asked.word, vocabulary) if asked.accented else _plain(asked.word, vocabulary)


def is_sure(asked: Asked, vocabulary: Vocabulary) -> bool:
    """Whether the market has the word as it was typed: so spelled, so sounding, or with hỏi for ngã."""
    if not asked.accented:
        return bool(_plain(asked.word, vocabulary))
    letters, tone = letters_and_tone(asked.word)
    bare = (*vocabulary.spelled(folded_word(asked.word)), *vocabulary.sounding_plain(asked.word))
    twin = _TONE_TWINS.get(tone)
    return (
        bool(vocabulary.sounding(asked.word) or _otherwise_ended(asked.word, vocabulary))
        or any(term.startswith("p:") for term in bare)
        or any(_is_other_tone(term[2:], letters, twin) for term in bare)
    )


def _is_other_tone(other: str, letters: str, twin: int | None) -> bool:
    """The same letters, of which either there are many, or the tones are hỏi and ngã."""
    same, tone = letters_and_tone(other)
    return same == letters and (tone == twin or (len(letters) >= SURE_LETTERS and has_accents(other)))


def is_strong_slip(asked: Asked) -> bool:
    """Whether it is long enough to be known for a slip, and no syllable that somebody could have meant."""
    return len(asked.word) >= STRONG_LETTERS and not _is_a_syllable(asked)


def beginnings(asked: Asked, vocabulary: Vocabulary) -> dict[str, int]:
    """Words that the typed one may be the beginning of, the commonest of them; what is accented so far stays so."""
    terms = vocabulary.beginning(folded_word(asked.word), most=MOST_BEGINNINGS)
    if not asked.accented:
        return dict.fromkeys(terms, BEGINNING)
    letters, tone = letters_and_tone(asked.word)
    return {
        term: BEGINNING_AS_TYPED
        for term in terms
        if term[2:].startswith(asked.word) or (not tone and letters_and_tone(term[2:])[0].startswith(letters))
    }


def slips(asked: Asked, vocabulary: Vocabulary) -> dict[str, int]:
    """Words one letter away, the likeliest of them; none for a syllable typed with its accents, which is meant."""
    fold = folded_word(asked.word)
    if has_accents(asked.word) and is_syllable(asked.word):
        return {}
    shortest = LEAST_LETTERS if _is_a_syllable(asked) else LEAST_LETTERS - 1
    tone = letters_and_tone(asked.word)[1]
    weights: dict[str, int] = {}
    for near in vocabulary.one_slip_away(fold):
        is_likely = _is_likely_slip(fold, near)
        if len(near) < LEAST_LETTERS or len(fold) < shortest:
            continue  # too many short words are one letter apart
        weight = LIKELY_SLIP if is_likely else SLIP
        for term in vocabulary.spelled(near):
            same_tone = asked.accented and letters_and_tone(term[2:])[1] == tone
            weights[term] = weight + SAME_TONE * same_tone
    order = vocabulary.commonest(weights)
    return {term: weights[term] for term in sorted(order, key=lambda term: -weights[term])[:MOST_SLIPS]}


def _is_a_syllable(asked: Asked) -> bool:
    return is_syllable(asked.word) if has_accents(asked.word) else is_plain_syllable(asked.word)


def _is_likely_slip(typed: str, meant: str) -> bool:
    if len(typed) == len(meant):
        return sorted(typed) == sorted(meant)
    shorter, longer = sorted((typed, meant), key=len)
    return any(
        longer[at] == longer[at + 1] and longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer) - 1)
    )


def as_choices(weights: dict[str, int]) -> tuple[Choice, ...]:
    """The best of them, heaviest first."""
    best = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:MOST_CHOICES]
    return tuple(Choice(term, weight) for term, weight in best)


def _accented(word: str, vocabulary: Vocabulary) -> dict[str, int]:
    letters = letters_and_tone(word)[0]
    exact = f"a:{word}"
    sounding = vocabulary.sounding(word)
    spelled = vocabulary.spelled(folded_word(word))
    known = bool(sounding) or any(term.startswith("p:") for term in spelled)
    weights: dict[str, int] = {}
    for term in vocabulary.sounding_plain(word):
        other = term[2:]
        if term.startswith("p:"):
            weights[term] = BARE_NAME_SOUND
        elif letters_and_tone(other)[0] == letters:
            weights[term] = OTHER_TONE if known else UNKNOWN_TONE
        else:
            weights[term] = OTHER_SOUND if known or not has_accents(other) else UNKNOWN_SOUND
    for term in spelled:
        # A name that carries accents means its bare syllables as they stand: "kho" in it is no "khô".
        as_it_stands = known or not has_accents(term[2:])
        least = BARE_NAME if term.startswith("p:") else OTHER_LETTERS if as_it_stands else UNKNOWN_LETTERS
        weights[term] = max(weights.get(term, 0), least)
    for term in sounding:
        weights[term] = ITSELF if term == exact else SAME_SOUND
    if not known:
        weights |= dict.fromkeys(_otherwise_ended(word, vocabulary), OTHER_ENDING)
    return weights


def _otherwise_ended(word: str, vocabulary: Vocabulary) -> list[str]:
    """Terms that end in t for c or in n for ng, which the South says alike: "mức" for mứt, "bánh trán" for tráng."""
    letters, tone = letters_and_tone(word)
    for ending, other in _ENDINGS:
        if letters.endswith(ending):
            return vocabulary.sounding_as(f"{spoken(letters.removesuffix(ending) + other)}{tone}")
    return []


def _plain(word: str, vocabulary: Vocabulary) -> dict[str, int]:
    fold = folded_word(word)
    weights = dict.fromkeys(vocabulary.sounding_plain(word), PLAIN_SOUND)
    weights |= dict.fromkeys(vocabulary.sounding_plain(fold), PLAIN_SOUND)
    return weights | dict.fromkeys(vocabulary.spelled(fold), PLAIN)
