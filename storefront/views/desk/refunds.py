"""Money that goes back: the tasks, one refund with the code to send it by, and debts for which there is no task yet."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.text import storable
from orders.models import Order
from payments import owing, payees
from payments import refunds as verbs
from payments.models import BankTransaction, BillingAccount, Refund
from payments.providers.banks import bank_of
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm, ReasonForm
from storefront.forms.desk_money import RefundForm
from storefront.forms.desk_refunds import OrderOutForm
from storefront.views.desk.line import payer_of
from storefront.views.desk.pages import page

PER_PAGE = 30
State = Refund.State
LISTS = {
    "todo": gettext_lazy("Cần trả"),
    "ordered": gettext_lazy("Chờ ngân hàng báo"),
    "done": gettext_lazy("Đã xong"),
}
STATES = {
    "todo": [State.TO_DO],
    "ordered": [State.ORDERED],
    "done": [State.SENT, State.BOUNCED, State.CANCELLED],
}


@require_safe
@at_desk("see_money")
def refunds(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One list at a time (``?show=``); what waits with the debts that nobody has asked back yet."""
    show = request.GET.get("show", "todo")
    if show not in LISTS:
        raise Http404
    here = Refund.objects.filter(organization=desk.organization)
    rows = here.filter(state__in=STATES[show]).preloaded()
    rows = rows.order_by("-pk") if show == "done" else rows.order_by("pk")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "lists": LISTS.items(), "show": show,
        "owed": owing.owed_list(desk.organization) if show == "todo" else [],
    }  # fmt: skip
    return page(request, desk, "refunds.html", context, tab="refunds")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("settle_money")
def refund_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A task for the debt to an order's buyer (``?order=``), to who pays the bills of an account (``?account=``), or
    to whoever sent a line (``?line=``)."""
    order, account, line = _order_in(request, desk), _account_in(request, desk), _line_in(request, desk)
    subject: dict[str, Any]
    if order is not None:
        subject = {"order_id": order.pk}
    elif account is not None:
        subject = {"account_id": account.pk}
    elif line is not None:
        subject = {"transaction_id": line.pk}
    else:
        raise Http404
    owed_dong = verbs.owed_dong(organization=desk.organization, **subject)
    known = payer_of(line) if line is not None else {}
    form = RefundForm(request.POST or None, initial={"amount_dong": owed_dong, **known})
    if form.carries_out(
        lambda: verbs.ask(
            **subject, **form.payee, amount_dong=form.cleaned_data["amount_dong"],
            reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi việc trả lại tiền."))
        return see("desk-refund", form.done.code)
    context = {"form": form, "order": order, "account": account, "line": line, "owed_dong": owed_dong}
    return page(request, desk, "refund_new.html", context, tab="refunds", status=422 if form.errors else 200)


@require_safe
@at_desk("see_money")
def refund(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """One refund: where it stands, and what its next step needs."""
    return _refund_page(request, desk, code)


@require_POST
@at_desk("settle_money")
def order_out(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """It is being sent now: the code to scan appears, and the bank's line is waited for."""
    found = _found(desk, code)
    form = OrderOutForm(request.POST, organization=desk.organization)
    if form.carries_out(
        lambda: verbs.order_out(
            refund_id=found.pk, **form.payee, from_account_id=form.from_account_id, actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã lập lệnh trả lại. Quét mã dưới đây bằng ứng dụng ngân hàng để chuyển."))
        return see("desk-refund", code)
    return _refund_page(request, desk, code, wrong={"order": form})


@require_POST
@at_desk("settle_money")
def cancel(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Not sent after all: owed as before."""
    found = _found(desk, code)
    form = ReasonForm(request.POST)
    if form.carries_out(
        lambda: verbs.cancel(refund_id=found.pk, reason=form.cleaned_data["reason"], actor=desk.user, at=desk.at)
    ):
        messages.success(request, _("Đã bỏ lệnh trả lại. Vẫn nợ khoản này như trước."))
        return see("desk-refund", code)
    return _refund_page(request, desk, code, wrong={"cancel": form})


@require_safe
@at_desk("settle_money")
def qr_png(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """The picture to save and open in the bank's app; 404 while there is nothing to send."""
    picture = payees.png_of(_found(desk, code))
    if not picture:
        raise Http404
    response = HttpResponse(picture, content_type="image/png")
    kept = "attachment" if "download" in request.GET else "inline"
    response["Content-Disposition"] = f'{kept}; filename="VietQR-{code}.png"'
    return response


def _order_in(request: HttpRequest, desk: Desk) -> Order | None:
    number = request.GET.get("order", "")
    found = Order.objects.filter(organization=desk.organization, number=number) if storable(number) else None
    return found.first() if found is not None and number else None


def _account_in(request: HttpRequest, desk: Desk) -> BillingAccount | None:
    accounts = BillingAccount.objects.filter(organization=desk.organization).select_related("household")
    return accounts.filter(pk=_number_in(request, "account")).first()


def _line_in(request: HttpRequest, desk: Desk) -> BankTransaction | None:
    return BankTransaction.objects.filter(organization=desk.organization, pk=_number_in(request, "line")).first()


def _number_in(request: HttpRequest, name: str) -> int:
    """0, which is nobody's, for what is no number."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _found(desk: Desk, code: str) -> Refund:
    own = Refund.objects.filter(organization=desk.organization).preloaded()
    found = own.select_related("from_account", "cancelled_by").filter(code=code).first() if storable(code) else None
    if found is None:
        raise Http404
    return found


def _refund_page(
    request: HttpRequest, desk: Desk, code: str, *, wrong: dict[str, DeskForm] | None = None
) -> HttpResponse:
    found = _found(desk, code)
    acts = desk.may["settle_money"]
    known = {name: getattr(found, name) for name in ("payee_bin", "payee_account", "payee_holder")}
    if not found.payee_account and found.transaction is not None:
        known |= payer_of(found.transaction)
    forms: dict[str, DeskForm] = {
        "order": OrderOutForm(initial=known, organization=desk.organization), "cancel": ReasonForm(), **(wrong or {}),
    }  # fmt: skip
    bank = bank_of(found.payee_bin)
    context = {
        "refund": found, "acts": acts, "forms": forms, "opened": {*(wrong or {})},
        "payee_bank": bank.short_name if bank else found.payee_bin,
        "svg": mark_safe(payees.svg_of(found)) if acts else "",  # noqa: S308  our own drawing, escaped there
        "moved": found.movements.select_related("transaction", "actor", "undone_by").order_by("pk"),
    }  # fmt: skip
    return page(request, desk, "refund.html", context, tab="refunds", status=422 if wrong else 200)
