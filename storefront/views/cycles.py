"""A market day as everybody sees it: when to order, where to fetch, how much is still needed, what is sold."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from base.asking import one_row
from orders.models import Cycle, CyclePickup
from storefront.goods_cards import read_cards
from storefront.shared_pages import Numbers, nothing, shared_page
from storefront.upcoming import goods_of, told


def of_cycle(_request: HttpRequest, *, cycle_id: int) -> Numbers | None:
    """The shop whose market day it is. None: there is none."""
    row = one_row(_OF_CYCLE, [cycle_id])
    return (row[0], row[1], row[2]) if row else None


# By hand, as those of catalog/versions.py are.
_OF_CYCLE = (
    "SELECT cycle.id, cycle.organization_id, COALESCE(version.number, 0) FROM orders_cycle cycle "
    "LEFT JOIN catalog_shopversion version ON version.organization_id = cycle.organization_id WHERE cycle.id = %s"
)


@require_safe
@shared_page(tag=of_cycle, reads=nothing)
def cycle(request: HttpRequest, cycle_id: int) -> HttpResponse:
    """``/cycles/<id>/``; 404 for one that was dropped, of a closed shop, or not there."""
    stops: Prefetch[Any] = Prefetch("pickups", CyclePickup.objects.select_related("point"))
    public = Cycle.objects.visible_to(None).select_related("organization").prefetch_related(stops)
    found = public.filter(pk=cycle_id).first()
    if found is None:
        raise Http404
    request.demo = found.organization.is_demo  # type: ignore[attr-defined]  # read by storefront.context.site
    context = {"day": told(found), "cycle": found, "shop": found.organization, "cards": read_cards(goods_of(found))}
    return render(request, "storefront/cycle.html", context)
