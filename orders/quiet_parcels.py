"""Parcels of which nobody has said anything for too long: the desk is told to ask, and the buyer that it is.

Whoever was asked and knows that it is still on its way is news too (``asked``): the silence that counts as acceptance
(payments/delivering.accept_silent) begins anew. Nothing of money or goods moves here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once
from cooperatives.models import User
from cooperatives.permissions import require
from orders.buyers import one_line
from orders.models import Order, Shipment, ShipmentEvent, ShipmentQuerySet
from orders.parcel_moves import LONGEST_NOTE
from orders.parcels import ParcelOver, shown

Way = Order.Delivery

QUIET_AFTER: Mapping[str, timedelta] = {
    Way.HOME: timedelta(days=2),
    Way.COACH: timedelta(days=2),
    Way.CARRIER: timedelta(days=4),
    Way.POST: timedelta(days=7),
}
"""Since the last news of a parcel that is away, back or forth. Ours: a neighbour and a coach arrive on the day or the
next, carriers say something at each stop, and the post takes a week to a hamlet."""


class NobodySaidAnything(Refused):
    """Asking is written down with its answer."""

    code = "NOBODY_SAID_ANYTHING"
    sentence = _("Hãy ghi đã hỏi ai, họ nói gì.")


def with_news(rows: ShipmentQuerySet) -> ShipmentQuerySet:
    """Each with ``heard_at``: when the last thing happened that was said of it."""
    events = ShipmentEvent.objects.filter(shipment=OuterRef("pk")).order_by().values("shipment")
    latest = events.annotate(latest=Max("happened_at")).values("latest")
    return rows.annotate(heard_at=Coalesce(Subquery(latest), F("state_at")))


def quiet(rows: ShipmentQuerySet, *, at: datetime) -> ShipmentQuerySet:
    """Those of ``rows`` that are away and quiet for too long, the longest silence first; with ``heard_at``."""
    long_ago = Q()
    for way, days in QUIET_AFTER.items():
        long_ago |= Q(way=way, heard_at__lte=at - days)
    told = with_news(rows.filter(state__in=Shipment.AWAY))
    return told.filter(long_ago).order_by("heard_at", "pk")  # type: ignore[misc]  # heard_at: with_news


def quiet_among(shipments: Iterable[Shipment], *, at: datetime) -> dict[int, datetime]:
    """By the id of those that have been quiet for too long: since when. One query."""
    own = Shipment.objects.filter(pk__in=[one.pk for one in shipments])
    return dict(quiet(own, at=at).values_list("pk", "heard_at"))  # type: ignore[misc]  # heard_at: with_news


def quiet_since(shipment: Shipment, *, heard_at: datetime, at: datetime) -> datetime | None:
    """``heard_at``, where that is too long ago; what ``quiet`` asks, of one parcel. Pure."""
    after = QUIET_AFTER.get(shipment.way)
    return heard_at if shipment.is_away and after is not None and heard_at <= at - after else None


@again_when_locked_out
def asked(*, shipment_id: int, said: str, actor: User, key: str | None = None, at: datetime) -> Shipment:
    """Whoever carries it was asked, and it is still on its way: what was ``said`` is its latest news. Moves nothing.

    Repeat-safe by ``key``. Opens its own transaction; locks the done-once row, the order, the parcel. Raises NotFound
    (a stranger too), NobodySaidAnything, ParcelOver for one that is not away, KeyReused, BadKey.
    """
    seen = Shipment.objects.select_related("organization").filter(pk=shipment_id).first()
    if seen is None:
        raise NotFound()
    require(actor, "ship_orders", organization=seen.organization, on=vietnam_day(at))
    what = one_line(said)[:LONGEST_NOTE]
    if not what:
        raise NobodySaidAnything(field="said")

    def do() -> str:
        Order.objects.locked(seen.order_id)
        shipment = Shipment.objects.locked(shipment_id)
        if not shipment.is_away:
            raise ParcelOver(parcel=str(shipment), state=shipment.get_state_display())
        ShipmentEvent.objects.create(
            shipment=shipment, state=shipment.state, note=what, happened_at=at, at=at, actor=actor
        )
        if shipment.accept_from is not None:
            again = at + timedelta(days=seen.organization.silent_days)
            shipment.accept_from = max(shipment.accept_from, again)
            shipment.save(update_fields=["accept_from"])
        return f"shipment:{shipment_id}"

    with transaction.atomic():
        if key is None:
            do()
        else:
            done_once(verb="shipment_asked", actor=actor, key=key, meaning=[shipment_id, what], at=at, do=do)
    return shown(shipment_id)
