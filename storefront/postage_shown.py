"""What the checkout says of ways and their prices: each cooperative in the basket asks its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from base.money import figures
from cooperatives.models import Organization
from orders import offering
from orders.addresses import BadCommune, place_of, shared_commune
from orders.models import Order
from orders.offering import Offer, WayNotOffered
from storefront.basket_lines import OfOneSeller

Way = Order.Delivery


@dataclass(frozen=True, slots=True)
class Asked:
    """One cooperative's answer to one way."""

    seller: Organization
    offer: Offer

    @property
    def dong(self) -> int | None:
        return self.offer.postage.dong if self.offer.postage else None


@dataclass(frozen=True, slots=True)
class WayShown:
    """One way and what each cooperative says to it. ``dong`` is their sum, None where one of them does not say."""

    way: str
    asked: tuple[Asked, ...]

    @property
    def dong(self) -> int | None:
        sums = [one.dong for one in self.asked]
        return None if None in sums else sum(dong or 0 for dong in sums)

    @property
    def is_closed(self) -> bool:
        """One of them has no such way, wherever the goods go."""
        return any(isinstance(one.offer.refused, WayNotOffered) for one in self.asked)

    @property
    def detail(self) -> str:
        """What stands under its name: the price, or why there is none."""
        said = [one.offer.refused for one in self.asked if one.offer.refused]
        why = [refused for refused in said if not isinstance(refused, BadCommune)]
        if why:
            return " ".join(dict.fromkeys(refused.message for refused in why))
        if said:
            return _("Chọn xã ở dưới thì biết tiền gửi.")
        if len(self.asked) > 1 and self.dong:
            parts = (f"{one.seller.name} {figures(one.dong or 0)}" for one in self.asked)
            return _("Tiền gửi %(sum)s: %(parts)s.") % {"sum": figures(self.dong), "parts": "; ".join(parts)}
        if self.dong:
            return _("Tiền gửi %(sum)s.") % {"sum": figures(self.dong)}
        saved = sum(one.offer.postage.saved_dong for one in self.asked if one.offer.postage)
        if saved:
            return _("Miễn tiền gửi (thường %(sum)s).") % {"sum": figures(saved)}
        return _("Không mất tiền gửi.")


def ways_to(sellers: Sequence[OfOneSeller], *, commune: str) -> dict[str, WayShown]:
    """Each way that one of ``sellers`` has, besides fetching. One query.

    ``commune`` "": nobody has said where to yet; a neighbour then goes about the sellers' own one.
    """
    organizations = [one.organization for one in sellers]
    rates = offering.rates_of(organizations)
    to, near = place_of(commune), place_of(shared_commune(organizations))
    shown: dict[str, list[Asked]] = {}
    for seller in sellers:
        lines = [(line.variant, line.measures) for line in seller.lines]
        parcel = offering.parcel_of(lines, goods_dong=seller.total_dong)
        for offer in offering.offers(rates, seller=seller.organization, to=to, near=near, parcel=parcel):
            shown.setdefault(offer.way, []).append(Asked(seller.organization, offer))
    return {
        way: WayShown(way, tuple(_of_all(way, asked, organizations)))
        for way, asked in shown.items()
        if way != Way.PICKUP
    }


def _of_all(way: str, asked: Sequence[Asked], organizations: Sequence[Organization]) -> list[Asked]:
    """Those that have no such way say so."""
    answers = {one.seller.pk: one for one in asked}
    return [
        answers.get(one.pk) or Asked(one, Offer(way, None, WayNotOffered(name=one.name, way=Order.Delivery(way).label)))
        for one in organizations
    ]
