"""What a visitor asks the shelves for: words, a shelf, a place, a price, stars, an order. Read from an address and
written into one again. Pure.

Whatever an address holds that is none of these counts as not asked, so that an old or mangled link still shows goods.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from base.text import composed, storable

MOST_LETTERS = 200
MOST_PAGES = 10_000
SORTS = ("new", "cheap", "dear")
STARS = (3, 4, 5)
_BAND = re.compile(r"([0-9]{1,9})-([0-9]{0,9})")
_SLUG = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """``most_dong`` None: no upper end. ``sort`` empty: what fits best, or what is left and newest. ``page`` from 1."""

    text: str = ""
    category: str = ""
    place: str = ""
    least_dong: int | None = None
    most_dong: int | None = None
    stars: int | None = None
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Narrowing:
        """From the parameters of ``query``; ``price`` as ``50000-100000``, or ``200000-`` without an upper end."""
        text, place = (_plain(query.get(name, "")) for name in ("q", "place"))
        category, sort = query.get("category", ""), query.get("sort", "")
        least, most = _band(query.get("price", ""))
        stars, page = query.get("stars", ""), query.get("page", "")
        return cls(
            text=text,
            category=category if _SLUG.fullmatch(category) else "",
            place=place[:80],
            least_dong=least,
            most_dong=most,
            stars=int(stars) if stars in map(str, STARS) else None,
            sort=sort if sort in SORTS else "",
            page=min(int(page), MOST_PAGES) if re.fullmatch("[1-9][0-9]{0,5}", page) else 1,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the words and the order leaves goods out."""
        return bool(self.category or self.place or self.stars) or self.least_dong is not None

    @property
    def query(self) -> str:
        """``?q=…&category=…`` with what is asked alone, always in one order; empty where nothing is."""
        price = "" if self.least_dong is None else f"{self.least_dong}-{self.most_dong or ''}"
        asked = {
            "q": self.text, "category": self.category, "place": self.place, "price": price,
            "stars": self.stars or "", "sort": self.sort, "page": self.page if self.page > 1 else "",
        }  # fmt: skip
        return "?" + urlencode({name: value for name, value in asked.items() if value}) if any(asked.values()) else ""

    def but(self, **changed: Any) -> Narrowing:
        """The same with something asked otherwise, from the first page on."""
        return replace(self, **{"page": 1, **changed})


def _plain(text: str) -> str:
    text = text[:MOST_LETTERS]
    return composed(text) if storable(text) else ""


def _band(text: str) -> tuple[int | None, int | None]:
    band = _BAND.fullmatch(text)
    if not band:
        return None, None
    least, most = int(band[1]), int(band[2]) if band[2] else None
    return (least, most) if most is None or least < most else (None, None)
