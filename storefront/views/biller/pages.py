"""One way to draw a page of a biller's desk: the same frame as at every desk, with the ways of those who bill."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from storefront.at_desk import Desk
from storefront.views.desk.pages import frame


def page(
    request: HttpRequest,
    desk: Desk,
    template: str,
    context: dict[str, Any],
    *,
    tab: str,
    status: int = 200,
    waiting: Mapping[str, int] | None = None,
) -> HttpResponse:
    """``template`` below storefront/biller/; ``tab`` is the place to mark. A form that was wrong has status 422."""
    seen = frame(request, desk, tab=tab, billing=True, waiting=waiting)
    return render(request, f"storefront/biller/{template}", {**seen, **context}, status=status)
