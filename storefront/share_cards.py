"""The picture that a chat shows for a link: 1200 × 630, photo, name, price, who sells. Pure: frozen data in, JPEG out.

In Vietnamese only and without a word that needs translating: names, figures and units. A chat app keeps the picture of
an address for weeks, so the address carries ``ShareCard.version``: another price is another address.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from base.text import composed
from payments.paper.letters import FONTS, drawn
from storefront import app_icons

WIDTH, HEIGHT = 1200, 630
WANTED_BYTES, MOST_BYTES = 60_000, 100_000
_LOOK = 1
"""Of this module: one more whenever the drawing changes, so that old pictures are fetched anew."""
_INK, _MUTED, _BRICK, _LEAF = "#2A241C", "#6A6155", "#A8431E", "#1F6B3B"
_EDGE, _TOP = 46, 40
_LEFT = HEIGHT + _EDGE
_ROOM = WIDTH - _LEFT - _EDGE
_QUALITIES = (86, 80, 74, 68, 62, 56, 48, 40, 32)
_NOT_A_PHOTO = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class ShareCard:
    """``price`` and ``unit`` ("75.000 ₫", "gói 200 g") are "" on the card of a shop. ``photo`` is its path below MEDIA,
    "" without one."""

    name: str
    price: str
    unit: str
    seller: str
    place: str
    photo: str
    demo: bool = False

    @property
    def version(self) -> str:
        """12 hexadecimal digits that differ whenever the picture would."""
        return hashlib.sha256(repr((_LOOK, astuple(self))).encode()).hexdigest()[:12]


def draw(card: ShareCard, photo: bytes | None) -> bytes:
    """The JPEG, near 60 KB where the photo allows it, never above 100 KB. A photo that cannot be read is left out."""
    square = _square(photo) if photo else None
    made, side = _written(_drawn(card, square)), HEIGHT // 2
    while len(made) > MOST_BYTES and square is not None and side:  # a restless photo is softened
        soft = square.resize((side, side), Image.Resampling.BOX).resize(square.size, Image.Resampling.BICUBIC)
        made, side = _written(_drawn(card, soft)), side // 2
    return made


def _drawn(card: ShareCard, square: Image.Image | None) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), app_icons.PAPER)
    pen = ImageDraw.Draw(image)
    if square is None:
        _without_photo(image, pen)
    else:
        image.paste(square, (0, 0))
    _woven(pen, HEIGHT, 0, HEIGHT)
    _words(pen, card)
    if card.demo:
        _demo(pen)
    return image


def _square(photo: bytes) -> Image.Image | None:
    try:
        with Image.open(BytesIO(photo), formats=("JPEG", "WEBP", "PNG")) as opened:
            opened.load()
            side = min(opened.size)
            left, top = (opened.width - side) // 2, (opened.height - side) // 2
            square = opened.convert("RGB").crop((left, top, left + side, top + side))
    except _NOT_A_PHOTO:  # the files are ours; whatever happened to this one, the link still has its picture
        return None
    return square.resize((HEIGHT, HEIGHT), Image.Resampling.LANCZOS)


def _without_photo(image: Image.Image, pen: ImageDraw.ImageDraw) -> None:
    """The market's stall where a photo would stand, on the ground that the icon has; the words move onto white."""
    pen.rectangle((HEIGHT, 0, WIDTH, HEIGHT), fill="white")
    stall = app_icons.draw(380, share=1, corners=0).convert("RGB")
    image.paste(stall, ((HEIGHT - 380) // 2, (HEIGHT - 380) // 2))


def _woven(pen: ImageDraw.ImageDraw, x: int, top: int, bottom: int) -> None:
    """The market's woven border, standing: three strands across, three along."""
    for y in range(top, bottom, 42):
        for strand in (0, 6, 12):
            pen.rectangle((x + strand, y, x + strand + 2, y + 19), fill=_BRICK)
            pen.rectangle((x, y + 22 + strand, x + 14, y + 24 + strand), fill=_BRICK)


def _words(pen: ImageDraw.ImageDraw, card: ShareCard) -> None:
    """From above the name, from below who sells; the price between them, as large as its line allows."""
    base = float(HEIGHT - _TOP)
    for line in reversed(_lines(card.place, 28, most=2, bold=False)):
        base = _line_up(pen, base, line, 28, _MUTED, bold=False)
    for line in reversed(_lines(card.seller, 32, most=2, bold=True)):
        base = _line_up(pen, base, line, 32, _LEAF, bold=True)
    if card.price:
        base -= 26
        base = _line_up(pen, base, f"/ {card.unit}", _fits(f"/ {card.unit}", 36, bold=False), _MUTED, bold=False)
        base = _line_up(pen, base, card.price, _fits(card.price, 84, bold=True), _BRICK, bold=True)
    room = base - 14 - _TOP
    for size in (68, 60, 52, 46, 40, 36):
        lines = _lines(card.name, size, most=6, bold=True)
        if len(lines) * _step(size) <= room:
            break
    else:
        lines = _lines(card.name, size, most=max(int(room // _step(size)), 1), bold=True)
    y = float(_TOP)
    for line in lines:
        pen.text((_LEFT, y), line, font=_font(size, bold=True), fill=_INK)
        y += _step(size)


def _line_up(pen: ImageDraw.ImageDraw, base: float, line: str, size: int, colour: str, *, bold: bool) -> float:
    """One line that ends at ``base``; returns where the line above it ends."""
    top = base - _step(size)
    pen.text((_LEFT, top), line, font=_font(size, bold=bold), fill=colour)
    return top


def _demo(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, 190, 64), fill="black")
    pen.text((95, 32), "DEMO", font=_font(44, bold=True), fill="white", anchor="mm")


def _step(size: int) -> float:
    return size * 1.27


def _lines(text: str, size: int, *, most: int, bold: bool) -> list[str]:
    """``text`` in lines of the card's room, the last one cut with "…" where there would be more than ``most``."""
    lines = list(_wrapped(drawn(composed(text)), size, bold=bold))
    if len(lines) > most:
        last = lines[most - 1]
        while last and _font(size, bold=bold).getlength(f"{last}…") > _ROOM:
            last = last[:-1].rstrip()
        lines = [*lines[: most - 1], f"{last}…"]
    return lines


def _wrapped(text: str, size: int, *, bold: bool) -> Iterator[str]:
    font, line = _font(size, bold=bold), ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= _ROOM:
            line = longer
            continue
        if line:
            yield line
        line = ""
        for letter in word:  # a word wider than the card is broken where it has to be
            if line and font.getlength(line + letter) > _ROOM:
                yield line
                line = ""
            line += letter
    if line:
        yield line


def _fits(text: str, size: int, *, bold: bool) -> int:
    """The largest size up to ``size`` at which ``text`` is one line."""
    wide = _font(size, bold=bold).getlength(text)
    return size if wide <= _ROOM else max(int(size * _ROOM / wide), 12)


@lru_cache(maxsize=32)
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "BeVietnamPro-SemiBold.ttf" if bold else "BeVietnamPro-Regular.ttf"
    return ImageFont.truetype(str(FONTS / name), size)


def _written(image: Image.Image) -> bytes:
    """As fine as WANTED_BYTES allows; with the coarsest quality it may still be more."""
    made = b""
    for quality in _QUALITIES:
        out = BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True, subsampling="4:2:0")
        made = out.getvalue()
        if len(made) <= WANTED_BYTES:
            break
    return made
