"""Who runs the shop and receives the money: what every page for buyers says at its end."""

from typing import Any

from django import template
from django.db.models import QuerySet

from base.prepared import prepared_rows
from cooperatives.models import Organization

register = template.Library()
MOST = 3  # a commune has one cooperative, now and then two


@register.inclusion_tag("storefront/parts/owners.html")
def owners(of: Organization | None = None) -> dict[str, Any]:
    """Name, representative, tax code, registration, address and phone: of the one whose page it is, without a query;
    else of the open cooperatives, in one query, and where to find the rest of them."""
    if of is not None:
        return {"owners": [of], "more": False}
    found = list(_sellers())
    return {"owners": found[:MOST], "more": len(found) > MOST}


@prepared_rows
def _sellers() -> QuerySet[Organization]:
    return Organization.objects.public().selling().order_by("id")[: MOST + 1]
