"""A new product in one go, from what a seller writes on one page: made, stocked, published, with its picture.

All of it or nothing: the catalog's own verbs run inside one transaction, the picture last, because files do not roll
back and add_photo takes its own away when it fails.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from catalog import listing, lots, photos
from catalog.measures import PIECE, unit_from_word
from catalog.models import Product
from catalog.typed_quantities import quantity_from_text
from catalog.variants import NewVariant
from cooperatives.models import Organization, User
from storefront.templatetags.dong import weight


@dataclass(slots=True)
class Counted:
    """How a lot is counted: like the variant, but not in selling steps."""

    sold_by: str
    unit_name: str
    step: int = 1


@dataclass(frozen=True, slots=True)
class Written:
    """What the page asked. ``quantity`` as typed, empty for nothing in stock yet; ``photo`` as sent."""

    name: str
    category_slug: str
    unit: str
    weight_g: int | None
    price_dong: int
    description: str
    quantity: str
    member_id: int | None
    made_on: date | None
    best_before: date | None
    photo: bytes | None


def put_up(written: Written, *, organization: Organization, actor: User, key: str, at: datetime) -> Product:
    """Opens one transaction; the same ``key`` makes nothing twice. Raises what listing, lots and photos raise."""
    unit = unit_from_word(written.unit)
    called = f"{unit.name} {weight(written.weight_g)}" if written.weight_g and unit.sold_by == PIECE else unit.name
    with transaction.atomic():
        product = listing.create_product(
            organization=organization, category_slug=written.category_slug, name=written.name,
            description=written.description,
            variants=[NewVariant(called, written.unit, written.price_dong, written.weight_g)],
            maker_id=written.member_id, actor=actor, key=key, at=at,
        )  # fmt: skip
        if written.quantity.strip():
            counted = Counted(sold_by=unit.sold_by, unit_name=unit.name)
            lots.receive_lot(
                variant_id=product.variants.all()[0].pk, member_id=written.member_id,
                quantity=quantity_from_text(written.quantity, sold=counted), made_on=written.made_on,
                best_before=written.best_before, actor=actor, key=f"{key}:lot", at=at,
            )  # fmt: skip
        product = listing.publish_product(product_id=product.pk, actor=actor, at=at)
        if written.photo is not None and not product.photos.all():
            photos.add_photo(product=product, data=written.photo, alt=product.name, actor=actor, at=at)
    return product
