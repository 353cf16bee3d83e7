"""``{% load demo_cards %}{% demo_cards %}``: the demo's people on the start page; nothing where there is no demo."""

from typing import Any

from django import template

from storefront import demo_cards as people

register = template.Library()


@register.inclusion_tag("storefront/parts/demo_cards.html")
def demo_cards() -> dict[str, Any]:
    """At most two queries; the form's token comes along by itself."""
    return {"cards": people.demo_cards()}
