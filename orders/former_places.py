"""The name that a place had before July 2025: carriers still sort by ward, district and province of then.

An order keeps it where its buyer found her commune by it (orders/addresses.py). Else the commune's own list says which
old ones lie in it: with one there is nothing to ask; with several somebody who knows the hamlet has to choose.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from base.places import divisions
from base.places.divisions import Commune
from base.refusals import Refused
from base.text import composed
from orders.models import Order

LONGEST = 160


class FormerPlaceMissing(Refused):
    """Which old commune it lies in has still to be said."""

    code = "FORMER_PLACE_MISSING"
    sentence = _(
        "Hãng vận chuyển còn hỏi xã, huyện, tỉnh cũ. Hãy chọn hoặc ghi: xã, huyện, tỉnh, cách nhau bằng dấu phẩy."
    )


@dataclass(frozen=True, slots=True)
class FormerPlace:
    """``xã Yên Hòa`` of ``huyện Yên Mô`` in ``Ninh Bình``."""

    ward: str
    district: str
    province: str

    def __str__(self) -> str:
        return f"{self.ward}, {self.district}, {self.province}"


def read(text: str) -> FormerPlace:
    """``xã Yên Hòa, huyện Yên Mô, Ninh Bình``: three names between commas. Raises FormerPlaceMissing."""
    parts = [composed(part) for part in text.split(",")]
    if len(parts) != 3 or not all(parts):
        raise FormerPlaceMissing(field="former")
    place = FormerPlace(*parts)
    if len(str(place)) > LONGEST:  # as it is stored: a blank behind each comma
        raise FormerPlaceMissing(field="former")
    return place


def former_place_of(order: Order) -> FormerPlace:
    """Where ``order`` goes, in the names of then. Raises FormerPlaceMissing."""
    if order.former_name:
        return read(order.former_name)
    known = candidates(order.commune_code)
    if len(known) != 1:
        raise FormerPlaceMissing(field="former")
    return known[0]


def candidates(commune_code: str) -> list[FormerPlace]:
    """The old communes that lie in one of today's, or in part; none for a code that nobody knows."""
    commune: Commune | None = divisions.commune(commune_code) if commune_code else None
    if commune is None:
        return []
    return [
        FormerPlace(old.full_name, f"{old.district.type} {old.district.name}", old.province_name)
        for old in commune.predecessors
    ]
