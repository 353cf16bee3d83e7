"""One way to draw a page of a biller's desk: its frame says who works for whom, and whether the books add up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from storefront import standing
from storefront.at_desk import Desk


def page(
    request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], *, tab: str, status: int = 200
) -> HttpResponse:
    """``template`` below storefront/biller/; ``tab`` is the one to mark. A form that was wrong has status 422."""
    verdict = standing.of(desk.organization, at=desk.at) if desk.may["see_money"] else None
    request.demo = desk.organization.is_demo  # type: ignore[attr-defined]  # read by storefront.context.site
    frame = {
        "desk": desk, "may": desk.may, "tab": tab, "standing": verdict.audit if verdict else None,
        "standing_at": verdict.at if verdict else None,
    }  # fmt: skip
    return render(request, f"storefront/biller/{template}", {**frame, **context}, status=status)
