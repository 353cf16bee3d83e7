"""From a stranger's file to small clean pictures. Pure: bytes in, bytes out; nothing of the upload but its pixels."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image

from base.refusals import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000
LEAST_SIDE = 160
SIZES = (160, 320, 640)
KINDS = ("webp", "jpg")

_DRAFT_SIDE = 1280  # a JPEG is decoded at an eighth, a quarter or half of its size where that is enough
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")
_TURNS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Whatever a decoder says of bytes it cannot use. Pillow has no single error of its own.
_CANNOT_DECODE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
)


class NotAnImage(Refused):
    """No JPEG, PNG or WebP, or one that breaks off, or a file that is something else as well."""

    code = "NOT_AN_IMAGE"
    sentence = _("Tệp này không phải ảnh JPEG, PNG hoặc WebP dùng được. Hãy chụp hoặc chọn ảnh khác.")


class TooHeavy(Refused):
    """More than 10 MB."""

    code = "IMAGE_TOO_HEAVY"
    sentence = _("Ảnh nặng quá 10 MB. Hãy chọn ảnh nhỏ hơn.")


class TooManyPixels(Refused):
    """More than 25 megapixels."""

    code = "IMAGE_TOO_LARGE"
    sentence = _("Ảnh lớn quá 25 triệu điểm ảnh. Hãy chọn ảnh nhỏ hơn.")


class TooSmall(Refused):
    """A side shorter than 160 pixels."""

    code = "IMAGE_TOO_SMALL"
    sentence = _("Ảnh nhỏ quá: mỗi cạnh ít nhất 160 điểm ảnh.")


@dataclass(frozen=True, slots=True)
class Picture:
    """``files`` by (size, kind); ``width`` and ``height`` of the largest; ``colour`` as #rrggbb."""

    files: dict[tuple[int, str], bytes]
    width: int
    height: int
    colour: str


def picture_from(data: bytes) -> Picture:
    """Squares cut from the middle, upright, at 160, 320 and 640 pixels as WebP and progressive JPEG.

    What is smaller is not blown up. EXIF (with its GPS place), comments and colour profiles are gone: strangers'
    profiles are not fed to a colour engine either. At 25 megapixels a JPEG costs 0.3 s and 100 MB, a PNG 140 to 200 MB,
    a WebP 0.6 s and 390 MB (its library keeps two canvases): measured.

    Raises NotAnImage, TooHeavy, TooManyPixels, TooSmall; nothing else.
    """
    with _opened(data) as opened:
        square = _largest_square(opened)
    files = {}
    for size in SIZES:
        side = min(size, square.width)
        small = square.resize((side, side), Image.Resampling.LANCZOS) if side != square.width else square
        files[size, "webp"] = _written(small, "WEBP", quality=70, method=4)
        files[size, "jpg"] = _written(small, "JPEG", quality=75, progressive=True, optimize=True)
    side = min(SIZES[-1], square.width)
    return Picture(files=files, width=side, height=side, colour=_average_colour(square))


def whole_from(data: bytes, *, most_side: int = _DRAFT_SIDE) -> bytes:
    """The whole picture, upright, as one JPEG no side of which is longer than ``most_side``; nothing else of the file.
    Raises as ``picture_from``."""
    with _opened(data) as opened:
        clean = _plain(_nearer(opened))
        turn = _TURNS.get(_orientation(opened))
    clean = clean if turn is None else clean.transpose(turn)
    clean.thumbnail((most_side, most_side), Image.Resampling.LANCZOS)
    return _written(clean, "JPEG", quality=75, progressive=True, optimize=True)


