"""The market's first page: what is in season, what there is, who sells."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from base.periods import vietnam_day
from catalog.models import Category, Product
from cooperatives.demo_mode import demo_is_on
from cooperatives.models import Organization
from storefront.in_stock import what_is_left_first
from storefront.narrowing import Narrowing
from storefront.shared_pages import market, shared_page
from storefront.upcoming import market_days

IN_SEASON = 4
PER_PAGE = 24
MOST_SELLERS = 12


@require_safe
@shared_page(tag=market)
def home(request: HttpRequest) -> HttpResponse:
    """What is in season, then what is left, newest first. A search is sent on to its own page."""
    asked = Narrowing.read(request.GET)
    if asked.query:
        return HttpResponseRedirect(reverse("search") + asked.query)
    published = what_is_left_first(Product.objects.published())
    today = vietnam_day(timezone.now())
    month = today.month
    season = list(published.in_season(month=month).preloaded()[:IN_SEASON])
    others = list(published.exclude(pk__in=[product.pk for product in season]).preloaded()[: PER_PAGE + 1])
    sellers = list(Organization.objects.public().selling().order_by("id")[:MOST_SELLERS])
    host = sellers[0] if len(sellers) == 1 else None
    request.demo = demo_is_on()  # type: ignore[attr-defined]  # read by storefront.context.site
    context = {
        "season": season,
        "month": month,
        "others": others[:PER_PAGE],
        "has_more": len(others) > PER_PAGE,
        "shelves": list(
            Category.objects.filter(products__in=Product.objects.published()).distinct().order_by("position")
        ),
        "sellers": sellers,
        "market_days": market_days(shop=None, on=today),
        "host": host,
        "shown": [product for product in [*season, *others] if product.photos.all()][:2],
    }
    return render(request, "storefront/home.html", context)
