"""The market's icon for a phone's home screen: the stall of mark.svg, drawn in whole pixels.

``python -m storefront.app_icons`` draws the files under static/storefront/icons/ again; a test holds them to this.
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent / "static" / "storefront" / "icons"
PAPER, CLOTH, STRIPE, POST = "#FBF7EF", "#FFF1CF", "#A8431E", "#6A6155"
_TIMES = 4  # drawn so much larger, then made smaller: smooth edges
_WIDE = 34  # mark.svg is drawn on 34 by 34
# What stands in the folder: file name → (pixels, share of the width that the stall takes, corners of the ground)
ICONS = {
    "app-180.png": (180, 0.74, 0.0),  # iOS rounds the corners itself
    "app-192.png": (192, 0.78, 0.2),
    "app-512.png": (512, 0.78, 0.2),
    "app-512-maskable.png": (512, 0.58, 0.0),  # any shape may be cut out of it: the stall keeps to the inner 80 %
}
_TOP, _HEM, _DROP = 4.0, 13.0, 3.6  # heights; how far a scallop hangs


def draw(pixels: int, *, share: float, corners: float) -> Image.Image:
    """A square icon; ``share`` of its width is the stall, ``corners`` of it are rounded off and clear."""
    size = pixels * _TIMES
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, size - 1, size - 1), radius=round(size * corners), fill=PAPER)
    scale = size * share / _WIDE
    edge = size * (1 - share) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return edge + x * scale, edge + y * scale

    def line(*points: tuple[float, float]) -> None:
        pen.line([at(*point) for point in points], fill=POST, width=round(2 * scale))
        for x, y in (at(*point) for point in points):
            pen.ellipse((x - scale, y - scale, x + scale, y + scale), fill=POST)

    for post in ((6.5, 16), (6.5, 30.5)), ((27.5, 16), (27.5, 30.5)), ((2.5, 30.5), (31.5, 30.5)):
        line(*post)
    line((6.5, 23.5), (27.5, 23.5))
    for stripe in range(5):
        colour = CLOTH if stripe % 2 else STRIPE
        left, right = 4.5 + stripe * 5, 9.5 + stripe * 5
        low_left, low_right = 1 + stripe * 6.4, 7.4 + stripe * 6.4
        pen.polygon([at(left, _TOP), at(right, _TOP), at(low_right, _HEM), at(low_left, _HEM)], fill=colour)
        box = (*at(low_left, _HEM - _DROP), *at(low_right, _HEM + _DROP))
        pen.pieslice(box, 0, 180, fill=colour)
    return image.resize((pixels, pixels), Image.Resampling.LANCZOS)


def write_all() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, (pixels, share, corners) in ICONS.items():
        draw(pixels, share=share, corners=corners).quantize(64, dither=Image.Dither.NONE).save(
            FOLDER / name, optimize=True
        )


if __name__ == "__main__":
    write_all()
