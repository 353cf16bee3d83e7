"""A product's variants: what is written of each, and what may be changed afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from base.refusals import NotFound, Refused
from base.text import composed
from catalog.measures import checked_measures, unit_from_word
from catalog.models import Product, Variant
from catalog.wording import checked_price, one_line

MOST_VARIANTS = 20
NAME_LETTERS = 60


class NoVariants(Refused):
    """Goods without anything one could buy."""

    code = "NO_VARIANTS"
    sentence = _("Hãy ghi ít nhất một cách bán: tên, đơn vị và giá.")


class TooManyVariants(Refused):
    """More variants than a buyer can choose from."""

    code = "TOO_MANY_VARIANTS"
    sentence = _("Mỗi mặt hàng có nhiều nhất %(most)s cách bán.")


class VariantTwice(Refused):
    """Two variants of one product with the same name."""

    code = "VARIANT_TWICE"
    sentence = _("Hai cách bán trùng tên “%(name)s”.")


class UnitIsFixed(Refused):
    """The unit of goods that exist cannot change: stock and orders count in it."""

    code = "UNIT_IS_FIXED"
    sentence = _("Không đổi được đơn vị của hàng đã có. Hãy thêm một cách bán mới.")


@dataclass(frozen=True, slots=True)
class NewVariant:
    """Something to buy. ``unit`` is a word ("gói", "kg"): weights are priced by it and sold in steps."""

    name: str
    unit: str
    price_dong: int
    weight_g: int | None = None


@dataclass(frozen=True, slots=True)
class VariantChange:
    """A change of one variant. None leaves as it is."""

    variant_id: int
    name: str | None = None
    unit: str | None = None
    price_dong: int | None = None
    weight_g: int | None = None


def write_variants(product: Product, written: Sequence[NewVariant | VariantChange]) -> None:
    """Append what is new, change what is there. Needs an open transaction and the locked product.

    A refusal's field says which one: ``variants.2.price_dong``. Raises NoVariants where the product would have none,
    TooManyVariants, VariantTwice, UnitIsFixed, NotFound for another product's variant, EmptyName, TooLong, BadUnit,
    BadPrice, BadQuantity (a weight).
    """
    present = {variant.pk: variant for variant in product.variants.select_for_update().order_by("pk")}
    new = [one for one in written if isinstance(one, NewVariant)]
    if not present and not new:
        raise NoVariants(field="variants")
    if len(present) + len(new) > MOST_VARIANTS:
        raise TooManyVariants(field="variants", most=MOST_VARIANTS)
    variants = list(present.values())
    for number, one in enumerate(written):
        field = f"variants.{number}"
        if isinstance(one, NewVariant):
            variants.append(_new(one, product=product, position=len(variants), field=field))
        else:
            _change(present, one, field=field)
    names = [variant.name.casefold() for variant in variants]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise VariantTwice(field="variants", name=variants[number].name)
    for variant in present.values():
        variant.save(update_fields=["name", "price_dong", "weight_g"])  # never the stock
    Variant.objects.bulk_create(variants[len(present) :])


def _new(new: NewVariant, *, product: Product, position: int, field: str) -> Variant:
    unit = unit_from_word(new.unit, field=f"{field}.unit")
    return Variant(
        product=product,
        name=one_line(new.name, most=NAME_LETTERS, field=f"{field}.name"),
        sold_by=unit.sold_by,
        unit_name=unit.name,
        unit=unit.measures,
        step=unit.step,
        price_dong=checked_price(new.price_dong, field=f"{field}.price_dong"),
        weight_g=_checked_weight(new.weight_g, field=f"{field}.weight_g"),
        position=position,
    )


def _change(present: dict[int, Variant], change: VariantChange, *, field: str) -> None:
    variant = present.get(change.variant_id)
    if variant is None:
        raise NotFound(field=f"{field}.id")
    if change.unit is not None and composed(change.unit) != variant.unit_name:
        raise UnitIsFixed(field=f"{field}.unit")
    if change.name is not None:
        variant.name = one_line(change.name, most=NAME_LETTERS, field=f"{field}.name")
    if change.price_dong is not None:
        variant.price_dong = checked_price(change.price_dong, field=f"{field}.price_dong")
    if change.weight_g is not None:
        variant.weight_g = _checked_weight(change.weight_g, field=f"{field}.weight_g")


def _checked_weight(value: object, *, field: str) -> int | None:
    return None if value is None else checked_measures(value, field=field)
