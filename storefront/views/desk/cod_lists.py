"""One carrier's list: made after it has been read and looked at, paid, dropped, written off."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.text import storable
from payments import (
    remittance_asking,
    remittance_cash,
    remittance_money,
    remittance_reading,
    remittance_rows,
    remitting,
    with_carrier,
)
from payments.cod_differences import What, difference_list
from payments.models import Remittance
from payments.remittance_reading import Row
from payments.remittance_rows import Checked
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm, ReasonForm
from storefront.forms.desk_cod import CarrierListForm, CountedForm
from storefront.views.desk.cod import check_sees
from storefront.views.desk.pages import page

State = Remittance.State


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("settle_money")
def cod_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Typed, pasted or a file: read and shown beside our parcels first (``look``), made on the second button.

    ``?carrier=`` fills in the parcels whose money that one has and that stand in no list.
    """
    if request.method != "POST":
        carrier = request.GET.get("carrier", "")[:80]
        typed = {"carrier_name": carrier, "made_on": desk.today, "rows": _unlisted(desk, carrier) if carrier else ""}
        return page(request, desk, "cod_new.html", {"form": CarrierListForm(initial=typed)}, tab="cod")
    form = CarrierListForm(request.POST, request.FILES)
    checked: list[Checked] = []
    if form.is_valid():
        checked = remittance_rows.check(
            desk.organization, form.read, delivered_too=form.cleaned_data["delivered_too"]
        )  # fmt: skip
    wrong = sum(bool(one.fault) for one in checked)
    made = "make" in request.POST and not form.from_file and not wrong
    if made and form.carries_out(
        lambda: remitting.make(
            organization_id=desk.organization.pk, carrier_name=form.cleaned_data["carrier_name"],
            rows=form.read, reference=form.cleaned_data["reference"], made_on=form.cleaned_data["made_on"],
            delivered_too=form.cleaned_data["delivered_too"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã lập bảng kê. Tiền về có mã hoặc số bảng kê thì máy tự khớp."))
        return see("desk-cod-list", form.done.code)
    status = 422 if form.errors or ("make" in request.POST and wrong) else 200
    shown = form.shown_again() if form.from_file and not form.errors else form
    context = {
        "form": shown, "checked": checked, "wrong": wrong, "net_dong": remittance_rows.net_dong(checked),
        "nothing": form.is_valid() and not checked,
    }  # fmt: skip
    return page(request, desk, "cod_new.html", context, tab="cod", status=status)


@require_safe
@at_desk()
def cod_list(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """One list: what it says, what came, what is missing, and what can be done about it."""
    check_sees(desk)
    return _list_page(request, desk, code)


@require_safe
@at_desk()
def qr_png(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """The picture to send to whoever brings the money; 404 once nothing is waited for."""
    check_sees(desk)
    found = _found(desk, code)
    asked = remittance_asking.asked_of(found)
    if asked is None:
        raise Http404
    response = HttpResponse(remittance_asking.png_of(found, asked), content_type="image/png")
    kept = "attachment" if "download" in request.GET else "inline"
    response["Content-Disposition"] = f'{kept}; filename="VietQR-{code}.png"'
    return response


@require_POST
@at_desk("receive_cash")
def take_cash(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Counted into the box of whoever stands here."""
    found, form = _found(desk, code), CountedForm(request.POST)
    if form.carries_out(
        lambda: remittance_cash.receive(
            remittance_id=found.pk, amount_dong=form.cleaned_data["amount_dong"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi tiền mặt vào két của mình."))
        return see("desk-cod-list", code)
    return _list_page(request, desk, code, wrong={"cash": form})


@require_POST
@at_desk("receive_cash")
def undo_cash(request: HttpRequest, desk: Desk, code: str, payment_id: int) -> HttpResponse:
    """Counted wrongly: with the carrier again."""
    found, form = _found(desk, code), ReasonForm(request.POST)
    if not found.payments.filter(pk=payment_id, transaction=None).exists():
        raise Http404
    if form.carries_out(
        lambda: remittance_cash.undo(
            payment_id=payment_id, reason=form.cleaned_data["reason"], actor=desk.user, at=desk.at
        )
    ):
        messages.success(request, _("Đã gỡ khoản tiền mặt này."))
        return see("desk-cod-list", code)
    return _list_page(request, desk, code, wrong={"undo": form})


@require_POST
@at_desk("settle_money")
def cancel(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Its parcels are free for another list."""
    found, form = _found(desk, code), ReasonForm(request.POST)
    if form.carries_out(
        lambda: remitting.cancel(
            remittance_id=found.pk, reason=form.cleaned_data["reason"], actor=desk.user, at=desk.at
        )
    ):
        messages.success(request, _("Đã bỏ bảng kê. Các kiện trong đó lại chờ bảng kê khác."))
        return see("desk-cod-list", code)
    return _list_page(request, desk, code, wrong={"cancel": form})


@require_POST
@at_desk("settle_money")
def write_off(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """What is missing will not come: the cooperative bears it."""
    found, form = _found(desk, code), ReasonForm(request.POST)
    if form.carries_out(
        lambda: remitting.write_off(
            remittance_id=found.pk, reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi phần thiếu vào thiệt hại. Tiền về muộn thì vẫn nhận được."))
        return see("desk-cod-list", code)
    return _list_page(request, desk, code, wrong={"off": form})


def _unlisted(desk: Desk, carrier: str) -> str:
    """The parcels of ``carrier`` that stand in no list, as text; what an API's carrier keeps is known beforehand."""
    rows: list[Row] = []
    for row in difference_list(desk.organization, carrier=carrier).rows:
        if row.what in (What.UNLISTED, What.SAID_LESS) and row.shipment:
            fee = row.shipment.fee_dong if row.shipment.connection_id and row.what is What.UNLISTED else 0
            rows.append(Row(len(rows) + 1, str(row.shipment), row.dong, fee))
    return remittance_reading.as_text(rows)


def _found(desk: Desk, code: str) -> Remittance:
    own = Remittance.objects.filter(organization=desk.organization).select_related(
        "organization", "connection", "created_by", "cancelled_by"
    )
    found = own.filter(code=code).first() if storable(code) else None
    if found is None:
        raise Http404
    return found


def _list_page(
    request: HttpRequest, desk: Desk, code: str, *, wrong: dict[str, DeskForm] | None = None
) -> HttpResponse:
    found = _found(desk, code)
    asked = remittance_asking.asked_of(found)
    lacks = 0 if found.state == State.CANCELLED else remittance_money.lacks_dong(found)
    taken = with_carrier.taken_of(found)
    lines = found.lines.select_related("shipment__order").order_by("pk")
    rows: list[dict[str, Any]] = [
        {"line": line, "share": share, "left": line.said_dong - (share.net_dong + share.fee_dong if share else 0)}
        for line in lines
        for share in [taken.get(line.shipment_id)]
    ]
    forms: dict[str, DeskForm] = {
        "cash": CountedForm(initial={"amount_dong": lacks}), "cancel": ReasonForm(auto_id="cancel-%s"),
        "off": ReasonForm(auto_id="off-%s"), "undo": ReasonForm(auto_id="undo-%s"), **(wrong or {}),
    }  # fmt: skip
    context = {
        "list": found, "rows": rows, "lacks_dong": lacks, "forms": forms, "opened": {*(wrong or {})},
        "said_dong": sum(row["line"].said_dong for row in rows),
        "fee_dong": sum(row["line"].fee_dong for row in rows),
        "written_off_dong": found.missing_dong - lacks if found.state != State.CANCELLED else 0,
        "payments": found.payments.select_related("transaction", "keeper", "actor", "undone_by").order_by("pk"),
        "asked": asked,
        "svg": mark_safe(remittance_asking.svg_of(found, asked)) if asked else "",  # noqa: S308  our own drawing
    }  # fmt: skip
    return page(request, desk, "cod_list.html", context, tab="cod", status=422 if wrong else 200)
