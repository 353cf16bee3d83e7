"""What leaves the market: the picture of a link, the poster of a product. For anybody; nothing of a visitor in it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from base.periods import today_in_vietnam
from catalog.models import Product
from cooperatives.models import Organization
from storefront import posters
from storefront.kept_pages import KeptPages
from storefront.share_cards import ShareCard
from storefront.share_pictures import Busy, card_of_product, card_of_shop, picture_of
from storefront.shared_pages import of_product, shared_page

POSTERS = KeptPages(most_bytes=4 * 1024 * 1024)
_FOR_GOOD, _FOR_NOW = "public, max-age=31536000, immutable", "public, max-age=300"


@require_safe
def product_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """``/p/<slug>/share.jpg?v=…``: always the picture of now; kept for good only under the version it has."""
    product = _published(slug)
    return _picture(request, card_of_product(product), owner=f"p{product.pk}")


@require_safe
def shop_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for ``/c/<slug>/``."""
    shop = Organization.objects.public().selling().filter(slug=slug).first()
    if shop is None:
        raise Http404
    return _picture(request, card_of_shop(shop), owner=f"c{shop.pk}")


def _picture(request: HttpRequest, card: ShareCard, *, owner: str) -> HttpResponse:
    etag = f'"{card.version}"'
    response: HttpResponse
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        try:
            response = HttpResponse(picture_of(card, owner=owner), content_type="image/jpeg")
        except Busy as busy:
            return HttpResponse(busy.message, status=503, content_type="text/plain", headers={"Retry-After": "60"})
    response["ETag"] = etag
    response["Cache-Control"] = _FOR_GOOD if request.GET.get("v") == card.version else _FOR_NOW
    return response


def _size_alone(query: QueryDict) -> str:
    return f"?size={query['size']}" if query.get("size") in posters.SIZES else "?size=" if "size" in query else ""


def wanted_size(request: HttpRequest) -> posters.Size:
    """``?size=`` a6 (so without it) or a4. Raises Http404."""
    wanted = request.GET.get("size", "a6")
    for size in posters.SIZES:
        if wanted == size:
            return size
    raise Http404


@require_safe
@shared_page(tag=of_product, reads=_size_alone, room=POSTERS)
def product_poster(request: HttpRequest, slug: str) -> HttpResponse:
    """``/p/<slug>/poster.pdf?size=a6|a4``: whoever sells it on hangs it up too. Drawn once a version and day."""
    size = wanted_size(request)
    made = posters.of_product(_published(slug), size=size, on=today_in_vietnam())
    return as_pdf(made, f"{slug}-{size}.pdf")


def as_pdf(made: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _published(slug: str) -> Product:
    published = Product.objects.published().select_related("organization").prefetch_related("variants", "photos")
    product = published.filter(slug=slug).first()
    if product is None:
        raise Http404
    return product
