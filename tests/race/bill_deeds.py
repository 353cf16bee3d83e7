"""What a racer can be told to do with runs of bills (tests/race/racer.py)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from cooperatives.models import User
from payments.bills import publishing, readings


def publish(*, run: int, actor: int, key: str) -> str:
    person = User.objects.get(pk=actor)
    return publishing.publish(run_id=run, actor=person, key=key, at=timezone.now()).state


def cancel_run(*, run: int, actor: int) -> str:
    person = User.objects.get(pk=actor)
    return publishing.cancel(run_id=run, reason="nhầm tháng", actor=person, at=timezone.now()).state


def read_meter(*, account: int, month: str, read_on: str, value: int, actor: int, key: str) -> str:
    """The value that stands then."""
    reading = readings.record(
        account_id=account, month=month, read_on=date.fromisoformat(read_on), new_value=value, sure=True,
        actor=User.objects.get(pk=actor), key=key, at=timezone.now(),
    )  # fmt: skip
    return str(reading.new_value)


BILL_DEEDS: dict[str, Callable[..., Any]] = {"publish": publish, "cancel_run": cancel_run, "read_meter": read_meter}
