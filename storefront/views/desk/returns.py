"""Goods that a buyer brings back: what they are worth and who bears it is shown first, then taken in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from base.money import figures
from base.refusals import Refused
from base.text import storable
from orders import brought_back, returning
from orders.models import Order
from payments import owing, returns
from payments.owed_for import Subject
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_returns import BringBackForm
from storefront.views.desk.pages import page


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("return_goods")
def bring_back(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Fill in, see the sums, take it back. The button names what the buyer is owed; whatever changes it is shown
    again first."""
    order = _found(desk, number)
    if not returning.can_come_back(order):
        return see("desk-order", number)
    form = _form(request, desk, order)
    if not form.is_bound or not form.is_valid():
        return _page(request, desk, order, form)
    try:
        sums = brought_back.foreseen(order=order, came=form.came, shipping_dong=form.shipping_dong, on=desk.today)
    except Refused as refused:
        form.take_refusal(refused)
        return _page(request, desk, order, form)
    if "look" in request.POST or form.cleaned_data["shown"] != form.meant:
        return _page(request, desk, order, form, sums=sums)
    if form.carries_out(
        lambda: returns.take_back(
            order_id=order.pk, lines=form.came, shipping_dong=form.shipping_dong, **form.payee,
            refund=form.cleaned_data["refund"], reason=form.cleaned_data["reason"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        said = {"number": number, "amount": figures(form.done.amount_dong)}
        messages.success(request, _("Đã nhận lại hàng của đơn %(number)s, nợ lại người mua %(amount)s.") % said)
        return _onwards(desk, order, form.cleaned_data["refund"])
    return _page(request, desk, order, form, sums=sums)


def _onwards(desk: Desk, order: Order, refund: str) -> HttpResponse:
    """To the slip to print, or the code to scan, where there is one now; else back to the order."""
    if refund == returns.CASH:
        slip = order.cash_vouchers.filter(undone_at=None).order_by("-number").first()
        if slip is not None:
            return see("desk-cash-voucher", slip.number)
    elif refund == returns.TRANSFER and desk.may["see_money"]:
        task = order.refunds.order_by("-pk").first()
        if task is not None:
            return see("desk-refund", task.code)
    return see("desk-order", order.number, part="returns")


def _form(request: HttpRequest, desk: Desk, order: Order) -> BringBackForm:
    kept: dict[int, list[Any]] = {}
    for allocation in brought_back.allocations_of(order):
        if allocation.kept_quantity:
            kept.setdefault(allocation.line_id, []).append(allocation)
    lines = [(line, kept[line.pk]) for line in order.lines.all() if line.pk in kept]
    return BringBackForm(
        request.POST or None, lines=lines, shipping_left_dong=returning.shipping_left_dong(order),
        by_card=owing.card_of(Subject(order.pk), 1) is not None, settles=desk.may["settle_money"],
    )  # fmt: skip


def _page(
    request: HttpRequest, desk: Desk, order: Order, form: BringBackForm, *, sums: brought_back.Foreseen | None = None
) -> HttpResponse:
    context = {
        "order": order, "form": form, "sums": sums, "late": returning.is_late(order, on=desk.today),
        "last_day": returning.last_day(order), "shown": form.meant if sums is not None else "",
    }  # fmt: skip
    return page(request, desk, "bring_back.html", context, tab="orders", status=422 if form.errors else 200)


def _found(desk: Desk, number: str) -> Order:
    own = Order.objects.filter(organization=desk.organization, number=number).preloaded() if storable(number) else None
    found = own.first() if own is not None else None
    if found is None:
        raise Http404
    return found
