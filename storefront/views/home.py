"""The market: who sells, what there is, how it is found."""

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.models import Category, Product, ProductQuerySet, Variant
from catalog.search.embedded import matching
from catalog.search.rules import MOST_QUERY_LETTERS
from cooperatives.demo_mode import demo_is_on
from cooperatives.models import Organization

PER_PAGE = 24


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Goods of all open shops, newest first; ``?q=`` searches, ``?category=`` filters, ``?page=`` turns the page."""
    text = request.GET.get("q", "")[:MOST_QUERY_LETTERS].strip()
    published = Product.objects.published()
    categories = list(Category.objects.filter(products__in=published).distinct().order_by("position", "name"))
    chosen = next((category for category in categories if category.slug == request.GET.get("category")), None)
    products = published.filter(category=chosen) if chosen else published
    products = matching(_what_is_left_first(products), text)
    page = Paginator(products.preloaded(), PER_PAGE).get_page(request.GET.get("page"))
    sellers = list(Organization.objects.public().selling().order_by("id")[:4])
    host = sellers[0] if len(sellers) == 1 else None
    request.demo = demo_is_on()  # type: ignore[attr-defined]  # read by storefront.context.site
    return render(
        request,
        "storefront/home.html",
        {
            "page": page,
            "text": text,
            "categories": categories,
            "chosen": chosen,
            "sellers": sellers,
            "host": host,
            "lead": host.about.partition(". ")[0].rstrip(".") + "." if host else "",
            "is_first_view": not text and not chosen and page.number == 1,
        },
    )


def _what_is_left_first(products: ProductQuerySet) -> ProductQuerySet:
    """Goods one can have now, newest first; then the sold out, which come back with the next lot."""
    some_left = Variant.objects.filter(product=OuterRef("pk"), on_hand__gte=F("reserved") + F("step"))
    return products.annotate(is_left=Exists(some_left)).order_by("-is_left", "-published_at", "-id")
