"""Every page of a desk with a line about each: what is seldom needed is found here, two taps from anywhere."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from storefront import desk_ways
from storefront.at_desk import Desk, at_desk, see
from storefront.desk_map import MORE
from storefront.views.desk.pages import page


@require_safe
@at_desk()
def more(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who only bills has a list of its own."""
    if desk.organization.bills and not desk.organization.sells:
        return see("biller-more")
    return page(request, desk, "more.html", {"parts": desk_ways.everything(desk, billing=False)}, tab=MORE)
