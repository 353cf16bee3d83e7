"""By what a list of goods can be narrowed, and how many goods each way leaves. Four queries, however many goods."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Count, Max, Min, OuterRef, QuerySet, Subquery

from base.text import storable
from catalog.models import Category, OcopCertificate, ProductQuerySet, Variant
from cooperatives.models import Organization

PRICE_BANDS_DONG: tuple[tuple[int, int | None], ...] = (
    (0, 50_000),
    (50_000, 100_000),
    (100_000, 200_000),
    (200_000, 500_000),
    (500_000, None),
)
"""From the first sum up to, without, the second."""
MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class OfCategory:
    """A shelf and how many of the goods lie on it."""

    slug: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class OfPlace:
    """A commune and how many of the goods come from it."""

    commune_name: str
    province_name: str
    count: int


@dataclass(frozen=True, slots=True)
class OfPrice:
    """Goods whose lowest price is from ``least_dong`` up to, without, ``most_dong``; None: no upper end."""

    least_dong: int
    most_dong: int | None
    count: int


@dataclass(frozen=True, slots=True)
class OfStars:
    """Goods with so many OCOP stars today."""

    stars: int
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Ways without any goods are left out. Shelves in the market's order, places by count, the rest upward."""

    categories: tuple[OfCategory, ...]
    places: tuple[OfPlace, ...]
    prices: tuple[OfPrice, ...]
    stars: tuple[OfStars, ...]


def facets(products: ProductQuerySet, *, on: date) -> Facets:
    """How these goods part. Four queries."""
    ids = products.order_by().values("pk")
    return Facets(_categories(ids), _places(ids), _prices(ids), _stars(ids, on=on))


def narrowed(
    products: ProductQuerySet,
    *,
    category: str | None = None,
    place: str | None = None,
    least_dong: int | None = None,
    most_dong: int | None = None,
    stars: int | None = None,
    on: date,
) -> ProductQuerySet:
    """Those of this shelf (slug), of this commune (its name), whose lowest price is from ``least_dong`` up to, without,
    ``most_dong``, and that have so many OCOP stars on this day. What is None narrows nothing."""
    if not all(storable(text) for text in (category, place) if text is not None):
        return products.none()
    if category is not None:
        products = products.filter(category__slug=category)
    if place is not None:
        products = products.filter(organization__commune_name=place)
    if least_dong is not None or most_dong is not None:
        products = products.alias(lowest_dong=lowest_price())
        if least_dong is not None:
            products = products.filter(lowest_dong__gte=least_dong)
        if most_dong is not None:
            products = products.filter(lowest_dong__lt=most_dong)
    if stars is not None:
        most = OcopCertificate.objects.live(on=on).filter(product=OuterRef("pk")).order_by("-stars").values("stars")
        products = products.alias(live_stars=Subquery(most[:1])).filter(live_stars=stars)
    return products


def lowest_price() -> Subquery:
    """What the cheapest way to buy a product costs, for one unit; null where there is no way."""
    cheapest = Variant.objects.filter(product=OuterRef("pk")).order_by("price_dong").values("price_dong")
    return Subquery(cheapest[:1], output_field=BigIntegerField())


def _categories(ids: QuerySet) -> tuple[OfCategory, ...]:
    rows = Category.objects.filter(products__in=ids).annotate(goods=Count("products", distinct=True))
    return tuple(OfCategory(one.slug, one.name, one.goods) for one in rows.order_by("position", "pk"))


def _places(ids: QuerySet) -> tuple[OfPlace, ...]:
    rows = (
        Organization.objects.filter(products__in=ids)
        .exclude(commune_name="")
        .order_by()
        .values_list("commune_name", "province_name")
        .annotate(goods=Count("products", distinct=True))
    )
    return tuple(OfPlace(*row) for row in sorted(rows, key=lambda row: (-row[2], row[0], row[1]))[:MOST_PLACES])


def _prices(ids: QuerySet) -> tuple[OfPrice, ...]:
    lowest = Variant.objects.filter(product__in=ids).order_by().values("product").annotate(least=Min("price_dong"))
    sums = [row["least"] for row in lowest]
    bands = [
        OfPrice(least, most, sum(least <= dong and (most is None or dong < most) for dong in sums))
        for least, most in PRICE_BANDS_DONG
    ]
    return tuple(band for band in bands if band.count)


def _stars(ids: QuerySet, *, on: date) -> tuple[OfStars, ...]:
    live = OcopCertificate.objects.live(on=on).filter(product__in=ids).order_by().values("product")
    counts: dict[int, int] = {}
    for row in live.annotate(most=Max("stars")):
        counts[row["most"]] = counts.get(row["most"], 0) + 1
    return tuple(OfStars(stars, count) for stars, count in sorted(counts.items()))
