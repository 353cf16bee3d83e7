"""What packers, couriers and carriers' news do to one parcel at one moment (tests/race/racer.py)."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from cooperatives.models import User
from orders import fulfilling, parcels
from payments import delivering, handing_over


def pack(*, order: int, actor: int) -> str:
    return fulfilling.pack(order_id=order, actor=User.objects.get(pk=actor), at=timezone.now()).state


def hand_over(*, order: int, actor: int) -> str:
    return handing_over.hand_over(order_id=order, actor=User.objects.get(pk=actor), at=timezone.now()).state


def draft(*, order: int, actor: int) -> int:
    return parcels.draft(order_id=order, way="COACH", actor=User.objects.get(pk=actor), at=timezone.now()).number


def send(*, parcel: int, actor: int) -> str:
    return delivering.send(shipment_id=parcel, actor=User.objects.get(pk=actor), at=timezone.now()).state


def deliver(*, parcel: int, actor: int | None = None) -> str:
    """By a clerk, or by the news of a carrier."""
    clerk = User.objects.get(pk=actor) if actor else None
    return delivering.delivered(shipment_id=parcel, actor=clerk, at=timezone.now()).state


def fail(*, parcel: int) -> str:
    return delivering.failed(shipment_id=parcel, why="không nghe máy", actor=None, at=timezone.now()).state


def bring_back(*, parcel: int, actor: int) -> str:
    clerk = User.objects.get(pk=actor)
    return delivering.back(shipment_id=parcel, why="khách không nhận", actor=clerk, at=timezone.now()).state


def lose(*, parcel: int, actor: int) -> str:
    manager = User.objects.get(pk=actor)
    return delivering.lost(shipment_id=parcel, why="xe cháy", actor=manager, at=timezone.now()).state


PARCEL_DEEDS: dict[str, Callable[..., Any]] = {
    "pack": pack, "hand_over": hand_over, "draft": draft, "send": send, "deliver": deliver, "fail": fail,
    "bring_back": bring_back, "lose": lose,
}  # fmt: skip
