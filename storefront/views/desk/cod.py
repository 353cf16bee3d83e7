"""Cash on delivery at the desk: who has how much and since when, carriers' lists, and where each đồng is."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from payments import cod_differences
from payments.bills import sheets
from payments.bills.sheets import Cell
from payments.cod_differences import Differences, What
from payments.models import Remittance
from storefront.at_desk import Desk, at_desk
from storefront.forms.desk import day_from
from storefront.views.biller.paper import CSV, XLSX
from storefront.views.desk.pages import page

PER_PAGE = 30
SINCE_DAYS = 90
State = Remittance.State
LISTS = {
    "out": gettext_lazy("Ai đang giữ tiền"),
    "lists": gettext_lazy("Bảng kê"),
    "all": gettext_lazy("Từng đồng ở đâu"),
}


def check_sees(desk: Desk) -> None:
    """Those who see the money, and those who count it when somebody brings it. Raises Http404."""
    if not (desk.may["see_money"] or desk.may["receive_cash"]):
        raise Http404


@require_safe
@at_desk()
def cod(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One view at a time: ``?show=``; ``?carrier=`` for one holder, ``?since=2026-08-01`` for how far back."""
    check_sees(desk)
    show = request.GET.get("show", "out")
    if show not in LISTS:
        raise Http404
    context: dict[str, Any] = {"lists": LISTS.items(), "show": show}
    if show == "lists":
        rows = Remittance.objects.filter(organization=desk.organization).order_by("-pk")
        context["page"] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    else:
        since, carrier = _since(request, desk), request.GET.get("carrier", "")[:80]
        found = cod_differences.difference_list(desk.organization, since=since, carrier=carrier)
        context |= {"found": found, "since": since, "carrier": carrier, "sums": _sums(found)}
        if show == "out":
            context["holders"] = cod_differences.holders(found, today=desk.today)
            context["rows"] = found.open_rows if carrier else []
            waiting = Remittance.objects.waiting().filter(organization=desk.organization)
            context["waiting"] = [one for one in waiting.order_by("pk") if not carrier or one.carrier_name == carrier]
        else:
            wanted = [row for row in found.rows if row.what is not What.ARRIVED]
            context["page"] = Paginator(wanted, PER_PAGE).get_page(request.GET.get("page"))
    return page(request, desk, "cod.html", context, tab="cod")


@require_safe
@at_desk("see_money")  # type: ignore[arg-type]  # written for pages; a file passes through unchanged
def differences(request: HttpRequest, desk: Desk, kind: str) -> FileResponse:
    """Every row as a sheet, XLSX or CSV, for the carrier or the accountant."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    found = cod_differences.difference_list(
        desk.organization, since=_since(request, desk), carrier=request.GET.get("carrier", "")[:80]
    )
    table = sheets.Table(
        name=_("Tiền thu hộ"),
        head=[
            _("Tình trạng"), _("Ai mang"), _("Đơn"), _("Mã vận đơn"), _("Bảng kê"), _("Số bảng kê"), _("Từ ngày"),
            _("Số tiền (đồng)"),
        ],
        rows=[_cells(row) for row in found.rows],
    )  # fmt: skip
    made = sheets.xlsx_of([table]) if kind == "xlsx" else sheets.csv_of(table)
    name = f"tien-thu-ho-{desk.today:%Y-%m-%d}.{kind}"
    return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX if kind == "xlsx" else CSV)


def _since(request: HttpRequest, desk: Desk) -> date:
    return day_from(request.GET.get("since", ""), otherwise=desk.today - timedelta(days=SINCE_DAYS))


def _sums(found: Differences) -> list[tuple[Any, int]]:
    """Each kind of row that there is, with its sum, in their order."""
    sums = found.sums
    return [(cod_differences.NAMES[what], sums[what]) for what in What if sums[what]]


def _cells(row: cod_differences.Row) -> list[Cell]:
    shipment, remittance = row.shipment, row.remittance
    return [
        row.name, row.carrier, shipment.order.number if shipment else "", shipment.tracking if shipment else "",
        remittance.code if remittance else "", remittance.reference if remittance else "", row.since, row.dong,
    ]  # fmt: skip
