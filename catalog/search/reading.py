"""A query read: from what a buyer typed to a plan that either engine follows. Pure.

In order: one form of letters, amounts taken out, talk taken out, keys and joined words respelled; then a slot for each
word, with every word of the market that it may stand for; then what several words mean together.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

from base.syllables import folded_word, has_accents, tidy, tokens, words
from base.typed_keys import is_syllable
from catalog.search.amounts import amounts_in
from catalog.search.everyday import KIND_SOUNDS, KINDS, PACKINGS, SMALL, without_talk
from catalog.search.likely import Asked, as_choices, beginnings, choices_for, is_strong_slip, is_sure, slips
from catalog.search.plan import MOST_SLOTS, Choice, Plan, Slot
from catalog.search.respelling import respelled
from catalog.search.rules import joined, sound
from catalog.search.synonyms import Meant, meanings_in
from catalog.search.terms import said_as
from catalog.search.vocabulary import Vocabulary

MOST_QUERY_LETTERS = 200
MOST_QUERY_WORDS = 12

AMOUNT = 12
SAME_MEANING = 76
"""More than the word itself as a name's first: goods where it means something else ("cá mè", "bắp cải") come after."""
SAME_MEANING_ONCE = 45
"""Of a word that is understood when typed and has a meaning of its own as well ("nón": a hat, and that hat), and of a
phrase with a slip: "cá kho" may be cá khô, and may be what it says."""
SAME_MEANING_BY_SOUND = 30
BARE_MEANING = 26
SAME_MEANING_PLAIN = 34
JOINED = 45
LITERAL = 6
LEAST_LETTERS_TO_CONTINUE = 2
MOST_LETTERS_TO_CONTINUE = 3
SIDE_BY_SIDE = 10
SMALL_PART = 4
"""A word of talk or packing is worth this part of another one."""
HEAD_PART = 4
"""Being the first word of a name adds this part of the word's own weight."""
HEAD_AS_TYPED = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """``plan`` is None where nothing can be found. ``read_as``: what was searched for, empty where that was typed.
    ``did_you_mean``: the same query with its slips of the finger put right."""

    plan: Plan | None
    read_as: str = ""
    did_you_mean: str = ""


@dataclass(frozen=True, slots=True)
class _Word:
    asked: Asked
    weights: dict[str, int]
    is_needed: bool
    is_small: bool
    is_sure: bool
    """The market has it as it was typed or sounds, and not only something near it."""
    is_spelled: bool
    """And spelled so, accents apart."""
    meant: str = ""
    """What a slip stands for, most likely."""


def plan_of(text: str, *, vocabulary: Vocabulary, unfinished: bool = False) -> Plan | None:
    """The plan alone."""
    return read(text, vocabulary=vocabulary, unfinished=unfinished).plan


def read(text: str, *, vocabulary: Vocabulary, unfinished: bool = False) -> Reading:
    """What ``text`` asks for among these words. Takes any text; longer than 200 letters, its beginning.

    ``unfinished``: the last word is still being typed, so its continuations count even where it is a word itself.
    """
    typed = tidy(text[:MOST_QUERY_LETTERS])[:MOST_QUERY_LETTERS]
    amounts = amounts_in(typed)
    before = without_talk(tokens(amounts.rest))
    respelling = respelled(before[:MOST_QUERY_WORDS], vocabulary)
    spoken = [word for token in respelling.words for word in words(token)][:MOST_QUERY_WORDS]
    all_accented = respelling.by_keys or any(map(has_accents, spoken))
    said = [_word(word, vocabulary, all_accented=all_accented) for word in dict.fromkeys(spoken)]
    said = _with_meanings(said, vocabulary)
    if said:
        said[-1] = _continued(said[-1], vocabulary, unfinished=unfinished or _may_go_on(said))
    said = _with_joined(said, vocabulary)
    if not all(word.weights for word in said):
        said = _with_meanings([_put_right(word, vocabulary, all_accented=all_accented) for word in said], vocabulary)
    plan = _plan(said, amounts.terms)
    right = " ".join(word.meant or word.asked.word for word in said)
    shown = " ".join(words(" ".join(respelling.words)))
    return Reading(
        plan,
        read_as=shown if respelling.words != before[:MOST_QUERY_WORDS] else "",
        did_you_mean=right if any(word.meant for word in said) else "",
    )


