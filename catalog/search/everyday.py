"""Words that say little about which goods are meant: talk around the goods, kinds of goods, packings. Pure.

None of them is thrown away where it could be a name: a word that nobody needs to have may still be had.
"""

from base.syllables import folded_word, words
from catalog.search.rules import sound

_TALK = """
ở đâu | ở đâu bán | ở đâu có | mua ở đâu | bán ở đâu | chỗ nào bán | chỗ nào | nơi nào | bao nhiêu tiền |
bao nhiêu | giá bao nhiêu | giá cả | giá rẻ | giá tốt | cho em hỏi | cho hỏi | cho tôi | cho mình | cho em |
muốn mua | cần mua | tìm mua | đặt mua | cần tìm | có bán | có không | không ạ | gần đây | gần nhất | chính gốc
| chính hãng | chất lượng | đặc sản | nông sản | thực phẩm | sản phẩm | hàng hóa | quà biếu | quà tặng | nhà làm
| nhà mình | nhà trồng | quê nhà | làm quà | thế nào | loại nào | còn hàng | có ship | giao hàng | tại nhà
| nguyên con | nguyên quả | nguyên trái
"""
_SMALL = """
mua bán giá tìm cần muốn xin hỏi ship đặt ạ nhé nha ơi em anh chị bác cô chú mình tôi shop cho của và với có những các
một ở tại thì là bao tiền rẻ ngon loại hàng online order nào này đi giùm giúp lấy thêm nữa tươi sạch tốt ngon quê
kg ký kí cân lạng gam gr lít đồng nghìn
"""
_KINDS = """
cá bánh rau củ quả trái hạt hoa bông cây con thịt món đồ quà nước bột
"""
_PACKINGS = """
gói bịch túi bao hũ lọ chai hộp can thùng vỉ bó nải cái chiếc mớ rổ set combo kiện khay lon
"""


def _set(text: str) -> frozenset[str]:
    return frozenset(written for word in words(text) for written in (word, folded_word(word)))


TALK = frozenset(tuple(map(folded_word, words(phrase))) for phrase in _TALK.split("|"))
"""Phrases, folded: taken out of a query whole."""

SMALL = _set(_SMALL)
PACKINGS = _set(_PACKINGS)
KINDS = _set(_KINDS)
"""Kinds of goods and the classifiers before them: one asks for "cá trạch" and means "trạch" too."""
KIND_SOUNDS = frozenset(sound(word) for word in words(_KINDS))

_LONGEST_TALK = max(map(len, TALK))


def without_talk(spoken: list[str]) -> list[str]:
    """``["mua", "chuối", "ở", "đâu"]`` → ``["mua", "chuối"]``. All of it stays where nothing else would be left."""
    kept: list[str] = []
    at = 0
    while at < len(spoken):
        for length in range(_LONGEST_TALK, 1, -1):
            if tuple(map(folded_word, spoken[at : at + length])) in TALK:
                at += length
                break
        else:
            kept.append(spoken[at])
            at += 1
    return kept or spoken
