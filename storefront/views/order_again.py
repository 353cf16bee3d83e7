"""Back to an order without its link, and its goods once more into the basket."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from base.refusals import Refused
from cooperatives.slowing import Wait
from orders.finding_again import find_again
from orders.models import Order
from orders.ordering_again import Again, again
from storefront import remembered
from storefront.basket import KEY, basket_in, for_session, with_line
from storefront.forms.orders import FindOrderForm
from storefront.views.bills.looking_up import address_of
from storefront.views.bills.privacy import private


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The form; number and phone that belong together lead to the order, which this browser then remembers."""
    if request.method != "POST":
        return _page(request, FindOrderForm())
    form = FindOrderForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    typed = form.cleaned_data
    found = find_again(
        number=typed["number"], phone=typed["phone"], address=address_of(request), waited=typed["waited"] or None,
        at=timezone.now(),
    )  # fmt: skip
    if isinstance(found, Wait):
        response = private(render(request, "storefront/order_wait.html", {"form": form, "wait": found}, status=429))
        response["Retry-After"] = str(found.seconds)
        return response
    if found is None:
        form.nothing_found()
        return _page(request, form, status=422)
    request.session[remembered.KEY] = remembered.with_orders(remembered.tokens_in(request.session), [found])
    return HttpResponseRedirect(reverse("order", args=[found.token]), status=303)


@require_POST
def order_again(request: HttpRequest, token: str) -> HttpResponse:
    """Its goods into the basket, on top of what lies there; the page of the basket says what came of it."""
    found = Order.objects.preloaded().filter(token=token).first() if remembered.is_token(token) else None
    if found is None:
        raise Http404
    goods = again(found)
    basket = basket_in(request.session)
    try:
        for variant_id, measures in goods.wanted.items():
            basket = with_line(basket, variant_id, max(measures, basket.get(variant_id, 0)))
    except Refused as refused:
        messages.error(request, refused.message)
        return HttpResponseRedirect(reverse("order", args=[token]), status=303)
    request.session[KEY] = for_session(basket)
    _say(request, goods)
    return HttpResponseRedirect(reverse("basket"), status=303)


def _say(request: HttpRequest, goods: Again) -> None:
    if goods.wanted:
        messages.success(request, _("Đã cho hàng của đơn cũ vào giỏ. Xem lại rồi hãy đặt."))
    told = (
        (goods.gone, _("Không còn bán lúc này: %(names)s.")),
        (goods.fewer, _("Còn ít hơn lần trước: %(names)s.")),
        (goods.dearer, _("Giá nay cao hơn lần trước: %(names)s.")),
        (goods.cheaper, _("Giá nay thấp hơn lần trước: %(names)s.")),
    )
    for names, sentence in told:
        if names:
            messages.warning(request, sentence % {"names": "; ".join(names)})


def _page(request: HttpRequest, form: FindOrderForm, *, status: int = 200) -> HttpResponse:
    return private(render(request, "storefront/order_find.html", {"form": form}, status=status))
