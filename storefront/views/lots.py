"""The page behind the code on a label: what it is, whose, from where, of which day. For anybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from base.codes import ALPHABET
from base.periods import today_in_vietnam
from catalog.models import OcopCertificate, Product
from catalog.tracing import LENGTH, traced


@require_safe
def lot(request: HttpRequest, trace: str) -> HttpResponse:
    """404 for a number that no label carries. A member's name stands there only if she agreed."""
    symbols = trace.upper()
    if len(symbols) != LENGTH or not set(symbols) <= set(ALPHABET):
        raise Http404
    found = traced().filter(trace=symbols).first()
    if found is None:
        raise Http404
    today = today_in_vietnam()
    product = found.variant.product
    certificates = OcopCertificate.objects.filter(product=product).live(on=today).order_by("-stars", "pk")
    context = {
        "lot": found, "variant": found.variant, "product": product, "shop": product.organization,
        "certificate": certificates.first(), "today": today,
        "is_past": found.best_before is not None and found.best_before < today,
        "is_on_sale": product.state == Product.State.PUBLISHED and product.organization.sells,
        "maker": found.member.user.name if found.member is not None and found.member.shows_name else "",
    }  # fmt: skip
    return render(request, "storefront/lot.html", context)
