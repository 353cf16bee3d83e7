"""A buyer with a phone of her own: one process, one connection, and orders to place when she is told.

Reads lines ``{"start_at", "lines": [[variant id, measures], …], "key"}`` and answers each with ``{"orders": [id, …]}``
or ``{"refused": code}``. Says ``ready`` first.
"""

import json
import os
import sys
import time
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402 — apps are loaded only now

from base.periods import VIETNAM_OFFSET  # noqa: E402
from base.refusals import Refused  # noqa: E402
from orders.models import Order  # noqa: E402
from orders.placing import Buyer, Wanted  # noqa: E402
from payments import checkout  # noqa: E402


def place(lines: list[list[int]], key: str) -> dict[str, object]:
    try:
        placed = checkout.place(
            wanted=[Wanted(variant_id, quantity) for variant_id, quantity in lines],
            buyer=Buyer("Hoàng Văn Dũng", "0912000004", "Thôn Nộn Khê, Yên Mô"),
            delivery=Order.Delivery.PICKUP,
            pickup_point_id=None,
            pay_by=Order.PayBy.TRANSFER,
            note="",
            key=key,
            placed_by=None,
            at=datetime.now(VIETNAM_OFFSET),
        )
    except Refused as refused:
        return {"refused": refused.code}
    return {"orders": [order.pk for order in placed.orders]}


def main() -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        connection.ensure_connection()  # so that all begin at the same moment, and none with a handshake
        time.sleep(max(0.0, told["start_at"] - time.time()))
        print(json.dumps(place(told["lines"], told["key"])), flush=True)
        connection.close()


if __name__ == "__main__":
    main()
