"""``{{ names|by_key:name }}``: one value of a dictionary by a key that only the template's loop knows."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def by_key(values: Mapping[Any, Any], key: Any) -> Any:
    """The value under ``key``; the key itself where there is none, so that nothing is hidden."""
    return values.get(key, key)
