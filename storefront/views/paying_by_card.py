"""Paying by card: the button leads to Stripe's own page, and the page to which its buyers come back says only what we
know: a browser that returns proves nothing.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from base.codes import is_well_formed
from base.refusals import NotFound, Refused
from payments import cards, requesting
from payments.models import PaymentRequest

STRIPES_PAGES = "https://checkout.stripe.com"


def card_part(asked: PaymentRequest) -> dict[str, object]:
    """What the pay page needs to know of cards: whether to offer them, and what became of the last try."""
    offered = cards.offered(asked, at=timezone.now()) is not None
    return {"card_offered": offered, "card_trouble": cards.trouble_of(asked)}


def may_end_at_stripe(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Let the forms of this page end on Stripe's: browsers hold a form's redirects against the policy too."""

    @wraps(view)
    def shown(request: HttpRequest, *args: str, **named: str) -> HttpResponseBase:
        allowed = [STRIPES_PAGES, *([settings.STRIPE_API_BASE] if settings.STRIPE_API_BASE else [])]
        return csp_update({"form-action": allowed})(view)(request, *args, **named)

    return shown


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may_end_at_stripe
def card(request: HttpRequest, code: str) -> HttpResponse:
    """POST: on to Stripe's page for what is due. GET: where Stripe sends the buyer back to."""
    asked = requesting.public_request(code) if is_well_formed(code) else None
    if asked is None:
        raise Http404
    if request.method == "POST":
        return _led_to_stripe(request, asked)
    if not asked.links.filter(feed__provider="stripe").exists():
        return HttpResponseRedirect(reverse("pay", args=[asked.code]))
    return _page(request, asked)


def _led_to_stripe(request: HttpRequest, asked: PaymentRequest) -> HttpResponse:
    here, back = (settings.SITE_URL + reverse(name, args=[asked.code]) for name in ("pay-card", "pay"))
    try:
        link = cards.start(code=asked.code, return_url=here, cancel_url=back, at=timezone.now())
    except NotFound as gone:
        raise Http404 from gone
    except Refused as refused:
        return _page(request, asked, refusal=refused)
    url = urlsplit(link.url)
    if f"{url.scheme}://{url.netloc}" not in {STRIPES_PAGES, settings.STRIPE_API_BASE}:
        return _page(request, asked, way=link.url)  # an address of the organization's own: a form may not end there
    return HttpResponseRedirect(link.url, status=303)


def _page(
    request: HttpRequest, asked: PaymentRequest, *, refusal: Refused | None = None, way: str = ""
) -> HttpResponse:
    about = {"asked": asked, "refusal": refusal, "way": way, "seen_at": timezone.now(), **card_part(asked)}
    status = 200 if refusal is None else 503 if isinstance(refusal, cards.CardsUnavailable) else 409
    response = render(request, "storefront/pay_card.html", about, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
