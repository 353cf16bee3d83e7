"""A biller's public price list: what is charged, for whom less, and by which decision. Never who pays or does not."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from base.periods import vietnam_day
from cooperatives.models import Organization
from payments.bills import catalogue, tariff


@require_safe
def prices(request: HttpRequest, slug: str) -> HttpResponse:
    """The items that may be charged today, in the biller's order; open to everybody."""
    organization = Organization.objects.public().billing().filter(slug=slug).first()
    if organization is None:
        raise Http404
    today = vietnam_day(timezone.now())
    prices = catalogue.price_list(organization=organization, on=today)
    request.demo = organization.is_demo  # type: ignore[attr-defined]  # read by storefront.context.site
    context = {
        "organization": organization, "today": today,
        "prices": [(price, _steps(price.rate.steps)) for price in prices],
    }  # fmt: skip
    return render(request, "storefront/bills/prices.html", context)


def _steps(steps: list[tariff.Step]) -> list[tuple[int, int | None, int]]:
    """``[[10, 6000], [None, 9000]]`` → from which unit to which (None: all further ones) at what price, đồng."""
    found, first = [], 1
    for upper, price in steps:
        assert price is not None
        found.append((first, upper, price))
        first = (upper or 0) + 1
    return found
