"""Photos and month bars: what a page shows that is not text. The geometry is counted here, drawn in parts/."""

from collections.abc import Iterable
from typing import Any, Protocol

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


@register.inclusion_tag("storefront/parts/photo.html")
def photo(
    picture: Rendered | None, *, sizes: str = "(min-width: 640px) 20rem, 50vw", eager: bool = False, most: int = 640
) -> dict[str, Any]:
    """A square photo in its dominant colour until it has come. ``sizes`` as in HTML; ``most``: largest width offered.

    ``eager`` is for the one picture that is seen first; all others wait until they are scrolled to.
    """
    if picture is None:
        return {"picture": None}
    widths = [width for width in (160, 320, 640) if width <= most]
    offered = {
        kind: ", ".join(f"{default_storage.url(picture.path(width, kind))} {width}w" for width in widths)
        for kind in ("webp", "jpg")
    }
    fallback = default_storage.url(picture.path(min(320, most), "jpg"))
    return {"picture": picture, "offered": offered, "fallback": fallback, "sizes": sizes, "eager": eager}


WIDTH, TOP, GROUND = 640, 40, 230  # the drawing's own units; the page scales it
_BAR_SHARE = 0.62  # of a month's slot; the rest is air


@register.inclusion_tag("storefront/parts/bars.html")
def bars(
    months: Iterable[tuple[str, int]],
    *,
    baseline_dong: int | None = None,
    caption: str = "",
    last_is_open: bool = False,
) -> dict[str, Any]:
    """Bars by month and the same figures as a table. ``months``: (``2026-03``, đồng) in order, at most 12.

    ``baseline_dong`` draws the dashed line; ``last_is_open`` marks the running month, which is not yet whole.
    Negative months (more given back than sold) stand in the table and have no bar.
    """
    rows = list(months)
    highest = max([amount for _, amount in rows] + [baseline_dong or 0, 1])
    slot = WIDTH / max(len(rows), 1)
    drawn = []
    for position, (label, amount) in enumerate(rows):
        height = round((GROUND - TOP) * max(amount, 0) / highest, 1)
        middle = slot * (position + 0.5)
        drawn.append(
            {
                "month": label,
                "short": str(int(label[-2:])),
                "dong": amount,
                "thousands": grouped(round(amount / 1000)),
                "x": f"{middle - slot * _BAR_SHARE / 2:.1f}",
                "y": f"{GROUND - height:.1f}",
                "width": f"{slot * _BAR_SHARE:.1f}",
                "height": f"{height:.1f}",
                "middle": f"{middle:.1f}",
                "label_y": f"{GROUND - height - 8:.1f}",
                "open": last_is_open and position == len(rows) - 1,
                "above_dong": None if baseline_dong is None else amount - baseline_dong,
            }
        )
    base_y = None if baseline_dong is None else f"{GROUND - (GROUND - TOP) * baseline_dong / highest:.1f}"
    return {"bars": drawn, "base_y": base_y, "baseline_dong": baseline_dong, "caption": caption}
