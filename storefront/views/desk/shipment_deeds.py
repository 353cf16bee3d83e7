"""What is done with a parcel: each is one call into a verb, and back to its page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.pictures import MOST_BYTES
from orders import parcel_photos, parcels, quiet_parcels
from payments import coming_back as returning
from payments import delivering, parcel_booking, parcel_news
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm, refusal_of
from storefront.forms.desk_endings import LostForm
from storefront.forms.desk_shipments import AskedForm, DeliveredForm, ParcelForm, WhyForm
from storefront.views.desk.shipments import back_form, found, shipment_page


@require_POST
@at_desk("ship_orders")
def send(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    return _plain(
        request, desk, shipment_id,
        lambda: delivering.send(shipment_id=shipment_id, actor=desk.user, at=desk.at),
        _("Đã ghi: kiện hàng đã gửi đi. Tin báo người mua đã soạn sẵn."),
    )  # fmt: skip


@require_POST
@at_desk("ship_orders")
def delivered(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    """The buyer has it; whoever brought it has her money."""
    form = DeliveredForm(request.POST, shipment=found(desk, shipment_id))
    return _deed(
        request, desk, shipment_id, "delivered", form,
        lambda: delivering.delivered(
            shipment_id=shipment_id, collected_dong=form.cleaned_data.get("collected_dong"), actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        ),
        _("Đã ghi: hàng tới tay người mua. Tiền hàng đã chia cho bà con."),
    )  # fmt: skip


@require_POST
@at_desk("ship_orders")
def failed(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    form = WhyForm(request.POST)
    return _deed(
        request, desk, shipment_id, "failed", form,
        lambda: returning.failed(
            shipment_id=shipment_id, why=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        ),
        _("Đã ghi: giao chưa được. Hãy gọi người mua hẹn lại."),
    )  # fmt: skip


@require_POST
@at_desk("ship_orders")
def coming_back(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    form = WhyForm(request.POST)
    return _deed(
        request, desk, shipment_id, "coming_back", form,
        lambda: returning.coming_back(
            shipment_id=shipment_id, why=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        ),
        _("Đã ghi: kiện hàng đang chuyển về."),
    )  # fmt: skip


@require_POST
@at_desk("ship_orders")
def back(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    """The goods are here again, and the order is over."""
    form = back_form(desk, found(desk, shipment_id), request.POST)
    return _deed(
        request, desk, shipment_id, "back", form,
        lambda: returning.back(
            shipment_id=shipment_id, goods=form.goods, return_fee_dong=form.cleaned_data["return_fee_dong"],
            keep_deposit_dong=form.cleaned_data.get("keep_deposit_dong") or 0,
            is_sure=form.cleaned_data.get("is_sure", False), why=form.cleaned_data["reason"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        ),
        _("Đã ghi: hàng về lại. Tiền người mua đã trả (nếu có) ghi thành tiền phải trả lại."),
        why="reason",
    )  # fmt: skip


@require_POST
@at_desk("return_goods")
def lost(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    form = LostForm(request.POST)
    return _deed(
        request, desk, shipment_id, "lost", form,
        lambda: returning.lost(
            shipment_id=shipment_id, damaged=form.cleaned_data["what"] == "damaged", why=form.cleaned_data["reason"],
            actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        ),
        _("Đã ghi. Đơn hủy, tiền người mua đã trả (nếu có) ghi thành tiền phải trả lại."),
        why="reason",
    )  # fmt: skip


@require_POST
@at_desk("ship_orders")
def correct(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    """Another plate, phone, number, fee; or the photo that was taken later."""
    one = found(desk, shipment_id)
    form = ParcelForm(request.POST, request.FILES, way=one.way)
    return _deed(
        request, desk, shipment_id, "correct", form,
        lambda: with_photo(
            form, lambda **photo: parcels.correct(
                shipment_id=shipment_id, actor=desk.user, at=desk.at, **form.details, **photo
            ), before=one.photo,
        ),
        _("Đã sửa."),
    )  # fmt: skip


@require_POST
@at_desk("ship_orders")
def cancel(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    """Not sent after all; a carrier that is to fetch it is told first."""
    one = found(desk, shipment_id)
    verb = parcel_booking.call_off if one.connection_id else parcels.cancel
    return _plain(
        request, desk, shipment_id, lambda: verb(shipment_id=shipment_id, actor=desk.user, at=desk.at),
        _("Đã hủy gửi. Hàng vẫn ở đây, làm kiện khác được."),
    )  # fmt: skip


@require_POST
@at_desk("ship_orders")
def book_again(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    """Ask the carrier once more; whether it took the parcel is said on the page."""
    return _plain(
        request, desk, shipment_id,
        lambda: parcel_booking.book_again(shipment_id=shipment_id, actor=desk.user, at=desk.at), "",
    )  # fmt: skip


@require_POST
@at_desk("ship_orders")
def look(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    return _plain(
        request, desk, shipment_id, lambda: parcel_news.look(shipment_id=shipment_id, actor=desk.user, at=desk.at),
        _("Đã hỏi hãng."),
    )  # fmt: skip


@require_POST
@at_desk("ship_orders")
def seen(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    return _plain(
        request, desk, shipment_id,
        lambda: parcel_news.looked_at(shipment_id=shipment_id, actor=desk.user, at=desk.at),
        _("Đã ghi là đã xem."),
    )  # fmt: skip


@require_POST
@at_desk("ship_orders")
def asked(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    """Somebody asked whoever carries it, and it is still on its way."""
    form = AskedForm(request.POST)
    return _deed(
        request, desk, shipment_id, "asked", form,
        lambda: quiet_parcels.asked(
            shipment_id=shipment_id, said=form.cleaned_data["said"], actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        ),
        _("Đã ghi. Vài ngày nữa vẫn không có tin thì máy nhắc lại."),
    )  # fmt: skip


def with_photo(form: ParcelForm, do: Callable[..., Any], *, before: str = "") -> Any:
    """Keep the photo that came, do what writes its name down, and drop it where that was refused; else the one
    ``before`` it, which nobody can find any more."""
    file = form.cleaned_data.get("photo")
    if not file:
        return do()
    name = parcel_photos.keep(file.read(MOST_BYTES + 1))
    try:
        done = do(photo=name)
    except BaseException:
        parcel_photos.drop(name)
        raise
    parcel_photos.drop(before)
    return done


def _plain(request: HttpRequest, desk: Desk, shipment_id: int, do: Callable[[], Any], said: str) -> HttpResponse:
    one = found(desk, shipment_id)
    refused = refusal_of(do)
    if refused:
        return shipment_page(request, desk, one, refused=refused)
    if said:
        messages.success(request, said)
    return see("desk-shipment", shipment_id)


def _deed(
    request: HttpRequest,
    desk: Desk,
    shipment_id: int,
    name: str,
    form: DeskForm,
    do: Callable[[], Any],
    said: str,
    **renamed: str,
) -> HttpResponse:
    one = found(desk, shipment_id)
    if form.carries_out(do, **renamed):
        messages.success(request, said)
        return see("desk-shipment", shipment_id)
    return shipment_page(request, desk, one, wrong={name: form})
