"""Goods at the desk: what there is, new goods, lots brought in, on and off the shop."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import listing, lots, photos
from catalog.measures import shown_quantity
from catalog.models import Product, Variant
from catalog.pictures import MOST_BYTES
from catalog.typed_quantities import quantity_from_text
from orders.models import Review
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import refusal_of
from storefront.forms.desk_goods import LotForm, PhotoForm, ProductForm
from storefront.new_goods import Counted, Written, put_up
from storefront.views.desk.pages import page

PER_PAGE = 24


@require_safe
@at_desk()
def goods(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything the organization lists, drafts and withdrawn goods too."""
    products = Product.objects.filter(organization=desk.organization).preloaded().order_by("state", "name", "pk")
    said = Review.objects.shown().filter(order__organization=desk.organization, reply="")
    context = {"page": Paginator(products, PER_PAGE).get_page(request.GET.get("page"))}
    waiting = {"reviews": said.count()} if desk.may["answer_reviews"] else {}
    return page(request, desk, "goods.html", context, tab="goods", waiting=waiting)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("list_goods")
def product_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One page: photo, name, price, how much. It is on sale at once."""
    form = ProductForm(request.POST or None, request.FILES or None, organization=desk.organization)
    if form.carries_out(
        lambda: put_up(
            _written(form), organization=desk.organization, actor=desk.user, key=form.cleaned_data["key"], at=desk.at
        ),
        member_id="member", maker_id="member",
    ):  # fmt: skip
        messages.success(request, _("“%(name)s” đã lên chợ.") % {"name": form.done.name})
        return see("desk-goods")
    return page(request, desk, "product_new.html", {"form": form}, tab="goods", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("receive_lots")
def lot_new(request: HttpRequest, desk: Desk, variant_id: int) -> HttpResponse:
    """Somebody brings goods in."""
    variant = Variant.objects.select_related("product").filter(
        pk=variant_id, product__organization=desk.organization
    ).first()  # fmt: skip
    if variant is None:
        raise Http404
    form = LotForm(request.POST or None, organization=desk.organization, initial={"member": variant.product.maker_id})
    counted = Counted(sold_by=variant.sold_by, unit_name=variant.unit_name)
    if form.carries_out(
        lambda: lots.receive_lot(
            variant_id=variant.pk, member_id=form.member_id,
            quantity=quantity_from_text(form.cleaned_data["quantity"], sold=counted),
            made_on=form.cleaned_data["made_on"], best_before=form.cleaned_data["best_before"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        ),
        member_id="member",
    ):  # fmt: skip
        told = {"quantity": shown_quantity(variant, form.done.quantity), "code": form.done.code}
        messages.success(request, _("Đã nhận %(quantity)s, lô %(code)s. Ghi số lô này lên bao.") % told)
        return see("desk-goods", part=f"product-{variant.product_id}")
    context = {"form": form, "variant": variant}
    return page(request, desk, "lot_new.html", context, tab="goods", status=422 if form.errors else 200)


@require_POST
@at_desk("list_goods")
def publish(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponse:
    found = _found(desk, product_id)
    refused = refusal_of(lambda: listing.publish_product(product_id=found.pk, actor=desk.user, at=desk.at))
    if refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("“%(name)s” đã lên chợ.") % {"name": found.name})
    return see("desk-goods", part=f"product-{found.pk}")


@require_POST
@at_desk("list_goods")
def withdraw(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponse:
    found = _found(desk, product_id)
    listing.withdraw_product(product_id=found.pk, actor=desk.user, at=desk.at)
    messages.success(request, _("“%(name)s” đã gỡ khỏi chợ. Đơn đã đặt vẫn giữ.") % {"name": found.name})
    return see("desk-goods", part=f"product-{found.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("list_goods")
def photo_new(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponse:
    """One more picture."""
    found = _found(desk, product_id)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if form.carries_out(
        lambda: photos.add_photo(
            product=found, data=form.cleaned_data["photo"].read(MOST_BYTES + 1), alt=found.name, actor=desk.user,
            at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã thêm ảnh cho “%(name)s”.") % {"name": found.name})
        return see("desk-goods", part=f"product-{found.pk}")
    context = {"form": form, "product": found}
    return page(request, desk, "photo_new.html", context, tab="goods", status=422 if form.errors else 200)


def _found(desk: Desk, product_id: int) -> Product:
    found = Product.objects.filter(organization=desk.organization, pk=product_id).preloaded().first()
    if found is None:
        raise Http404
    return found


def _written(form: ProductForm) -> Written:
    typed = form.cleaned_data
    photo = typed["photo"].read(MOST_BYTES + 1) if typed["photo"] else None
    return Written(
        name=typed["name"], category_slug=typed["category"].slug, unit=typed["unit"], weight_g=typed["weight_g"],
        price_dong=typed["price_dong"], description=typed["description"], quantity=typed["quantity"],
        member_id=form.member_id, made_on=typed["made_on"], best_before=typed["best_before"], photo=photo,
    )  # fmt: skip
