"""Parts of every page that say the same to everybody, drawn once a process and language."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def kept_part(name: str) -> SafeString:
    """The template ``name``, which is told nothing and so can say nothing of anybody. Addresses and words stand as long
    as the process does."""
    return _drawn(name, get_language())


@cache
def _drawn(name: str, _language: str | None) -> SafeString:
    return render_to_string(name)
