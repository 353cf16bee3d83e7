"""What the cooperative bears of an order: ``{% desk_made_good order may form %}`` on its page at the desk."""

from collections.abc import Mapping
from typing import Any

from django import template

from orders.models import Order
from payments.models import MadeGood
from storefront.forms.desk_goodwill import GoodwillForm

register = template.Library()


@register.inclusion_tag("storefront/desk/parts/made_good.html", takes_context=True)
def desk_made_good(
    context: Any, order: Order, may: Mapping[str, bool], form: GoodwillForm | None = None
) -> dict[str, Any]:
    """Everything that was borne, with what it booked in words; who decides complaints may owe the buyer more."""
    kinds = {MadeGood.Kind.GOODWILL, MadeGood.Kind.SHORT}
    made = order.made_good.select_related("member__user", "actor").order_by("pk")
    can_give = may["decide_complaints"] and (order.is_accepted or order.is_ended)
    return {
        "request": context.get("request"), "csrf_token": context.get("csrf_token"), "order": order, "may": may,
        "made": [(one, one.is_live and one.kind in kinds and may["settle_money"]) for one in made],
        "form": (form or GoodwillForm()) if can_give or form else None, "is_open": form is not None,
    }  # fmt: skip
