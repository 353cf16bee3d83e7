"""A household's own page, by the link of its card: what is due, paying several bills with one QR, receipts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from base.refusals import NotFound, Refused
from payments.bills import adding_cards, choosing, household_page
from payments.bills.household_page import ShownBill
from payments.bills.looking_up import Wait
from payments.models import Household
from storefront import remembered_bills
from storefront.forms.bills import LookUpForm
from storefront.remembered import is_token
from storefront.views.bills.looking_up import address_of, wait_page
from storefront.views.bills.privacy import private


@never_cache
@require_safe
def household(request: HttpRequest, token: str) -> HttpResponse:
    """All children and meters on one page; ``?all`` with all that was ever paid."""
    found = _household(token)
    remembered_bills.household_opened(request.session, token)
    return _page(request, found, LookUpForm())


@require_POST
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """On to one QR for the chosen bills; back to the page where they cannot be paid together."""
    found = _household(token)
    try:
        asked = choosing.choose(household=found, codes=request.POST.getlist("code"), at=timezone.now())
    except NotFound as gone:
        raise Http404 from gone
    except Refused as refused:
        messages.error(request, refused.message)
        return HttpResponseRedirect(reverse("bills-household", args=[token]), status=303)
    return HttpResponseRedirect(reverse("pay", args=[asked.code]), status=303)


@never_cache
@require_POST
def add(request: HttpRequest, token: str) -> HttpResponse:
    """The children or meters of another card or bill, by its code and second factor."""
    found = _household(token)
    form = LookUpForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        answer = adding_cards.add(
            household=found, code=form.cleaned_data["code"], second_factor=form.cleaned_data["second_factor"],
            address=address_of(request), waited=form.cleaned_data["waited"], at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        form.take_refusal(refused)
        return _page(request, found, form, status=422)
    if isinstance(answer, Wait):
        return wait_page(request, form, answer, to=reverse("bills-add", args=[token]))
    if answer is None:
        form.nothing_found()
        return _page(request, found, form, status=422)
    messages.success(request, _("Đã thêm vào trang này."))
    return HttpResponseRedirect(reverse("bills-household", args=[token]), status=303)


@require_POST
def remove(request: HttpRequest, token: str) -> HttpResponse:
    """Take what another card brought off the page again."""
    typed = request.POST.get("account", "")
    account_id = int(typed) if typed.isdecimal() and len(typed) < 19 else 0
    try:
        adding_cards.remove(household=_household(token), account_id=account_id)
    except NotFound as gone:
        raise Http404 from gone
    messages.success(request, _("Đã bỏ khỏi trang này. Thêm lại lúc nào cũng được."))
    return HttpResponseRedirect(reverse("bills-household", args=[token]), status=303)


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str, bill_id: int) -> HttpResponse:
    """One bill with all its lines, what was paid when and how; made to be printed too."""
    found = _household(token)
    shown = household_page.bill_of(household_page.accounts_of(found), bill_id, at=timezone.now())
    if shown is None:
        raise Http404
    return _receipt(request, shown, back=reverse("bills-household", args=[token]))


@never_cache
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One bill of nobody's household, for the browser that has proved to know its second factor."""
    shown = None
    if code in remembered_bills.codes_in(request.session):
        shown = household_page.bill_by_code(code, at=timezone.now())
    if shown is None:
        raise Http404
    return _receipt(request, shown, back=reverse("bills"))


def _household(token: str) -> Household:
    found = household_page.opened(token) if is_token(token) else None
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: Household, form: LookUpForm, *, status: int = 200) -> HttpResponse:
    page = household_page.page_of(found, whole="all" in request.GET, at=timezone.now())
    request.demo = found.organization.is_demo  # type: ignore[attr-defined]  # read by storefront.context.site
    return private(render(request, "storefront/bills/household.html", {"page": page, "form": form}, status=status))


def _receipt(request: HttpRequest, shown: ShownBill, *, back: str) -> HttpResponse:
    request.demo = shown.bill.organization.is_demo  # type: ignore[attr-defined]
    return private(render(request, "storefront/bills/receipt.html", {"shown": shown, "back": back}))
