"""From rows to the pictures that chats show of them: what stands on each, under which address, drawn once a version.

Strangers ask for them, so each version is drawn once and kept among the media; one at a time in a process. Another
version takes the place of the one before: there are never more files than things that can be shared.
"""

import threading

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from base.money import figures
from base.refusals import Refused
from catalog.measures import WEIGHT
from catalog.models import Photo, Product, Variant
from cooperatives.models import Organization
from storefront.share_cards import ShareCard, draw
from storefront.templatetags.dong import weight

PATIENCE_S = 6
_one = threading.Semaphore(1)


class Busy(Refused):
    """Others are having theirs drawn."""

    code = "BUSY_DRAWING"
    sentence = _("Nhiều người đang mở cùng lúc. Thử lại sau một phút.")


def unit_of(variant: Variant) -> str:
    """``gói 200 g``, ``kg``: what one price is for."""
    if variant.sold_by == WEIGHT or not variant.weight_g:
        return variant.unit_name
    return f"{variant.unit_name} {weight(variant.weight_g)}"


def place_of(shop: Organization) -> str:
    """``Yên Mô, Ninh Bình``."""
    return ", ".join(filter(None, [shop.commune_name, shop.province_name]))


def card_of_product(product: Product) -> ShareCard:
    """Its face, its name, the price of the first variant. Wants ``organization``, ``variants`` and ``photos``."""
    variant = next(iter(product.variants.all()), None)
    return ShareCard(
        name=product.name,
        price=figures(variant.price_dong) if variant else "",
        unit=unit_of(variant) if variant else "",
        seller=product.organization.name,
        place=place_of(product.organization),
        photo=_photo(next(iter(product.photos.all()), None)),
        demo=product.organization.is_demo,
    )


def card_of_shop(shop: Organization) -> ShareCard:
    """Its name and place, the face of its latest goods. One query."""
    photos = Photo.objects.filter(product__in=Product.objects.published().filter(organization=shop))
    latest = photos.order_by("-product__published_at", "-product_id", "position", "id").first()
    return ShareCard(
        name=shop.name, price="", unit="", seller=place_of(shop), place="", photo=_photo(latest), demo=shop.is_demo
    )


def address_of(name: str, slug: str, card: ShareCard) -> str:
    """Absolute, with the version: chats keep what they once fetched under an address."""
    return f"{settings.SITE_URL}{reverse(name, args=[slug])}?v={card.version}"


def picture_of(card: ShareCard, *, owner: str) -> bytes:
    """The JPEG of ``card``; ``owner`` (``p12``, ``c3``) says whose earlier version it replaces. Raises Busy."""
    path = f"cards/{owner}/{card.version}.jpg"
    kept = _read(path)
    if kept is not None:
        return kept
    if not _one.acquire(timeout=PATIENCE_S):
        raise Busy
    try:
        kept = _read(path)  # somebody waited for the same one
        if kept is not None:
            return kept
        made = draw(card, _read(card.photo) if card.photo else None)
        for old in _files_of(owner):
            default_storage.delete(f"cards/{owner}/{old}")
        default_storage.save(path, ContentFile(made))
        return made
    finally:
        _one.release()


def _files_of(owner: str) -> list[str]:
    try:
        return default_storage.listdir(f"cards/{owner}")[1]
    except FileNotFoundError:
        return []


def _read(path: str) -> bytes | None:
    try:
        with default_storage.open(path) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def _photo(photo: Photo | None) -> str:
    return photo.path(640, "jpg") if photo else ""
