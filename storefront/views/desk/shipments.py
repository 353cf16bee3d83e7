"""Parcels at the desk: those that need a person first, and one parcel with everything that can be done with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from base.periods import vietnam_day
from base.refusals import Refused
from orders import fulfilling, parcel_photos, quiet_parcels
from orders.models import Shipment, ShipmentQuerySet
from payments import found_again
from storefront.at_desk import Desk, at_desk
from storefront.forms.desk import DeskForm
from storefront.forms.desk_endings import BackForm, CarriageForm, FoundForm, LostForm
from storefront.forms.desk_shipments import AskedForm, DeliveredForm, ParcelForm, WhyForm
from storefront.parcel_steps import story_of
from storefront.views.desk.pages import page

State = Shipment.State
PER_PAGE = 30
LISTS = {
    "look": gettext_lazy("Cần xem"),
    "waiting": gettext_lazy("Chưa gửi"),
    "away": gettext_lazy("Đang trên đường"),
    "delivered": gettext_lazy("Đã giao"),
    "back": gettext_lazy("Về lại, thất lạc"),
}


@require_safe
@at_desk("ship_orders")
def shipments(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One list at a time (``?show=``); what needs a person comes first, where there is anything."""
    needy = _listed(desk, "look").count()
    show = request.GET.get("show") or ("look" if needy else "away")
    if show not in LISTS:
        raise Http404
    found = _listed(desk, show).select_related("order", "connection")
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    say_since_when(list(shown), at=desk.at)
    context = {
        "page": shown, "lists": LISTS.items(), "show": show, "title": LISTS[show], "needy": needy,
    }  # fmt: skip
    return page(request, desk, "shipments.html", context, tab="shipments")


@require_safe
@at_desk("ship_orders")
def shipment(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    return shipment_page(request, desk, found(desk, shipment_id))


@require_safe
@at_desk("ship_orders")
def photo(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    """The parcel as it left: for staff of this organization, and for no cache on the way."""
    picture = parcel_photos.read(found(desk, shipment_id).photo)
    if picture is None:
        raise Http404
    response = HttpResponse(picture, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def found(desk: Desk, shipment_id: int) -> Shipment:
    """The parcel, if it is of the organization at whose desk she stands; else 404."""
    here = Shipment.objects.filter(organization=desk.organization)
    one = here.select_related("order__organization", "connection").filter(pk=shipment_id).first()
    if one is None:
        raise Http404
    return one


def shipment_page(
    request: HttpRequest,
    desk: Desk,
    one: Shipment,
    *,
    refused: Refused | None = None,
    wrong: dict[str, DeskForm] | None = None,
) -> HttpResponse:
    """``wrong``: forms that were not carried out, by the name of their deed."""
    if refused or wrong:  # a rival may have moved it since the page was shown
        one = found(desk, one.pk)
    forms: dict[str, Any] = {
        "delivered": DeliveredForm(shipment=one), "lost": LostForm(),
        "asked": AskedForm(), "failed": WhyForm(auto_id="failed-%s"), "coming_back": WhyForm(auto_id="coming-back-%s"),
        "correct": ParcelForm(way=one.way, shipment=one), "plain": DeskForm(),
    }  # fmt: skip
    if one.is_away:
        forms["back"] = back_form(desk, one)
    forms |= {"found": FoundForm(), "carriage": CarriageForm(shipment=one)}
    context = {
        "shipment": one, "order": one.order, "story": story_of(one), "refused": refused,
        "forms": {**forms, **(wrong or {})}, "opened": {*(wrong or {})},
        "waits": one.state in {State.DRAFT, State.BOOKED},
        "asks": one.connection is not None and one.connection.is_live,
        "collected": one.collections.filter(undone_at=None).first(), "is_gone": one.state in found_again.GONE,
        "quiet_since": quiet_parcels.quiet_among([one], at=desk.at).get(one.pk),
    }  # fmt: skip
    return page(request, desk, "shipment.html", context, tab="shipments", status=422 if refused or wrong else 200)


def say_since_when(shipments: Sequence[Shipment], *, at: datetime) -> None:
    """Give each a ``quiet_since`` for its row: None where nobody has to ask after it. One query."""
    since = quiet_parcels.quiet_among(shipments, at=at)
    for one in shipments:
        one.quiet_since = since.get(one.pk)  # type: ignore[attr-defined]  # read by the templates


def back_form(desk: Desk, one: Shipment, data: Any = None) -> BackForm:
    shares = list(fulfilling.allocations_of(one.order).select_related("line__variant"))
    return BackForm(data, shipment=one, shares=shares, may_write_off=desk.may["return_goods"], on=vietnam_day(desk.at))


def _listed(desk: Desk, show: str) -> ShipmentQuerySet:
    here = Shipment.objects.filter(organization=desk.organization)
    quiet = quiet_parcels.quiet(here, at=desk.at).order_by().values("pk")
    return {
        "look": lambda: here.filter(~Q(trouble="") | Q(pk__in=quiet)).order_by("state_at", "pk"),
        "waiting": lambda: here.filter(state__in=[State.DRAFT, State.BOOKED]).order_by("pk"),
        "away": lambda: here.filter(state__in=Shipment.AWAY).order_by("handed_over_at", "pk"),
        "delivered": lambda: here.filter(state=State.DELIVERED).order_by("-delivered_at", "-pk"),
        "back": lambda: here.filter(state__in=[State.RETURNED, State.LOST, State.DAMAGED]).order_by("-ended_at", "-pk"),
    }[show]()
