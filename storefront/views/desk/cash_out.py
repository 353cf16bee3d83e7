"""Cash at the desk of who sells: one's own box, paying members, buyers and costs out of it, and the slips of that."""

from typing import Any, get_args

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.money import figures
from base.text import storable
from cooperatives import income
from cooperatives.models import Member, User
from orders.models import Order
from payments import cash_boxes, cash_days, cash_out, owing, voucher_papers
from payments.models import CashVoucher
from payments.paper.receipts import Size
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.biller_cash import CountForm
from storefront.forms.desk import day_from
from storefront.forms.desk_cash import CostForm, PayOutForm, VoidVoucherForm
from storefront.views.desk import cash_handing
from storefront.views.desk.pages import page

Kind = CashVoucher.Kind
LATEST = 20
PDF = "application/pdf"


@require_safe
@at_desk("receive_cash")
def cash(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Her box today, the latest slips, and who waits for money; another day (``?day=``) or keeper (``?keeper=``) for
    those who see money."""
    return _cash_page(request, desk, CountForm())


@require_POST
@at_desk("receive_cash")
def count(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Close the box for the day."""
    form = CountForm(request.POST)
    if form.carries_out(
        lambda: cash_boxes.count(
            organization_id=desk.organization.pk, counted_dong=form.cleaned_data["counted_dong"],
            note=form.cleaned_data["note"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã chốt két: %(sum)s.") % {"sum": figures(form.done.counted_dong)})
        return see("desk-cash")
    return _cash_page(request, desk, form)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("settle_money")
def pay_member(request: HttpRequest, desk: Desk, member_id: int) -> HttpResponse:
    """Count out what a member is owed, or part of it."""
    own = Member.objects.select_related("user", "organization").filter(organization=desk.organization)
    member = own.filter(pk=member_id).first()
    if member is None:
        raise Http404
    owed = income.owed_dong(member=member)
    form = PayOutForm(request.POST or None, initial=_wanted(desk, owed, member.user.name))
    if form.carries_out(
        lambda: cash_out.pay_member(
            member_id=member.pk, amount_dong=form.cleaned_data["amount_dong"], to_name=form.cleaned_data["to_name"],
            reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        return _paid(request, form)
    return _pay_page(request, desk, form, {"member": member, "owed_dong": owed})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("settle_money")
def pay_buyer(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Give back in cash what is owed to the buyer of an order."""
    own = Order.objects.filter(organization=desk.organization, number=number) if storable(number) else None
    order = own.first() if own is not None else None
    if order is None:
        raise Http404
    owed = owing.owed_dong(organization=desk.organization, order_id=order.pk)
    form = PayOutForm(request.POST or None, initial=_wanted(desk, owed, order.buyer_name))
    if form.carries_out(
        lambda: cash_out.pay_buyer(
            order_id=order.pk, amount_dong=form.cleaned_data["amount_dong"], to_name=form.cleaned_data["to_name"],
            reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        return _paid(request, form)
    return _pay_page(request, desk, form, {"order": order, "owed_dong": owed})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("receive_cash")
def pay_cost(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Pay a driver, or (the treasurer) what the cooperative spends."""
    kinds = [kind for kind in (Kind.CARRIAGE, Kind.SPENDING) if desk.may[cash_out.DEEDS[kind]]]
    form = CostForm(request.POST or None, kinds=kinds)
    if form.carries_out(
        lambda: cash_out.pay_cost(
            organization_id=desk.organization.pk, kind=form.cleaned_data["kind"],
            amount_dong=form.cleaned_data["amount_dong"], to_name=form.cleaned_data["to_name"],
            reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        return _paid(request, form)
    return _pay_page(request, desk, form, {})


@require_safe
@at_desk()
def voucher(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One slip: to whom, for what, to print, to take back."""
    return _voucher_page(request, desk, _voucher(desk, number), VoidVoucherForm())


@require_POST
@at_desk("receive_cash")
def void(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    found, form = _voucher(desk, number), VoidVoucherForm(request.POST)
    if form.carries_out(
        lambda: cash_out.void(voucher_id=found.pk, reason=form.cleaned_data["reason"], actor=desk.user, at=desk.at)
    ):
        said = {"number": number, "amount": figures(found.amount_dong)}
        messages.success(request, _("Đã hủy phiếu chi số %(number)s: %(amount)s nằm lại trong két.") % said)
        return see("desk-cash-voucher", number)
    return _voucher_page(request, desk, _voucher(desk, number), form)


@require_safe
@at_desk()
def slip(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """The slip on paper, ``?size=`` a5 or 58mm."""
    wanted = request.GET.get("size", "a5")
    for size in get_args(Size):
        if wanted == size:
            made = voucher_papers.voucher_pdf(_voucher(desk, number), size=size)
            name = f'attachment; filename="phieu-chi-{number:06d}.pdf"'
            return HttpResponse(made, content_type=PDF, headers={"Content-Disposition": name})
    raise Http404


def _wanted(desk: Desk, owed_dong: int, name: str) -> dict[str, Any]:
    """What the form proposes: all of it, as far as it can be counted out."""
    step = desk.organization.cash_step_dong
    return {"amount_dong": cash_out.in_cash_dong(owed_dong, step_dong=step) or "", "to_name": name}


def _paid(request: HttpRequest, form: Any) -> HttpResponse:
    said = {"number": form.done.number, "amount": figures(form.done.amount_dong), "name": form.done.to_name}
    messages.success(request, _("Đã chi %(amount)s cho %(name)s, phiếu chi số %(number)s.") % said)
    return see("desk-cash-voucher", form.done.number)


def _pay_page(request: HttpRequest, desk: Desk, form: Any, context: dict[str, Any]) -> HttpResponse:
    """The form with what her box holds."""
    box = cash_boxes.box_dong(desk.organization, desk.user) - cash_boxes.waiting_dong(desk.organization, desk.user)
    shown = {"form": form, "box_dong": box, **context}
    return page(request, desk, "cash_out.html", shown, tab="cash", status=422 if form.errors else 200)


def _cash_page(request: HttpRequest, desk: Desk, form: CountForm) -> HttpResponse:
    day = day_from(request.GET.get("day", ""), otherwise=desk.today)
    keeper = _keeper(request, desk)
    context: dict[str, Any] = {
        "sheet": cash_days.day_sheet(organization=desk.organization, keeper=keeper, day=day), "form": form,
        "is_hers": keeper == desk.user and day == desk.today,
        "vouchers": cash_out.latest(
            desk.organization, most=LATEST, keeper=None if desk.may["see_money"] else desk.user
        ),
        "boxes": cash_days.boxes(desk.organization, on=desk.today) if desk.may["see_money"] else [],
        "owed": [one for one in owing.owed_list(desk.organization) if one.order] if desk.may["settle_money"] else [],
        **cash_handing.of_box(desk),
    }  # fmt: skip
    return page(request, desk, "cash.html", context, tab="cash", status=422 if form.errors else 200)


def _keeper(request: HttpRequest, desk: Desk) -> User:
    """Whose box: her own, or one that those who see money may look into. Raises Http404."""
    asked = request.GET.get("keeper", "")
    if not asked:
        return desk.user
    boxes = cash_days.boxes(desk.organization, on=desk.today) if desk.may["see_money"] else []
    found = next((one.keeper for one in boxes if str(one.keeper.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def _voucher(desk: Desk, number: int) -> CashVoucher:
    rows = CashVoucher.objects.filter(organization=desk.organization, number=number)
    if not desk.may["see_money"]:  # a collector's own; what members are paid is not hers to read
        rows = rows.filter(keeper=desk.user)
    found = rows.select_related(
        "organization", "keeper", "member__user", "order", "shipment__order", "undone_by"
    ).first()  # fmt: skip
    if found is None:
        raise Http404
    return found


def _voucher_page(request: HttpRequest, desk: Desk, found: CashVoucher, form: VoidVoucherForm) -> HttpResponse:
    context = {
        "voucher": found, "form": form, "sizes": get_args(Size),
        "may_void": found.is_live and cash_out.may_void(found, actor=desk.user, at=desk.at),
    }  # fmt: skip
    return page(request, desk, "cash_voucher.html", context, tab="cash", status=422 if form.errors else 200)
