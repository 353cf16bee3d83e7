"""What cards and pages say of goods beside the price: per kilogram, OCOP stars, season, face, rating."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from base.periods import today_in_vietnam
from catalog.certifying import live_certificate
from catalog.measures import KG_G, WEIGHT
from catalog.models import OcopCertificate, Portrait, Product
from catalog.portraits import face_of
from catalog.price_per_kg import Priced, price_per_kg_dong

register = template.Library()


@register.filter
def per_kg(variant: Priced) -> int | None:
    """Đồng for a kilogram, where that says more than the price itself does."""
    grams = variant.unit if variant.sold_by == WEIGHT else variant.weight_g
    return None if grams == KG_G else price_per_kg_dong(variant)


@register.filter
def ocop(product: Product) -> OcopCertificate | None:
    """The certificate whose stars count today. Shared pages carry the day in their tag."""
    return live_certificate(product, on=today_in_vietnam())


@register.filter
def face(product: Product) -> Portrait | None:
    return face_of(product)


@register.filter
def in_season(product: Product) -> bool:
    return product.is_in_season(month=today_in_vietnam().month)


@register.filter
def season_words(product: Product) -> str:
    """``tháng 9 đến tháng 11``; nothing for goods of the whole year."""
    if product.season_from is None or product.season_to is None:
        return ""
    if product.season_from == product.season_to:
        return pgettext("season", "tháng %(month)s") % {"month": month_called(product.season_from)}
    first, last = month_called(product.season_from), month_called(product.season_to)
    return _("tháng %(first)s đến tháng %(last)s") % {"first": first, "last": last}


@register.filter
def month_called(month: int) -> str:
    """What stands after "tháng": ``11``. Months that are called by name in the reader's language: ``November``."""
    return str(month) if get_language() == settings.LANGUAGE_CODE else str(MONTHS[month])


@register.inclusion_tag("storefront/parts/season.html")
def season(product: Product) -> dict[str, Any]:
    """The year as twelve squares, its season filled, this month framed; the same in words beside it."""
    now = today_in_vietnam().month
    months = [
        {"number": month, "is_on": product.is_in_season(month=month), "is_now": month == now} for month in range(1, 13)
    ]
    return {"months": months, "product": product, "is_on": product.is_in_season(month=now)}


@register.filter
def tenths(value: int | None) -> str:
    """48 → ``4,8``: decimals by a comma."""
    return "" if value is None else f"{value // 10},{value % 10}"


@register.inclusion_tag("storefront/parts/stars.html")
def stars(value: int, *, of_ten: bool = False) -> dict[str, Any]:
    """Five stars, ``value`` of them full; with ``of_ten`` in tenths: 48 fills four and most of the fifth."""
    in_tenths = value if of_ten else value * 10
    said = tenths(in_tenths) if of_ten else str(value)
    return {"width": f"{in_tenths * 2.4:.1f}", "said": said}


@register.inclusion_tag("storefront/parts/portrait.html")
def portrait(picture: Portrait, *, name: str = "", size: int = 160) -> dict[str, Any]:
    """A face, ``size`` 160 or 320 pixels wide; ``name`` is said to those who do not see it."""
    said = _("Ảnh của %(name)s") % {"name": name} if name else _("Thành viên hợp tác xã")
    return {"webp": picture.url(size, "webp"), "jpg": picture.url(size, "jpg"), "name": said, "size": size}
