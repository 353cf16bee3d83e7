"""Orders at the desk: the lists, one order, and what can be done with it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from base.money import figures
from base.refusals import Refused
from base.text import storable
from orders import fulfilling
from orders.models import Allocation, Order, OrderQuerySet
from payments import cash, closing, handing_over
from payments.models import CashReceipt, PaymentRequest
from storefront import desk_reading
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm, refusal_of, search_from
from storefront.forms.desk_orders import CancelForm, CashForm
from storefront.forms.desk_packing import WeighForm
from storefront.owed_back import owed_back_dong
from storefront.views.desk.pages import page

PER_PAGE = 30
LISTS = {
    "pack": gettext_lazy("Cần gói"),
    "call": gettext_lazy("Cần gọi xác nhận"),
    "give": gettext_lazy("Chờ giao"),
    "cash": gettext_lazy("Tiền mặt chờ thu"),
    "unpaid": gettext_lazy("Chờ tiền về"),
    "done": gettext_lazy("Đã giao"),
    "all": gettext_lazy("Tất cả"),
}


@require_safe
@at_desk()
def orders(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One list of orders at a time (``?show=``), searched by number, name or last digits of the phone (``?q=``)."""
    show = request.GET.get("show", "pack")
    text = search_from(request.GET.get("q", ""))
    if show not in LISTS:
        raise Http404
    found = _searched(desk, text) if text else _listed(desk, show)
    context = {
        "page": Paginator(found.preloaded(), PER_PAGE).get_page(request.GET.get("page")),
        "lists": LISTS.items(), "show": "" if text else show, "text": text,
        "title": _("Tìm: %(text)s") % {"text": text} if text else LISTS[show],
    }  # fmt: skip
    return page(request, desk, "orders.html", context, tab="orders")


