"""Delivery at the desk: what carrying costs, where goods leave from, who bears what, what first orders are asked."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.money import grouped
from catalog.models import Product, Variant
from orders import delivery_terms, rating, reading_addresses
from orders.models import ShippingRate
from orders.rating import Wanted
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm
from storefront.forms.desk_delivery import DeliveryTermsForm, FirstOrdersForm, OriginForm, RateForm
from storefront.views.desk.pages import page

FEW = 12


@require_safe
@at_desk("keep_delivery")
def delivery(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _rates_page(request, desk)


@require_POST
@at_desk("keep_delivery")
def origin(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The commune that was typed; several of the name are shown to choose from."""
    form = OriginForm(request.POST)
    read = reading_addresses.Read(())
    if form.is_valid():
        picked = reading_addresses.chosen(request.POST.get("commune", ""))
        read = (
            reading_addresses.Read((picked,)) if picked else reading_addresses.read(form.cleaned_data["commune_typed"])
        )
        one = read.one
        if one is not None:
            if form.carries_out(
                lambda: delivery_terms.start_from(
                    organization_id=desk.organization.pk, commune_code=one.code, actor=desk.user, at=desk.at
                ),
                commune="commune_typed",
            ):
                messages.success(request, _("Đã ghi: hàng gửi đi từ %(name)s.") % {"name": one.name})
                return see("desk-delivery")
        elif read.choices:
            form.add_error("commune_typed", _("Có mấy nơi tên như vậy. Hãy chọn đúng nơi ở dưới."))
        else:
            form.add_error("commune_typed", _("Chưa thấy xã nào như thế. Ghi thêm tên tỉnh rồi thử lại."))
    return _rates_page(request, desk, origin_form=form, choices=read.choices)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("keep_delivery")
def rate_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _rate_page(request, desk, None)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("keep_delivery")
def rate(request: HttpRequest, desk: Desk, rate_id: int) -> HttpResponse:
    found = _live(desk).filter(pk=rate_id).first()
    if found is None:
        raise Http404
    return _rate_page(request, desk, found)


@require_POST
@at_desk("keep_delivery")
def rate_stop(request: HttpRequest, desk: Desk, rate_id: int) -> HttpResponse:
    form = DeskForm(request.POST)
    if form.carries_out(
        lambda: rating.stop_rate(
            organization_id=desk.organization.pk, rate_id=rate_id, actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã bỏ dòng giá này. Đơn đã đặt giữ giá cũ."))
    return see("desk-delivery")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("keep_delivery")
def terms(request: HttpRequest, desk: Desk) -> HttpResponse:
    here = desk.organization
    form = DeliveryTermsForm(
        request.POST or None,
        initial={
            "silent_days": here.silent_days, "refused_borne_by": here.refused_borne_by,
            "lost_borne_by": here.lost_borne_by, "heavier_asked_above": here.heavier_asked_above_bp // 100,
        },
    )  # fmt: skip
    if request.method == "POST" and form.carries_out(
        lambda: delivery_terms.decide(
            organization_id=here.pk, silent_days=form.cleaned_data["silent_days"],
            refused_borne_by=form.cleaned_data["refused_borne_by"], lost_borne_by=form.cleaned_data["lost_borne_by"],
            heavier_asked_above_bp=form.cleaned_data["heavier_asked_above"] * 100, actor=desk.user, at=desk.at,
        ),
        heavier_asked_above_bp="heavier_asked_above",
    ):  # fmt: skip
        messages.success(request, _("Đã ghi. Áp dụng từ kiện gửi sau."))
        return see("desk-delivery")
    return _form_page(request, desk, "delivery_terms.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("keep_delivery")
def first_orders(request: HttpRequest, desk: Desk) -> HttpResponse:
    here = desk.organization
    form = FirstOrdersForm(
        request.POST or None,
        initial={
            "first_order_rule": here.first_order_rule, "above_dong": grouped(here.first_order_above_dong),
            "deposit_percent": here.deposit_bp // 100,
        },
    )  # fmt: skip
    if request.method == "POST" and form.carries_out(
        lambda: delivery_terms.ask_first_orders(
            organization_id=here.pk, rule=form.cleaned_data["first_order_rule"],
            above_dong=form.cleaned_data["above_dong"], deposit_bp=form.cleaned_data["deposit_percent"] * 100,
            actor=desk.user, at=desk.at,
        ),
        deposit_bp="deposit_percent",
    ):  # fmt: skip
        messages.success(request, _("Đã ghi. Áp dụng từ đơn sau."))
        return see("desk-delivery")
    return _form_page(request, desk, "delivery_first_orders.html", form)


def _live(desk: Desk) -> QuerySet[ShippingRate]:
    return ShippingRate.objects.filter(organization=desk.organization, is_live=True).order_by("position", "id")


def _rates_page(
    request: HttpRequest,
    desk: Desk,
    *,
    origin_form: OriginForm | None = None,
    choices: tuple[reading_addresses.Choice, ...] = (),
) -> HttpResponse:
    here = desk.organization
    own = reading_addresses.chosen(here.commune_code) if here.commune_code else None
    on_sale = Variant.objects.filter(product__in=Product.objects.published(), product__organization=here)
    weightless = on_sale.filter(sold_by=Variant.SoldBy.PIECE, weight_g=None).select_related("product").order_by("pk")
    context = {
        "rates": list(_live(desk)), "own": own, "choices": choices,
        "origin_form": origin_form or OriginForm(initial={"commune_typed": own.name if own else ""}),
        "stop_form": DeskForm(), "weightless": weightless[:FEW],
    }  # fmt: skip
    return page(request, desk, "delivery.html", context, tab="delivery", status=422 if origin_form else 200)


def _rate_page(request: HttpRequest, desk: Desk, found: ShippingRate | None) -> HttpResponse:
    form = RateForm(request.POST or None, initial=RateForm.typed_as(found) if found else {"zone": "anywhere"})
    if request.method == "POST" and form.carries_out(
        lambda: rating.set_rate(
            organization_id=desk.organization.pk, rate_id=found.pk if found else None, wanted=_wanted(form),
            actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi giá gửi. Trang cho người mua nói đúng như thế."))
        return see("desk-delivery")
    return _form_page(request, desk, "delivery_rate.html", form, rate=found)


def _wanted(form: RateForm) -> Wanted:
    typed = form.cleaned_data
    return Wanted(
        way=typed["way"], zone=typed["zone"], price_dong=typed["price_dong"],
        province_codes=tuple(typed["province_codes"]) if typed["zone"] == ShippingRate.Zone.LISTED else (),
        up_to_g=typed["up_to_g"], free_above_dong=typed["free_above_dong"] or 0,
    )  # fmt: skip


def _form_page(request: HttpRequest, desk: Desk, template: str, form: DeskForm, **more: object) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return page(request, desk, template, {"form": form, **more}, tab="delivery", status=status)
