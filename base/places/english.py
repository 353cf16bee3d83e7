"""Addresses in English order, "Ben Thanh Ward, District 1": brought into ours, word by word. Pure.

Each English word becomes the Vietnamese one that says the same, and where it stood behind the name it is put before it.
The letters it was typed with are counted to the name then, so that nothing of them stays in what is left over.
"""

from collections.abc import Sequence
from dataclasses import replace

from base.places.words import DASH, HARD, NOTHING, Word, sound

_SAID_HERE = {
    "ward": "phuong",
    "commune": "xa",
    "district": "huyen",
    "dist": "huyen",
    "city": "thanh pho",
    "province": "tinh",
    "prov": "tinh",
    "street": "duong",
    "road": "duong",
    "avenue": "duong",
    "ave": "duong",
    "lane": "ngo",
    "alley": "ngo",
    "village": "thon",
    "hamlet": "thon",
}
"""None of them is a Vietnamese syllable, so that no address of ours is read otherwise."""


def in_our_order(words: Sequence[Word]) -> list[Word]:
    """``Tran Hung Dao Ward`` → ``phuong Tran Hung Dao``; ``Ward 3`` → ``phuong 3``. Other words stay as they are."""
    words, ordered = list(words), list[Word]()
    opened = 0  # where the name begins that a word of ours may close
    for at, word in enumerate(words):
        if word.before >= DASH:
            opened = len(ordered)
        if word.plain == "town" and ordered and word.before == NOTHING:
            ordered[-1] = replace(ordered[-1], end=word.end)  # a thị xã or a thị trấn, says nothing
            continue
        said = _SAID_HERE.get(word.plain, "")
        if not said:
            ordered.append(word)
            continue
        after = words[at + 1] if at + 1 < len(words) else None
        numbered = after is not None and after.before == NOTHING and after.plain.isdecimal()
        while opened < len(ordered) - 1 and ordered[opened].plain.isdecimal():
            opened += 1  # the house
        if numbered or opened == len(ordered):
            ordered += _spoken(said, word)
        else:
            first, last = ordered[opened], ordered[-1]
            types = _spoken(said, replace(word, start=first.start, end=first.start, before=first.before or HARD))
            ordered[-1] = replace(last, end=word.end)
            ordered[opened] = replace(ordered[opened], before=NOTHING)
            ordered[opened:opened] = types
            opened = len(ordered)
            if after is not None and after.before == NOTHING:
                # "Ben Thanh Ward District 1": what follows is a part of its own
                words[at + 1] = replace(after, before=HARD)
    return ordered


def _spoken(said: str, typed: Word) -> list[Word]:
    first, *others = said.split()
    return [
        replace(typed, plain=first, sound=sound(first)),
        *(replace(typed, plain=other, sound=sound(other), before=NOTHING) for other in others),
    ]
