"""Market days that buyers can still order on or fetch from, as their pages and banners tell of them.

A page that is kept holds no clock: what is said are times of the calendar, and the shop's version moves when a market
day is set, changed or settled (orders/cycling.py), the Vietnamese day when one is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from base.prepared import prepared_rows
from catalog.models import Product
from cooperatives.models import Organization
from orders import cycling
from orders.cycle_words import ordering_words, pickup_words, progress_words, shown_dong
from orders.models import Cycle, CyclePickup

MOST = 3
State = Cycle.State


@dataclass(frozen=True, slots=True)
class MarketDay:
    """One market day in words. ``progress`` is "" where no minimum is asked."""

    cycle: Cycle
    stops: list[CyclePickup]
    progress: str
    per_cent: int

    @property
    def is_enough(self) -> bool:
        return self.per_cent >= 100

    @property
    def takes_orders(self) -> bool:
        return self.cycle.state == State.SET

    @property
    def ordering(self) -> str:
        return ordering_words(self.cycle, at=timezone.now())

    @property
    def in_short(self) -> str:
        """Both in one sentence."""
        return f"{self.ordering[:1].upper()}{self.ordering[1:]}; {self.fetching}."

    @property
    def fetching(self) -> str:
        return pickup_words(self.cycle, self.stops)


def market_days(*, shop: Organization | None, on: date, product: Product | None = None) -> list[MarketDay]:
    """The next few of one shop (None: of the whole market), those with ``product`` where one is meant. One query where
    there are none, else three, and one more for each that asks a minimum."""
    stops: Prefetch[Any] = Prefetch("pickups", CyclePickup.objects.select_related("point"))
    rows = _next(shop.pk if shop else None, product.pk if product else None, on)
    return [told(cycle) for cycle in rows.prefetch_related("organization", stops)]


@prepared_rows
def _next(shop_id: int | None, product_id: int | None, on: date) -> QuerySet[Cycle]:
    rows = Cycle.objects.filter(
        organization__is_open=True, organization__sells=True, state__in=[State.SET, State.GOES], pickup_day__gte=on
    )
    if shop_id is not None:
        rows = rows.filter(organization=shop_id)
    if product_id is not None:
        everything = rows.filter(products=None).values("pk")
        rows = rows.filter(pk__in=everything) | rows.filter(products=product_id)
    return rows.order_by("pickup_day", "pk").distinct()[:MOST]


def offered(products: Sequence[Product], *, at: datetime) -> list[MarketDay]:
    """Those that take orders now for all of ``products``, the earliest first; none where several shops are meant."""
    shops = {product.organization_id for product in products}
    if len(shops) != 1:
        return []
    stops = Prefetch("pickups", CyclePickup.objects.select_related("point"))
    rows = Cycle.objects.taking_orders(at=at).filter(organization__in=shops).prefetch_related(stops, "products")
    wanted = {product.pk for product in products}
    days = rows.select_related("organization").order_by("pickup_day", "pk")
    return [told(cycle) for cycle in days if wanted <= ({one.pk for one in cycle.products.all()} or wanted)]


def told(cycle: Cycle) -> MarketDay:
    """The market day with its stops and how far it is from its minimum."""
    return MarketDay(cycle, list(cycle.pickups.all()), *progress_of(cycle))


def progress_of(cycle: Cycle) -> tuple[str, int]:
    """In words, and in hundredths of what it needs, at most 100; "" and 0 where nothing is asked or it is settled."""
    if not cycle.needs_dong or cycle.state != State.SET:
        return "", 0
    shown = shown_dong(cycling.ordered_dong(cycle), needs_dong=cycle.needs_dong)
    return progress_words(shown, needs_dong=cycle.needs_dong), min(100 * shown // cycle.needs_dong, 100)


def goods_of(cycle: Cycle) -> list[int]:
    """Ids of what is sold on it."""
    goods = Product.objects.published().filter(organization=cycle.organization_id)
    if cycle.products.exists():
        goods = goods.filter(cycles=cycle)
    return list(goods.order_by("name", "pk").values_list("pk", flat=True)[:60])
