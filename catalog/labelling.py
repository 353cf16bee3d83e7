"""What a label must say beside name, weight and days: how to keep the goods, who must not eat them, the bar code.

Source: Decree 37/2026 (digital product passport: name and GTIN, maker, origin, dates, warnings).
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import versions
from catalog.models import Product
from catalog.wording import TooLong, plain_description
from cooperatives.models import User
from cooperatives.permissions import require

MOST_LETTERS = 200


class BadGtin(Refused):
    """Not 8, 12, 13 or 14 figures, or a wrong check figure (GS1 General Specifications §7.9)."""

    code = "BAD_GTIN"
    sentence = _("Mã vạch %(gtin)s không đúng: phải có 8, 12, 13 hoặc 14 chữ số và đúng số kiểm tra ở cuối.")


def is_gtin(text: str) -> bool:
    """Whether ``text`` is a GTIN-8, -12, -13 or -14 with its right check figure: weights 3 and 1 from the right."""
    if len(text) not in {8, 12, 13, 14} or not (text.isascii() and text.isdigit()):
        return False
    return sum(int(figure) * (3 if place % 2 else 1) for place, figure in enumerate(reversed(text))) % 10 == 0


@again_when_locked_out
def say_on_label(
    *, product_id: int, storage: str, allergens: str, gtins: Mapping[int, str], actor: User | None, at: datetime
) -> Product:
    """Write down what its labels say; ``gtins`` by variant id, "" for none. The same again changes nothing.

    Opens its own transaction; locks the product. Raises NotFound (a stranger too, or a variant of other goods),
    TooLong, BadGtin.
    """
    with transaction.atomic():
        product = Product.objects.select_related("organization").filter(pk=product_id).first()
        if product is None:
            raise NotFound()
        if actor is not None:
            require(actor, "list_goods", organization=product.organization, on=vietnam_day(at))
        storage, allergens = (_line(text, name) for text, name in ((storage, "storage"), (allergens, "allergens")))
        locked = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=product_id)
        variants = {variant.pk: variant for variant in locked.variants.all()}
        for variant_id, typed in gtins.items():
            gtin = "".join(typed.split())
            if variant_id not in variants:
                raise NotFound(field="variant_id")
            if gtin and not is_gtin(gtin):
                raise BadGtin(field=f"gtin_{variant_id}", gtin=gtin[:20])
            if variants[variant_id].gtin != gtin:
                variants[variant_id].gtin = gtin
                variants[variant_id].save(update_fields=["gtin"])
        if (locked.storage, locked.allergens) != (storage, allergens):
            locked.storage, locked.allergens = storage, allergens
            locked.save(update_fields=["storage", "allergens"])
        versions.moved([product.organization_id])
        return Product.objects.preloaded().get(pk=product_id)


def _line(text: str, field: str) -> str:
    line = " ".join(plain_description(text).split())
    if len(line) > MOST_LETTERS:
        raise TooLong(field=field, most=MOST_LETTERS)
    return line
