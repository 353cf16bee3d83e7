"""Flat shapes with smooth edges: every shape is a polygon in units of 0–1000, drawn at twice the size, scaled down."""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
Shape = list[Point]
UNITS = 1000
OVERSAMPLING = 2


def ellipse(
    cx: float, cy: float, rx: float, ry: float, *, turn: float = 0, start: float = 0, end: float = 360
) -> Shape:
    """Points of an ellipse, or of its arc from ``start`` to ``end``; ``turn`` tilts it. Degrees, clockwise."""
    tilt = math.radians(turn)
    across, along = math.cos(tilt), math.sin(tilt)
    return [
        (cx + rx * x * across - ry * y * along, cy + rx * x * along + ry * y * across) for x, y in _unit_arc(start, end)
    ]


@cache
def _unit_arc(start: float, end: float) -> tuple[Point, ...]:
    """Of the circle of radius 1: the thousands of grains and slices of a picture share a few."""
    count = max(12, int(abs(end - start) / 4))
    angles = [math.radians(start + (end - start) * i / count) for i in range(count + 1)]
    return tuple((math.cos(angle), math.sin(angle)) for angle in angles)


def box(x: float, y: float, width: float, height: float, *, corner: float = 0) -> Shape:
    """A rectangle with rounded corners."""
    if not corner:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    right, bottom, r = x + width - corner, y + height - corner, corner
    x, y = x + corner, y + corner
    return (
        ellipse(right, y, r, r, start=-90, end=0)
        + ellipse(right, bottom, r, r, start=0, end=90)
        + ellipse(x, bottom, r, r, start=90, end=180)
        + ellipse(x, y, r, r, start=180, end=270)
    )


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 10) -> Shape:
    """A soft curve through ``points`` (Catmull–Rom)."""
    count = len(points)
    at = (lambda i: points[i % count]) if closed else (lambda i: points[min(max(i, 0), count - 1)])
    curve = []
    for i in range(count if closed else count - 1):
        p0, p1, p2, p3 = at(i - 1), at(i), at(i + 1), at(i + 2)
        for step in range(steps):
            t = step / steps
            curve.append(
                tuple(
                    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
                    for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
                )
            )
    if not closed:
        curve.append(points[-1])
    return curve


def ribbon(spine: Sequence[Point], half_width: Callable[[float], float]) -> Shape:
    """A band along ``spine``; ``half_width`` gets the place from 0 to 1."""
    left, right = [], []
    last = len(spine) - 1
    for i, (x, y) in enumerate(spine):
        (ax, ay), (bx, by) = spine[max(i - 1, 0)], spine[min(i + 1, last)]
        length = math.hypot(bx - ax, by - ay) or 1
        nx, ny = -(by - ay) / length, (bx - ax) / length
        half = half_width(i / last)
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    return left + right[::-1]


def moved(shape: Iterable[Point], dx: float, dy: float) -> Shape:
    return [(x + dx, y + dy) for x, y in shape]


class Canvas:
    """A square picture of ``size`` pixels on one ground colour."""

    def __init__(self, size: int, ground: str) -> None:
        self.size = size
        self.pixels = size * OVERSAMPLING
        self.image = Image.new("RGB", (self.pixels, self.pixels), ground)
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    def _scaled(self, shape: Iterable[Point], pixels: int | None = None) -> list[Point]:
        scale = (pixels or self.pixels) / UNITS
        return [(x * scale, y * scale) for x, y in shape]

    def fill(self, shape: Shape, colour: str) -> None:
        """``colour`` as #rrggbb, or #rrggbbaa to let the ground through."""
        self._draw.polygon(self._scaled(shape), fill=colour)

    def line(self, spine: Sequence[Point], width: float, colour: str) -> None:
        """A line of even width with round ends."""
        self.fill(ribbon(spine, lambda _: width / 2), colour)
        for x, y in (spine[0], spine[-1]):
            self.fill(ellipse(x, y, width / 2, width / 2), colour)

    def _mask(self, shapes: Iterable[Shape], pixels: int) -> Image.Image:
        mask = Image.new("L", (pixels, pixels), 0)
        draw = ImageDraw.Draw(mask)
        for shape in shapes:
            draw.polygon(self._scaled(shape, pixels), fill=255)
        return mask

    def inside(self, clip: Shape, shapes: Iterable[tuple[Shape, str]]) -> None:
        """Draws ``shapes`` only where ``clip`` is: stripes on cloth, weave on a tray."""
        layer = self.image.copy()
        draw = ImageDraw.Draw(layer, "RGBA")
        for shape, colour in shapes:
            draw.polygon(self._scaled(shape), fill=colour)
        self.image.paste(layer, (0, 0), self._mask([clip], self.pixels))

    def shadow(
        self,
        *shapes: Shape,
        down: float = 18,
        right: float = 8,
        soft: float = 16,
        depth: float = 0.28,
        colour: str = "#4a2c10",
        within: Shape | None = None,
    ) -> None:
        """One soft shadow under ``shapes``; call it before filling them."""
        small = self.pixels // 4  # softness needs no detail
        mask = self._mask([moved(shape, right, down) for shape in shapes], small)
        mask = mask.filter(ImageFilter.GaussianBlur(soft * small / UNITS)).point(lambda value: int(value * depth))
        mask = mask.resize((self.pixels, self.pixels), Image.Resampling.BILINEAR)
        if within:
            mask = ImageChops.multiply(mask, self._mask([within], self.pixels))
        self.image.paste(Image.new("RGB", self.image.size, colour), (0, 0), mask)

    def finished(self) -> Image.Image:
        return self.image.resize((self.size, self.size), Image.Resampling.LANCZOS)
