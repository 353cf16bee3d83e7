"""Every page of a biller's desk with a line about each."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from storefront import desk_ways
from storefront.at_biller import at_biller
from storefront.at_desk import Desk
from storefront.desk_map import MORE
from storefront.views.biller.pages import page


@require_safe
@at_biller()
def more(request: HttpRequest, desk: Desk) -> HttpResponse:
    """As at the desk of who sells."""
    return page(request, desk, "more.html", {"parts": desk_ways.everything(desk, billing=True)}, tab=MORE)
