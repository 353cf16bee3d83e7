"""What fingers and ears make of right words: keys that no input method turned into letters, sounds, slips, haste.

Pure and without chance: the same words are bent the same way each time. Written from what people do, not from what the
search knows to undo.
"""

import unicodedata
from collections.abc import Iterator, Sequence

_TELEX_TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI_TONES = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_VNI_MARKS = {"\u0302": "6", "\u031b": "7", "\u0306": "8"}
_OTHER_TONE = str.maketrans("\u0300\u0301\u0309\u0303\u0323", "\u0301\u0300\u0303\u0309\u0301")

# What is heard alike somewhere in the country: at the start of a syllable, and not before these letters.
SOUNDS = (
    ("tr", "ch", ""),
    ("ch", "tr", ""),
    ("s", "x", ""),
    ("x", "s", ""),
    ("gi", "d", "bcdghklmnpqrstvx"),  # "gió" but not "gì" or "giếng", where the i is the vowel
    ("d", "gi", "i"),
    ("r", "d", ""),
    ("l", "n", ""),
    ("n", "l", "gh"),
)


def without_accents(text: str) -> str:
    split = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def in_telex(word: str) -> str:
    """``chuối`` → ``chuoois``: marks where they stand, the tone after the word."""
    typed, tone = "", ""
    for sign in unicodedata.normalize("NFD", word.lower()):
        match sign:
            case "đ":
                typed += "dd"
            case "\u0302":
                typed += typed[-1]
            case "\u031b" | "\u0306":
                typed += "w"
            case _ if sign in _TELEX_TONES:
                tone = _TELEX_TONES[sign]
            case _:
                typed += sign
    return typed + tone


def in_vni(word: str) -> str:
    """``chuối`` → ``chuo6i1``."""
    typed, tone = "", ""
    for sign in unicodedata.normalize("NFD", word.lower()):
        if sign in _VNI_TONES:
            tone = _VNI_TONES[sign]
        else:
            typed += "d9" if sign == "đ" else _VNI_MARKS.get(sign, sign)
    return typed + tone


def as_heard(word: str, said: str, heard: str, not_before: str) -> str | None:
    """``word`` written with the other sound; nothing where it does not begin with ``said``."""
    rest = word.lower().removeprefix(said)
    if rest == word.lower() or not rest or without_accents(rest)[0] in not_before:
        return None
    if (said == "gi" and without_accents(rest)[0] == "e") or (said, rest[:1]) == ("s", "h"):
        return None  # "giếng" keeps its i; "sh" is no Vietnamese
    return heard + rest


def in_the_wrong_tone(word: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_OTHER_TONE))


def typed_badly(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each way of bending that applies to ``words`` (at least two, NFC): its name and the query that comes of it."""
    text, bare = " ".join(words), [without_accents(word).lower() for word in words]
    yield "straight", text
    yield "no accents", " ".join(bare)
    yield "upper case", text.upper()
    yield "decomposed", unicodedata.normalize("NFD", text)
    yield "telex", " ".join(in_telex(word) for word in words)
    yield "vni", " ".join(in_vni(word) for word in words)
    yield "telex in one word", " ".join([in_telex(words[0]), *bare[1:]])
    yield "no space", "".join(bare)
    yield "noise before and after", f"mua {text} ở đâu"
    yield "noise after", f"{text} giá bao nhiêu"
    for sound in SOUNDS:
        heard = [(at, other) for at, word in enumerate(words) if (other := as_heard(word, *sound))]
        if heard:
            at, other = heard[0]
            said, name = [*words[:at], other, *words[at + 1 :]], f"{sound[1]} for {sound[0]}"
            yield name, " ".join(said)
            yield f"{name}, no accents", without_accents(" ".join(said)).lower()
    longest = max(range(len(words)), key=lambda at: len(bare[at]))

    def with_longest(other: str, others: Sequence[str] = bare) -> str:
        return " ".join([*others[:longest], other, *others[longest + 1 :]])

    wrong = in_the_wrong_tone(words[longest])
    if wrong != words[longest]:
        yield "wrong tone", with_longest(wrong, words)
    word = bare[longest]
    if len(word) >= 4:
        half = len(word) // 2
        yield "letters swapped", with_longest(word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :])
        yield "letter left out", with_longest(word[:half] + word[half + 1 :])
        yield "letter doubled", with_longest(word[:half] + word[half - 1] + word[half:])
    if len(bare[-1]) >= 3:
        yield "unfinished", text[:-1]
        yield "unfinished, no accents", " ".join(bare)[:-1]
