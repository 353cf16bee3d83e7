"""The carrier that fetches parcels: connecting an account, trying its key, where its calls come in, and ending it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from base.money import figures
from cooperatives.phones import shown
from orders.models import CarrierConnection
from payments import carrier_connecting
from payments.carrier_connecting import Sender, live_connection
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm
from storefront.forms.desk_shipments import ConnectionForm
from storefront.views.desk.pages import page

RENAMED = {"key": "token"}


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("keep_delivery")
def carriers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The connection there is, or the form that makes one. Its key is tried before it is kept."""
    connection = live_connection(desk.organization)
    if connection is not None:
        if request.method == "POST":  # a second tap
            return see("desk-carriers")
        return _connection_page(request, desk, connection)
    here = desk.organization
    form = ConnectionForm(
        request.POST or None,
        initial={
            "name": here.name,
            "phone": shown(here.phone),
            "address": here.address,
            "province": here.province_name,
        },
    )
    if form.carries_out(
        lambda: carrier_connecting.connect(
            organization=here, key=form.cleaned_data["token"], client_source=form.cleaned_data["client_source"],
            sender=_sender(form), actor=desk.user, at=desk.at,
        ),
        **RENAMED,
    ):  # fmt: skip
        messages.success(request, _("Khóa dùng được. Còn một bước: dán địa chỉ nhận tin sang hãng."))
        return see("desk-carriers")
    return page(
        request, desk, "carrier_connect.html", {"form": form}, tab="delivery", status=422 if form.errors else 200
    )


@require_POST
@at_desk("keep_delivery")
def change(request: HttpRequest, desk: Desk, connection_id: int) -> HttpResponse:
    form = ConnectionForm(request.POST, keeps_key=True)
    return _deed(
        request, desk, connection_id, "change", form,
        lambda: carrier_connecting.change(
            connection_id=connection_id, key=form.cleaned_data["token"],
            client_source=form.cleaned_data["client_source"], sender=_sender(form), actor=desk.user, at=desk.at,
        ),
        _("Đã ghi, và hãng nhận khóa này."),
    )  # fmt: skip


@require_POST
@at_desk("keep_delivery")
def try_out(request: HttpRequest, desk: Desk, connection_id: int) -> HttpResponse:
    """Ask the carrier what a trial parcel would cost: the key works, or it says why not."""
    found = _found(desk, connection_id)
    form = DeskForm(request.POST)
    if form.carries_out(lambda: carrier_connecting.try_out(found)):
        said = _("Khóa dùng được: gửi thử nửa cân trong vùng hết %(fee)s.") % {"fee": figures(form.done)}
        messages.success(request, said)
        return see("desk-carriers")
    return _connection_page(request, desk, found, wrong={"try": form})


@require_POST
@at_desk("keep_delivery")
def stop(request: HttpRequest, desk: Desk, connection_id: int) -> HttpResponse:
    form = DeskForm(request.POST)
    return _deed(
        request, desk, connection_id, "stop", form,
        lambda: carrier_connecting.disconnect(connection_id=connection_id, actor=desk.user, at=desk.at),
        _("Đã ngắt. Kiện đang trên đường thì tự ghi khi có tin."),
    )  # fmt: skip


def _deed(
    request: HttpRequest,
    desk: Desk,
    connection_id: int,
    name: str,
    form: DeskForm,
    do: Callable[[], Any],
    said: str,
) -> HttpResponse:
    found = _found(desk, connection_id)
    if form.carries_out(do, **RENAMED):
        messages.success(request, said)
        return see("desk-carriers")
    return _connection_page(request, desk, found, wrong={name: form})


def _found(desk: Desk, connection_id: int) -> CarrierConnection:
    own = CarrierConnection.objects.filter(organization=desk.organization, is_live=True)
    found = own.select_related("organization").filter(pk=connection_id).first()
    if found is None:
        raise Http404
    return found


def _sender(form: DeskForm) -> Sender:
    typed = form.cleaned_data
    return Sender(**{name: typed[name] for name in ("name", "phone", "address", "ward", "district", "province")})


def _connection_page(
    request: HttpRequest, desk: Desk, connection: CarrierConnection, *, wrong: dict[str, DeskForm] | None = None
) -> HttpResponse:
    kept = {name: getattr(connection, f"sender_{name}") for name in ("name", "address", "ward", "district", "province")}
    kept |= {"phone": shown(connection.sender_phone), "client_source": connection.client_source}
    forms = {
        "change": ConnectionForm(initial=kept, keeps_key=True),
        "try": DeskForm(),
        "stop": DeskForm(),
        **(wrong or {}),
    }
    context = {
        "connection": connection, "forms": forms, "opened": {*(wrong or {})},
        "hook": f"{settings.SITE_URL}{reverse('carrier-hook', args=[connection.token])}",
        "is_https": settings.SITE_URL.startswith("https://"),
        "away": connection.shipments.live().exclude(state="draft").count(),
    }  # fmt: skip
    return page(request, desk, "carrier.html", context, tab="delivery", status=422 if wrong else 200)
