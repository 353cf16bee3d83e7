"""The basket: put in, change, take out, put back."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from base.refusals import Refused
from catalog.measures import shown_quantity
from catalog.models import Variant
from catalog.typed_quantities import quantity_from_text
from orders.placing import UnknownGoods
from storefront import basket_lines, remembered
from storefront.basket import KEY, Basket, basket_in, for_session, from_text, with_line
from storefront.same_site import from_our_pages
from storefront.views.product import on_sale, product_page


@never_cache
@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    """What was chosen; ``?out=12:2`` offers to put back what was just taken out."""
    try:
        taken_out = from_text(request.GET.get("out", ""))
    except Refused:
        taken_out = {}
    return _page(request, basket_in(request.session), taken_out=dict(list(taken_out.items())[:1]))


@require_POST
@from_our_pages
def add(request: HttpRequest) -> HttpResponse:
    """Have so much of one variant in the basket. The same form twice is the same basket."""
    variant = _variant(request)
    found = on_sale(variant.product.slug)
    if found is None:
        raise Http404
    typed = request.POST.get("quantity", "")
    try:
        measures = quantity_from_text(typed, sold=variant)
        if measures > variant.available:
            return product_page(request, found, refused=variant.pk, typed=typed, error=only_left(variant), status=409)
        changed = with_line(basket_in(request.session), variant.pk, measures)
    except Refused as refused:
        return product_page(request, found, refused=variant.pk, typed=typed, error=refused.message, status=422)
    request.session[KEY] = for_session(changed)
    return _see_basket()


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Another quantity of a line, or none with ``remove``; a bad one leaves the basket and what was typed."""
    variant = _variant(request)
    held = basket_in(request.session)
    if "remove" in request.POST:
        out = {variant.pk: held[variant.pk]} if variant.pk in held else {}
        request.session[KEY] = for_session(with_line(held, variant.pk, 0))
        return _see_basket(out=out)
    typed = request.POST.get("quantity", "")
    try:
        changed = with_line(held, variant.pk, quantity_from_text(typed, sold=variant))
    except Refused as refused:
        return _page(request, held, wrong={variant.pk: (typed, refused.message)}, status=422)
    request.session[KEY] = for_session(changed)
    return _see_basket()


def only_left(variant: Variant) -> str:
    """What to say when more is wanted than there is."""
    if variant.available < variant.step:
        return _("Mặt hàng này vừa hết.")
    return _("Chỉ còn %(left)s. Hãy ghi ít hơn.") % {"left": shown_quantity(variant, variant.available)}


def _variant(request: HttpRequest) -> Variant:
    """The variant a form names; 404 for anything else."""
    try:
        [variant_id] = from_text(f"{request.POST.get('variant', '')}:1")
    except (UnknownGoods, ValueError) as error:
        raise Http404 from error
    variant = Variant.objects.select_related("product").filter(pk=variant_id).first()
    if variant is None:
        raise Http404
    return variant


def _see_basket(*, out: Basket | None = None) -> HttpResponseRedirect:
    query = "?" + urlencode({"out": ",".join(f"{k}:{v}" for k, v in out.items())}, safe=":") if out else ""
    return HttpResponseRedirect(reverse("basket") + query, status=303)


def _page(
    request: HttpRequest,
    held: Basket,
    *,
    taken_out: Basket | None = None,
    wrong: dict[int, tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    sellers = basket_lines.read(held, wrong=wrong or {})
    out = next((line for seller in basket_lines.read(taken_out or {}) for line in seller.lines), None)
    return render(
        request,
        "storefront/basket.html",
        {
            "sellers": sellers,
            "total_dong": basket_lines.total_dong(sellers),
            "is_ready": basket_lines.is_ready(sellers),
            "out": out if out and out.is_on_sale and out.variant.pk not in held else None,
            "has_orders": bool(remembered.tokens_in(request.session)),
        },
        status=status,
    )