def _word(word: str, vocabulary: Vocabulary, *, all_accented: bool) -> _Word:
    plain_known = all_accented and bool(vocabulary.sounding(word))
    asked = Asked(word, accented=has_accents(word) or plain_known)
    is_small = _is_small(word, vocabulary)
    is_kind = word in KINDS or (asked.accented and sound(word) in KIND_SOUNDS)
    return _Word(
        asked,
        choices_for(asked, vocabulary),
        is_needed=not is_small and not is_kind,
        is_small=is_small,
        is_sure=is_sure(asked, vocabulary),
        is_spelled=vocabulary.knows(word) and is_sure(asked, vocabulary),
    )


def _is_small(word: str, vocabulary: Vocabulary) -> bool:
    """Talk or packing. Without accents only where no goods have another word spelled so: "hoi" may ask for hồi."""
    if word not in SMALL and word not in PACKINGS:
        return False
    spelled = vocabulary.spelled(word) if not has_accents(word) else []
    return all(term[2:] in SMALL or term[2:] in PACKINGS for term in spelled)


def _may_go_on(said: list[_Word]) -> bool:
    """Whether the last word, though known, looks unfinished: two or three letters after another word."""
    letters = len(said[-1].asked.word)
    is_short = LEAST_LETTERS_TO_CONTINUE <= letters <= MOST_LETTERS_TO_CONTINUE
    return is_short and any(not word.is_small for word in said[:-1])


def _continued(last: _Word, vocabulary: Vocabulary, *, unfinished: bool) -> _Word:
    if last.is_sure and not unfinished:
        return last
    more = beginnings(last.asked, vocabulary)
    return replace(last, weights=more | last.weights, is_sure=last.is_sure or bool(more))


def _put_right(word: _Word, vocabulary: Vocabulary, *, all_accented: bool) -> _Word:
    if word.weights or word.is_sure or (all_accented and is_syllable(word.asked.word)):
        return word  # among words with their accents a bare syllable is meant as it stands: "áo thun" is no thuận
    near = slips(word.asked, vocabulary)
    return replace(word, weights=near, meant=next(iter(near))[2:] if near else "")


def _with_meanings(said: list[_Word], vocabulary: Vocabulary) -> list[_Word]:
    """Each word of a phrase may be hit by what the phrase means, where the market has such goods."""
    said = list(said)
    for meant in meanings_in([word.meant or word.asked.word for word in said], typed=True):
        phrase = said[meant.start : meant.end]
        if not vocabulary.has_meaning(meant.term):
            continue
        weight = _worth(meant, accented=any(word.asked.accented for word in phrase))
        for at, word in enumerate(phrase, start=meant.start):
            weights = word.weights | {meant.term: max(weight, word.weights.get(meant.term, 0))}
            weights |= {f"bare:{meant.term}": BARE_MEANING}
            as_typed = not word.meant
            said[at] = replace(
                word, weights=weights, is_sure=word.is_sure or as_typed, is_spelled=word.is_spelled or as_typed
            )
    return said


def _worth(meant: Meant, *, accented: bool) -> int:
    if not accented:
        return SAME_MEANING_PLAIN
    if meant.only_typed or meant.slipped:
        return SAME_MEANING_ONCE
    return SAME_MEANING if meant.as_written or meant.end - meant.start > 1 else SAME_MEANING_BY_SOUND


def _with_joined(said: list[_Word], vocabulary: Vocabulary) -> list[_Word]:
    """ "sa pô chê" also asks for "sapôchê": each of its words may be hit by the joined one."""
    said = list(said)
    for start in range(len(said)):
        for end in (start + 2, start + 3):
            part = said[start:end]
            if len(part) < end - start:
                continue
            if any(len(word.asked.word) == 1 and word.weights for word in part):
                continue  # "sa p" begins "Sa Pa", and is no "sáp"
            terms = vocabulary.spelled("".join(folded_word(word.asked.word) for word in part))
            for at in range(start, end):
                weights = dict.fromkeys(terms, JOINED) | said[at].weights
                said[at] = replace(said[at], weights=weights, is_sure=said[at].is_sure or bool(terms))
    return said


