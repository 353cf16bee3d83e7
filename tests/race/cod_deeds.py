"""What a racer can be told to do with money that carriers bring (tests/race/racer.py)."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from cooperatives.models import User
from payments import remittance_cash, remitting
from payments.remittance_reading import Row


def make_list(*, organization: int, parcel: str, dong: int, actor: int, key: str) -> int:
    """The list's net."""
    return remitting.make(
        organization_id=organization, carrier_name="Nhà xe", rows=[Row(1, parcel, dong, 0)],
        actor=User.objects.get(pk=actor), key=key, at=timezone.now(),
    ).net_dong  # fmt: skip


def bring_cash(*, remittance: int, dong: int, actor: int, key: str) -> int:
    """What lies in the box for it."""
    return remittance_cash.receive(
        remittance_id=remittance, amount_dong=dong, actor=User.objects.get(pk=actor), key=key, at=timezone.now()
    ).amount_dong


def write_off_list(*, remittance: int, actor: int, key: str) -> str:
    return remitting.write_off(
        remittance_id=remittance, reason="không nộp", actor=User.objects.get(pk=actor), key=key, at=timezone.now()
    ).state


def drop_list(*, remittance: int, actor: int) -> str:
    return remitting.cancel(
        remittance_id=remittance, reason="lập nhầm", actor=User.objects.get(pk=actor), at=timezone.now()
    ).state


COD_DEEDS: dict[str, Callable[..., Any]] = {
    "make_list": make_list, "bring_cash": bring_cash, "write_off_list": write_off_list, "drop_list": drop_list,
}  # fmt: skip
