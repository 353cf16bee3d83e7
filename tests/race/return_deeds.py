"""What a racer can be told to do with goods that come back and cash that goes out (tests/race/racer.py)."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from cooperatives.models import User
from orders.models import ReturnLine
from orders.returning import Back
from payments import cash_out, handing_over, returns


def return_goods(*, order: int, line: int, bags: int, actor: int, key: str) -> int:
    """What the buyer is owed for it."""
    return returns.take_back(
        order_id=order, lines=[Back(line, bags, ReturnLine.Fate.TO_LOT)], reason="túi hở miệng",
        actor=User.objects.get(pk=actor), key=key, at=timezone.now(),
    ).amount_dong  # fmt: skip


def pay_member(*, member: int, dong: int, actor: int, key: str) -> int:
    """The slip's đồng."""
    return cash_out.pay_member(
        member_id=member, amount_dong=dong, actor=User.objects.get(pk=actor), key=key, at=timezone.now()
    ).amount_dong


def give_goods(*, order: int, actor: int) -> str:
    return handing_over.hand_over(order_id=order, actor=User.objects.get(pk=actor), at=timezone.now()).state


RETURN_DEEDS: dict[str, Callable[..., Any]] = {
    "return_goods": return_goods, "pay_member": pay_member, "give_goods": give_goods,
}  # fmt: skip
