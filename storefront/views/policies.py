"""What is promised, in plain words: nothing that this software or a cooperative does not do."""

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cooperatives.models import Organization
from orders.models import PickupPoint, ShippingRate
from storefront.shared_pages import market, nothing, shared_page

TITLES: dict[str, str | Promise] = {
    "delivery": _("Giao hàng, nhận hàng"),
    "payment": _("Trả tiền"),
    "returns": _("Đổi trả, hoàn tiền"),
    "complaints": _("Cách giải quyết khiếu nại"),
    "privacy": _("Thông tin của bạn"),
    "market": _("Chợ này chạy thế nào"),
}
MOST = 60


@require_safe
@shared_page(tag=market, reads=nothing)
def index(request: HttpRequest) -> HttpResponse:
    """All of them, to choose from."""
    return render(request, "storefront/policies/index.html", {"titles": TITLES.items()})


@require_safe
@shared_page(tag=market, reads=nothing)
def policy(request: HttpRequest, which: str) -> HttpResponse:
    """One of them, with what each open organization has decided for itself."""
    if which not in TITLES:
        raise Http404
    points = Prefetch("pickup_points", PickupPoint.objects.filter(is_open=True), to_attr="open_points")
    rates = Prefetch(
        "shipping_rates", ShippingRate.objects.filter(is_live=True).order_by("position", "id"), to_attr="live_rates"
    )
    public = Organization.objects.public().order_by("-sells", "id").prefetch_related(points, rates)[:MOST]
    context = {
        "title": TITLES[which], "titles": TITLES.items(), "which": which, "organizations": public,
        "sellers": [one for one in public if one.sells], "billers": [one for one in public if one.bills],
    }  # fmt: skip
    return render(request, f"storefront/policies/{which}.html", context)
