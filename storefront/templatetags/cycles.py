"""Market days in templates: days and moments in words, and whether goods rest."""

from datetime import date, datetime

from django import template

from base.periods import today_in_vietnam, vietnam_day
from catalog import resting
from catalog.models import Product
from cooperatives.models import Organization
from orders.cycle_words import clock_words, day_words, moment_words, when_words
from orders.models import Order

register = template.Library()


@register.filter
def in_words(day: date | datetime) -> str:
    """``thứ Bảy 28/11``."""
    return day_words(vietnam_day(day) if isinstance(day, datetime) else day)


@register.filter
def moment(at: datetime) -> str:
    """``20:00 thứ Năm 26/11``."""
    return moment_words(at)


@register.filter
def hour(at: datetime) -> str:
    """``7:00``."""
    return clock_words(at)


@register.filter
def fetched_when(order: Order) -> str:
    """``nhận hàng thứ Bảy 28/11, 7:00–9:00 ở Nhà văn hóa xóm 3``, of an order of a market day."""
    return when_words(order)


@register.filter
def rests_until(goods: Product | Organization) -> date | None:
    """The last day of a rest that goods, or a whole shop, are in today; None while they are sold."""
    today = today_in_vietnam()
    if isinstance(goods, Product):
        return resting.rests_until(goods, on=today)
    return goods.rests_until if goods.rests_until is not None and goods.rests_until >= today else None