def _plan(said: list[_Word], amounts: tuple[str, ...]) -> Plan | None:
    known = _believed(said)
    if not known:
        return Plan(tuple(Slot((Choice(term, AMOUNT),)) for term in amounts), 1) if amounts else None
    if not any(word.is_needed for word in known):  # "bánh", "cá con": then these are what is wanted
        known = [replace(word, is_needed=True, is_small=False) for word in known]
    slots = [_slot(word) for word in known]
    needed = sum(not slot.optional for slot in slots)
    slots += [Slot((Choice(term, AMOUNT),), optional=True) for term in amounts]
    slots += _head_slots(known) + _said_so(said) + _side_by_side(said)
    return Plan(tuple(slots[:MOST_SLOTS]), needed if needed <= 2 else max(2, needed * 3 // 4))


def _believed(said: list[_Word]) -> list[_Word]:
    """The words to go by. What this market does not have is answered with nothing, not with what is spelled nearly so:
    a word that is only near one of ours raises goods that hold another one as it was typed, and finds none alone.
    """
    known = [word for word in said if word.weights]
    wanted = [word for word in said if word.is_needed]
    if not wanted:
        return [word for word in known if word.is_sure]
    at_hand = [word for word in known if word.is_needed]
    if 2 * len(at_hand) < len(wanted):
        return []  # of "nguyễn thị an" only the last is a word of this market: that is not what was asked for
    if len(wanted) == 1 and at_hand and _is_plain_slip(at_hand[0]):
        return known
    if len(at_hand) < len(wanted) and not any(word.is_spelled for word in at_hand):
        return []
    if any(word.is_sure for word in at_hand):
        return [word if word.is_sure or _is_plain_slip(word) else replace(word, is_needed=False) for word in known]
    if not any(word.is_sure and not word.is_small for word in known):
        return []
    # "ruc ca": goods that are fish at least, those of "ruốc" first
    return [replace(word, is_needed=word.is_sure and not word.is_small) for word in known]


def _is_plain_slip(word: _Word) -> bool:
    return not word.is_sure and is_strong_slip(word.asked)


def _slot(word: _Word) -> Slot:
    part = SMALL_PART if word.is_small else 1
    weights = {term: max(1, weight // part) for term, weight in word.weights.items()}
    return Slot(as_choices(weights), optional=not word.is_needed)


def _head_slots(known: list[_Word]) -> list[Slot]:
    """What the thing *is* stands first in a Vietnamese name: "ngô nếp" is maize, "rượu ngô" is not."""
    slots = []
    for word in known:
        heads = {_head(term): max(1, weight // HEAD_PART) for term, weight in word.weights.items()}
        if not word.asked.accented and (as_typed := f"h:{word.asked.word}") in heads:
            heads[as_typed] += HEAD_AS_TYPED  # "cam" is the fruit rather than cám
        slots.append(Slot(as_choices(heads), optional=True))
        if word.is_needed:
            break
    return slots


def _head(term: str) -> str:
    """``a:chạch`` → ``h:chạch``, ``same:lạc`` → ``h:same:lạc``."""
    return f"h:{term}" if term.startswith("same:") else f"h:{term[2:]}"


def _said_so(said: list[_Word]) -> list[Slot]:
    """Of goods that mean the same, those that say it with the buyer's words come first."""
    spoken = [word.meant or word.asked.word for word in said]
    terms = [said_as(meant.term, spoken[meant.start : meant.end]) for meant in meanings_in(spoken, typed=True)]
    return [Slot((Choice(term, LITERAL),), optional=True) for term in dict.fromkeys(terms)]


def _side_by_side(said: list[_Word]) -> list[Slot]:
    spoken = [word.meant or word.asked.word for word in said]
    pairs = dict.fromkeys(joined(a, b) for a, b in pairwise(spoken))
    return [Slot((Choice(f"j:{pair}", SIDE_BY_SIDE),), optional=True) for pair in pairs]
