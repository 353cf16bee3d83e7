"""What buyers say of goods: all of it for everybody, and the page where one buyer says it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from base.refusals import NotFound, Refused
from catalog.models import Product
from orders import reviewing
from orders.models import Order, Review
from storefront import remembered
from storefront.forms.reviews import ReviewForm
from storefront.said import said_of
from storefront.shared_pages import of_product, shared_page

PER_PAGE = 20


@require_safe
@shared_page(tag=of_product)
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that was said of one product, hidden texts with the reason in their place."""
    product = Product.objects.published().preloaded().filter(slug=slug).first()
    if product is None:
        raise Http404
    page = Paginator(Review.objects.filter(product=product).latest_first(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "storefront/reviews.html", {"product": product, "said": said_of(product), "page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, token: str, slug: str) -> HttpResponse:
    """Say what the goods of one order were like. Only under the order's link, only after the hand-over."""
    order = Order.objects.preloaded().filter(token=token).first() if remembered.is_token(token) else None
    if order is None:
        raise Http404
    product = next((line.variant.product for line in order.lines.all() if line.variant.product.slug == slug), None)
    if product is None:
        raise Http404
    said = Review.objects.filter(order=order, product=product).first()
    form = ReviewForm(request.POST or None, initial=_first_typed(order, said))
    if request.method == "POST" and form.is_valid() and _carried_out(form, token=token, slug=slug):
        messages.success(request, _("Cảm ơn. Nhận xét đã lên trang của mặt hàng."))
        return HttpResponseRedirect(reverse("order", args=[token]), status=303)
    now = timezone.now()
    context = {
        "order": order, "product": product, "form": form, "said": said, "is_given": order.is_accepted,
        "is_late": said is not None and now - said.written_at > reviewing.CHANGEABLE,
        "days": reviewing.CHANGEABLE.days,
    }  # fmt: skip
    response = render(request, "storefront/review.html", context, status=422 if form.errors else 200)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


def _carried_out(form: ReviewForm, *, token: str, slug: str) -> bool:
    typed = form.cleaned_data
    try:
        reviewing.review(
            token=token, product_slug=slug, stars=int(typed["stars"]), text=typed["text"],
            shown_name=typed["shown_name"], key=typed["key"], at=timezone.now(),
        )  # fmt: skip
    except NotFound as gone:
        raise Http404 from gone
    except Refused as refused:
        form.take_refusal(refused)
        return False
    return True


def _first_typed(order: Order, said: Review | None) -> dict[str, object]:
    """What was said before, else the given name of the buyer alone: the rest is nobody's business."""
    if said is not None:
        return {"stars": str(said.stars), "text": said.text, "shown_name": said.shown_name}
    return {"shown_name": order.buyer_name.split()[-1][:40]}
