"""What a biller prints and takes away: slips, class lists, household cards, receipts, sheets. Always as attachments."""

from typing import get_args

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from base.text import storable
from payments.bills import exporting, printing, receipting, sheets
from payments.models import Bill, BillRun, CashReceipt, Household
from payments.paper.receipts import Size
from payments.paper.slips import FORMS
from storefront.at_biller import at_biller
from storefront.at_desk import Desk

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@require_safe
@at_biller()
def slips(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """``?per=`` 2, 4 or 8 a page (4), ``&section=`` one class or hamlet or several (all)."""
    run = _published(desk, run_id)
    per_page = request.GET.get("per", "4")
    if per_page not in {str(known) for known in FORMS}:
        raise Http404
    made = printing.run_slips(run, per_page=int(per_page), sections=_sections(request))
    return _sent(made, f"phieu-bao-thu-{run.month}-{run.pk}.pdf")


@require_safe
@at_biller()
def class_list(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    run = _published(desk, run_id)
    made = printing.class_lists(run, printed_on=desk.today, sections=_sections(request))
    return _sent(made, f"danh-sach-thu-{run.month}-{run.pk}.pdf")


@require_safe
@at_biller("keep_bills")
def cards(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """The cards of the households that a run bills. A card opens a household's page, so few may print it."""
    run = _published(desk, run_id)
    bills = Bill.objects.filter(run=run, cancelled_at=None)
    sections = _sections(request)
    if sections:
        bills = bills.filter(section__in=sections)
    accounts = list(bills.values_list("account_id", flat=True))
    found = printing.households_of(accounts, organization_id=desk.organization.pk)
    return _sent(printing.cards(found), f"the-ho-gia-dinh-{run.month}-{run.pk}.pdf")


@require_safe
@at_biller("keep_bills")
def card(request: HttpRequest, desk: Desk, household_id: int) -> HttpResponse:
    """One household's card: after the old one was lost."""
    own = Household.objects.visible_to(desk.user).filter(organization=desk.organization, pk=household_id)
    household = own.select_related("organization").prefetch_related("accounts").first()
    if household is None:
        raise Http404
    return _sent(printing.cards([household]), f"the-ho-gia-dinh-{household.pk}.pdf")


@require_safe
@at_biller()
def receipt(request: HttpRequest, desk: Desk, receipt_id: int) -> HttpResponse:
    """A cash receipt, ``?size=`` a5 or 58mm."""
    loaded = CashReceipt.objects.select_related("organization", "keeper", "payment_request__order")
    found = loaded.filter(organization=desk.organization, pk=receipt_id).first()
    if found is None:
        raise Http404
    return _sent(receipting.receipt_pdf(found, size=_size(request)), f"phieu-thu-{found.number:06d}.pdf")


@require_safe
@at_biller()
def paid_receipt(request: HttpRequest, desk: Desk, bill_id: int) -> HttpResponse:
    """What came to the bank for a bill, ``?size=`` a5 or 58mm; a 404 while nothing has."""
    own = Bill.objects.visible_to(desk.user).filter(organization=desk.organization, pk=bill_id)
    bill = own.preloaded().first()
    if bill is None:
        raise Http404
    return _sent(receipting.paid_receipt(bill, size=_size(request)), f"bien-nhan-{bill.request.code}.pdf")


@require_safe
@at_biller("see_money")  # type: ignore[arg-type]  # written for pages; a file passes through unchanged
def export(request: HttpRequest, desk: Desk, run_id: int, kind: str) -> HttpResponseBase:
    """The run's bills and payments: both as XLSX, one as CSV (``?what=`` bills or payments)."""
    run = _published(desk, run_id)
    what = request.GET.get("what", "bills")
    bills, payments = exporting.bills_table(run, today=desk.today), exporting.payments_table(run)
    if kind == "xlsx":
        made, content_type = sheets.xlsx_of([bills, payments]), XLSX
    elif kind == "csv" and what in {"bills", "payments"}:
        made, content_type = sheets.csv_of(bills if what == "bills" else payments), CSV
    else:
        raise Http404
    return FileResponse(
        made, as_attachment=True, filename=f"dot-thu-{run.month}-{run.pk}.{kind}", content_type=content_type
    )


def _published(desk: Desk, run_id: int) -> BillRun:
    """The run of this biller, once it has bills. Raises Http404."""
    own = BillRun.objects.visible_to(desk.user).filter(organization=desk.organization, pk=run_id)
    run = own.filter(state=BillRun.State.PUBLISHED).select_related("organization").first()
    if run is None:
        raise Http404
    return run


def _sections(request: HttpRequest) -> list[str]:
    sections = [section for section in request.GET.getlist("section") if section]
    if not all(storable(section) for section in sections):
        raise Http404
    return sections


def _size(request: HttpRequest) -> Size:
    wanted = request.GET.get("size", "a5")
    for size in get_args(Size):
        if wanted == size:
            return size
    raise Http404


def _sent(made: bytes, name: str) -> HttpResponse:
    """The file's name says what and when, never who."""
    return HttpResponse(made, content_type=PDF, headers={"Content-Disposition": f'attachment; filename="{name}"'})
