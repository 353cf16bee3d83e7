"""The payment page: what to pay and where, and whether it has come. A code is short, so nothing here tells who pays
what for.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from base.codes import is_well_formed
from base.refusals import NotFound
from orders.models import Order
from payments import bank_links, requesting
from payments.bills import household_page
from payments.models import Household, PaymentRequest
from storefront import remembered, remembered_bills
from storefront.views.paying_by_card import card_part, may_end_at_stripe

USUAL_APP = "bank_app"
"""The cookie in which this phone remembers its bank's app; written by behaviours/usual-bank.js."""


@never_cache
@require_safe
@may_end_at_stripe
def pay(request: HttpRequest, code: str) -> HttpResponse:
    """Server-rendered in every state, so that it says the truth without scripts too."""
    if code != code.upper() and is_well_formed(code.upper()):
        return HttpResponsePermanentRedirect(reverse("pay", args=[code.upper()]))
    asked = asked_for(code)
    if asked is None:
        raise Http404
    is_bill = asked.order_id is None
    drawn = mark_safe(requesting.svg_of(asked)) if asked.takes_money else ""  # noqa: S308  our own drawing, escaped there
    ways = bank_links.ways(asked)
    own_order = _own_order(request, asked)
    response = render(
        request,
        "storefront/pay.html",
        {
            "asked": asked,
            "paid_dong": asked.paid_dong,
            "payee": requesting.payee_of(asked),
            "is_demo": asked.organization.is_demo,
            "svg": drawn,
            "seen_at": timezone.now(),
            "ways": ways,
            "usual_way": next((way for way in ways if way.app.id == request.COOKIES.get(USUAL_APP)), None),
            "own_order": own_order,
            "is_bill": is_bill,
            "own_household": _own_household(request, asked) if is_bill else None,
            # Whose shop it is stands under an order; a school's bill has nothing to do with it.
            "frame": "storefront/bills/base.html" if is_bill else "storefront/buyer.html",
            **card_part(asked),
        },
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def status(request: HttpRequest, code: str) -> HttpResponse:
    """``{"state", "paid_dong", "due_dong"}``; 304 while nothing has changed."""
    asked = asked_for(code)
    if asked is None:
        return HttpResponse(status=404)
    paid_dong = asked.paid_dong
    etag = f'"{asked.state}-{paid_dong}-{asked.due_dong}"'
    answer = JsonResponse({"state": asked.state, "paid_dong": paid_dong, "due_dong": asked.due_dong})
    answer["ETag"] = etag
    response = get_conditional_response(request, etag=etag, response=answer) or answer
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@cache_control(private=True, max_age=60)
def qr_png(request: HttpRequest, code: str) -> HttpResponse:
    """The picture to save and scan; with ``?download`` the browser keeps it instead of showing it."""
    return _picture(request, code, kind="png")


@require_safe
@cache_control(private=True, max_age=60)
def qr_svg(request: HttpRequest, code: str) -> HttpResponse:
    """The same picture, drawn."""
    return _picture(request, code, kind="svg")


def _picture(request: HttpRequest, code: str, *, kind: str) -> HttpResponse:
    asked = asked_for(code.upper())
    if asked is None:
        raise Http404
    try:
        if kind == "png":
            response = HttpResponse(requesting.png_of(asked), content_type="image/png")
        else:
            response = HttpResponse(requesting.svg_of(asked), content_type="image/svg+xml; charset=utf-8")
    except NotFound as closed:
        raise Http404 from closed
    shown = "attachment" if "download" in request.GET else "inline"
    response["Content-Disposition"] = f'{shown}; filename="VietQR-{asked.code}.{kind}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def asked_for(code: str) -> PaymentRequest | None:
    """Unknown and misspelt codes are answered alike, the misspelt ones without asking the database."""
    return requesting.public_request(code) if is_well_formed(code) else None


def _own_order(request: HttpRequest, asked: PaymentRequest) -> Order | None:
    """The order behind it, for the browser that placed it and for nobody else."""
    order = asked.order
    return order if order is not None and order.token in remembered.tokens_in(request.session) else None


def _own_household(request: HttpRequest, asked: PaymentRequest) -> Household | None:
    """The household on whose page the bill stands, for a browser that has opened it and for nobody else."""
    tokens = remembered_bills.tokens_in(request.session)
    return household_page.showing(asked.account_id, among=tokens) if tokens and asked.account_id else None
