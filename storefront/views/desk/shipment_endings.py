"""Parcels that were over and are not: found again, or their carriage mistyped. Each is one call into a verb."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from payments import carriage, found_again
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_endings import CarriageForm, FoundForm
from storefront.views.desk.shipments import found, shipment_page


@require_POST
@at_desk("return_goods")
def found_again_here(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    """What was called lost is on its way again; how it ends is said as of any other."""
    one, form = found(desk, shipment_id), FoundForm(request.POST)
    if form.carries_out(
        lambda: found_again.found(
            shipment_id=shipment_id, why=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        ),
        why="reason",
    ):  # fmt: skip
        messages.success(request, _("Đã ghi: tìm thấy kiện. Bây giờ ghi nó tới tay người mua, hay về lại đây."))
        return see("desk-shipment", shipment_id)
    return shipment_page(request, desk, one, wrong={"found": form})


@require_POST
@at_desk("return_goods")
def correct_carriage(request: HttpRequest, desk: Desk, shipment_id: int) -> HttpResponse:
    """What the parcel really cost; members bear their part of that."""
    one = found(desk, shipment_id)
    form = CarriageForm(request.POST, shipment=one)
    if form.carries_out(
        lambda: carriage.correct(
            shipment_id=shipment_id, fee_dong=form.cleaned_data["fee_dong"] or 0,
            return_fee_dong=form.cleaned_data["return_fee_dong"] or 0, is_sure=form.cleaned_data["is_sure"],
            why=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        ),
        why="reason",
    ):  # fmt: skip
        messages.success(request, _("Đã sửa cước. Số cũ và số mới đều còn trong sổ."))
        return see("desk-shipment", shipment_id)
    return shipment_page(request, desk, one, wrong={"carriage": form})
