"""What a racer can be told to do with a carrier's parcels; ``carrier`` is where the played one answers."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from cooperatives.models import User
from payments import closing, coming_back, delivering, parcel_booking, parcel_news
from tests.carrier_fake import HOST, LIVE_HOST


def _at(carrier: str) -> None:
    settings.PROVIDER_STAND_INS = {HOST: carrier, LIVE_HOST: carrier}


def book_parcel(*, order: int, actor: int, key: str, carrier: str) -> str:
    _at(carrier)
    booked = parcel_booking.book(
        order_id=order, weight_g=600, actor=User.objects.get(pk=actor), key=key, at=timezone.now()
    )
    return booked.state


def carrier_calls(*, token: str, tracking: str, carrier: str) -> str:
    """The hook, and at once the worker's round that follows it."""
    _at(carrier)
    said = Client(SERVER_NAME="localhost").post(
        f"/hooks/ghtk/{token}/", f"label_id={tracking}&status_id=5", content_type="application/x-www-form-urlencoded"
    )
    parcel_news.check_due(at=timezone.now())
    return str(said.status_code)


def call_parcel_off(*, parcel: int, actor: int, carrier: str) -> str:
    _at(carrier)
    off = parcel_booking.call_off(shipment_id=parcel, actor=User.objects.get(pk=actor), at=timezone.now())
    return off.state


def bring_parcel(*, parcel: int, actor: int, key: str) -> str:
    clerk = User.objects.get(pk=actor)
    return delivering.delivered(shipment_id=parcel, actor=clerk, key=key, at=timezone.now()).state


def parcel_is_back(*, parcel: int, actor: int, key: str) -> str:
    clerk = User.objects.get(pk=actor)
    return coming_back.back(shipment_id=parcel, why="không nhận", actor=clerk, key=key, at=timezone.now()).state


def cancel_order(*, order: int, actor: int) -> str:
    manager = User.objects.get(pk=actor)
    return closing.cancel(order_id=order, actor=manager, reason="thôi", at=timezone.now()).state


CARRIER_DEEDS: dict[str, Callable[..., Any]] = {
    "book_parcel": book_parcel, "carrier_calls": carrier_calls, "call_parcel_off": call_parcel_off,
    "bring_parcel": bring_parcel, "parcel_is_back": parcel_is_back, "cancel_order": cancel_order,
}  # fmt: skip
