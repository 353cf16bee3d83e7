"""What a biller charges for: items in its order, their dated rates, groups that pay less, and what it decides."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payments.bills import catalogue, deciding, rates
from payments.models import ExemptGroup, FeeItem
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_fees import DecidedForm, GroupForm, ItemForm, RateForm
from storefront.forms.desk import DeskForm
from storefront.views.biller.pages import page

WAYS = {"up": -1, "down": 1}


@require_safe
@at_biller()
def fees(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Items in the biller's order with what they cost today, and what keeps one from being charged."""
    items = list(FeeItem.objects.filter(organization=desk.organization).in_billers_order())
    now = rates.in_force_of(items, on=desk.today)
    rows = [
        {"item": item, "rate": now.get(item.pk),
         "hinder": rates.hindrance(now[item.pk], item) if item.pk in now else None}
        for item in items
    ]  # fmt: skip
    groups = ExemptGroup.objects.filter(organization=desk.organization).order_by("name")
    groups = groups.prefetch_related("shares__fee_item")
    return page(request, desk, "fees.html", {"rows": rows, "groups": groups}, tab="fees")


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("keep_bills")
def fee_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What it is; its price is asked on the next page."""
    form = ItemForm(request.POST or None, initial={"period": "month", "measure": "flat", "refundable": True})
    if form.carries_out(
        lambda: catalogue.item_create(
            organization_id=desk.organization.pk, **form.said, actor=desk.user, key=form.cleaned_data["key"], at=desk.at
        )
    ):
        messages.success(request, _("Đã thêm mục thu “%(name)s”. Giờ ghi giá.") % {"name": form.done.name})
        return see("biller-fee", form.done.pk, part="rate")
    return page(request, desk, "fee_new.html", {"form": form}, tab="fees", status=422 if form.errors else 200)


@require_safe
@at_biller()
def fee(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponse:
    return _fee_page(request, desk, _found(desk, item_id))


@require_POST
@at_biller("keep_bills")
def fee_change(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponse:
    """What is said of it; bills that are out keep the words they were made with."""
    found = _found(desk, item_id)
    form = ItemForm(request.POST)
    if form.carries_out(lambda: catalogue.item_change(fee_item_id=found.pk, **form.said, actor=desk.user, at=desk.at)):
        messages.success(request, _("Đã sửa mục thu “%(name)s”.") % {"name": form.done.name})
        return see("biller-fee", found.pk)
    return _fee_page(request, desk, found, wrong={"item": form})


@require_POST
@at_biller("keep_bills")
def rate_set(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponse:
    """A new price from a day on; the old ones stay in the history."""
    found = _found(desk, item_id)
    form = RateForm(request.POST, item=found)
    if form.carries_out(
        lambda: catalogue.rate_set(
            fee_item_id=found.pk, since=form.cleaned_data["since"], price_dong=form.cleaned_data["price_dong"] or 0,
            steps=form.steps, ceiling_dong=form.cleaned_data["ceiling_dong"],
            legal_basis=form.cleaned_data["legal_basis"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi giá từ ngày %(day)s.") % {"day": f"{form.done.since:%d/%m/%Y}"})
        return see("biller-fee", found.pk)
    return _fee_page(request, desk, found, wrong={"rate": form})


@require_POST
@at_biller("keep_bills")
def fee_end(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponse:
    """No run bills it any more; the same page takes that back (``back``)."""
    found = _found(desk, item_id)
    back = "back" in request.POST
    verb = catalogue.item_resume if back else catalogue.item_end
    verb(fee_item_id=found.pk, actor=desk.user, at=desk.at)
    said = _("“%(name)s” lại được thu.") if back else _("Đã ngừng thu “%(name)s”. Phiếu đã phát hành vẫn giữ.")
    messages.success(request, said % {"name": found.name})
    return see("biller-fee", found.pk)


@require_POST
@at_biller("keep_bills")
def fee_move(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponse:
    """One place up or down: money that is not enough fills the items in this order."""
    found = _found(desk, item_id)
    step = WAYS.get(request.POST.get("way", ""))
    if step is None:
        raise Http404
    order = list(FeeItem.objects.filter(organization=desk.organization).in_billers_order().values_list("pk", flat=True))
    catalogue.item_move(
        fee_item_id=found.pk, position=max(order.index(found.pk) + step, 0), actor=desk.user, at=desk.at
    )
    return see("biller-fees", part=f"item-{found.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("keep_bills")
def group(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A group that pays less; ``?group=3`` fills in what is known of one. The same name is the same group."""
    items = list(FeeItem.objects.filter(organization=desk.organization, is_active=True).in_billers_order())
    wanted = request.GET.get("group", "")
    known = (
        ExemptGroup.objects.filter(organization=desk.organization, pk=int(wanted)).first() if _is_id(wanted) else None
    )
    form = GroupForm(request.POST, items=items) if request.method == "POST" else (
        GroupForm.of(known, items=items) if known else GroupForm(items=items)
    )  # fmt: skip
    if form.carries_out(
        lambda: catalogue.group_set(
            organization_id=desk.organization.pk, name=form.cleaned_data["name"],
            legal_basis=form.cleaned_data["legal_basis"], shares=form.shares, actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi nhóm “%(name)s”. Áp dụng cho các đợt thu sau.") % {"name": form.done.name})
        return see("biller-fees", part="groups")
    context = {"form": form, "known": known}
    return page(request, desk, "group.html", context, tab="fees", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("keep_bills")
def decided(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the biller decides for itself."""
    here = desk.organization
    initial = {
        "bills_for": here.bills_for, "carries_credit": "carry" if here.carries_credit else "give_back",
        "cash_step_dong": here.cash_step_dong,
    }  # fmt: skip
    form = DecidedForm(request.POST or None, initial=initial)
    if form.carries_out(
        lambda: deciding.decide(
            organization_id=here.pk, bills_for=form.cleaned_data["bills_for"],
            carries_credit=form.cleaned_data["carries_credit"], cash_step_dong=form.cleaned_data["cash_step_dong"],
            actor=desk.user, at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi. Áp dụng từ bây giờ."))
        return see("biller-decided")
    return page(request, desk, "decided.html", {"form": form}, tab="decided", status=422 if form.errors else 200)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _found(desk: Desk, item_id: int) -> FeeItem:
    found = FeeItem.objects.filter(organization=desk.organization, pk=item_id).first()
    if found is None:
        raise Http404
    return found


def _fee_page(request: HttpRequest, desk: Desk, found: FeeItem, *, wrong: dict[str, Any] | None = None) -> HttpResponse:
    now = rates.in_force_of([found], on=desk.today).get(found.pk)
    forms: dict[str, DeskForm] = {
        "item": ItemForm.of(found), "rate": RateForm.after(now, item=found, today=desk.today), **(wrong or {}),
    }  # fmt: skip
    history = found.rates.select_related("recorded_by").order_by("-since")
    context = {
        "item": found, "now": now, "history": history, "forms": forms, "opened": {*(wrong or {})},
        "hinder": rates.hindrance(now, found) if now else None,
        "shares": found.exempt_shares.select_related("group").order_by("group__name"),
    }  # fmt: skip
    return page(request, desk, "fee.html", context, tab="fees", status=422 if wrong else 200)
