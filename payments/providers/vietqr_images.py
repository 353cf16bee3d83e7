"""The picture of a VietQR: the code, and under it in words whom it pays. This picture is what people save and forward.

Level M, quiet zone 4, black on white, nothing in the middle: that is what old phones read in sunlight. Masks differ
in looks only, so one is fixed instead of trying all eight. In demo mode the word DEMO lies pale behind the code, where
it hides no module, and dark above it.
"""

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from io import BytesIO
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFont
from qrcode.constants import ERROR_CORRECT_M

from base.money import figures

MASK = 7
QUIET_ZONE = 4
LEAST_WIDTH = 720
"""Of the PNG, in pixels. Modules are whole pixels, so it may be a little more."""

DEMO = "DEMO"
_FONT = Path(__file__).parent / "fonts" / "BeVietnamPro-SemiBold.ttf"
_BLACK, _PALE, _WHITE = 0, 205, 255
_SHADES = (_BLACK, 110, _PALE, _WHITE)
"""Four are enough for smooth letters, and make the file a quarter of what 256 would."""
_TO_SHADE = [min(range(4), key=lambda shade: abs(_SHADES[shade] - grey)) for grey in range(256)]


@lru_cache(maxsize=256)
def matrix(payload: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of the code, rows from the top, True for black, without the quiet zone."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=MASK, border=0)
    code.add_data(payload)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


@lru_cache(maxsize=256)
def png(
    payload: str,
    *,
    holder: str,
    account: str,
    bank: str,
    amount_dong: int | None = None,
    memo: str | None = None,
    demo: bool = False,
) -> bytes:
    """A PNG at least 720 pixels wide: the code, then amount, holder, account, bank and memo. A few kilobytes."""
    modules = matrix(payload)
    side = len(modules) + 2 * QUIET_ZONE
    scale = -(-LEAST_WIDTH // side)
    width = side * scale
    margin = QUIET_ZONE * scale
    rows = [
        (line, font)
        for text, size in _words(holder, account, bank, amount_dong, memo)
        for font in [_font(size)]
        for line in _wrapped(text, font, width - margin)
    ]
    top = 120 if demo else 0
    height = top + width + sum(_line_height(font) for _, font in rows) + margin // 2
    picture = Image.new("L", (width, height), _WHITE)
    draw = ImageDraw.Draw(picture)
    if demo:
        draw.rectangle((0, 0, width, top), fill=_BLACK)
        draw.text((width // 2, top // 2), DEMO, font=_font(84), fill=_WHITE, anchor="mm")
        draw.text((width // 2, top + width // 2), DEMO, font=_font(width // 4), fill=_PALE, anchor="mm")
    for x, y, run in _black_runs(modules):
        left, upper = (QUIET_ZONE + x) * scale, top + (QUIET_ZONE + y) * scale
        draw.rectangle((left, upper, left + run * scale - 1, upper + scale - 1), fill=_BLACK)
    y_text = top + width - margin // 4
    for line, font in rows:
        draw.text((width // 2, y_text), line, font=font, fill=_BLACK, anchor="ma")
        y_text += _line_height(font)
    out = BytesIO()
    few = picture.point(_TO_SHADE)
    few.putpalette([shade for shade in _SHADES for _ in "rgb"])
    few.save(out, "PNG", optimize=True, bits=2)
    return out.getvalue()


@lru_cache(maxsize=256)
def svg(
    payload: str,
    *,
    holder: str,
    account: str,
    bank: str,
    amount_dong: int | None = None,
    memo: str | None = None,
    demo: bool = False,
) -> str:
    """The same picture as SVG for the page: one path, the words as text. One unit is one module."""
    modules = matrix(payload)
    side = len(modules) + 2 * QUIET_ZONE
    top = 7 if demo else 0
    y = top + side + 1.5
    words = []
    for text, pixels in _words(holder, account, bank, amount_dong, memo):
        size = min(pixels * side / LEAST_WIDTH, 1.7 * (side - 2) / max(len(text), 1))  # a letter is about 0.6 wide
        words.append(f'<text x="{side / 2:g}" y="{y:.2f}" font-size="{size:.2f}">{escape(text)}</text>')
        y += 1.45 * size
    marks = ""
    if demo:
        marks = (
            f'<path d="M0 0h{side}v{top}h-{side}z"/>'
            f'<text x="{side / 2:g}" y="5.3" font-size="5.2" fill="#fff">{DEMO}</text>'
            f'<text x="{side / 2:g}" y="{top + side / 2 + 4:g}" font-size="{side / 4:g}" fill="#cdcdcd">{DEMO}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {y:.2f}" role="img" text-anchor="middle" '
        f'font-family="\'Be Vietnam Pro\',system-ui,sans-serif" font-weight="600">'
        f"<title>VietQR: {escape(' · '.join(text for text, _ in _words(holder, account, bank, amount_dong, memo)))}"
        f"</title>"
        f'<path fill="#fff" d="M0 0h{side}v{y:.2f}h-{side}z"/>{marks}'
        f'<path stroke="#000" shape-rendering="crispEdges" d="{_path(modules, top)}"/>{"".join(words)}</svg>'
    )


def _words(holder: str, account: str, bank: str, amount_dong: int | None, memo: str | None) -> list[tuple[str, int]]:
    """What stands under the code, most wanted first, with its size in pixels."""
    words = [(figures(amount_dong), 64)] if amount_dong is not None else []
    words += [(holder, 34), (account, 40), (bank, 30)]
    return [*words, (memo, 40)] if memo else words


def _black_runs(modules: tuple[tuple[bool, ...], ...]) -> Iterator[tuple[int, int, int]]:
    """(x, y, length) of each row's stretches of black."""
    for y, row in enumerate(modules):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                yield x, y, run
            x += run or 1


def _path(modules: tuple[tuple[bool, ...], ...], top: int) -> str:
    """The runs as strokes one module thick, each begun where the last one ended: the shortest way to say it."""
    said, at = [], (0, -1)
    for x, y, run in _black_runs(modules):
        if y == at[1]:
            said.append(f"m{x - at[0]} 0h{run}")
        else:
            said.append(f"M{QUIET_ZONE + x} {top + QUIET_ZONE + y}.5h{run}")
        at = (x + run, y)
    return "".join(said)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """``text`` in lines no wider than ``width`` pixels; a single longer word stays whole."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _line_height(font: ImageFont.FreeTypeFont) -> int:
    return int(font.size * 1.35)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT), size)
