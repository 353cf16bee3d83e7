"""Photos and month bars: what a page shows that is not text. The geometry is counted here, drawn in parts/."""

from collections.abc import Iterable
from typing import Any, Literal, Protocol

from django import template
from django.core.files.storage import default_storage

from base.money import grouped

register = template.Library()


class Rendered(Protocol):
    """The part of a catalog Photo that a page needs."""

    alt: str
    colour: str
    is_drawn: bool

    def path(self, size: int, kind: str) -> str: ...


class Filed(Protocol):
    """What lies in files of three sizes and two kinds."""

    def path(self, size: int, kind: str) -> str: ...


ON_CARDS = "(min-width: 640px) 15rem, calc(50vw - 22px)"
_WIDTHS = (160, 320, 640)


def addresses(picture: Filed, *, most: int = 640) -> tuple[str, str, str]:
    """``srcset`` of WebP and of JPEG up to ``most`` pixels wide, and the JPEG for whoever knows neither.

    The files of a picture lie side by side, so that the storage is asked for one address and not for six.
    """
    stem = default_storage.url(picture.path(160, "jpg")).removesuffix("160.jpg")
    widths = [width for width in _WIDTHS if width <= most]
    webp, jpg = (", ".join(f"{stem}{width}.{kind} {width}w" for width in widths) for kind in ("webp", "jpg"))
    return webp, jpg, f"{stem}{min(320, most)}.jpg"


@register.inclusion_tag("storefront/parts/photo.html")
def photo(
    picture: Rendered | Literal[""] | None,
    *,
    sizes: str = ON_CARDS,
    eager: bool = False,
    most: int = 640,
) -> dict[str, Any]:
    """A square photo in its dominant colour until it has come. ``sizes`` as in HTML; ``most``: largest width offered.

    ``eager`` is for the one picture that is seen first; all others wait until they are scrolled to.
    """
    if not picture:  # a template hands over "" where a product has no picture at all
        return {"picture": None}
    webp, jpg, fallback = addresses(picture, most=most)
    offered = {"webp": webp, "jpg": jpg}
    return {"picture": picture, "offered": offered, "fallback": fallback, "sizes": sizes, "eager": eager}


WIDTH, START, LABEL, ROW, BAR = 328, 38, 62, 34, 24  # the drawing's own units, made for a 360 px phone


@register.inclusion_tag("storefront/parts/bars.html")
def bars(
    months: Iterable[tuple[str, int]],
    *,
    baseline_dong: int | None = None,
    caption: str = "",
    last_is_open: bool = False,
) -> dict[str, Any]:
    """Lying bars, one a month, and the same figures as a table. ``months``: (``2026-03``, đồng) in order.

    ``baseline_dong`` draws the dashed line; ``last_is_open`` marks the running month, which is not yet whole.
    Negative months (more given back than sold) stand in the table and have no bar. Lying, because on a phone of
    360 px the figures of twelve standing bars could not be read.
    """
    rows = list(months)
    highest = max([amount for _, amount in rows] + [baseline_dong or 0, 1])
    longest = WIDTH - START - LABEL
    base_x = None if baseline_dong is None else START + longest * baseline_dong / highest
    drawn = []
    for position, (month, amount) in enumerate(rows):
        length = round(longest * max(amount, 0) / highest, 1)
        drawn.append(
            {
                "month": month,
                "short": str(int(month[-2:])),
                "dong": amount,
                "thousands": grouped(round(amount / 1000)),
                "y": position * ROW + (ROW - BAR) // 2,
                "text_y": position * ROW + ROW // 2 + 5,
                "length": f"{length:.1f}",
                "label_x": f"{_label_x(START + length, base_x=base_x):.1f}",
                "open": last_is_open and position == len(rows) - 1,
                "above_dong": None if baseline_dong is None else amount - baseline_dong,
            }
        )
    return {
        "bars": drawn,
        "height": len(rows) * ROW,
        "start": START,
        "base_x": None if base_x is None else f"{base_x:.1f}",
        "baseline_dong": baseline_dong,
        "caption": caption,
    }


def _label_x(bar_end: float, *, base_x: float | None) -> float:
    """Right behind its bar; behind the baseline's dashes where they would run through the figure."""
    beside = bar_end + 7
    return base_x + 7 if base_x is not None and bar_end < base_x < beside + LABEL else beside
