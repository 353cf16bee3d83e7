"""A process that does what it is told at one moment with others, each deed on a connection of its own.

Says ``"ready"``. Then, again and again, in lines of JSON: reads a list of deeds ``{"deed", …}``, says ``"at the line"``
once each has its connection, reads the moment to begin, and answers with what each deed came to: a status, a state,
orders or a refusal's code; ``error: …`` is a bug.
"""

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402 — apps are loaded only now
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from base.refusals import Refused  # noqa: E402
from cooperatives.models import User  # noqa: E402
from orders.models import Order  # noqa: E402
from orders.placing import Buyer, Wanted  # noqa: E402
from payments import cash, cash_boxes, checkout, closing, importing, refunds, settlement, triage, undoing  # noqa: E402
from payments.providers import sepay  # noqa: E402
from tests.race.bill_deeds import BILL_DEEDS  # noqa: E402
from tests.race.carrier_deeds import CARRIER_DEEDS  # noqa: E402
from tests.race.cod_deeds import COD_DEEDS  # noqa: E402
from tests.race.cycle_deeds import CYCLE_DEEDS  # noqa: E402
from tests.race.goods_deeds import GOODS_DEEDS  # noqa: E402
from tests.race.parcel_deeds import PARCEL_DEEDS  # noqa: E402
from tests.race.return_deeds import RETURN_DEEDS  # noqa: E402
from tests.race.trust_deeds import TRUST_DEEDS  # noqa: E402
from tests.race.version_deeds import VERSION_DEEDS  # noqa: E402


def call(*, token: str, key: str, body: str) -> str:
    """The bank feed calls the hook."""
    now = timezone.now()
    headers = sepay.signed_call(key=key, body=body.encode(), now=int(now.timestamp()))
    client = Client(SERVER_NAME="localhost")
    return str(client.generic("POST", f"/hooks/sepay/{token}/", body.encode(), headers=headers).status_code)


def assign(*, line: int, code: str, dong: int, actor: int, key: str) -> str:
    treasurer = User.objects.get(pk=actor)
    part = triage.Part(code, dong)
    return triage.assign(
        transaction_id=line, parts=[part], reason="gọi điện", actor=treasurer, key=key, at=timezone.now()
    ).state


def undo(*, actor: int, **document: int) -> str:
    """``document``: ``settlement_id``, ``kept_debt_id`` …"""
    return undoing.undo(actor=User.objects.get(pk=actor), at=timezone.now(), **document).state


def keep(*, line: int, code: str, actor: int, key: str) -> str:
    treasurer = User.objects.get(pk=actor)
    return triage.keep_as_debt(
        transaction_id=line, code=code, reason="gọi điện", actor=treasurer, key=key, at=timezone.now()
    ).state


def ask_back(*, order: int, dong: int, actor: int, key: str) -> str:
    treasurer = User.objects.get(pk=actor)
    return refunds.ask(
        order_id=order, amount_dong=dong, reason="khách xin lại", actor=treasurer, key=key, at=timezone.now()
    ).state


def order_out(*, refund: int, actor: int, key: str) -> str:
    treasurer = User.objects.get(pk=actor)
    return refunds.order_out(
        refund_id=refund, payee_bin="970415", payee_account="101872345678", payee_holder="HOANG VAN DUNG",
        actor=treasurer, key=key, at=timezone.now(),
    ).state  # fmt: skip


def drop_refund(*, refund: int, actor: int) -> str:
    treasurer = User.objects.get(pk=actor)
    return refunds.cancel(refund_id=refund, reason="thôi không trả", actor=treasurer, at=timezone.now()).state


def cancel(*, order: int) -> str:
    return closing.cancel(order_id=order, actor=None, reason="", at=timezone.now()).state


def expire() -> str:
    return str(closing.expire_due(at=timezone.now()))


def take_cash(*, code: str, dong: int, actor: int, key: str) -> str:
    keeper = User.objects.get(pk=actor)
    return str(cash.receive(code=code, amount_dong=dong, actor=keeper, key=key, at=timezone.now()).number)


def take_bills(*, organization: int, codes: list[str], dong: int, actor: int, key: str) -> str:
    keeper = User.objects.get(pk=actor)
    receipt = cash.receive_bills(
        organization_id=organization, codes=codes, amount_dong=dong, actor=keeper, key=key, at=timezone.now()
    )
    return str(receipt.number)


