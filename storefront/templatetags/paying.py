"""Changing how an unpaid order is paid, on any page that only its owner sees."""

from typing import Any

from django import template

from orders.models import Order
from payments import paying_on_receipt
from storefront.forms.checkout import new_key

register = template.Library()


@register.inclusion_tag("storefront/parts/pay_by_switch.html", takes_context=True)
def pay_by_switch(context: template.Context, order: Order) -> dict[str, Any]:
    """Paying on receipt, or by transfer after all; nothing once it is too late for that. Holds the order's token: only
    for pages that whoever has it may see."""
    return {
        "order": order, "may_change": paying_on_receipt.may_change(order), "key": new_key(),
        "csrf_token": context.get("csrf_token"),
    }  # fmt: skip
