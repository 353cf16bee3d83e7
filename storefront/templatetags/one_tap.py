"""``{% one_tap_key %}``: the hidden key of a form that is nothing but a button, each with its own."""

import secrets

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def one_tap_key() -> SafeString:
    """A second tap, "back" or a reload then repeats the same deed harmlessly."""
    return format_html('<input type="hidden" name="key" value="{}">', secrets.token_urlsafe(18))
