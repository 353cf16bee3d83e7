"""The desk: what waits, the most urgent first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Lot
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Message
from orders import quiet_parcels
from orders.models import Complaint, Order, Shipment, StockQuestion
from payments.models import BankTransaction, Feed, OpeningBalance, Refund
from storefront import desk_reading
from storefront.at_desk import CHOSEN, Desk, at_desk, see
from storefront.views.desk.pages import page

FEW = 5


@require_safe
@at_desk()
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Queues, a few of each with the way to the rest. A clerk sees no bank lines. Who only bills has a desk of its
    own."""
    here = desk.organization
    if here.bills and not here.sells:
        return see("biller")
    orders = Order.objects.filter(organization=here)
    counts = desk_reading.counts(here)
    calls = StockQuestion.objects.open().filter(member__organization=here, call_from__lte=desk.at).count()
    quiet = quiet_parcels.quiet(Shipment.objects.filter(organization=here), at=desk.at).count()
    waiting = {"orders": counts.to_pack + counts.to_hand_over, "messages": counts.to_say, "calls": calls}
    waiting["shipments"] = quiet
    context = {
        "counts": counts,
        "to_pack": orders.to_pack().preloaded().order_by("placed_at", "pk")[:FEW],
        "to_hand_over": orders.filter(state=Order.State.PACKED).preloaded().order_by("packed_at", "pk")[:FEW],
        "cash": desk_reading.cash_to_take(here).preloaded().order_by("placed_at", "pk")[:FEW],
        "complaints": Complaint.objects.waiting().filter(organization=here)[:FEW],
        "calls": calls,
        "quiet": quiet,
        "missing": Lot.objects.filter(variant__product__organization=here, missing__gt=0).count(),
        "to_say": Message.objects.waiting().filter(organization=here).order_by("pk")[:FEW],
    }
    if desk.may["see_money"]:
        refunds = Refund.objects.open().filter(organization=here).count()
        today = BankTransaction.objects.filter(organization=here, day=desk.today)
        context |= {
            "to_look_at": desk_reading.to_look_at(here).preloaded().latest_first()[:FEW],
            "came_today_dong": desk_reading.came_dong(today),
            "came_today": today.preloaded().latest_first()[:FEW],
            "owed_to_payers_dong": ledger.total_dong(organization=here, kind=Kind.OWED_TO_PAYERS),
            "refunds_waiting": refunds,
            "has_feed": Feed.objects.filter(organization=here, is_live=True).exists(),
            "is_opened": OpeningBalance.objects.filter(organization=here).exists(),
        }
        waiting |= {"money": counts.to_look_at, "refunds": refunds}
    return page(request, desk, "home.html", context, tab="home", waiting=waiting)


@require_POST
@at_desk()
def switch(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Work for another of one's organizations; 404 for one that is not."""
    wanted = request.POST.get("organization", "")
    if wanted not in {one.slug for one in (desk.organization, *desk.others)}:
        raise Http404
    request.session[CHOSEN] = wanted
    return see("desk")
