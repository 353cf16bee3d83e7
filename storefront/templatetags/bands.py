"""``{{ variant|shown_at_most }}``: what a public page may say is left (catalog/bands.py)."""

from django import template

from catalog import bands

register = template.Library()


@register.filter
def shown_at_most(variant: bands.Shelf) -> bands.Band:
    """``measures``, and whether there ``is_more``."""
    return bands.shown_at_most(variant)
