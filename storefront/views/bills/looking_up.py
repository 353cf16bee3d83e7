"""The door of households without an account: code and second factor in, their page out."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from payments.bills import looking_up as verb
from payments.bills.looking_up import LONGEST_CODE, Found, Wait
from payments.models import Household
from storefront import remembered_bills
from storefront.forms.bills import LookUpForm
from storefront.views.bills.privacy import private


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """The form, and what this browser has opened before. ``?code=`` fills the code in, as the QR of a slip does."""
    if request.method != "POST":
        return _page(request, LookUpForm(initial={"code": request.GET.get("code", "")[:LONGEST_CODE]}))
    form = LookUpForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    answer = verb.find(
        code=form.cleaned_data["code"], second_factor=form.cleaned_data["second_factor"], address=address_of(request),
        waited=form.cleaned_data["waited"], known=_known(request), at=timezone.now(),
    )  # fmt: skip
    if isinstance(answer, Wait):
        return wait_page(request, form, answer, to=reverse("bills"))
    if answer is None:
        form.nothing_found()
        return _page(request, form, status=422)
    return HttpResponseRedirect(_opened(request, answer), status=303)


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """The phone is handed on: what it opened must be opened anew."""
    remembered_bills.forget(request.session)
    return HttpResponseRedirect(reverse("bills"), status=303)


def address_of(request: HttpRequest) -> str:
    """Where a try comes from, as sign-in counts it: behind our own proxies what they say, else who is connected."""
    return str(get_adapter(request).get_client_ip(request))


def wait_page(request: HttpRequest, form: LookUpForm, wait: Wait, *, to: str) -> HttpResponse:
    """429, with the ticket in a form that sends itself to ``to`` when its time has come."""
    context = {"form": form, "wait": wait, "to": to}
    response = private(render(request, "storefront/bills/wait.html", context, status=429))
    response["Retry-After"] = str(wait.seconds)
    return response


def _opened(request: HttpRequest, found: Found) -> str:
    if found.household is not None:
        remembered_bills.household_opened(request.session, found.household.token)
        return reverse("bills-household", args=[found.household.token])
    assert found.bill is not None
    code = found.bill.request.code
    remembered_bills.bill_opened(request.session, code)
    return reverse("bills-one", args=[code])


def _known(request: HttpRequest) -> str:
    """A household that this browser has opened. The session is ours: nobody writes a token into his own."""
    return next(iter(remembered_bills.tokens_in(request.session)), "")


def _page(request: HttpRequest, form: LookUpForm, *, status: int = 200) -> HttpResponse:
    tokens = remembered_bills.tokens_in(request.session)
    opened = Household.objects.select_related("organization").filter(token__in=tokens)
    by_token = {household.token: household for household in opened}
    context = {
        "form": form,
        "households": [by_token[token] for token in tokens if token in by_token],
        "codes": remembered_bills.codes_in(request.session),
    }
    return private(render(request, "storefront/bills/look_up.html", context, status=status))
