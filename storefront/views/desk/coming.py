"""Goods that are promised for a day, what of them came, who is to be called, and rests from selling."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import promising_lots, resting
from catalog.measures import shown_quantity
from catalog.models import Lot, Product, Variant
from catalog.typed_quantities import quantity_from_text
from orders import asking_stock, bringing, quiet_parcels
from orders.models import Shipment, StockQuestion
from orders.shortages import Shortage, shortages
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_cycles import BroughtForm, OwnersPromiseForm, RestForm, StockAnswerForm
from storefront.new_goods import Counted
from storefront.views.desk.pages import page

PER_PAGE = 30


@require_safe
@at_desk()
def coming(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Day by day what members promised, and which orders go short of what did not come."""
    promised = Paginator(bringing.promised(desk.organization), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": promised, "days": bringing.days_of(list(promised)),
        "shortages": _shortages(desk, page_number=promised.number),
    }  # fmt: skip
    return page(request, desk, "coming.html", context, tab="coming")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("receive_lots")
def promise(request: HttpRequest, desk: Desk, variant_id: int) -> HttpResponse:
    """A member said what she will bring."""
    variant = Variant.objects.select_related("product__organization").filter(
        pk=variant_id, product__organization=desk.organization
    ).first()  # fmt: skip
    if variant is None:
        raise Http404
    form = OwnersPromiseForm(
        request.POST or None, organization=desk.organization, initial={"member": variant.product.maker_id}
    )
    if form.carries_out(
        lambda: promising_lots.promise_lot(
            variant_id=variant.pk, member_id=form.member_id,
            quantity=typed_measures(form.cleaned_data["quantity"], variant),
            expected_on=form.cleaned_data["expected_on"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        ),
        member_id="member",
    ):  # fmt: skip
        messages.success(request, _("Đã ghi hẹn. Hàng đặt được ngay từ bây giờ."))
        return see("desk-coming")
    context = {"form": form, "variant": variant}
    return page(request, desk, "promise.html", context, tab="coming", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("receive_lots")
def brought(request: HttpRequest, desk: Desk, lot_id: int) -> HttpResponse:
    """She came: what was really in the bags."""
    promised = Lot.objects.filter(expected_on__isnull=False).select_related("variant__product", "member__user")
    lot = promised.filter(pk=lot_id, variant__product__organization=desk.organization).first()
    if lot is None:
        raise Http404
    form = BroughtForm(request.POST or None, initial={"made_on": desk.today})
    if form.carries_out(
        lambda: promising_lots.brought(
            lot_id=lot.pk, quantity=typed_measures(form.cleaned_data["quantity"], lot.variant),
            made_on=form.cleaned_data["made_on"], best_before=form.cleaned_data["best_before"], actor=desk.user,
            at=desk.at,
        )
    ):  # fmt: skip
        came = {"quantity": shown_quantity(lot.variant, form.done.left - form.done.missing), "code": lot.code}
        messages.success(request, _("Đã nhận %(quantity)s, lô %(code)s.") % came)
        if form.done.missing:
            lacks = shown_quantity(lot.variant, form.done.missing)
            messages.warning(request, _("Còn thiếu %(lacks)s cho đơn đã đặt. Xem đơn nào thiếu.") % {"lacks": lacks})
        return see("desk-coming")
    context = {"form": form, "lot": lot}
    return page(request, desk, "brought.html", context, tab="coming", status=422 if form.errors else 200)


@require_safe
@at_desk("confirm_orders")
def calls(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Members who did not say whether their goods are there: to call, and after a day to decide."""
    return _calls_page(request, desk)


@require_POST
@at_desk("confirm_orders")
def call_answer(request: HttpRequest, desk: Desk, question_id: int) -> HttpResponse:
    """What she said on the phone, or what was decided without her."""
    asked = StockQuestion.objects.select_related("variant__product", "member__user", "member__organization")
    found = asked.filter(pk=question_id, member__organization=desk.organization).first()
    if found is None:
        raise Http404
    form = StockAnswerForm(request.POST)
    if form.carries_out(
        lambda: asking_stock.answer(
            question_id=found.pk, answer=form.cleaned_data["answer"],
            left=left_typed(form, found.variant),
            note=form.cleaned_data["note"], actor=desk.user, at=desk.at,
        ),
        quantity="left",
    ):  # fmt: skip
        said = {"name": found.member.user.name, "answer": form.done.get_answer_display()}
        messages.success(request, _("%(name)s: %(answer)s.") % said)
        return see("desk-calls")
    return _calls_page(request, desk, wrong=form, of=found)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("list_goods")
def rest(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponse:
    """One product is not sold until a day."""
    found = Product.objects.filter(organization=desk.organization, pk=product_id).first()
    if found is None:
        raise Http404
    form = RestForm(request.POST or None, initial={"until": found.rests_until})
    if form.carries_out(
        lambda: resting.rest_product(
            product_id=found.pk, until=form.cleaned_data["until"], actor=desk.user, at=desk.at
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi. Trang bán hàng nói đúng như thế."))
        return see("desk-goods", part=f"product-{found.pk}")
    context = {"form": form, "name": found.name}
    return page(request, desk, "rest.html", context, tab="goods", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("decide_terms")
def rest_shop(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The whole shop is not open until a day."""
    form = RestForm(request.POST or None, initial={"until": desk.organization.rests_until})
    if form.carries_out(
        lambda: resting.rest_shop(
            organization_id=desk.organization.pk, until=form.cleaned_data["until"], actor=desk.user, at=desk.at
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi. Trang bán hàng nói đúng như thế."))
        return see("desk-rest")
    context = {"form": form, "name": desk.organization.name, "is_shop": True}
    return page(request, desk, "rest.html", context, tab="rest", status=422 if form.errors else 200)


def _calls_page(
    request: HttpRequest, desk: Desk, *, wrong: StockAnswerForm | None = None, of: StockQuestion | None = None
) -> HttpResponse:
    """One page of those who were asked; ``of``: the question whose answer was ``wrong``, and its page."""
    number = asking_stock.place_of(of) // PER_PAGE + 1 if of is not None else request.GET.get("page")
    asked = Paginator(asking_stock.unanswered(desk.organization), PER_PAGE).get_page(number)
    is_first = asked.number == 1
    context = {
        "page": asked, "questions": [one for one in asked if one.call_from <= desk.at],
        "waiting": [one for one in asked if one.call_from > desk.at],
        "shortages": _shortages(desk, page_number=asked.number), "now": desk.at, "form": wrong or StockAnswerForm(),
        "wrong_of": of.pk if of is not None else None,
        "quiet": _quiet_parcels(desk) if is_first and desk.may["ship_orders"] else [],
    }  # fmt: skip
    return page(request, desk, "calls.html", context, tab="calls", status=422 if wrong else 200)


def _shortages(desk: Desk, *, page_number: int) -> list[Shortage]:
    """On the first page alone."""
    return shortages(desk.organization) if page_number == 1 else []


def _quiet_parcels(desk: Desk) -> list[Shipment]:
    """The longest silences; the whole list is among the parcels."""
    here = Shipment.objects.filter(organization=desk.organization)
    quiet = quiet_parcels.quiet(here, at=desk.at).select_related("order", "connection")
    return list(quiet[:PER_PAGE])


def left_typed(form: StockAnswerForm, variant: Variant) -> int | None:
    """What she said is left, where she said “less”."""
    return typed_measures(form.cleaned_data["left"], variant) if form.cleaned_data["answer"] == "less" else None


def typed_measures(text: str, variant: Variant) -> int:
    """Measures as typed, not in selling steps; 0 is a quantity here."""
    counted = Counted(sold_by=variant.sold_by, unit_name=variant.unit_name)
    return 0 if text.strip() == "0" else quantity_from_text(text, sold=counted)
