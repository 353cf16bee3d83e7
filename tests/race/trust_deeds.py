"""What buyers and those who complain do at one moment with others."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from cooperatives.models import User
from orders import complaining
from payments import paying_on_receipt


def pay_by(*, token: str, pay_by: str, key: str) -> str:
    """The owner of an order says how it is to be paid."""
    return paying_on_receipt.choose(token=token, pay_by=pay_by, actor=None, key=key, at=timezone.now()).pay_by


def complain(*, organization: str, key: str, address: str) -> str:
    return complaining.write(
        organization_slug=organization, about="goods", text="Hai gói bị mốc.", name="Dũng", phone="0912345678",
        order_number="", address=address, key=key, at=timezone.now(),
    ).number  # fmt: skip


def close_complaint(*, complaint: int, decision: str, actor: int, key: str) -> str:
    who = User.objects.get(pk=actor)
    return complaining.close(
        complaint_id=complaint, decision=decision, actor=who, key=key, at=timezone.now()
    ).decision  # fmt: skip


TRUST_DEEDS: dict[str, Callable[..., Any]] = {
    "pay_by": pay_by, "complain": complain, "close_complaint": close_complaint,
}  # fmt: skip
