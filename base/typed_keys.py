"""Vietnamese typed with Telex or VNI keys and no keyboard that reads them: "chachj", "chach5". Pure.

It says what the keys *could* mean; whoever asks keeps only syllables that the market knows.
"""

import re

from base.syllables import folded_word, letters_and_tone, written

_TELEX_TONES = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"2": "\u0300", "1": "\u0301", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_ROOFS = {"a": "â", "e": "ê", "o": "ô"}
_VOWELS = frozenset("aăâeêioôơuưy")
_TELEX = re.compile(r"[a-zăâđêôơư]{2,14}")
_VNI = re.compile(r"[a-zăâđêôơư][a-zăâđêôơư1-9]{1,13}")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?([aăâeêioôơuưy]{1,3})(ng|nh|ch|[cmnpt])?"
)
_OPEN = """
a e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iu oa oe oi ôi ơi ua uê ui uơ uy ưa ưi ưu
iêu yêu oai oao oay oeo uây uôi uya uyu ươi ươu uai uao ueo
"""
_CLOSED = "a ă â e ê i o ô ơ u ư y iê yê oa oă oe uâ uê uô ươ uy uyê oo ua uă ue uơ"
_OPEN_RHYMES, _CLOSED_RHYMES = frozenset(_OPEN.split()), frozenset(_CLOSED.split())
_HALF_HORNED = re.compile(r"ưo|(?<!q)uơ(?=[^aăâeêioôơuưy]|[iu])")
_PLAIN_OPEN = frozenset(map(folded_word, _OPEN_RHYMES))
_PLAIN_CLOSED = frozenset(map(folded_word, _CLOSED_RHYMES))


def readings(token: str) -> list[str]:
    """The words that these keys could mean, the likelier first; none where they are no such keys."""
    found = [_telex(token)] if _TELEX.fullmatch(token) else [_vni(token)] if _VNI.fullmatch(token) else []
    return [word for word in found if word is not None and word != token]


def is_syllable(word: str) -> bool:
    """Whether Vietnamese has such syllables: "chuối", "mây"; not "chuói", "bahn"."""
    parts = _SYLLABLE.fullmatch(letters_and_tone(word)[0])
    return parts is not None and parts[1] in (_CLOSED_RHYMES if parts[2] else _OPEN_RHYMES)


def is_plain_syllable(word: str) -> bool:
    """The same where accents were left out: "chuoi" may be one, "chuio" and "bahn" are none."""
    parts = _SYLLABLE.fullmatch(folded_word(word))
    return parts is not None and parts[1] in (_PLAIN_CLOSED if parts[2] else _PLAIN_OPEN)


def _telex(token: str) -> str | None:
    letters: list[str] = []
    tone = ""
    for key in token:
        vowels = [letter for letter in letters if letter in _VOWELS]
        if key in _TELEX_TONES and vowels:
            tone = _TELEX_TONES[key]
        elif key == "w":
            if not _horned(letters):
                letters.append("ư")  # a lone w is ư
        elif key == "d" and letters[:1] == ["d"]:
            letters[0] = "đ"
        elif key in _ROOFS and key in letters:
            _roofed(letters, key)
        else:
            letters.append(key)
    return _checked(letters, tone)


def _vni(token: str) -> str | None:
    letters: list[str] = []
    tone = ""
    for key in token:
        if key in _VNI_TONES:
            tone = _VNI_TONES[key]
        elif key == "6":
            plain = [letter for letter in letters if letter in _ROOFS]
            if not plain:
                return None
            _roofed(letters, plain[-1])
        elif key in "78":
            if not _horned(letters, only="a" if key == "8" else "uo"):
                return None
        elif key == "9":
            if letters[:1] != ["d"]:
                return None
            letters[0] = "đ"
        else:
            letters.append(key)
    return _checked(letters, tone)


def _horned(letters: list[str], *, only: str = "auo") -> bool:
    """w after a vowel: ă, ơ, ư; "uo" becomes ươ. False where there is nothing to change."""
    text = "".join(letters)
    pair = max(text.rfind("uo"), text.rfind("ưo"), text.rfind("uơ")) if "o" in only else -1
    if pair >= 0 and not text.startswith("qu"):
        letters[pair : pair + 2] = ["ư", "ơ"]
        return True
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in only and not (letters[at] == "u" and at == 1 and letters[0] == "q"):
            letters[at] = {"a": "ă", "o": "ơ", "u": "ư"}[letters[at]]
            return True
    return False


def _roofed(letters: list[str], vowel: str) -> None:
    at = len(letters) - 1 - letters[::-1].index(vowel)
    letters[at] = _ROOFS[vowel]


def _checked(letters: list[str], tone: str) -> str | None:
    word = _HALF_HORNED.sub("ươ", "".join(letters))  # "nuwoc" and "nuoc7" are nước to every keyboard
    word = f"{word[:-2]}uơ" if word.endswith("ươ") else word  # and "thuow" is thuơ
    return written(word + tone) if is_syllable(word) else None
