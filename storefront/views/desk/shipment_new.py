"""Making out a parcel for an order: by whom it goes, and for a carrier its price before it is booked."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from base.text import storable
from orders import parcel_photos, parcels
from orders.models import Order, Shipment
from payments import delivering, parcel_booking
from payments.carrier_connecting import live_connection
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm
from storefront.forms.desk_shipments import CarrierForm, ParcelForm
from storefront.views.desk.pages import page
from storefront.views.desk.shipment_deeds import with_photo

Way = Order.Delivery
WAYS = (Way.HOME, Way.COACH, Way.POST, Way.CARRIER)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("ship_orders")
def new(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """``?way=``: its form. A parcel that the order has already is shown instead."""
    order = _order(desk, number)
    way = request.GET.get("way") or (order.delivery if order.delivery in WAYS else Way.HOME)
    if way not in WAYS:
        raise Http404
    if request.method != "POST":
        standing = order.shipments.live().first()
        if standing is not None:
            return see("desk-shipment", standing.pk)
    if way == Way.CARRIER:
        return _by_carrier(request, desk, order)
    form = ParcelForm(request.POST or None, request.FILES or None, way=way)
    if form.carries_out(lambda: _made(desk, order, form)):
        made: Shipment = form.done
        if request.POST.get("then") != "send":
            messages.success(request, _("Đã ghi kiện hàng. Gửi đi rồi thì bấm “Đã gửi đi”."))
            return see("desk-shipment", made.pk)
        sending = DeskForm({"key": form.cleaned_data["key"]})
        if sending.carries_out(lambda: delivering.send(shipment_id=made.pk, actor=desk.user, at=desk.at)):
            messages.success(request, _("Đã ghi: kiện hàng đã gửi đi. Tin báo người mua đã soạn sẵn."))
        elif sending.refused:
            messages.error(request, sending.refused.message)
        return see("desk-shipment", made.pk)
    return _page(request, desk, order, way, form)


def _made(desk: Desk, order: Order, form: ParcelForm) -> Shipment:
    """With its photo, which is looked at first. A second tap finds the parcel of the first, and keeps that one's."""

    def do(photo: str = "") -> Shipment:
        made = parcels.draft(
            order_id=order.pk, way=form.way, actor=desk.user, key=form.cleaned_data["key"], at=desk.at, **form.details
        )
        if photo and not made.photo:
            return parcels.correct(shipment_id=made.pk, actor=desk.user, at=desk.at, photo=photo)
        parcel_photos.drop(photo)
        return made

    made: Shipment = with_photo(form, do)
    return made


def _by_carrier(request: HttpRequest, desk: Desk, order: Order) -> HttpResponse:
    form = CarrierForm(request.POST or None, order=order, estimated_g=parcel_booking.estimated_g(order))
    context: dict[str, Any] = {"connection": live_connection(desk.organization)}
    if request.method == "POST" and request.POST.get("then") == "quote":
        if form.carries_out(
            lambda: parcel_booking.quote(
                order_id=order.pk, weight_g=form.cleaned_data["weight_g"], former=form.former, actor=desk.user,
                at=desk.at,
            )
        ):  # fmt: skip
            context["quote"] = form.done
            return _page(request, desk, order, Way.CARRIER, form, **context, status=200)
    elif form.carries_out(
        lambda: parcel_booking.book(
            order_id=order.pk, weight_g=form.cleaned_data["weight_g"], former=form.former, actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        if form.done.state == Shipment.State.BOOKED:
            messages.success(request, _("Đã đặt. Hãng sẽ đến lấy, mã vận đơn ở dưới."))
        return see("desk-shipment", form.done.pk)
    return _page(request, desk, order, Way.CARRIER, form, **context)


def _page(
    request: HttpRequest, desk: Desk, order: Order, way: str, form: DeskForm, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {
        "order": order, "way": way, "ways": [(one.value, one.label) for one in WAYS], "form": form,
        "due_dong": parcel_booking.due_dong(order),
        "can_send": order.can_be_packed or order.state == Order.State.PACKED, **more,
    }  # fmt: skip
    return page(
        request, desk, "shipment_new.html", context, tab="orders", status=status or (422 if form.errors else 200)
    )


def _order(desk: Desk, number: str) -> Order:
    if not storable(number):
        raise Http404
    found = Order.objects.filter(organization=desk.organization, number=number).preloaded().first()
    if found is None:
        raise Http404
    return found
