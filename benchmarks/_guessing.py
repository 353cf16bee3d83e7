"""``python benchmarks/_guessing.py TRIES``: wrong tries at every kind of code, in turn, on the empty database of
DATABASE_URL. Prints as JSON the milliseconds of each, by kind."""

import json
import os
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

import django

django.setup()

from django.core.management import call_command

from base.codes import new_code
from cooperatives.models import Organization
from payments import bundles
from payments.bills import looking_up
from payments.bills.households import new_card_code
from payments.models import PaymentRequest
from tests import billers, people

HOUSEHOLDS = 120
WARM_UP = 20


def main() -> None:
    tries = int(sys.argv[1])
    call_command("migrate", verbosity=0, interactive=False)
    codes, dice = kinds(), random.Random(7)
    took: dict[str, list[float]] = {kind: [] for kind in codes}
    for number in range(WARM_UP + tries):
        # Later and later, so that no code is slowed by what was tried at it before.
        at = billers.NOW + timedelta(hours=3 * (number // (9 * HOUSEHOLDS)))
        for kind, of_kind in dice.sample(list(codes.items()), len(codes)):
            code = of_kind[number % len(of_kind)] if of_kind else new_code()
            address = f"10.{number % 250}.{number // 250 % 250}.{list(codes).index(kind)}"
            began = time.perf_counter()
            assert looking_up.find(code=code, second_factor="0000", address=address, at=at) is None
            if number >= WARM_UP:
                took[kind].append((time.perf_counter() - began) * 1000)
    print(json.dumps(took))


def kinds() -> dict[str, list[str]]:
    """Live codes by kind; none for nobody's: each try gets a new one."""
    owner = Organization.objects.create(
        slug="bench", name="Trường", kind=Organization.Kind.SCHOOL, bills=True, opened_on=people.OPENED_ON,
        created_at=billers.NOW,
    )  # fmt: skip
    account = people.bank_account(owner, number="0451000123999")
    one, two = billers.bill_run(owner, account), billers.bill_run(owner, account)
    meals = billers.fee_item(owner, "Tiền ăn", price_dong=500_000)
    made: dict[str, list[str]] = {"a bill's": [], "a card's": [], "a card's without phone": [], "a bundle's": []}
    for number in range(HOUSEHOLDS):
        has_phone = number % 2 == 0
        home = billers.household(owner, f"Phụ huynh {number}", phone=f"+8490{number + 1:07d}" if has_phone else "")
        home.card_code = new_card_code()
        home.save(update_fields=["card_code"])
        child = billers.billing_account(owner, f"Nguyễn Văn Con{number}", of=home)
        asked: list[PaymentRequest] = [billers.bill(run, child, [(meals, 500_000)]) for run in (one, two)]
        made["a bill's"].append(asked[0].code)
        made["a card's" if has_phone else "a card's without phone"].append(home.card_code)
        made["a bundle's"].append(bundles.make(codes=[part.code for part in asked], at=billers.NOW).code)
    return {**made, "nobody's": [], "a card of nobody's": [new_card_code() for _number in range(HOUSEHOLDS)]}


if __name__ == "__main__":
    main()
