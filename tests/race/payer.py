"""A process that does with money what it is told, at one moment with others, on a connection of its own.

Reads lines ``{"start_at", "deeds": [{"deed", …}, …]}`` and answers each with what every deed came to: a status, a
state or a refusal's code; ``error: …`` is a bug. Says ``ready`` first.
"""

import json
import os
import sys
import time
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
from payments import cash, closing, importing, settlement, triage, undoing  # noqa: E402
from payments.providers import sepay  # noqa: E402


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


def undo(*, settlement_id: int, actor: int) -> str:
    treasurer = User.objects.get(pk=actor)
    return undoing.undo(settlement_id=settlement_id, kept_debt_id=None, actor=treasurer, at=timezone.now()).state


def cancel(*, order: int) -> str:
    return closing.cancel(order_id=order, actor=None, reason="", at=timezone.now()).state


def expire() -> str:
    return str(closing.expire_due(at=timezone.now()))


def take_cash(*, code: str, dong: int, actor: int, key: str) -> str:
    keeper = User.objects.get(pk=actor)
    return str(cash.receive(code=code, amount_dong=dong, actor=keeper, key=key, at=timezone.now()).number)


def put_statement(*, account: int, text: str, actor: int) -> str:
    treasurer = User.objects.get(pk=actor)
    return str(
        importing.import_statement(
            bank_account_id=account, name="a.csv", data=text.encode(), actor=treasurer, at=timezone.now()
        ).rows
    )


def settle_new() -> str:
    return str(settlement.settle_new(at=timezone.now()))


DEEDS = {
    "call": call, "assign": assign, "undo": undo, "cancel": cancel, "expire": expire, "cash": take_cash,
    "statement": put_statement, "settle_new": settle_new,
}  # fmt: skip


def do(told: dict[str, Any], start_at: float) -> str:
    connection.ensure_connection()  # so that all begin at the same moment, and none with a handshake
    time.sleep(max(0.0, start_at - time.time()))
    try:
        return DEEDS[told.pop("deed")](**told)
    except Refused as refused:
        return refused.code
    except Exception as bug:  # noqa: BLE001 — the test says what is wrong with it
        return f"error: {type(bug).__name__}: {bug}"
    finally:
        connection.close()


def main() -> None:
    print("ready", flush=True)
    with ThreadPoolExecutor(max_workers=2) as threads:
        for line in sys.stdin:
            told = json.loads(line)
            answers = threads.map(lambda deed, at=told["start_at"]: do(deed, at), told["deeds"])
            print(json.dumps(list(answers)), flush=True)


if __name__ == "__main__":
    main()
