"""Goods to look through: everything, one shelf, or what was searched for; narrowed by place, price and stars."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import BigIntegerField, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from base.money import figures
from base.periods import vietnam_day
from catalog.models import Category, Product, ProductQuerySet, Variant
from catalog.search.facets import Facets, facets, narrowed
from catalog.search.finding import Found, find
from cooperatives.models import Organization
from storefront.goods_cards import GoodsCard, read_cards
from storefront.in_stock import what_is_left_first
from storefront.narrowing import Narrowing
from storefront.shared_pages import market, shared_page
from storefront.shelf_names import shelves_with_goods

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class Way:
    """One way to narrow the list: what it says, how many goods that leaves, where it leads."""

    says: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways of one kind, under one heading."""

    title: str
    ways: list[Way]


@require_safe
@shared_page(tag=market)
def search(request: HttpRequest) -> HttpResponse:
    """``?q=`` searches all shelves; without it everything is shown."""
    asked = Narrowing.read(request.GET)
    return _page(request, asked, shelf=None)


@require_safe
@shared_page(tag=market)
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """One shelf; 404 where there is none."""
    shelf = Category.objects.filter(slug=slug).first()
    if shelf is None:
        raise Http404
    asked = Narrowing.read(request.GET)
    if asked.text:  # the search field asks all shelves
        return HttpResponseRedirect(reverse("search") + asked.but(category="").query)
    return _page(request, asked.but(category="", page=asked.page), shelf=shelf)


def _page(request: HttpRequest, asked: Narrowing, *, shelf: Category | None) -> HttpResponse:
    today = vietnam_day(timezone.now())
    found = find(asked.text, among=what_is_left_first(Product.objects.published()), at=timezone.now())
    products = narrowed(
        found.products,
        category=shelf.slug if shelf else asked.category or None,
        place=asked.place or None,
        least_dong=asked.least_dong,
        most_dong=asked.most_dong,
        stars=asked.stars,
        on=today,
    )
    there = facets(products, on=today)
    page = Paginator(_sorted(products, asked.sort).values_list("pk", flat=True), PER_PAGE).get_page(asked.page)
    context = {
        "asked": asked,
        "page": page,
        "cards": read_cards(page.object_list),
        "first": None if asked.query else _first(page.object_list),
        "shelf": shelf,
        "found": found,
        "shelves": shelves_with_goods(),
        "taken": list(_taken(asked, there)),
        "ways": [ways for ways in _ways(asked, there, shelf) if ways.ways],
        "sorts": _sorts(asked),
        "here": "all" if shelf is None and not asked.query else "",
        "did_you_mean_href": reverse("search") + Narrowing(text=found.did_you_mean).query,
        "instead": _instead(found, asked) if not page.object_list else None,
    }
    return render(request, "storefront/shelves.html", context)


def _first(product_ids: Iterable[int]) -> Product | None:
    """The first of them as a chat is shown it (``share_pictures.card_of_product``); a search has no such picture."""
    shown = Product.objects.select_related("organization").prefetch_related("variants", "photos")
    return next((shown.get(pk=one) for one in product_ids), None)


def _sorted(products: ProductQuerySet, sort: str) -> ProductQuerySet:
    if sort == "new":
        return products.order_by("-published_at", "-id")
    if sort in ("cheap", "dear"):
        cheapest = Variant.objects.filter(product=OuterRef("pk")).order_by("price_dong").values("price_dong")[:1]
        priced = products.annotate(cheapest_dong=Subquery(cheapest, output_field=BigIntegerField()))
        return priced.order_by("cheapest_dong" if sort == "cheap" else "-cheapest_dong", "-id")
    return products


def _taken(asked: Narrowing, there: Facets) -> Iterator[tuple[str, str]]:
    """What narrows the list now, each with the address without it."""
    if asked.category:
        name = next((one.name for one in there.categories if one.slug == asked.category), asked.category)
        yield name, asked.but(category="").query
    if asked.place:
        yield asked.place, asked.but(place="").query
    if asked.least_dong is not None:
        yield _band(asked.least_dong, asked.most_dong), asked.but(least_dong=None, most_dong=None).query
    if asked.stars:
        yield _("OCOP %(stars)s sao") % {"stars": asked.stars}, asked.but(stars=None).query


def _ways(asked: Narrowing, there: Facets, shelf: Category | None) -> Iterator[Ways]:
    """What would narrow it further. A kind that leaves the list as it is, is not offered."""
    if not asked.category and shelf is None and len(there.categories) > 1:
        yield Ways(
            _("Loại hàng"), [Way(one.name, one.count, asked.but(category=one.slug).query) for one in there.categories]
        )
    if asked.least_dong is None and len(there.prices) > 1:
        yield Ways(
            _("Giá"),
            [
                Way(
                    _band(one.least_dong, one.most_dong),
                    one.count,
                    asked.but(least_dong=one.least_dong, most_dong=one.most_dong).query,
                )
                for one in there.prices
            ],
        )
    if not asked.place and len(there.places) > 1:
        yield Ways(
            _("Nơi làm"),
            [
                Way(
                    ", ".join(filter(None, [one.commune_name, one.province_name])),
                    one.count,
                    asked.but(place=one.commune_name).query,
                )
                for one in there.places
            ],
        )
    if not asked.stars:
        yield Ways(
            _("Hạng OCOP"),
            [
                Way(_("%(stars)s sao") % {"stars": one.stars}, one.count, asked.but(stars=one.stars).query)
                for one in there.stars
            ],
        )


def _sorts(asked: Narrowing) -> list[tuple[str, str, bool]]:
    first = _("Hợp nhất") if asked.text else _("Còn hàng, mới")
    names = {"": first, "new": _("Mới đăng"), "cheap": _("Giá thấp trước"), "dear": _("Giá cao trước")}
    return [(name, asked.but(sort=sort).query or "?", sort == asked.sort) for sort, name in names.items()]


def _band(least_dong: int, most_dong: int | None) -> str:
    if most_dong is None:
        return _("Từ %(least)s") % {"least": figures(least_dong)}
    if not least_dong:
        return _("Dưới %(most)s") % {"most": figures(most_dong)}
    return _("%(least)s đến %(most)s") % {"least": figures(least_dong), "most": figures(most_dong)}


@dataclass(frozen=True, slots=True)
class Instead:
    """For a list with nothing in it: what may have been meant, how to widen it, whom to ask, what there is."""

    did_you_mean: str
    did_you_mean_href: str
    wider_href: str
    cards: list[GoodsCard]
    sellers: list[Organization]


def _instead(found: Found, asked: Narrowing) -> Instead:
    return Instead(
        did_you_mean=found.did_you_mean,
        did_you_mean_href=reverse("search") + Narrowing(text=found.did_you_mean).query,
        wider_href=reverse("search") + Narrowing(text=asked.text).query if asked.is_narrowed else "",
        cards=read_cards(what_is_left_first(Product.objects.published()).values_list("pk", flat=True)[:4]),
        sellers=list(Organization.objects.public().selling().exclude(phone="").order_by("id")[:2]),
    )
