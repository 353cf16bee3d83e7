"""From the basket to orders: one page, one call of ``checkout.place``."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from base.refusals import KeyReused, Refused
from catalog.stock import SoldOut
from cooperatives.phones import shown
from orders import strangers
from orders.models import Order
from orders.placing import Buyer, Wanted
from payments import checkout as verb
from storefront import basket_lines, postage_shown, remembered
from storefront.basket import KEY, Basket, as_text, basket_in, for_session, from_text
from storefront.basket_lines import OfOneSeller
from storefront.forms.checkout import CheckoutForm, new_key
from storefront.postage_shown import WayShown
from storefront.upcoming import MarketDay, offered
from storefront.views.bills.looking_up import address_of

_CONFLICTS = (SoldOut, KeyReused)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """Shows the form, or places what the posted form shows (not what the basket has become meanwhile)."""
    if request.method == "POST":
        return _placed(request)
    held = basket_in(request.session)
    sellers = basket_lines.read(held)
    if not basket_lines.is_ready(sellers):
        return HttpResponseRedirect(reverse("basket"), status=303)
    initial = {
        "lines": as_text(held), "seen_dong": basket_lines.total_dong(sellers), "key": new_key(), "pay_by": "TRANSFER",
        **_known_of(request),
    }  # fmt: skip
    form = CheckoutForm(initial=initial, sellers=[seller.organization for seller in sellers])
    ways = postage_shown.ways_to(sellers, commune="")
    form.offer(ways)
    form.offer_days(_market_days(sellers))
    form.initial["receive"] = form.receive_cards[0].value
    return _page(request, form, sellers, ways)


def _placed(request: HttpRequest) -> HttpResponse:
    """``do``: "find" looks for the commune, "count" counts the postage anew; without it the order is placed."""
    try:
        wanted = from_text(request.POST.get("lines", ""))
    except Refused:
        return HttpResponseRedirect(reverse("basket"), status=303)  # a form of nobody's: show what there is
    sellers = basket_lines.read(wanted)
    form = CheckoutForm(request.POST, sellers=[seller.organization for seller in sellers])
    ways = postage_shown.ways_to(sellers, commune=form.communes.one.code if form.communes.one else "")
    form.offer(ways)
    form.offer_days(_market_days(sellers))
    if request.POST.get("do"):
        form.say_only()
        return _page(request, form, sellers, ways)
    if not form.is_valid():
        return _page(request, form, sellers, ways, status=422)
    total_dong = basket_lines.total_dong(sellers) + _postage_dong(form, ways)
    if form.cleaned_data["seen_dong"] != total_dong:
        form.add_error(None, _("Giá hoặc tiền gửi vừa đổi. Xem lại tổng tiền mới dưới đây rồi hãy đặt."))
        return _page(request, form, sellers, ways, status=409)
    try:
        placed = _place(request, form, wanted)
    except Refused as refused:
        form.take_refusal(refused)
        if isinstance(refused, KeyReused):
            form.renew_key()
        return _page(request, form, sellers, ways, status=_status(refused))
    _remember(request, placed.orders, wanted)
    return HttpResponseRedirect(_next_page(placed.orders), status=303)


def _status(refused: Refused) -> int:
    if isinstance(refused, strangers.REFUSALS):
        return 429
    return 409 if isinstance(refused, _CONFLICTS) else 422


def _place(request: HttpRequest, form: CheckoutForm, wanted: Basket) -> verb.Placed:
    typed = form.cleaned_data
    return verb.place(
        wanted=[Wanted(variant_id, measures) for variant_id, measures in wanted.items()],
        buyer=Buyer(name=typed["name"], phone=typed["phone"]), delivery=form.delivery,
        pickup_point_id=form.pickup_point_id, pay_by=typed["pay_by"], note=typed["note"],
        address=form.address_for(form.delivery), cycle_id=typed["cycle"], key=typed["key"],
        placed_by=request.user if request.user.is_authenticated else None, came_from=address_of(request),
        at=timezone.now(),
    )  # fmt: skip


def _remember(request: HttpRequest, orders: list[Order], ordered: Basket) -> None:
    """What was ordered leaves the basket; what was added meanwhile stays. The browser keeps the orders' tokens."""
    left = {key: measures for key, measures in basket_in(request.session).items() if ordered.get(key) != measures}
    request.session[KEY] = for_session(left)
    request.session[remembered.KEY] = remembered.with_orders(remembered.tokens_in(request.session), orders)


def _next_page(orders: list[Order]) -> str:
    """Where the buyer goes on: paying one transfer or deposit, reading one cash order, or the list of several."""
    if len(orders) > 1:
        return reverse("my-orders")
    [order] = orders
    if order.pay_by == Order.PayBy.CASH and not order.waits_for_deposit:
        return reverse("order", args=[order.token])
    [asked] = order.payment_requests.all()
    return reverse("pay", args=[asked.code])


def _market_days(sellers: list[OfOneSeller]) -> list[MarketDay]:
    """Those that take the whole basket now."""
    return offered([line.variant.product for seller in sellers for line in seller.lines], at=timezone.now())


def _known_of(request: HttpRequest) -> dict[str, str]:
    """Name and phone of whoever is signed in."""
    if not request.user.is_authenticated:
        return {}
    return {"name": request.user.name, "phone": shown(request.user.phone)}


def _postage_dong(form: CheckoutForm, ways: dict[str, WayShown]) -> int:
    """Of the way that is chosen; 0 for fetching, and while nobody can say (the verb then says why)."""
    way = ways.get(form.delivery)
    return way.dong or 0 if way else 0


def _page(
    request: HttpRequest,
    form: CheckoutForm,
    sellers: list[OfOneSeller],
    ways: dict[str, WayShown],
    *,
    status: int = 200,
) -> HttpResponse:
    total_dong = basket_lines.total_dong(sellers) + _postage_dong(form, ways)
    if form.is_bound:
        form.show_total(total_dong)
    context = {
        "form": form,
        "sellers": sellers,
        "way": ways.get(form.delivery),
        "total_dong": total_dong,
        "hours": min((seller.organization.transfer_hours for seller in sellers), default=0),
        "own_commune": _own_commune(sellers),
    }
    return render(request, "storefront/checkout.html", context, status=status)


def _own_commune(sellers: list[OfOneSeller]) -> str:
    """The one commune of all sellers, as they write it; "" where they are of several."""
    codes = {seller.organization.commune_code for seller in sellers}
    return sellers[0].organization.commune_name if len(codes) == 1 and "" not in codes else ""
