"""One way to draw a page of the desk: its frame says who works for whom, and whether the books add up."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from storefront import desk_ways, standing
from storefront.at_desk import Desk


def page(
    request: HttpRequest,
    desk: Desk,
    template: str,
    context: dict[str, Any],
    *,
    tab: str,
    status: int = 200,
    anew: bool = False,
    waiting: Mapping[str, int] | None = None,
) -> HttpResponse:
    """``template`` below storefront/desk/; ``tab`` is the place to mark (storefront/desk_map.py).

    ``waiting``: place → how much waits there, where the page knows. A form that was wrong is shown with status 422.
    """
    seen = frame(request, desk, tab=tab, billing=False, anew=anew, waiting=waiting)
    return render(request, f"storefront/desk/{template}", {**seen, **context}, status=status)


def frame(
    request: HttpRequest, desk: Desk, *, tab: str, billing: bool, anew: bool = False,
    waiting: Mapping[str, int] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What surrounds a page of a desk. Staff who may see money see the standing."""
    verdict = standing.of(desk.organization, at=desk.at, anew=anew) if desk.may["see_money"] else None
    request.demo = desk.organization.is_demo  # type: ignore[attr-defined]  # read by storefront.context.site
    return {
        "desk": desk, "may": desk.may, "is_billing": billing or not desk.organization.sells,
        "desk_ways": desk_ways.ways(request, desk, tab=tab, billing=billing, waiting=waiting),
        "standing": verdict.audit if verdict else None, "standing_at": verdict.at if verdict else None,
    }  # fmt: skip
