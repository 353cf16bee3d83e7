"""Rounds of billing: the list, a draft, its check before it goes out, publishing, taking back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.refusals import Refused
from cooperatives.models import BankAccount
from payments.bills import publishing, standing
from payments.bills import runs as verbs
from payments.models import Bill, BillRun, FeeItem
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_runs import RunForm, of_run, proposed
from storefront.forms.desk import ReasonForm, refusal_of
from storefront.views.biller.pages import page

PER_PAGE = 24
SHOWN_LEFT_OUT = 200
State = BillRun.State


@require_safe
@at_biller()
def runs(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Latest first, each with how much of it has come."""
    rows = BillRun.objects.filter(organization=desk.organization).order_by("-pk")
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    bills = Bill.objects.filter(run__in=list(shown))
    tallies = {row.key: row.tally for row in standing.by_run(bills, today=desk.today)}
    context = {"page": shown, "rows": [(run, tallies.get(str(run.pk))) for run in shown],
               "has_items": FeeItem.objects.filter(organization=desk.organization).exists()}  # fmt: skip
    return page(request, desk, "runs.html", context, tab="runs")


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("keep_bills")
def run_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A draft; it starts with what the run before it billed."""
    before = BillRun.objects.filter(organization=desk.organization).exclude(state=State.CANCELLED).order_by("-pk")
    name = _("Tháng %(month)s") % {"month": f"{desk.today:%m/%Y}"}
    items = _items(desk)
    start = proposed(items=items, before=before.prefetch_related("items").first(), today=desk.today, name=name)
    form = _form(desk, items, request, start)
    if form.carries_out(
        lambda: verbs.create(
            organization_id=desk.organization.pk, **form.said, actor=desk.user, key=form.cleaned_data["key"], at=desk.at
        ),
        bank_account_id="bank_account",
    ):
        messages.success(request, _("Đã lập bản nháp. Xem lại rồi phát hành."))
        return see("biller-run", form.done.pk)
    return page(request, desk, "run_new.html", {"form": form}, tab="runs", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("keep_bills")
def run_change(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    found = _found(desk, run_id)
    if found.state != State.DRAFT:
        raise Http404
    chosen = set(found.items.values_list("fee_item_id", flat=True))
    form = _form(desk, _items(desk, also=chosen), request, of_run(found))
    if form.carries_out(
        lambda: verbs.change(run_id=found.pk, **form.said, actor=desk.user, at=desk.at), bank_account_id="bank_account"
    ):
        messages.success(request, _("Đã sửa bản nháp."))
        return see("biller-run", found.pk)
    context = {"form": form, "run": found}
    return page(request, desk, "run_new.html", context, tab="runs", status=422 if form.errors else 200)


@require_safe
@at_biller()
def run(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """A draft with its check (``?leave_out=1``: without those whose meter was not read), or what became of it."""
    return _run_page(request, desk, _found(desk, run_id))


@require_POST
@at_biller("publish_bills")
def publish(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """Make the bills that the button named. Where the draft comes to something else by now, it is shown anew."""
    found = _found(desk, run_id)
    leave_out = request.POST.get("leave_out") == "1"
    if found.state == State.DRAFT:
        now = verbs.check(found, leave_out_unread=leave_out, at=desk.at)
        if (str(now.bills), str(now.total_dong)) != (request.POST.get("bills"), request.POST.get("dong")):
            messages.info(request, _("Danh sách hay giá vừa đổi nên tổng đã khác. Xem lại rồi phát hành."))
            return see("biller-run", found.pk, query={"leave_out": "1"} if leave_out else None)
    key = request.POST.get("key", "")[:100]
    refused = refusal_of(
        lambda: publishing.publish(
            run_id=found.pk, leave_out_unread=leave_out, actor=desk.user, key=key, at=desk.at
        )
    )  # fmt: skip
    if refused:
        return _run_page(request, desk, _found(desk, run_id), refused=refused)
    messages.success(request, _("Đã phát hành “%(name)s”. In phiếu hoặc gửi đường dẫn cho từng nhà.") % {
        "name": found.name})  # fmt: skip
    return see("biller-run", found.pk)


@require_POST
@at_biller("publish_bills")
def cancel(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """Taken back while nobody has paid."""
    found = _found(desk, run_id)
    form = ReasonForm(request.POST)
    if form.carries_out(
        lambda: publishing.cancel(run_id=found.pk, reason=form.cleaned_data["reason"], actor=desk.user, at=desk.at)
    ):
        messages.success(request, _("Đã hủy đợt thu “%(name)s”. Các mã đã in không nhận tiền nữa.") % {
            "name": found.name})  # fmt: skip
        return see("biller-run", found.pk)
    return _run_page(request, desk, found, wrong=form)


@require_POST
@at_biller("keep_bills")
def drop(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """A draft that nobody needs."""
    found = _found(desk, run_id)
    refused = refusal_of(lambda: verbs.drop(run_id=found.pk, actor=desk.user, at=desk.at))
    if refused:
        return _run_page(request, desk, found, refused=refused)
    messages.success(request, _("Đã bỏ bản nháp “%(name)s”.") % {"name": found.name})
    return see("biller-runs")


def _items(desk: Desk, *, also: set[int] = frozenset()) -> list[FeeItem]:  # type: ignore[assignment]
    items = FeeItem.objects.filter(organization=desk.organization).in_billers_order()
    return [item for item in items if item.is_active or item.pk in also]


def _form(desk: Desk, items: list[FeeItem], request: HttpRequest, start: dict[str, Any]) -> RunForm:
    usable = BankAccount.objects.filter(organization=desk.organization, kind=BankAccount.Kind.BANK, is_active=True)
    return RunForm(
        request.POST if request.method == "POST" else None, initial=start, items=items,
        sections=standing.sections(desk.organization), accounts=list(usable.order_by("-is_default", "pk")),
        today=desk.today,
    )  # fmt: skip


def _found(desk: Desk, run_id: int) -> BillRun:
    rows = BillRun.objects.filter(organization=desk.organization).select_related(
        "organization", "bank_account", "published_by", "cancelled_by"
    )
    found = rows.prefetch_related("items__fee_item").filter(pk=run_id).first()
    if found is None:
        raise Http404
    return found


def _run_page(
    request: HttpRequest, desk: Desk, found: BillRun, *, refused: Refused | None = None, wrong: ReasonForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"run": found, "refused": refused, "cancel_form": wrong or ReasonForm(), "wrong": wrong}
    if found.state == State.DRAFT:
        leave_out = "leave_out" in request.GET or request.POST.get("leave_out") == "1"
        check = verbs.check(found, leave_out_unread=leave_out, at=desk.at)
        context |= {
            "check": check, "leave_out": leave_out, "left_out": check.left_out[:SHOWN_LEFT_OUT],
            "counts": any(one.fee_item.measure == FeeItem.Measure.COUNTED for one in found.items.all()),
            "own_counts": found.counts.values("account").distinct().count(),
            "unread": any(one.code == "NO_READING" for one in check.hinders),
        }  # fmt: skip
    else:
        bills = Bill.objects.filter(run=found)
        context |= {
            "tally": standing.tally(bills, today=desk.today), "by_item": standing.by_item(bills, today=desk.today),
            "by_section": standing.by_section(bills, today=desk.today),
        }  # fmt: skip
    return page(request, desk, "run.html", context, tab="runs", status=422 if refused or wrong else 200)
