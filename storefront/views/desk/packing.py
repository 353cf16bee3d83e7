"""Packing at the desk: whose goods to fetch, what goes into whose bag, what it weighs, and labels."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.money import figures
from base.text import storable
from catalog import labelling
from catalog.models import Lot, Product
from orders.models import Cycle, Order, PickupPoint
from orders.packing_lists import Lists, lists_of
from payments import weighing
from storefront import packing_papers
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_packing import LabelCountForm, LabelForm, WeighForm
from storefront.views.desk.orders import order_page
from storefront.views.desk.pages import page
from storefront.views.sharing import as_pdf

FEWEST_AT_ONCE = 30
"""Lots shown at once to print labels of."""


@require_safe
@at_desk("pack_orders")
def packing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Both lists on the phone, of all that waits or of one market day or pick-up point (``?cycle=``, ``?point=``)."""
    return _packing_page(request, desk)


@require_safe
@at_desk("pack_orders")
def sheet(request: HttpRequest, desk: Desk, which: str) -> HttpResponse:
    """``fetch.pdf`` by owner, ``pack.pdf`` by buyer."""
    lists, chosen, _of = _chosen(request, desk)
    said = packing_papers.said_of(len(lists.by_order), chosen)
    draw = packing_papers.fetch_sheet if which == "fetch" else packing_papers.pack_sheet
    made = draw(lists, organization=desk.organization, said=said, at=desk.at)
    return as_pdf(made, f"{'lay-hang' if which == 'fetch' else 'goi-hang'}-{desk.today:%y%m%d}.pdf")


@require_POST
@at_desk("pack_orders")
def weigh(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """What the scales say: the order is packed, and what it costs follows the weight."""
    own = Order.objects.filter(organization=desk.organization, number=number).preloaded() if storable(number) else None
    found = own.first() if own is not None else None
    if found is None:
        raise Http404
    form = WeighForm(request.POST, order=found)
    if form.carries_out(
        lambda: weighing.weigh(
            order_id=found.pk, grams=form.grams, actor=desk.user, key=form.cleaned_data["key"], at=desk.at
        )
    ):
        told = {"number": number, "sum": figures(form.done.total_dong - form.done.borne_dong)}
        messages.success(request, _("Đã cân và gói đơn %(number)s, khách trả %(sum)s.") % told)
        if request.POST.get("next") == "order":
            return see("desk-order", number)
        return see("desk-packing", query=_kept(request))
    if request.POST.get("next") == "order":
        return order_page(request, desk, found, weigh_form=form)
    return _packing_page(request, desk, wrong=form)


@require_safe
@at_desk("receive_lots")
def label_lots(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The latest lots, to print labels of."""
    found = Lot.objects.filter(variant__product__organization=desk.organization).select_related(
        "variant__product", "member__user"
    )
    latest = found.order_by("-received_at", "-pk")[:FEWEST_AT_ONCE]
    forms = [(lot, LabelCountForm(initial={"times": _labels_for(lot)}, auto_id=f"lot-{lot.pk}-%s")) for lot in latest]
    return page(request, desk, "labels.html", {"lots": forms}, tab="labels")


@require_safe
@at_desk("receive_lots")
def lot_labels(request: HttpRequest, desk: Desk, lot_id: int) -> HttpResponse:
    """``?times=20&size=a6``: the PDF. Numbers that make no sense show the page again."""
    lots = Lot.objects.filter(variant__product__organization=desk.organization, pk=lot_id)
    lot = lots.select_related("variant__product__organization", "member__user").first()
    if lot is None or not lot.trace:
        raise Http404
    form = LabelCountForm(request.GET)
    if not form.is_valid():
        messages.error(request, _("Ghi số nhãn từ 1 đến %(most)s.") % {"most": packing_papers.MOST_LABELS})
        return see("desk-labels")
    size = form.cleaned_data["size"]
    made = packing_papers.label_sheet([(lot, form.cleaned_data["times"])], size=size)
    return as_pdf(made, f"nhan-{lot.code}-{size}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("list_goods")
def label(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponse:
    """What the labels of one product say."""
    found = Product.objects.filter(organization=desk.organization, pk=product_id).preloaded().first()
    if found is None:
        raise Http404
    form = LabelForm(request.POST or None, product=found)
    if form.carries_out(
        lambda: labelling.say_on_label(
            product_id=found.pk, storage=form.cleaned_data["storage"], allergens=form.cleaned_data["allergens"],
            gtins=form.gtins, actor=desk.user, at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi nhãn của “%(name)s”.") % {"name": found.name})
        return see("desk-goods", part=f"product-{found.pk}")
    context = {"form": form, "product": found}
    return page(request, desk, "label.html", context, tab="goods", status=422 if form.errors else 200)


def _labels_for(lot: Lot) -> int:
    """One a piece that is left; for loose goods one, to begin with."""
    by_piece = lot.variant.sold_by == lot.variant.SoldBy.PIECE
    return max(1, min(lot.left, packing_papers.MOST_LABELS)) if by_piece else 1


def _packing_page(request: HttpRequest, desk: Desk, *, wrong: WeighForm | None = None) -> HttpResponse:
    lists, chosen, filters = _chosen(request, desk)
    forms = {
        one.order.pk: wrong if wrong is not None and wrong.order.pk == one.order.pk else WeighForm(order=one.order)
        for one in lists.by_order
        if one.is_weighed
    }
    orders = [(one, forms.get(one.order.pk)) for one in lists.by_order]
    if wrong is not None and wrong.order.pk not in forms:  # no longer to be packed: say why at the top
        messages.error(request, " ".join(str(error) for error in wrong.non_field_errors()) or _("Đơn này không gói."))
    context: dict[str, Any] = {
        "lists": lists, "orders": orders, "chosen": chosen, "query": request.GET.urlencode(), **filters,
    }  # fmt: skip
    return page(request, desk, "packing.html", context, tab="packing", status=422 if wrong is not None else 200)


def _chosen(request: HttpRequest, desk: Desk) -> tuple[Lists, str, dict[str, Any]]:
    """(lists, what they are narrowed to in words, what there is to narrow them to)."""
    going = Cycle.objects.filter(organization=desk.organization, state=Cycle.State.GOES).order_by("pickup_day", "pk")
    points = PickupPoint.objects.filter(organization=desk.organization)
    cycle = _one(going, request.GET.get("cycle", ""))
    point = _one(points, request.GET.get("point", ""))
    lists = lists_of(
        desk.organization, cycle_id=cycle.pk if cycle else None, point_id=point.pk if point else None
    )  # fmt: skip
    words = " · ".join(one.name for one in (cycle, point) if one is not None)
    return lists, words, {"cycles": going, "points": points, "cycle": cycle, "point": point}


def _one(among: Any, typed: str) -> Any:
    """The row that the address names; 404 for one that is not there."""
    if not typed:
        return None
    found = among.filter(pk=int(typed)).first() if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
    if found is None:
        raise Http404
    return found


def _kept(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("cycle", "point") if request.GET.get(name)}
