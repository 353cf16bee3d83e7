"""A village's bills for the guessers, in a market without the demo: ``FOUNDING`` makes them, ``tell`` prints what a
test must know; ``wear_out`` is the hour in which a village mistyped five hundred times.
"""

import json

from django.utils import timezone

from cooperatives import trying
from cooperatives.models import Organization
from payments.bills.looking_up import BY_ADDRESS
from payments.models import PaymentRequest
from tests import billers, people

HOUSEHOLDS = 60
DIGITS = "4321"
FOUNDING = ("manage.py", "shell", "-v", "0", "-c", "from tests.security import guessed_scene; guessed_scene.make()")


def make() -> None:
    """Sixty households with one child and one open bill each, every phone ending in 4321, and one without a phone."""
    at = timezone.now()
    owner = Organization.objects.create(
        slug="truong-bi-do", name="Trường bị dò", kind=Organization.Kind.SCHOOL, bills=True,
        opened_on=people.OPENED_ON, created_at=at,
    )  # fmt: skip
    run = billers.bill_run(owner, people.bank_account(owner, number="0451000123999"))
    meals = billers.fee_item(owner, "Tiền ăn", price_dong=500_000)
    for number in range(HOUSEHOLDS):
        home = billers.household(owner, f"Phụ huynh {number}", phone=f"+8490{number:03d}{DIGITS}" if number else "")
        billers.bill(run, billers.billing_account(owner, f"Nguyễn Văn Con{number}", of=home), [(meals, 500_000)])


def tell() -> None:
    """The codes of all open bills, the cards of all households, and the tokens behind them."""
    asked = PaymentRequest.objects.filter(organization__slug="truong-bi-do").order_by("id")
    rows = asked.values_list("code", "account__household__card_code", "account__household__token")
    print(json.dumps([list(row) for row in rows]))


def wear_out(address: str, times: int) -> None:
    """So many wrong tries from ``address`` as if they had been made just now, one by one."""
    at = timezone.now()
    for _try in range(times):
        counted = trying.note([trying.Subject(BY_ADDRESS.scope, trying.network_of(address))], at=at)
    print(json.dumps(counted))