def void(*, receipt: int, actor: int) -> str:
    keeper = User.objects.get(pk=actor)
    cash.void(receipt_id=receipt, reason="ghi nhầm", actor=keeper, at=timezone.now())
    return "void"


def offer_cash(*, organization: int, to: int, dong: int, actor: int, key: str) -> str:
    keeper = User.objects.get(pk=actor)
    return cash_boxes.offer(
        organization_id=organization, to_keeper_id=to, amount_dong=dong, actor=keeper, key=key, at=timezone.now()
    ).state


def accept_cash(*, handover: int, dong: int, actor: int) -> str:
    keeper = User.objects.get(pk=actor)
    return cash_boxes.accept(handover_id=handover, counted_dong=dong, actor=keeper, at=timezone.now()).state


def withdraw_cash(*, handover: int, actor: int) -> str:
    keeper = User.objects.get(pk=actor)
    return cash_boxes.withdraw(handover_id=handover, actor=keeper, at=timezone.now()).state


def put_statement(*, account: int, text: str, actor: int) -> str:
    treasurer = User.objects.get(pk=actor)
    return str(
        importing.import_statement(
            bank_account_id=account, name="a.csv", data=text.encode(), actor=treasurer, at=timezone.now()
        ).rows
    )


def settle_new() -> str:
    return str(settlement.settle_new(at=timezone.now()))


def place(*, lines: list[list[int]], key: str, came_from: str | None = None) -> list[int]:
    """A guest orders ``[variant id, measures]`` pairs; the ids of her orders. ``came_from``: by the public door."""
    placed = checkout.place(
        wanted=[Wanted(variant_id, quantity) for variant_id, quantity in lines],
        buyer=Buyer("Hoàng Văn Dũng", "0912000004", "Thôn Nộn Khê, Yên Mô"), delivery=Order.Delivery.PICKUP,
        pickup_point_id=None, pay_by=Order.PayBy.TRANSFER, note="", key=key, placed_by=None, at=timezone.now(),
        came_from=came_from,
    )  # fmt: skip
    return [order.pk for order in placed.orders]


DEEDS: dict[str, Callable[..., Any]] = {
    "place": place, "call": call, "assign": assign, "undo": undo, "cancel": cancel, "expire": expire, "cash": take_cash,
    "statement": put_statement, "settle_new": settle_new, "ask_back": ask_back, "order_out": order_out,
    "drop_refund": drop_refund, "keep": keep, "take_bills": take_bills, "void": void, "offer_cash": offer_cash,
    "accept_cash": accept_cash, "withdraw_cash": withdraw_cash, **BILL_DEEDS, **CARRIER_DEEDS, **COD_DEEDS,
    **CYCLE_DEEDS, **GOODS_DEEDS, **RETURN_DEEDS, **PARCEL_DEEDS, **TRUST_DEEDS, **VERSION_DEEDS,
}  # fmt: skip


def do(told: dict[str, Any], line: threading.Barrier, start: "queue.Queue[float]") -> Any:
    connection.ensure_connection()  # so that all begin at the same moment, and none with a handshake
    line.wait()
    time.sleep(max(0.0, start.get() - time.time()))
    try:
        return DEEDS[told.pop("deed")](**told)
    except Refused as refused:
        return refused.code
    except Exception as bug:  # noqa: BLE001 — the test says what is wrong with it
        return f"error: {type(bug).__name__}: {bug}"
    finally:
        connection.close()


def say(said: object) -> None:
    print(json.dumps(said), flush=True)


def main() -> None:
    say("ready")
    with ThreadPoolExecutor(max_workers=2) as threads:
        for deeds in map(json.loads, sys.stdin):
            line: threading.Barrier = threading.Barrier(len(deeds) + 1)
            start: queue.Queue[float] = queue.Queue()
            doing = [threads.submit(do, deed, line, start) for deed in deeds]
            line.wait(timeout=30)
            say("at the line")
            start_at = json.loads(sys.stdin.readline())
            for _deed in deeds:
                start.put(start_at)
            say([done.result() for done in doing])


if __name__ == "__main__":
    main()
