"""QR codes in a photo that somebody took of a poster. Whatever arrives is hostile: bytes in, short texts out.

Pillow decodes it first, with limits asked of its header, into a small picture of grey; only that reaches the reader.
One photo at a time in a process: whoever sends many waits for a moment and is then sent away, and the shop goes on.
"""

import threading

import zxingcpp
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from catalog.pictures import grey_from

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 9_000_000
"""Of what has to be decoded whole: the screenshot of a large phone has four."""
MOST_SIDE = 1280
"""Reads a code as wide as a fifteenth of the photo's longer side. A picture drawn to be slow, a field of corner marks,
costs 0.6 s; 1600 would read one of a twentieth and cost 1.4 s: measured."""
MOST_CODES, LONGEST_CODE = 6, 600
PATIENCE_S = 6

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_one = threading.Semaphore(1)


class NoCode(Refused):
    """There is no QR in it, or none that can be made out."""

    code = "NO_CODE_IN_PHOTO"
    sentence = _("Không thấy mã QR nào trong ảnh. Hãy chụp gần hơn, thẳng và đủ sáng, thấy trọn ô vuông của mã.")


class Busy(Refused):
    """Others are having theirs read."""

    code = "BUSY_READING"
    sentence = _("Nhiều người đang kiểm tra cùng lúc. Đợi một phút rồi gửi lại ảnh, hoặc gõ số tài khoản.")


def codes_in(data: bytes) -> list[str]:
    """What the QR codes of the picture say, each once, the largest first, at most six.

    Raises NoCode, Busy, and what ``pictures.grey_from`` raises.
    """
    if not _one.acquire(timeout=PATIENCE_S):
        raise Busy(field="photo")
    try:
        grey = grey_from(data, most_side=MOST_SIDE, most_pixels=MOST_PIXELS, most_bytes=MOST_BYTES)
        found = zxingcpp.read_barcodes(grey, formats=_QR, text_mode=zxingcpp.TextMode.Plain, try_invert=False)
    finally:
        _one.release()
    largest_first = sorted(found, key=_size, reverse=True)
    texts = list(dict.fromkeys(code.text for code in largest_first if code.valid and code.text))
    if not texts:
        raise NoCode(field="photo")
    return [text[:LONGEST_CODE] for text in texts[:MOST_CODES]]


def _size(code: zxingcpp.Barcode) -> int:
    """The longer of its two diagonals across, in pixels, squared or not does not matter: only for comparing."""
    corners = code.position
    return max(
        abs(corners.top_left.x - corners.bottom_right.x), abs(corners.top_left.y - corners.bottom_right.y)
    )  # fmt: skip
