"""One way to draw a page of the desk: its frame says who works for whom, and whether the books add up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from storefront import desk_reading
from storefront.at_desk import Desk


def page(
    request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], *, tab: str, status: int = 200
) -> HttpResponse:
    """``template`` below storefront/desk/; ``tab`` is the one to mark. Staff who may see money see the standing."""
    standing = desk_reading.standing(desk.organization, at=desk.at) if desk.may["see_money"] else None
    request.demo = desk.organization.is_demo  # type: ignore[attr-defined]  # read by storefront.context.site
    frame = {"desk": desk, "may": desk.may, "tab": tab, "standing": standing}
    return render(request, f"storefront/desk/{template}", {**frame, **context}, status=status)
