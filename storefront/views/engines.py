"""What search engines read: which pages there are, and which ones are nobody's business."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.models import Category, Product
from cooperatives.models import Organization
from storefront.shared_pages import market, nothing, shared_page

MOST_PAGES = 50_000
"""In one sitemap (sitemaps.org). Ten times what a province sells; beyond it the newest goods are named."""
_PRIVATE = (
    "/basket/", "/checkout/", "/pay/", "/o/", "/orders/", "/bills/", "/member/", "/desk/", "/biller/", "/complaints/",
    "/sign-in/", "/sign-out/", "/after-sign-in/", "/language/", "/demo/", "/hooks/", "/graphql/", "/offline/",
    "/metrics", "/readyz", "/search/?",
)  # fmt: skip


@require_safe
@shared_page(tag=market, reads=nothing)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Public pages without any visitor's parameters. No dates: a page changes with stock, season and stars, and a
    date that is not kept right is worse than none."""
    lines = "".join(f"<url><loc>{escape(settings.SITE_URL + path)}</loc></url>\n" for path in _paths())
    told = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'
    )
    return HttpResponse(told, content_type="application/xml")


def _paths() -> Iterator[str]:
    """Three queries."""
    yield reverse("home")
    yield reverse("search")
    yield reverse("policies")
    yield reverse("check")
    published = Product.objects.published()
    for slug in (
        Category.objects.filter(products__in=published).distinct().order_by("position", "pk").values_list("slug")
    ):
        yield reverse("category", args=slug)
    for slug in Organization.objects.public().selling().order_by("pk").values_list("slug"):
        yield reverse("cooperative", args=slug)
    newest = published.order_by("-published_at", "-pk").values_list("slug")[: MOST_PAGES - 2_000]
    for slug in newest:
        yield reverse("product", args=slug)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The same for every robot, chat apps' previews too: they may see what is for sale."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _PRIVATE),
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response
