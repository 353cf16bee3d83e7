"""The collector's desk: find who pays, take the cash, hand out a numbered receipt, take one back."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.money import figures
from payments import cash, cash_boxes, cash_days, cash_finding
from payments.bills import shares
from payments.models import Bill, BillingAccount, CashReceipt, PaymentRequest
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_cash import TakeForm, VoidForm
from storefront.views.biller.pages import page

LATEST = 10


@require_safe
@at_biller()
def desk(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Find a household or a pupil (``?q=``); her own box and receipts of today. Who takes no cash sees all boxes."""
    if not desk.may["receive_cash"]:
        return see("biller-cash-boxes")
    text = request.GET.get("q", "")[: cash_finding.LONGEST]
    found = cash_finding.find(organization=desk.organization, text=text)
    if len(found) == 1:
        return see("biller-cash-of", found[0].account.pk)
    sheet = cash_days.day_sheet(organization=desk.organization, keeper=desk.user, day=desk.today)
    receipts = [one.document for one in sheet.movements if one.what is cash_days.What.RECEIVED][::-1]
    context = {
        "text": text, "found": found, "may_be_more": len(found) >= cash_finding.MOST, "sheet": sheet,
        "other_dong": sheet.closing_dong - sheet.opening_dong - sheet.sums.get(cash_days.What.RECEIVED, 0),
        "receipts": receipts[:LATEST], "taken": len(receipts),
        "waiting": cash_boxes.waiting_for(desk.organization, desk.user),
    }  # fmt: skip
    return page(request, desk, "cash/desk.html", context, tab="cash")


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("receive_cash")
def take(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """Choose bills (all that are due unless ``?bill=`` names some) and the sum (``?part=``), then take it.

    The button names the very amount that will stand on the receipt; whatever changes it is shown again first.
    """
    found = BillingAccount.objects.filter(organization=desk.organization, pk=account_id)
    account = found.select_related("household").first()
    if account is None:
        raise Http404
    if request.method != "POST":
        return _take_page(request, desk, account, TakeForm(initial={"part": request.GET.get("part", "")}))
    form = TakeForm(request.POST)
    if not form.is_valid():
        return _take_page(request, desk, account, form)
    bills, take_dong = form.cleaned_data["bill"], form.cleaned_data["take_dong"]
    if "again" in request.POST or form.names_another_sum or not take_dong:
        part = form.cleaned_data["part"]
        chosen = [("bill", str(pk)) for pk in bills] + ([("part", str(part))] if part else [])
        return HttpResponseRedirect(f"{reverse('biller-cash-of', args=[account.pk])}?{urlencode(chosen)}", status=303)
    own = PaymentRequest.objects.filter(organization=desk.organization, bill__in=bills)
    if form.carries_out(
        lambda: cash.receive_bills(
            organization_id=desk.organization.pk, codes=list(own.values_list("code", flat=True)),
            amount_dong=take_dong, actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        return see("biller-cash-receipt", form.done.number)
    return _take_page(request, desk, account, form)


@require_safe
@at_biller()
def receipt(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One receipt: what it was for, to print, to take back."""
    return _receipt_page(request, desk, _receipt(desk, number), VoidForm())


@require_POST
@at_biller("receive_cash")
def void(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    found, form = _receipt(desk, number), VoidForm(request.POST)
    if form.carries_out(
        lambda: cash.void(receipt_id=found.pk, reason=form.cleaned_data["reason"], actor=desk.user, at=desk.at)
    ):
        said = {"number": number, "amount": figures(found.amount_dong)}
        messages.success(request, _("Đã hủy phiếu thu số %(number)s: trả lại %(amount)s cho người nộp.") % said)
        return see("biller-cash-receipt", number)
    return _receipt_page(request, desk, _receipt(desk, number), form)


def _take_page(request: HttpRequest, desk: Desk, account: BillingAccount, form: TakeForm) -> HttpResponse:
    due = cash_finding.open_requests(account)
    named = request.POST.getlist("bill") or request.GET.getlist("bill")
    chosen = [one for one in due if str(one.bill_id) in named] if named or form.is_bound else due
    due_dong = sum(one.due_dong for one in chosen)
    rounded = cash.rounded_to_step(due_dong, step_dong=desk.organization.cash_step_dong) if due_dong else 0
    part = _part(request, form)
    too_much = part is not None and part > due_dong and part != rounded
    take_dong = rounded if part is None or too_much else part
    context: dict[str, Any] = {
        "account": account, "form": form, "due": due, "chosen": {one.bill_id for one in chosen}, "due_dong": due_dong,
        "take_dong": take_dong, "is_part": part is not None and not too_much and part not in (due_dong, rounded),
        "rounded_by": take_dong - due_dong if take_dong == rounded else 0, "too_much": too_much, "part": part,
        "shown": ",".join(str(one.bill_id) for one in chosen), "left_dong": due_dong - take_dong,
        "brothers": len({one.account_id for one in due} | {account.pk}) > 1,
    }  # fmt: skip
    return page(request, desk, "cash/take.html", context, tab="cash", status=422 if form.errors else 200)


def _part(request: HttpRequest, form: TakeForm) -> int | None:
    """The sum that was typed, where one was and it could be read."""
    if form.is_bound:
        return form.cleaned_data.get("part")
    text = request.GET.get("part", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 16 and int(text) else None


def _receipt(desk: Desk, number: int) -> CashReceipt:
    receipts = CashReceipt.objects.select_related(
        "payment_request__order", "payment_request__account", "keeper", "undone_by", "organization"
    )
    found = receipts.filter(organization=desk.organization, number=number).first()
    if found is None:
        raise Http404
    return found


def _receipt_page(request: HttpRequest, desk: Desk, found: CashReceipt, form: VoidForm) -> HttpResponse:
    by_bill: dict[int, list[tuple[str, int]]] = {}
    for share in found.shares.select_related("fee_item").order_by("pk"):
        by_bill.setdefault(share.bill_id, []).append((share.fee_item.name, share.amount_dong))
    bills = Bill.objects.select_related("run", "request", "account").in_bulk(by_bill)
    paid = [
        {"bill": bills[pk], "items": items, "dong": sum(dong for _name, dong in items)}
        for pk, items in by_bill.items()
    ]  # fmt: skip
    context = {
        "receipt": found, "form": form, "paid": paid, "asked": found.payment_request,
        "left_dong": sum(item.due_dong for of_bill in shares.dues(list(by_bill)).values() for item in of_bill),
        "rounded_dong": found.amount_dong - found.credited_dong,
        "may_void": found.is_live and cash.may_void(found, actor=desk.user, at=desk.at),
        "account": next((bill.account for bill in bills.values()), None),
    }  # fmt: skip
    return page(request, desk, "cash/receipt.html", context, tab="cash", status=422 if form.errors else 200)
