"""What a page says to machines: schema.org as JSON-LD. Only what the page says to people too, and never more.

Availability follows the stock band, prices are whole đồng, an average stands there only where buyers gave one.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from base.periods import today_in_vietnam
from catalog import resting
from catalog.bands import shown_at_most
from catalog.measures import WEIGHT
from catalog.models import Photo, Product, Variant
from cooperatives.models import Organization

# Inside <script> a browser looks for "</script" and "<!--" before anybody reads JSON; the last two end lines in old
# readers of JavaScript.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def script(data: dict[str, Any]) -> SafeString:
    """``<script type="application/ld+json">…</script>``: data, which no browser runs, so no policy has to allow it."""
    told = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, separators=(",", ":"))
    escaped = told.translate(_ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{escaped}</script>')  # noqa: S308  escaped above


def about_product(product: Product, variants: Iterable[Variant]) -> dict[str, Any]:
    """Product with its offers and the way to it. ``product`` is ``preloaded()``."""
    address = _absolute(reverse("product", args=[product.slug]))
    told: dict[str, Any] = {
        "@type": "Product",
        "@id": f"{address}#product",
        "name": product.name,
        "url": address,
        "category": product.category.name,
        "offers": [_offer(variant, product, address) for variant in variants],
    }
    if product.description:
        told["description"] = product.description
    photos = list(product.photos.all())
    if photos:
        told["image"] = [_photo(photo) for photo in photos]
    if product.rating_tenths is not None:
        told["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": f"{product.rating_tenths // 10}.{product.rating_tenths % 10}",
            "reviewCount": product.review_count,
            "bestRating": 5,
            "worstRating": 1,
        }
    return {"@graph": [told, _way_to(product, address)]}


def about_shop(shop: Organization) -> dict[str, Any]:
    """Organization, as its page and its footer name it."""
    address = _absolute(reverse("cooperative", args=[shop.slug]))
    told: dict[str, Any] = {"@type": "Organization", "@id": f"{address}#shop", "name": shop.name, "url": address}
    if shop.about:
        told["description"] = shop.about
    if shop.phone:
        told["telephone"] = shop.phone
    if shop.tax_code:
        told["taxID"] = shop.tax_code
    place = {"streetAddress": shop.address, "addressLocality": shop.commune_name, "addressRegion": shop.province_name}
    known = {name: said for name, said in place.items() if said}
    if known:
        told["address"] = {"@type": "PostalAddress", **known, "addressCountry": "VN"}
    return told


def _offer(variant: Variant, product: Product, address: str) -> dict[str, Any]:
    shop = product.organization
    price = str(variant.price_dong)
    offer: dict[str, Any] = {
        "@type": "Offer",
        "name": variant.name,
        "url": address,
        "price": price,
        "priceCurrency": "VND",
        "availability": f"https://schema.org/{_availability(variant, product)}",
        "seller": {
            "@type": "Organization",
            "name": shop.name,
            "url": _absolute(reverse("cooperative", args=[shop.slug])),
        },
    }
    grams = variant.unit if variant.sold_by == WEIGHT else variant.weight_g
    if grams:
        offer["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "price": price,
            "priceCurrency": "VND",
            "referenceQuantity": {"@type": "QuantitativeValue", "value": grams, "unitCode": "GRM"},
        }
    return offer


def _availability(variant: Variant, product: Product) -> str:
    band = shown_at_most(variant)
    if band.is_none or resting.rests_until(product, on=today_in_vietnam()):
        return "OutOfStock"
    return "InStock" if band.is_more else "LimitedAvailability"


def _way_to(product: Product, address: str) -> dict[str, Any]:
    category = product.category
    steps = [(category.name, _absolute(reverse("category", args=[category.slug]))), (product.name, address)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": where}
            for place, (name, where) in enumerate(steps, 1)
        ],
    }


def _photo(photo: Photo) -> str:
    address = photo.url(640, "jpg")
    return address if "://" in address else _absolute(address)


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
