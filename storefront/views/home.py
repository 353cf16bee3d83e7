"""The market's first page: what is in season, what there is, who sells."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from base.periods import vietnam_day
from base.prepared import prepared_ids, prepared_rows
from catalog.models import Product
from cooperatives.demo_mode import demo_is_on
from cooperatives.models import Organization
from storefront.goods_cards import read_cards
from storefront.in_stock import what_is_left_first
from storefront.narrowing import Narrowing
from storefront.shared_pages import market, shared_page
from storefront.shelf_names import shelves_with_goods
from storefront.upcoming import market_days

IN_SEASON = 4
PER_PAGE = 24
MOST_SELLERS = 12


@prepared_ids
def _in_season(month: int) -> Any:
    return what_is_left_first(Product.objects.published()).in_season(month=month).values_list("pk")[:IN_SEASON]


@prepared_ids
def _on_sale() -> Any:
    """So many that enough are left when those in season stand above them."""
    return what_is_left_first(Product.objects.published()).values_list("pk")[: IN_SEASON + PER_PAGE + 1]


@prepared_rows
def _sellers() -> QuerySet[Organization]:
    return Organization.objects.public().selling().order_by("id")[:MOST_SELLERS]


@require_safe
@shared_page(tag=market)
def home(request: HttpRequest) -> HttpResponse:
    """What is in season, then what is left, newest first. A search is sent on to its own page."""
    asked = Narrowing.read(request.GET)
    if asked.query:
        return HttpResponseRedirect(reverse("search") + asked.query)
    today = vietnam_day(timezone.now())
    month = today.month
    first = _in_season(month)
    others = [pk for pk in _on_sale() if pk not in first][: PER_PAGE + 1]
    cards = read_cards([*first, *others[:PER_PAGE]])
    season = [card for card in cards if card.pk in first]
    sellers = list(_sellers())
    host = sellers[0] if len(sellers) == 1 else None
    request.demo = demo_is_on()  # type: ignore[attr-defined]  # read by storefront.context.site
    context = {
        "season": season,
        "month": month,
        "others": [card for card in cards if card.pk not in first],
        "has_more": len(others) > PER_PAGE,
        "shelves": shelves_with_goods(),
        "sellers": sellers,
        "market_days": market_days(shop=None, on=today),
        "host": host,
        "shown": [card for card in cards if card.picture is not None][:2],
    }
    return render(request, "storefront/home.html", context)
