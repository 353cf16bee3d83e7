"""Posters at the desk: of each product, of the shop, of the accounts that buyers pay into."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalog.models import Product
from cooperatives.models import BankAccount
from payments import poster_codes
from storefront import posters as paper
from storefront.at_desk import Desk, at_desk
from storefront.views.desk.pages import page
from storefront.views.sharing import as_pdf, wanted_size

PER_PAGE = 40


@require_safe
@at_desk()
def posters(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything that can be printed and hung up; 404 where nothing is sold."""
    _selling(desk)
    goods = Product.objects.published().filter(organization=desk.organization).prefetch_related("photos", "variants")
    accounts = [(account, poster_codes.shown(poster_codes.check_code(account))) for account in _accounts(desk)]
    context = {
        "accounts": accounts,
        "page": Paginator(goods.order_by("name", "pk"), PER_PAGE).get_page(request.GET.get("page")),
    }
    return page(request, desk, "posters.html", context, tab="posters")


@require_safe
@at_desk()
def product_poster(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponse:
    """Of goods on sale: a code on paper must not lead to a page that is not there."""
    goods = Product.objects.published().filter(organization=desk.organization, pk=product_id)
    product = goods.select_related("organization").prefetch_related("variants", "photos").first()
    if product is None:
        raise Http404
    size = wanted_size(request)
    return as_pdf(paper.of_product(product, size=size, on=desk.today), f"{product.slug}-{size}.pdf")


@require_safe
@at_desk()
def shop_poster(request: HttpRequest, desk: Desk) -> HttpResponse:
    _selling(desk)
    size = wanted_size(request)
    return as_pdf(paper.of_shop(desk.organization, size=size), f"{desk.organization.slug}-{size}.pdf")


@require_safe
@at_desk()
def account_poster(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """Of an account in use, of this organization only."""
    account = _accounts(desk).filter(pk=account_id).first()
    if account is None:
        raise Http404
    size = wanted_size(request)
    return as_pdf(paper.of_account(account, size=size), f"{desk.organization.slug}-chuyen-khoan-{size}.pdf")


def _accounts(desk: Desk) -> QuerySet[BankAccount]:
    used = BankAccount.objects.filter(organization=desk.organization, is_active=True, kind=BankAccount.Kind.BANK)
    return used.select_related("organization").order_by("-is_default", "pk")


def _selling(desk: Desk) -> None:
    if not (desk.organization.sells and desk.organization.is_open):
        raise Http404
