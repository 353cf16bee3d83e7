"""A biller's list: everybody in the Vietnamese order, one account with all that is known of it, adding and changing."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.refusals import NotFound
from cooperatives.phones import shown
from payments.bills import accounts, carrying, households
from payments.bills.accounts_found import found, sections
from payments.models import Bill, BillingAccount, ExemptGroup, FeeItem, Reading
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_accounts import (
    AccountChangeForm,
    AccountForm,
    AgreeForm,
    EndForm,
    ExemptForm,
    HouseholdForm,
    JoinForm,
)
from storefront.forms.desk import DeskForm, search_from
from storefront.views.biller.pages import page

PER_PAGE = 40
LATEST = 24


@require_safe
@at_biller()
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everybody of a class or hamlet, or of all, in the order of a Vietnamese class list."""
    text, section = search_from(request.GET.get("q", "")), search_from(request.GET.get("section", ""))
    ended = request.GET.get("show") == "ended"
    rows = found(desk.organization, text=text, section=section, ended=ended, today=desk.today)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "q": text, "section": section,
        "sections": sections(desk.organization, today=desk.today), "ended": ended,
        "is_narrowed": bool(text or section or ended),
        "has_meters": BillingAccount.objects.filter(
            organization=desk.organization, kind=BillingAccount.Kind.METER
        ).exists(),
    }  # fmt: skip
    return page(request, desk, "accounts/list.html", context, tab="accounts")


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("keep_bills")
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One account by hand, with a household of its own; brothers and sisters are joined on its page."""
    kind = "pupil" if desk.organization.bills_for == "school" else "meter"
    form = AccountForm(request.POST or None, initial={"since": desk.today, "kind": kind})
    if form.carries_out(
        lambda: accounts.add(
            organization_id=desk.organization.pk, actor=desk.user, at=desk.at,
            **{name: form.cleaned_data[name] for name in form.fields},
        )
    ):  # fmt: skip
        messages.success(
            request, _("Đã ghi %(name)s, mã %(number)s.") % {"name": form.done.name, "number": form.done.number}
        )
        return see("biller-account", form.done.pk)
    return page(request, desk, "accounts/new.html", {"form": form}, tab="accounts", status=422 if form.errors else 200)


@require_safe
@at_biller()
def account(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    return account_page(request, desk, own_account(desk, account_id))


@require_POST
@at_biller("keep_bills")
def change(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """What is known of it; bills that are out keep the name and class that they were made out with."""
    own = own_account(desk, account_id)
    form = AccountChangeForm(request.POST)
    if form.carries_out(
        lambda: accounts.change(
            account_id=own.pk, actor=desk.user, at=desk.at,
            **{name: form.cleaned_data[name] for name in ("number", "name", "section", "since", "note")},
        )
    ):  # fmt: skip
        messages.success(request, _("Đã sửa %(name)s.") % {"name": form.done.name})
        return see("biller-account", own.pk)
    return account_page(request, desk, own, wrong={"change": form})


@require_POST
@at_biller("keep_bills")
def end(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """No longer billed after a day, or billed again. Nothing is erased."""
    own = own_account(desk, account_id)
    if "back" in request.POST:
        accounts.end(account_id=own.pk, on=None, actor=desk.user, at=desk.at)
        messages.success(request, _("Đã mở lại %(name)s.") % {"name": own.name})
        return see("biller-account", own.pk)
    form = EndForm(request.POST)
    if form.carries_out(
        lambda: accounts.end(account_id=own.pk, on=form.cleaned_data["on"], actor=desk.user, at=desk.at)
    ):
        told = {"name": own.name, "day": f"{form.done.until:%d/%m/%Y}"}
        messages.success(
            request, _("%(name)s thôi từ sau ngày %(day)s. Nợ cũ vẫn còn; mở lại lúc nào cũng được.") % told
        )
        return see("biller-account", own.pk)
    return account_page(request, desk, own, wrong={"end": form})


def own_account(desk: Desk, account_id: int) -> BillingAccount:
    """An account of this biller. Raises NotFound."""
    own = BillingAccount.objects.visible_to(desk.user).filter(organization=desk.organization, pk=account_id)
    account = own.select_related("household", "organization").first()
    if account is None:
        raise NotFound()
    return account


def account_page(
    request: HttpRequest, desk: Desk, own: BillingAccount, *, wrong: dict[str, DeskForm] | None = None
) -> HttpResponse:
    """Household, terms, readings and bills of one account; ``wrong``: a form that could not be carried out."""
    exemptions = own.exemptions.select_related("group").order_by("-since", "-pk")
    agreements = own.agreements.select_related("fee_item").order_by("-since", "-pk")
    bills = Bill.objects.filter(account=own).preloaded().order_by("-due_on", "-pk")
    readings = Reading.objects.filter(account=own, is_live=True).order_by("-month")
    home = own.household
    forms = _forms(desk, own) | (wrong or {})
    context: dict[str, Any] = {
        "account": own, "home": home, "is_ended": own.until is not None and own.until < desk.today,
        "factor": households.second_factor(home) if home else (),
        "card_code": households.shown_card_code(home.card_code) if home else "",
        "mates": [one for one in home.accounts.by_name() if one != own] if home else [],
        "exemptions": exemptions, "agreements": agreements, "bills": bills[:LATEST], "readings": readings[:LATEST],
        "credit_dong": carrying.credit_dong(own.pk), "forms": forms, "opened": set(wrong or {}), "today": desk.today,
    }  # fmt: skip
    return page(request, desk, "accounts/account.html", context, tab="accounts", status=422 if wrong else 200)


def _forms(desk: Desk, own: BillingAccount) -> dict[str, DeskForm]:
    today: date = desk.today
    known = {name: getattr(own, name) for name in ("number", "name", "section", "since", "note")}
    home = own.household
    groups = ExemptGroup.objects.filter(organization=desk.organization).order_by("name")
    items = FeeItem.objects.filter(organization=desk.organization, compulsory=False, is_active=True)
    forms: dict[str, DeskForm] = {
        "change": AccountChangeForm(initial=known), "end": EndForm(initial={"on": today}), "join": JoinForm(),
        "exempt": ExemptForm(initial={"since": today}, choices=[(one.pk, one.name) for one in groups]),
        "agree": AgreeForm(
            initial={"since": today}, choices=[(one.pk, one.name) for one in items.in_billers_order()]
        ),
    }  # fmt: skip
    house = {"name": home.name, "phone": shown(home.phone), "place": home.place} if home else {"name": own.name}
    return forms | {"home": HouseholdForm(initial=house)}
