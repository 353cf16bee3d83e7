"""What a racer can be told to do with runs of bills, and with what their payers are owed (tests/race/racer.py)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from cooperatives.models import User
from payments import refunds
from payments.bills import carrying, correcting, publishing, readings


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


def use_credit(*, bill: int, dong: int, actor: int, key: str) -> str:
    treasurer = User.objects.get(pk=actor)
    carrying.use(bill_id=bill, amount_dong=dong, actor=treasurer, key=key, at=timezone.now())
    return "used"


def ask_credit_back(*, account: int, dong: int, actor: int, key: str) -> str:
    treasurer = User.objects.get(pk=actor)
    return refunds.ask(
        account_id=account, amount_dong=dong, reason="phụ huynh xin lại", actor=treasurer, key=key, at=timezone.now()
    ).state


def correct_bill(*, bill: int, item: int, dong: int, actor: int, key: str) -> str:
    treasurer = User.objects.get(pk=actor)
    correcting.correct(
        bill_id=bill, changes=[correcting.Change(item, dong)], reason="tính nhầm", actor=treasurer, key=key,
        at=timezone.now(),
    )  # fmt: skip
    return "corrected"


BILL_DEEDS: dict[str, Callable[..., Any]] = {
    "publish": publish, "cancel_run": cancel_run, "read_meter": read_meter, "use_credit": use_credit,
    "ask_credit_back": ask_credit_back, "correct_bill": correct_bill,
}  # fmt: skip
