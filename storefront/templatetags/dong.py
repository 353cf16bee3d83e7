"""Money, days, phones and quantities, written the way they are written in Việt Nam. Missing values print as "–"."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from base import money
from base.periods import VIETNAM
from catalog.measures import Sold, shown_quantity
from cooperatives.phones import shown

register = template.Library()
NOTHING = "–"


@register.filter
def dong(amount_dong: int | None) -> str:
    """185000 → ``185.000 ₫``."""
    return NOTHING if amount_dong is None else money.figures(amount_dong)


@register.filter
def words(amount_dong: int | None) -> str:
    """185000 → ``một trăm tám mươi lăm nghìn đồng``."""
    return NOTHING if amount_dong is None else money.in_words(amount_dong)


@register.filter
def day(when: date | datetime | None) -> str:
    """``22/11/2026``, by the clock of Việt Nam."""
    if when is None:
        return NOTHING
    if isinstance(when, datetime):
        when = timezone.localtime(when, VIETNAM)
    return f"{when:%d/%m/%Y}"


@register.filter
def clock(when: datetime | None) -> str:
    """``14:05``, by the clock of Việt Nam."""
    return NOTHING if when is None else f"{timezone.localtime(when, VIETNAM):%H:%M}"


@register.filter
def month(text: str) -> str:
    """``2026-03`` → ``03/2026``."""
    year, number = text.split("-")
    return f"{number}/{year}"


@register.filter
def phone(number: str | None) -> str:
    """``+84912345678`` → ``0912 345 678``; foreign numbers keep their country code."""
    return shown(number) or NOTHING


@register.filter
def unbroken(text: str) -> SafeString:
    """A number in one piece: a line breaks before ``DH-261122-7K2M``, never inside it."""
    return format_html('<span class="nowrap">{}</span>', text)


@register.filter
def quantity(measures: int | None, variant: Sold) -> str:
    """Measures of a variant: 3 pieces → ``3 gói``; 1500 g → ``1,5 kg``; 300 g → ``300 g``."""
    return NOTHING if measures is None else shown_quantity(variant, measures)


@register.filter
def weight(grams: int | None) -> str:
    """1500 → ``1,5 kg``; 300 → ``300 g``."""
    if grams is None:
        return NOTHING
    if grams < 1000:
        return f"{grams} g"
    kilograms, rest = divmod(grams, 1000)
    decimals = f",{rest:03d}".rstrip("0").rstrip(",")
    return f"{money.grouped(kilograms)}{decimals} kg"
