"""Goods at the desk: what there is, new goods, lots brought in, on and off the shop."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.refusals import NotFound, Refused
from catalog import listing, lots, photos
from catalog.measures import shown_quantity
from catalog.models import Product, Variant
from catalog.pictures import MOST_BYTES
from catalog.typed_quantities import quantity_from_text
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_goods import LotForm, PhotoForm, ProductForm
from storefront.new_goods import Counted, Written, put_up
from storefront.views.desk.pages import page

PER_PAGE = 24


@require_safe
@at_desk()
def goods(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything the organization lists, drafts and withdrawn goods too."""
    products = Product.objects.filter(organization=desk.organization).preloaded().order_by("state", "name", "pk")
    context = {"page": Paginator(products, PER_PAGE).get_page(request.GET.get("page"))}
    return page(request, desk, "goods.html", context, tab="goods")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("list_goods")
def product_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One page: photo, name, price, how much. It is on sale at once."""
    form = ProductForm(request.POST or None, request.FILES or None, organization=desk.organization)
    if request.method == "POST" and form.is_valid():
        try:
            product = put_up(
                _written(form),
                organization=desk.organization,
                actor=desk.user,
                key=form.cleaned_data["key"],
                at=desk.at,
            )
        except NotFound:
            raise
        except Refused as refused:
            _take(form, refused)
        else:
            messages.success(request, _("“%(name)s” đã lên chợ.") % {"name": product.name})
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
    if request.method == "POST" and form.is_valid():
        counted = Counted(sold_by=variant.sold_by, unit_name=variant.unit_name)
        try:
            lot = lots.receive_lot(
                variant_id=variant.pk, member_id=form.member_id,
                quantity=quantity_from_text(form.cleaned_data["quantity"], sold=counted),
                made_on=form.cleaned_data["made_on"], best_before=form.cleaned_data["best_before"], actor=desk.user,
                key=form.cleaned_data["key"], at=desk.at,
            )  # fmt: skip
        except NotFound:
            raise
        except Refused as refused:
            form.take_refusal(refused, member_id="member")
        else:
            told = {"quantity": shown_quantity(variant, lot.quantity), "code": lot.code}
            messages.success(request, _("Đã nhận %(quantity)s, lô %(code)s. Ghi số lô này lên bao.") % told)
            return see("desk-goods", part=f"product-{variant.product_id}")
    context = {"form": form, "variant": variant}
    return page(request, desk, "lot_new.html", context, tab="goods", status=422 if form.errors else 200)


@require_POST
@at_desk("list_goods")
def publish(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponse:
    found = _found(desk, product_id)
    try:
        listing.publish_product(product_id=found.pk, actor=desk.user, at=desk.at)
    except NotFound:
        raise
    except Refused as refused:
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
    if request.method == "POST" and form.is_valid():
        try:
            photos.add_photo(
                product=found,
                data=form.cleaned_data["photo"].read(MOST_BYTES + 1),
                alt=found.name,
                actor=desk.user,
                at=desk.at,
            )
        except NotFound:
            raise
        except Refused as refused:
            form.take_refusal(refused)
        else:
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


def _take(form: ProductForm, refused: Refused) -> None:
    """The catalog names a variant's fields by their place: ``variants.0.price_dong`` → ``price_dong``."""
    field = refused.field or ""
    if field.startswith("variants.0."):
        renamed = {"name": "unit"}.get(field.removeprefix("variants.0."), field.removeprefix("variants.0."))
        form.take_refusal(refused, **{field: renamed})
    else:
        form.take_refusal(refused, member_id="member", maker_id="member")
