"""``{% load persisted %}{% persisted "suggestions" %}``: where a page's script asks for one of our documents."""

import hashlib
import json
from functools import cache
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()


@register.simple_tag
@cache
def persisted(name: str) -> str:
    """``/graphql/?extensions=…&variables=``; the script adds its variables as JSON, percent-encoded.

    The hash is that of the file in ``settings.PERSISTED_DOCUMENTS`` which the GraphQL door reads as well, so that a
    page never asks for another document than the one served beside it. Raises FileNotFoundError.
    """
    text = (settings.PERSISTED_DOCUMENTS / f"{name}.graphql").read_text(encoding="utf-8")
    named = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}}
    extensions = json.dumps(named, separators=(",", ":"))
    return f"{reverse('graphql')}?{urlencode({'extensions': extensions})}&variables="
