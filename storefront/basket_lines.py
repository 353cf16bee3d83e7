"""A basket as people read it: goods, sums for each cooperative, and what is no longer to be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from base.money import line_total_dong
from catalog.models import Product, Variant
from cooperatives.models import Organization
from storefront.basket import Basket


@dataclass(frozen=True, slots=True)
class BasketLine:
    """``measures`` wanted of ``variant``; ``typed`` and ``error`` when a change of it was refused."""

    variant: Variant
    measures: int
    is_on_sale: bool
    typed: str = ""
    error: str = ""

    @property
    def total_dong(self) -> int:
        return line_total_dong(price_dong=self.variant.price_dong, quantity=self.measures, unit=self.variant.unit)

    @property
    def still_to_be_had(self) -> int:
        """Measures one could order now, in whole steps; 0 for goods taken off the shop."""
        return self.variant.available // self.variant.step * self.variant.step if self.is_on_sale else 0

    @property
    def is_short(self) -> bool:
        return self.still_to_be_had < self.measures

    @property
    def more_or_less(self) -> str:
        """What the field shows."""
        return self.typed or typed_as(self.variant, self.measures)

    @property
    def typed_what_is_left(self) -> str:
        """What a form sends to take all that is left."""
        return typed_as(self.variant, self.still_to_be_had)


@dataclass(frozen=True, slots=True)
class OfOneSeller:
    """One cooperative's part of the basket: one order, one payment."""

    organization: Organization
    lines: Sequence[BasketLine]

    @property
    def total_dong(self) -> int:
        return sum(line.total_dong for line in self.lines)


def read(basket: Basket, *, wrong: Mapping[int, tuple[str, str]] = MappingProxyType({})) -> list[OfOneSeller]:
    """The basket's goods in three queries, whatever it holds; ids that name nothing are left out.

    ``wrong``: what was typed and why it was refused, by variant id.
    """
    if not basket:
        return []
    found = (
        Variant.objects.filter(pk__in=basket)
        .select_related("product__organization")
        .prefetch_related("product__photos")
    )
    variants = {variant.pk: variant for variant in found}
    on_sale = set(Product.objects.published().filter(variants__in=basket).values_list("pk", flat=True))
    sellers: dict[Organization, list[BasketLine]] = {}
    for variant_id, measures in basket.items():
        variant = variants.get(variant_id)
        if variant is not None:
            typed, error = wrong.get(variant_id, ("", ""))
            on_shelf = variant.product_id in on_sale
            line = BasketLine(variant, measures, is_on_sale=on_shelf, typed=typed, error=error)
            sellers.setdefault(variant.product.organization, []).append(line)
    return [OfOneSeller(organization, lines) for organization, lines in sellers.items()]


def total_dong(sellers: Sequence[OfOneSeller]) -> int:
    """Everything together, whole đồng."""
    return sum(seller.total_dong for seller in sellers)


def is_ready(sellers: Sequence[OfOneSeller]) -> bool:
    """Whether all of it could be ordered as it stands."""
    return bool(sellers) and not any(line.is_short or line.error for seller in sellers for line in seller.lines)


def typed_as(variant: Variant, measures: int) -> str:
    """How a person would type it: ``2``; ``1,5`` for what is sold by weight."""
    if variant.sold_by == Variant.SoldBy.PIECE:
        return str(measures)
    whole, rest = divmod(measures, 1000)
    return f"{whole},{rest:03d}".rstrip("0") if rest else str(whole)
