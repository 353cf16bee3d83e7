"""Who runs the shop and receives the money: what every page for buyers says at its end."""

from typing import Any

from django import template

from cooperatives.models import Organization

register = template.Library()
MOST = 3  # a commune has one cooperative, now and then two


@register.inclusion_tag("storefront/parts/owners.html")
def owners() -> dict[str, Any]:
    """Name, tax code, address and phone of the open cooperatives. One query."""
    return {"owners": list(Organization.objects.public().selling().order_by("id")[:MOST])}
