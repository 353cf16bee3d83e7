"""How a page looks from outside: its one address, its card in a chat, what it tells machines, how it is passed on."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from catalog.models import Category, Product, Variant
from cooperatives.models import Organization
from storefront import linked_data
from storefront.share_cards import HEIGHT, WIDTH
from storefront.share_pictures import address_of, card_of_product, card_of_shop, place_of, unit_of
from storefront.templatetags.dong import dong

register = template.Library()
_PART = "storefront/parts/seen_elsewhere.html"
_LETTERS = 160


@register.inclusion_tag(_PART)
def product_elsewhere(product: Product) -> dict[str, Any]:
    """The price stands in the title: some chats show the title alone."""
    variant = next(iter(product.variants.all()), None)
    price = f", {dong(variant.price_dong)} / {unit_of(variant)}" if variant else ""
    card = card_of_product(product)
    shop = product.organization
    said = product.description or ", ".join(filter(None, [shop.name, place_of(shop)]))
    return {
        "kind": "product",
        "title": f"{product.name}{price}",
        "description": _short(said),
        "address": _absolute(reverse("product", args=[product.slug])),
        **_picture(address_of("product-picture", product.slug, card), alt=f"{product.name}{price}"),
    }


@register.inclusion_tag(_PART)
def shop_elsewhere(shop: Organization, page: int = 1) -> dict[str, Any]:
    """Further ``page`` numbers of its goods are pages of their own."""
    path = reverse("cooperative", args=[shop.slug]) + (f"?page={page}" if page > 1 else "")
    return {
        "kind": "website",
        "title": shop.name,
        "description": _short(shop.about or place_of(shop)),
        "address": _absolute(path),
        **_picture(address_of("shop-picture", shop.slug, card_of_shop(shop)), alt=shop.name),
    }


@register.inclusion_tag(_PART)
def market_elsewhere(title: str, description: str, host: Organization | None = None) -> dict[str, Any]:
    """The market's first page: with the picture of its only seller, else with the market's sign."""
    address = _absolute(reverse("home"))
    return {"kind": "website", "title": title, "description": _short(description), "address": address, **_sign(host)}


@register.inclusion_tag(_PART)
def shelf_elsewhere(title: str, description: str, shelf: Category | None, first: Product | None) -> dict[str, Any]:
    """A shelf, or all goods: with the picture of the first one on it."""
    path = reverse("category", args=[shelf.slug]) if shelf else reverse("search")
    picture = _sign(None)
    if first is not None:
        picture = _picture(address_of("product-picture", first.slug, card_of_product(first)), alt=first.name)
    return {
        "kind": "website",
        "title": title,
        "description": _short(description),
        "address": _absolute(path),
        **picture,
    }


@register.simple_tag
def product_for_machines(product: Product, variants: Iterable[Variant]) -> SafeString:
    return linked_data.script(linked_data.about_product(product, variants))


@register.simple_tag
def shop_for_machines(shop: Organization) -> SafeString:
    return linked_data.script(linked_data.about_shop(shop))


@register.inclusion_tag("storefront/parts/share.html")
def share_product(product: Product) -> dict[str, Any]:
    """With its poster, which anybody may print."""
    address = _absolute(reverse("product", args=[product.slug]))
    return {"address": address, "title": product.name, "poster": reverse("product-poster", args=[product.slug])}


@register.inclusion_tag("storefront/parts/share.html")
def share_shop(shop: Organization) -> dict[str, Any]:
    return {"address": _absolute(reverse("cooperative", args=[shop.slug])), "title": shop.name, "poster": ""}


def _sign(host: Organization | None) -> dict[str, Any]:
    if host is not None:
        return _picture(address_of("shop-picture", host.slug, card_of_shop(host)), alt=host.name)
    return {"picture": _absolute(static("storefront/icons/app-512.png")), "wide": 512, "high": 512, "alt": ""}


def _picture(address: str, *, alt: str) -> dict[str, Any]:
    return {"picture": address, "wide": WIDTH, "high": HEIGHT, "alt": alt}


def _short(text: str) -> str:
    return str(Truncator(" ".join(text.split())).chars(_LETTERS))


def _absolute(path: str) -> str:
    return path if "://" in path else f"{settings.SITE_URL}{path}"
