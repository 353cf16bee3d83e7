"""Putting goods up for sale: made as a draft, published, changed, withdrawn and published again.

A changed price is for orders to come: placed orders keep the price on their own lines.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import Enum

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from base.codes import ALPHABET
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.text import folded, storable
from catalog import versions
from catalog.lots import require_live_member
from catalog.models import Category, Product
from catalog.search.embedded import write_words
from catalog.variants import NewVariant, VariantChange, write_variants
from catalog.wording import one_line, plain_description
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from cooperatives.permissions import organizations_where, require

NAME_LETTERS = 120


class UnknownCategory(Refused):
    """There is no such category."""

    code = "UNKNOWN_CATEGORY"
    sentence = _("Không có nhóm hàng này.")


class NotPublishable(Refused):
    """Goods that nobody could buy: without a variant, or of an organization that does not sell."""

    code = "NOT_PUBLISHABLE"
    sentence = _("Chưa đăng bán được: cần ít nhất một cách bán có giá, và đơn vị được phép bán hàng.")


class WhichOrganization(Refused):
    """The seller lists goods for more than one organization and named none."""

    code = "WHICH_ORGANIZATION"
    sentence = _("Bạn bán hàng cho nhiều đơn vị. Hãy chọn một đơn vị.")


class Keep(Enum):
    """Says "leave as it is" where None has a meaning of its own."""

    KEEP = "keep"


def organization_listed_by(actor: User, *, slug: str | None, at: datetime) -> Organization:
    """The organization named by ``slug``, or the only one for which ``actor`` lists goods.

    Raises NotFound where there is none, WhichOrganization where there are several.
    """
    if slug is not None and not storable(slug):
        raise NotFound(field="organization")
    allowed = organizations_where(actor, "list_goods", on=vietnam_day(at))
    found = list(allowed.filter(slug=slug) if slug else allowed.order_by("pk")[:2])
    if not found:
        raise NotFound(field="organization")
    if len(found) > 1:
        raise WhichOrganization(field="organization")
    return found[0]


def create_product(
    *,
    organization: Organization,
    category_slug: str,
    name: str,
    description: str,
    variants: Sequence[NewVariant],
    maker_id: int | None = None,
    actor: User | None,
    key: str | None = None,
    at: datetime,
) -> Product:
    """A draft with its variants, nothing in stock. The same ``key`` returns the same product; without one the
    same goods twice on one Vietnamese day are one.

    Opens its own transaction. Raises NotFound for a stranger; EmptyName, TooLong, BadPrice, BadUnit, BadQuantity (a
    weight), NoVariants, TooManyVariants, VariantTwice, UnknownCategory, NotAMemberHere, KeyReused, BadKey.
    """
    with transaction.atomic():
        today = vietnam_day(at)
        if actor is not None:
            require(actor, "list_goods", organization=organization, on=today)

        def create() -> str:
            if maker_id is not None:
                require_live_member(maker_id, organization=organization, on=today, field="maker_id")
            product = _created_with_free_slug(
                Product(
                    organization=organization,
                    category=_category(category_slug),
                    name=one_line(name, most=NAME_LETTERS, field="name"),
                    description=plain_description(description),
                    maker_id=maker_id,
                    created_by=actor,
                    created_at=at,
                )
            )
            write_variants(product, variants)
            write_words(product, at=at)
            return f"product:{product.pk}"

        meaning = {
            "organization": organization.pk,
            "category": category_slug,
            "name": name,
            "description": description,
            "variants": [asdict(variant) for variant in variants],
            "maker": maker_id,
        }
        result, _replayed = done_once(verb="product_create", actor=actor, key=key, meaning=meaning, at=at, do=create)
        return Product.objects.preloaded().get(pk=result.removeprefix("product:"))


def update_product(
    *,
    product_id: int,
    name: str | None = None,
    description: str | None = None,
    category_slug: str | None = None,
    maker_id: int | Keep | None = Keep.KEEP,
    variants: Sequence[NewVariant | VariantChange] = (),
    actor: User | None,
    key: str | None = None,
    at: datetime,
) -> Product:
    """Change what is said and asked for a product; its address (slug) stays. Placed orders are not touched.

    Opens its own transaction; locks the done-once row, the product, its variants. The same ``key`` changes nothing
    a second time; without one it is written each time. Raises what create_product does, and UnitIsFixed.
    """
    with transaction.atomic():
        product = _allowed(product_id, actor=actor, at=at)

        def update() -> str:
            locked = _locked(product.pk)
            if name is not None:
                locked.name = one_line(name, most=NAME_LETTERS, field="name")
            if description is not None:
                locked.description = plain_description(description)
            if category_slug is not None:
                locked.category = _category(category_slug)
            if not isinstance(maker_id, Keep):
                if maker_id is not None:
                    require_live_member(
                        maker_id, organization=locked.organization, on=vietnam_day(at), field="maker_id"
                    )
                locked.maker_id = maker_id
            locked.save(update_fields=["name", "description", "category", "maker"])
            write_variants(locked, variants)
            write_words(locked, at=at)
            versions.moved([locked.organization_id])
            return f"product:{locked.pk}"

        meaning = {
            "product": product_id,
            "name": name,
            "description": description,
            "category": category_slug,
            "maker": maker_id.value if isinstance(maker_id, Keep) else maker_id,
            "variants": [asdict(variant) for variant in variants],
        }
        if key is None:
            update()
        else:
            done_once(verb="product_update", actor=actor, key=key, meaning=meaning, at=at, do=update)
        return Product.objects.preloaded().get(pk=product_id)


def publish_product(*, product_id: int, actor: User | None, at: datetime) -> Product:
    """Put it up for sale; also a withdrawn one. Doing it twice is doing it once. Raises NotFound, NotPublishable."""
    with transaction.atomic():
        _allowed(product_id, actor=actor, at=at)
        product = _locked(product_id)
        if product.state != Product.State.PUBLISHED:
            if not product.organization.sells or not product.variants.exists():
                raise NotPublishable()
            product.publish(at=at)
            versions.moved([product.organization_id])
        return Product.objects.preloaded().get(pk=product_id)


def withdraw_product(*, product_id: int, actor: User | None, at: datetime) -> Product:
    """Take it off the shop; publishing brings it back. Orders already placed stand. Raises NotFound."""
    with transaction.atomic():
        _allowed(product_id, actor=actor, at=at)
        product = _locked(product_id)
        if product.state != Product.State.WITHDRAWN:
            product.withdraw(at=at)
            versions.moved([product.organization_id])
        return Product.objects.preloaded().get(pk=product_id)


def _allowed(product_id: int, *, actor: User | None, at: datetime) -> Product:
    product = Product.objects.select_related("organization").filter(pk=product_id).first()
    if product is None:
        raise NotFound()  # no field: the very answer that a stranger gets
    if actor is not None:
        require(actor, "list_goods", organization=product.organization, on=vietnam_day(at))
    return product


def _locked(product_id: int) -> Product:
    rows = Product.objects.select_for_update(of=("self",))
    return rows.select_related("organization", "category", "maker__user").get(pk=product_id)


def _created_with_free_slug(product: Product) -> Product:
    """Saved under its folded name, with a short suffix where that is taken."""
    plain = slugify(folded(product.name))[:70].strip("-") or "hang"
    product.slug = plain
    if not Product.objects.filter(slug=plain).exists():
        try:
            with transaction.atomic():
                product.save(force_insert=True)
        except IntegrityError:  # another seller took the name between the look and the write
            product.pk = None
        else:
            return product
    product.slug = f"{plain}-{''.join(secrets.choice(ALPHABET) for _ in range(5)).lower()}"
    product.save(force_insert=True)
    return product


def _category(slug: str) -> Category:
    category = Category.objects.filter(slug=slug).first() if storable(slug) else None
    if category is None:
        raise UnknownCategory(field="category")
    return category
