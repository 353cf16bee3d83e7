"""Rates of carrying, in words; and what waits before the first order of a stranger is packed."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from base.places import divisions
from orders import first_orders
from orders.models import Order, ShippingRate
from orders.postage import ANY_WEIGHT_G
from storefront.forms.checkout import new_key

register = template.Library()


@register.filter
def zone_of(rate: ShippingRate) -> str:
    """``trong tỉnh``; a list says which."""
    if rate.zone != ShippingRate.Zone.LISTED:
        return str(rate.get_zone_display())
    named = (divisions.province(code) for code in rate.province_codes.split(","))
    return ", ".join(one.name for one in named if one is not None)


@register.filter
def weight_of(rate: ShippingRate) -> str:
    """``3 kg``, ``0,5 kg``."""
    if rate.up_to_g >= ANY_WEIGHT_G:
        return _("nặng mấy cũng được")
    kilos, grams = divmod(rate.up_to_g, 1000)
    return f"{kilos},{grams:03d}".rstrip("0").rstrip(",") + "\u00a0kg"


@register.inclusion_tag("storefront/desk/parts/first_order.html", takes_context=True)
def first_order(context: template.Context, order: Order) -> dict[str, Any]:
    """What is asked before an order on receipt is packed, and what its phone took and refused here before."""
    return {
        "order": order, "history": first_orders.history_of(order), "key": new_key(), "may": context.get("may"),
        "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.inclusion_tag("storefront/desk/parts/called.html", takes_context=True)
def called_button(context: template.Context, order: Order) -> dict[str, Any]:
    """For lists: the button of whoever has called the buyer."""
    return {"order": order, "key": new_key(), "may": context.get("may"), "csrf_token": context.get("csrf_token")}
