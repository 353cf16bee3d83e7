"""What each cooperative in a basket would ask for each way to a place: nothing is placed, nothing is promised."""

from collections.abc import Sequence
from dataclasses import dataclass

from cooperatives.models import Organization
from orders import addresses, offering
from orders.offering import Offer, Parcel
from orders.placing import Wanted, merged, on_sale_now
from orders.pricing import line_total_dong


@dataclass(frozen=True, slots=True)
class Quote:
    """One cooperative's part of the basket, and its ways there."""

    seller: Organization
    parcel: Parcel
    offers: tuple[Offer, ...]


def quote(*, wanted: Sequence[Wanted], commune_code: str) -> list[Quote]:
    """``commune_code`` "": nobody has said where to yet. Three queries. Raises what orders.placing does about lines."""
    measures = merged(wanted)
    goods = on_sale_now(measures)
    sellers = list(dict.fromkeys(variant.product.organization for variant in goods.values()))
    rates = offering.rates_of(sellers)
    to, near = addresses.place_of(commune_code), addresses.place_of(addresses.shared_commune(sellers))
    quotes = []
    for seller in sellers:
        lines = [(one, measures[pk]) for pk, one in goods.items() if one.product.organization_id == seller.pk]
        goods_dong = sum(
            line_total_dong(price_dong=one.price_dong, quantity=quantity, unit=one.unit) for one, quantity in lines
        )
        parcel = offering.parcel_of(lines, goods_dong=goods_dong)
        offers = offering.offers(rates, seller=seller, to=to, near=near, parcel=parcel)
        quotes.append(Quote(seller, parcel, tuple(offers)))
    return quotes
