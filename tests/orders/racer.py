"""One side of a race, in a process of its own: ``python -m tests.orders.racer``.

Reads lines ``<deed> <order id>``, does the deed and answers with ``done`` or the refusal's code; ``look`` answers
with what is stored, as JSON. Starts with ``ready``.
"""

import json
import sys
from collections.abc import Callable

import django

django.setup()

from base.refusals import Refused  # noqa: E402 -- after django.setup()
from cooperatives import ledger  # noqa: E402
from cooperatives.chart import Kind  # noqa: E402
from cooperatives.models import Entry  # noqa: E402
from orders.fulfilling import hand_over  # noqa: E402
from orders.models import Allocation, Order  # noqa: E402
from payments.closing import cancel  # noqa: E402
from tests.people import NOW  # noqa: E402


def look(order_id: int) -> str:
    order = Order.objects.select_related("organization").get(pk=order_id)
    purse = f"order:{order.pk}"
    members = [f"member:{pk}" for pk in order.organization.members.values_list("pk", flat=True)]

    def balance(kind: Kind, subject: str) -> int:
        return ledger.balance_dong(organization=order.organization, kind=kind, subject=subject)

    return json.dumps(
        {
            "state": order.state,
            "purse_dong": balance(Kind.PREPAID, purse),
            "back_to_payer_dong": balance(Kind.OWED_TO_PAYERS, purse),
            "members_dong": sum(balance(Kind.OWED_TO_MEMBERS, member) for member in members),
            "handed_over": Entry.objects.filter(key=f"handed_over:{order.pk}").count(),
            "allocated": sum(Allocation.objects.filter(line__order=order).values_list("quantity", flat=True)),
            "stock": list(order.lines.values_list("variant__on_hand", "variant__reserved")),
        }
    )


def deed(do: Callable[[int], object]) -> Callable[[int], str]:
    def answered(order_id: int) -> str:
        try:
            do(order_id)
        except Refused as refused:
            return refused.code
        return "done"

    return answered


DEEDS: dict[str, Callable[[int], str]] = {
    "look": look,
    "hand_over": deed(lambda order_id: hand_over(order_id=order_id, actor=None, at=NOW)),
    "cancel": deed(lambda order_id: cancel(order_id=order_id, actor=None, reason="", at=NOW)),
}

print("ready", flush=True)
for line in sys.stdin:
    name, number = line.split()
    print(DEEDS[name](int(number)), flush=True)
