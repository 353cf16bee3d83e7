"""The biller's desk: what waits, the most urgent first."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from storefront.at_biller import at_biller
from storefront.at_desk import Desk
from storefront.views.biller.pages import page


@require_safe
@at_biller()
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    return page(request, desk, "home.html", {}, tab="home")
