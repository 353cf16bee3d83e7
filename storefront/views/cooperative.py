"""One cooperative: who they are, what they sell, where one finds them. The same for everybody."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from base.periods import today_in_vietnam
from base.text import given_name_key
from catalog.models import OcopCertificate, Portrait, Product
from cooperatives.models import Member, Organization
from storefront.goods_cards import read_cards
from storefront.said import rating_of
from storefront.shared_pages import of_shop, shared_page
from storefront.upcoming import market_days

PER_PAGE = 24
_AT_MOST = 60  # names and faces on one page


@dataclass(frozen=True, slots=True)
class Person:
    """A member as she agreed to be shown: by name, by face, or both."""

    name: str
    face: Portrait | None

    @property
    def initial(self) -> str:
        return self.name.split()[-1][:1] if self.name else ""


@require_safe
@shared_page(tag=of_shop)
def cooperative(request: HttpRequest, slug: str) -> HttpResponse:
    """``/c/<slug>/``; 404 for what is closed, does not sell, or is not there."""
    shop = Organization.objects.public().selling().filter(slug=slug).first()
    if shop is None:
        raise Http404
    request.demo = shop.is_demo  # type: ignore[attr-defined]  # read by storefront.context.site
    goods = Product.objects.published().filter(organization=shop).order_by("-published_at", "-pk")
    page = Paginator(goods.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    people, unnamed = _people(shop)
    rating_tenths, review_count = rating_of(shop)
    certificates = OcopCertificate.objects.live(on=today_in_vietnam())
    context = {
        "shop": shop, "page": page, "cards": read_cards(page.object_list), "people": people, "unnamed": unnamed,
        "has_drawn": any(person.face is not None and person.face.is_drawn for person in people),
        "rating_tenths": rating_tenths, "review_count": review_count,
        "points": shop.pickup_points.filter(is_open=True), "market_days": market_days(shop=shop, on=today_in_vietnam()),
        "with_stars": certificates.filter(product__in=goods.values("pk")).values("product").distinct().count(),
    }  # fmt: skip
    return render(request, "storefront/cooperative.html", context)


def _people(shop: Organization) -> tuple[list[Person], int]:
    """Those who agreed to be seen, faces first, then by given name; and how many did not. Two queries."""
    shown = Prefetch("portraits", Portrait.objects.filter(withdrawn_at=None), to_attr="faces")
    members = Member.objects.filter(organization=shop, left_on=None).select_related("user").prefetch_related(shown)
    people, unnamed = [], 0
    for member in members:
        name, face = (member.user.name if member.shows_name else ""), next(iter(member.faces), None)
        if name or face:
            people.append(Person(name, face))
        else:
            unnamed += 1
    people.sort(key=lambda person: (person.face is None, given_name_key(person.name)))
    return people[:_AT_MOST], unnamed + max(len(people) - _AT_MOST, 0)
