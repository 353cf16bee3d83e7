"""What buyers said of goods, as a page shows it: the average, how the stars fall, the latest words."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from catalog.models import Product
from cooperatives.models import Organization
from orders.models import Review

LATEST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """How many gave so many stars; ``percent`` of all, for the bar."""

    stars: int
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Said:
    """``tenths`` of a star on average (48 is 4.8); ``hidden`` texts were taken away, their stars still count."""

    tenths: int
    count: int
    rows: tuple[Row, ...]
    latest: tuple[Review, ...]
    hidden: int


def said_of(product: Product) -> Said | None:
    """None while nobody has said anything, without a query; else in two. ``product`` is ``rated()``."""
    if product.rating_tenths is None:
        return None
    reviews = Review.objects.filter(product=product)
    counted = reviews.values("stars").annotate(n=Count("pk"), hidden=Count("pk", filter=Q(hidden_at__isnull=False)))
    by_stars = {one["stars"]: one for one in counted}
    whole = sum(one["n"] for one in by_stars.values())
    given = {stars: by_stars[stars]["n"] if stars in by_stars else 0 for stars in range(5, 0, -1)}
    return Said(
        tenths=product.rating_tenths,
        count=product.review_count,
        rows=tuple(Row(stars, count, round(100 * count / max(whole, 1))) for stars, count in given.items()),
        latest=tuple(reviews.shown().exclude(text="").latest_first()[:LATEST]),
        hidden=sum(one["hidden"] for one in by_stars.values()),
    )


def rating_of(shop: Organization) -> tuple[int | None, int]:
    """Average in tenths over all goods of the shop, half up, and how many reviews. One query."""
    told = Review.objects.filter(product__organization=shop).aggregate(count=Count("pk"), stars=Sum("stars"))
    count, stars = told["count"], told["stars"] or 0
    return ((20 * stars + count) // (2 * count) if count else None), count