def grey_from(
    data: bytes, *, most_side: int, most_pixels: int = MOST_PIXELS, most_bytes: int = MOST_BYTES
) -> Image.Image:
    """The whole picture as shades of grey on white, no side much longer than ``most_side``: for whoever reads codes.

    Not turned upright. What cannot be decoded in small (anything but a JPEG) may have ``most_pixels``, a JPEG 25
    megapixels. Raises as ``picture_from``.
    """
    if len(data) > most_bytes:
        raise TooHeavy(field="photo")
    kind = _kind_by_first_bytes(data)
    if kind is None:
        raise NotAnImage(field="photo")
    try:
        with Image.open(BytesIO(data), formats=(kind,)) as opened:
            if opened.width * opened.height > (MOST_PIXELS if kind == "JPEG" else most_pixels):
                raise TooManyPixels(field="photo")
            if min(opened.size) < LEAST_SIDE // 2:
                raise TooSmall(field="photo")
            opened.draft("L", (most_side, most_side))
            opened.load()
            shrink = max(opened.size) // most_side
            nearer = opened.reduce(shrink) if shrink > 1 and opened.mode in _REDUCIBLE else opened
            if nearer.mode.startswith("I"):
                nearer = nearer.convert("I").point(lambda grey: grey * (1 / 256))
            clean = Image.new("L", nearer.size, 255)
            if nearer.has_transparency_data:
                layered = nearer.convert("LA")
                clean.paste(layered.getchannel("L"), mask=layered.getchannel("A"))
            else:
                clean.paste(nearer.convert("L"))
    except Image.DecompressionBombError:
        raise TooManyPixels(field="photo") from None
    except _CANNOT_DECODE:
        raise NotAnImage(field="photo") from None
    clean.thumbnail((most_side, most_side), Image.Resampling.BILINEAR)
    return clean


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The picture in ``data``, not decoded yet; whatever its decoder says inside the block becomes a refusal."""
    if len(data) > MOST_BYTES:
        raise TooHeavy(field="photo")
    kind = _kind_by_first_bytes(data)
    if kind is None or _is_something_else_too(data):
        raise NotAnImage(field="photo")
    try:
        with Image.open(BytesIO(data), formats=(kind,)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise TooManyPixels(field="photo")
            if min(opened.size) < LEAST_SIDE:
                raise TooSmall(field="photo")
            yield opened
    except Image.DecompressionBombError:  # so large that Pillow would not even open it
        raise TooManyPixels(field="photo") from None
    except _CANNOT_DECODE:
        raise NotAnImage(field="photo") from None


def _kind_by_first_bytes(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return None


def _is_something_else_too(data: bytes) -> bool:
    """Whether other programs would read it as an archive or a PDF. (Phones do append a short film to a JPEG.)"""
    return b"%PDF-" in data[:1024] or zipfile.is_zipfile(BytesIO(data))


def _largest_square(opened: Image.Image) -> Image.Image:
    """The middle of the picture, upright, as plain RGB; about twice as wide as the largest rendition at most."""
    nearer = _nearer(opened)
    side = min(nearer.size)
    left, top = (nearer.width - side) // 2, (nearer.height - side) // 2
    clean = _plain(nearer.crop((left, top, left + side, top + side)))
    turn = _TURNS.get(_orientation(opened))
    return clean if turn is None else clean.transpose(turn)


def _nearer(opened: Image.Image) -> Image.Image:
    """Decoded, where it can be in small: its shorter side is then still _DRAFT_SIDE at least."""
    opened.draft("RGB", (_DRAFT_SIDE, _DRAFT_SIDE))
    opened.load()
    shrink = min(opened.size) // _DRAFT_SIDE
    return opened.reduce(shrink) if shrink > 1 and opened.mode in _REDUCIBLE else opened


def _plain(cut: Image.Image) -> Image.Image:
    """Its pixels as RGB on white. A fresh image knows no comments, profiles or places."""
    if cut.mode.startswith("I"):  # sixteen bits of grey
        cut = cut.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    clean = Image.new("RGB", cut.size, "white")
    if cut.has_transparency_data:
        layered = cut.convert("RGBA")
        clean.paste(layered, mask=layered.getchannel("A"))
    else:
        clean.paste(cut.convert("RGB"))
    return clean


def _orientation(opened: Image.Image) -> object:
    """EXIF's word on which way is up. Broken EXIF is common and says nothing: the pixels still count."""
    try:
        return opened.getexif().get(ExifTags.Base.Orientation)
    except _CANNOT_DECODE:
        return None


def _written(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _average_colour(square: Image.Image) -> str:
    pixel = square.resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{pixel[0]:02x}{pixel[1]:02x}{pixel[2]:02x}"
