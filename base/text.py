"""Vietnamese letters: one form, and folded to plain ASCII. For memos, names, phones and search."""

import re
import unicodedata

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HORIZONTAL = re.compile(r"[^\S\n]+")
_NOT_ALNUM = re.compile(r"[^A-Z0-9]+")


def storable(text: str) -> bool:
    """Whether every database takes it, even to compare with: no NUL, no half of a surrogate pair."""
    return _UNSTORABLE.search(text) is None


def composed(text: str) -> str:
    """NFC, outer blanks gone, inner runs of blanks made one. What a person typed, in one form."""
    text = unicodedata.normalize("NFC", text)
    return _HORIZONTAL.sub(" ", text).strip() if "\n" in text else " ".join(text.split())


def without_accents(text: str) -> str:
    """``Đơn hàng`` → ``Don hang``. đ/Đ by hand, because NFKD does not take them apart."""
    text = text.replace("Đ", "D").replace("đ", "d")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def folded(text: str) -> str:
    """Lower case, no accents, single blanks: the form that search and comparison use."""
    return " ".join(without_accents(text).lower().split())


def squeezed(text: str) -> str:
    """Only A–Z and 0–9 are left, upper case: the form in which codes are looked for."""
    return _NOT_ALNUM.sub("", without_accents(text).upper())


def given_name_key(full_name: str) -> tuple[str, ...]:
    """Sort key of a Vietnamese name: given name, then middle, then family ("Nguyễn Văn An" under An)."""
    return tuple(reversed(folded(full_name).split()))
