"""Vietnamese letters from before Unicode: windows-1258 and the fonts TCVN3 (.VnTime) and VNI, read only when certain.

Text typed with such a font is Latin letters to every program: ``Ngày giao dịch`` is stored as ``Ngµy giao dÞch``
(TCVN3) or ``Ngaøy giao dòch`` (VNI). A file is read back only if its column heads become whole Vietnamese words that
way, by one of the encodings alone, and no letter of the file is left over; else it is refused.

TCVN3 writes capitals with the small letters' codes in a second font (.VnTimeH), so what stood in capitals there comes
out small. Heads are compared without case and memos too; names keep their letters.
"""

import re
import unicodedata
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from payments.statements.statement import DoubtfulStatement

_TCVN3 = dict(zip(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ®¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĂÂĐÊÔƠƯ",
    strict=True,
))  # fmt: skip
_TCVN3_TABLE = str.maketrans(_TCVN3)

# VNI writes a vowel and then its marks as a second letter; a few letters stand alone.
_VNI_MARKS = {
    "a": dict(zip("øùûõïâàáåãäêèéúüë", "àáảãạâầấẩẫậăằắẳẵặ", strict=True)),
    "e": dict(zip("øùûõïâàáåãä", "èéẻẽẹêềếểễệ", strict=True)),
    "o": dict(zip("øùûõïâàáåãä", "òóỏõọôồốổỗộ", strict=True)),
    "u": dict(zip("øùûõï", "ùúủũụ", strict=True)),
    "y": dict(zip("øùûõ", "ỳýỷỹ", strict=True)),
    "ô": dict(zip("øùûõï", "ờớởỡợ", strict=True)),
    "ö": dict(zip("øùûõï", "ừứửữự", strict=True)),
}
_VNI_ALONE = dict(zip("ñìíæóòîôö", "đìíỉĩịỵơư", strict=True))
_VNI_PAIRS = {
    written: letter
    for vowel, marks in _VNI_MARKS.items()
    for mark, small in marks.items()
    for written, letter in (
        (vowel + mark, small),
        (vowel.upper() + mark.upper(), small.upper()),
        (vowel.upper() + mark, small.upper()),
    )
}
_VNI = _VNI_PAIRS | _VNI_ALONE | {alone.upper(): letter.upper() for alone, letter in _VNI_ALONE.items()}
_VNI_WRITTEN = re.compile("|".join(re.escape(written) for written in sorted(_VNI, key=len, reverse=True)))

_SIGNS = frozenset("–—‘’“”…₫€\u00a0\ufeff")  # not letters: these may stand in any file
_LOST_LETTER = re.compile(r"\w\?|\?\w")


class LegacyFont(DoubtfulStatement):
    code = "STATEMENT_LEGACY_FONT"
    sentence = _(
        "Chữ trong tệp này gõ bằng phông cũ (TCVN3, VNI) hoặc bảng mã cũ và không đổi chắc chắn được. "
        "Hãy xuất lại tệp từ ngân hàng, hoặc chuyển mã sang Unicode rồi tải lên."
    )


def from_tcvn3(text: str) -> str | None:
    """None where a letter is none of TCVN3's."""
    if any(not sign.isascii() and sign not in _TCVN3 and sign not in _SIGNS for sign in set(text)):
        return None
    return text.translate(_TCVN3_TABLE)


def from_vni(text: str) -> str | None:
    """None where a letter is none of VNI's, or a mark follows a letter that cannot bear it."""
    bare = _VNI_WRITTEN.sub("", text)
    if any(not sign.isascii() and sign not in _SIGNS for sign in set(bare)):
        return None
    return _VNI_WRITTEN.sub(lambda found: _VNI[found[0]], text)


def from_windows_1258(data: bytes) -> str | None:
    """None where the bytes are no such text: a mark that its letter cannot bear, a letter that was lost to a ``?``."""
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return None
    left_over = any(unicodedata.combining(sign) for sign in set(text))
    return None if left_over or _LOST_LETTER.search(text) else text


FONTS: tuple[Callable[[str], str | None], ...] = (from_tcvn3, from_vni)
