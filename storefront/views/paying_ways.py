"""Other ways to pay: opening one's own bank app, and changing an unpaid order to paying on receipt or back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from base.refusals import NotFound, Refused
from orders.models import Order
from payments import bank_links, paying_on_receipt, requesting
from storefront import remembered
from storefront.views.paying import USUAL_APP, asked_for


@never_cache
@require_safe
def app(request: HttpRequest, code: str) -> HttpResponse:
    """Which bank? Plain links, those that fill the transfer in first. Nothing is asked of anybody until one is pressed.

    Where there is nothing to open (switched off, paid, a demo account) the pay page has the other ways.
    """
    asked = asked_for(code)
    if asked is None:
        raise Http404
    ways = bank_links.ways(asked)
    if not ways:
        return HttpResponseRedirect(reverse("pay", args=[asked.code]), status=303)
    context = {
        "asked": asked, "payee": requesting.payee_of(asked), "filled": [way for way in ways if way.fills],
        "opened": [way for way in ways if not way.fills], "usual": request.COOKIES.get(USUAL_APP, ""),
        "frame": "storefront/bills/base.html" if asked.order_id is None else "storefront/buyer.html",
    }  # fmt: skip
    response = render(request, "storefront/pay_app.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def pay_by(request: HttpRequest, token: str) -> HttpResponse:
    """Pay this order on receipt, or by transfer after all. Whoever has its link may; a second tap changes nothing."""
    wanted = request.POST.get("pay_by", "")
    if not remembered.is_token(token) or wanted not in Order.PayBy.values:
        raise Http404
    try:
        order = paying_on_receipt.choose(
            token=token, pay_by=wanted, actor=request.user if request.user.is_authenticated else None,
            key=request.POST.get("key", ""), at=timezone.now(),
        )  # fmt: skip
    except NotFound as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, refused.message)
        return HttpResponseRedirect(reverse("order", args=[token]), status=303)
    if order.pay_by == Order.PayBy.CASH:
        messages.success(request, _("Đã đổi: trả tiền khi nhận hàng, được xem hàng trước."))
        return HttpResponseRedirect(reverse("order", args=[token]), status=303)
    messages.success(request, _("Đã đổi: trả bằng chuyển khoản."))
    [asked] = order.payment_requests.all()
    return HttpResponseRedirect(reverse("pay", args=[asked.code]), status=303)