@require_safe
@at_desk()
def order(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """One order with everything that can be done now."""
    return order_page(request, desk, _found(desk, number))


@require_POST
@at_desk("pack_orders")
def pack(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    found = _found(desk, number)
    refused = refusal_of(lambda: fulfilling.pack(order_id=found.pk, actor=desk.user, at=desk.at))
    if refused:
        return order_page(request, desk, found, refused=refused)
    messages.success(request, _("Đã ghi: đơn %(number)s gói xong. Tin báo người mua đã soạn sẵn.") % {"number": number})
    return see("desk-packing") if request.POST.get("next") == "packing" else see("desk-order", number)


@require_POST
@at_desk("hand_over_orders")
def hand_over(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    found = _found(desk, number)
    refused = refusal_of(lambda: handing_over.hand_over(order_id=found.pk, actor=desk.user, at=desk.at))
    if refused:
        return order_page(request, desk, found, refused=refused)
    messages.success(request, _("Đã giao đơn %(number)s. Tiền đã chia cho bà con, xem bên dưới.") % {"number": number})
    return see("desk-order", number, part="shares")


@require_POST
@at_desk("receive_cash")
def take_cash(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Count it, write it down, get a numbered receipt."""
    found = _found(desk, number)
    form = CashForm(request.POST)
    # The last one where none takes money: a second tap gets its first receipt again, others the verb's refusal.
    asked = _request_of(found) or found.payment_requests.all().last()
    if asked is not None and form.carries_out(
        lambda: cash.receive(
            code=asked.code, amount_dong=form.cleaned_data["amount_dong"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        said = {"number": form.done.number, "amount": figures(form.done.amount_dong)}
        messages.success(request, _("Đã thu %(amount)s tiền mặt, phiếu thu số %(number)s.") % said)
        return see("desk-order", number)
    return order_page(request, desk, found, cash_form=form)


@require_POST
@at_desk("cancel_orders")
def cancel(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    found = _found(desk, number)
    form = CancelForm(request.POST)
    if form.carries_out(
        lambda: closing.cancel(order_id=found.pk, actor=desk.user, reason=form.cleaned_data["reason"], at=desk.at)
    ):
        messages.success(request, _("Đã hủy đơn %(number)s, hàng để lại lên kệ.") % {"number": number})
        return see("desk-order", number)
    return order_page(request, desk, found, cancel_form=form)


@require_safe
@at_desk()
def receipt(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """A cash receipt to print."""
    receipts = CashReceipt.objects.select_related("payment_request__order", "keeper", "organization")
    found = receipts.filter(organization=desk.organization, number=number).first()
    if found is None:
        raise Http404
    if found.payment_request.order is None:  # for bills: its page says what for
        return see("biller-cash-receipt", found.number)
    return page(request, desk, "receipt.html", {"receipt": found, "order": found.payment_request.order}, tab="orders")


def _listed(desk: Desk, show: str) -> OrderQuerySet:
    here = Order.objects.filter(organization=desk.organization)
    return {
        "pack": lambda: here.to_pack().order_by("placed_at", "pk"),
        "call": lambda: here.to_call().order_by("placed_at", "pk"),
        "give": lambda: here.filter(state=Order.State.PACKED).order_by("packed_at", "pk"),
        "cash": lambda: desk_reading.cash_to_take(desk.organization).order_by("placed_at", "pk"),
        "unpaid": lambda: (
            here.unpaid().filter(state=Order.State.PLACED, pay_by=Order.PayBy.TRANSFER).order_by("expires_at", "pk")
        ),
        "done": lambda: here.filter(accepted_at__isnull=False).order_by("-accepted_at", "-pk"),
        "all": lambda: here.latest_first(),
    }[show]()


def _searched(desk: Desk, text: str) -> OrderQuerySet:
    here = Order.objects.filter(organization=desk.organization)
    found = here.filter(number__icontains=text) | here.filter(buyer_name__icontains=text)
    digits = "".join(c for c in text if c in "0123456789")
    if len(digits) >= 3 and not any(c.isalpha() for c in text):
        found |= here.filter(buyer_phone__endswith=digits.removeprefix("0"))
    return found.latest_first()


def _found(desk: Desk, number: str) -> Order:
    """The order, if it is of the organization at whose desk she stands; else 404."""
    if not storable(number):
        raise Http404
    found = Order.objects.filter(organization=desk.organization, number=number).preloaded().first()
    if found is None:
        raise Http404
    return found


def _request_of(found: Order) -> PaymentRequest | None:
    """What takes money for it now."""
    return next((one for one in found.payment_requests.all() if one.takes_money), None)


def order_page(
    request: HttpRequest,
    desk: Desk,
    found: Order,
    *,
    refused: Refused | None = None,
    cash_form: CashForm | None = None,
    cancel_form: CancelForm | None = None,
    weigh_form: WeighForm | None = None,
    goodwill_form: DeskForm | None = None,
) -> HttpResponse:
    """The page of one order; a form that was refused stands there with what was typed, and the page is a 422."""
    wrong = refused or cash_form or cancel_form or weigh_form or goodwill_form
    if wrong:  # a rival may have moved it since the page was shown
        found = _found(desk, found.number)
    asked = _request_of(found)
    to_take = (
        cash.rounded_to_step(asked.due_dong, step_dong=desk.organization.cash_step_dong) if asked is not None else None
    )
    weighs = found.is_open and (found.can_be_packed or found.state == Order.State.PACKED)
    if weigh_form is None and weighs:
        weigh_form = WeighForm(order=found)
    if weigh_form is not None and not weigh_form.lines:
        weigh_form = None
    shares = Allocation.objects.filter(line__order=found).preloaded().order_by("line__position", "position")
    receipts = CashReceipt.objects.filter(payment_request__order=found)
    context: dict[str, Any] = {
        "order": found, "asked": asked, "to_take_dong": to_take, "refused": refused,
        "can_pack": found.can_be_packed and weigh_form is None, "weigh_form": weigh_form,
        "can_hand_over": found.is_open and found.payment == Order.Payment.PAID,
        "shares": list(shares) if found.is_accepted or found.is_away else [],
        "requests": found.payment_requests.all(),
        "owed_back_dong": owed_back_dong(found), "refunds": found.refunds.order_by("pk"),
        "receipts": receipts.select_related("keeper").order_by("number"),
        "cash_form": cash_form or CashForm(),
        "cancel_form": cancel_form or CancelForm(),
        "goodwill_form": goodwill_form, "wants_cash": cash_form is not None, "wants_cancel": cancel_form is not None,
    }  # fmt: skip
    return page(request, desk, "order.html", context, tab="orders", status=422 if wrong else 200)
