"""The buyer's orders, without an account: whoever has the link may look, and the browser that ordered has it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.models import Order
from payments.models import PaymentRequest
from storefront import remembered
from storefront.following import steps_of
from storefront.owed_back import given_back, owed_back_dong


@never_cache
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """One order: where it stands, what is in it, what there is to pay, whom to ask."""
    found = Order.objects.preloaded().filter(token=token).first() if remembered.is_token(token) else None
    if found is None:
        raise Http404
    asked = _asked_for(found)
    context = {
        "order": found,
        "asked": asked,
        "steps": steps_of(found),
        "given_back_dong": owed_back_dong(found) if found.is_ended or found.state == found.State.RETURNED else 0,
        "refunds": given_back(found),
        "now": timezone.now(),
    }
    return _private(render(request, "storefront/order.html", context))


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The orders placed in this browser, each with what is still to pay."""
    tokens = remembered.tokens_in(request.session)
    by_token = {found.token: found for found in Order.objects.preloaded().filter(token__in=tokens)}
    orders = [(by_token[token], _asked_for(by_token[token])) for token in tokens if token in by_token]
    to_pay_dong = sum(asked.due_dong for found, asked in orders if asked and _is_to_transfer(found, asked))
    return _private(render(request, "storefront/orders.html", {"orders": orders, "to_pay_dong": to_pay_dong}))


def _asked_for(found: Order) -> PaymentRequest | None:
    return next(iter(found.payment_requests.all()), None)


def _is_to_transfer(found: Order, asked: PaymentRequest) -> bool:
    return found.pay_by == Order.PayBy.TRANSFER and asked.takes_money


def _private(response: HttpResponse) -> HttpResponse:
    """The token is in the address: it goes to no other site and into no search engine."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
