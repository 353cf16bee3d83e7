"""What every deed on a parcel must bear: who asks, once, with what its order asks, the order and the parcel locked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from base.periods import vietnam_day
from base.refusals import NotFound
from cooperatives.doing_once import done_once
from cooperatives.models import User
from cooperatives.permissions import require
from orders import parcels
from orders.models import Order, Shipment
from payments import crediting
from payments.models import PaymentRequest


@dataclass
class Held:
    """A parcel with its order and what that order asks, all locked."""

    shipment: Shipment
    order: Order
    request: PaymentRequest


def on_parcel(
    verb: str,
    shipment_id: int,
    do: Callable[[Held], None],
    *,
    deed: str = "ship_orders",
    meaning: Any,
    actor: User | None,
    key: str | None,
    at: datetime,
) -> Shipment:
    """Ask whether ``actor`` may, lock request, order and parcel in this order (docs/locking.md), ``do`` it."""
    with transaction.atomic():
        seen = Shipment.objects.select_related("organization").filter(pk=shipment_id).first()
        if seen is None:
            raise NotFound()
        if actor is not None:
            require(actor, deed, organization=seen.organization, on=vietnam_day(at))

        def locked_and_done() -> str:
            do(_held(seen))
            return f"shipment:{shipment_id}"

        if key is None:
            locked_and_done()
        else:
            done_once(verb=verb, actor=actor, key=key, meaning=meaning, at=at, do=locked_and_done)
    return parcels.shown(shipment_id)


def _held(seen: Shipment) -> Held:
    asked = crediting.locked_requests([], organization_id=seen.organization_id, order_ids=[seen.order_id])
    [request] = asked.values()
    order = request.order
    assert order is not None
    shipment = Shipment.objects.locked(seen.pk)
    shipment.order, shipment.organization = order, order.organization
    return Held(shipment, order, request)
