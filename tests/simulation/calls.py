"""Signed calls of the providers, at the real door and under our clock; and their own lists, answered by our bank."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from unittest import mock

from django.test import RequestFactory

from base.periods import VIETNAM_OFFSET
from payments import pulling, settlement, webhooks
from payments.providers import casso, payos, sepay
from tests.simulation.bank import BankLine
from tests.simulation.scene import KEY, SENDER, Scene

UNSIGNED_LINK = 7_000_000_000_000
"""payOS's number of a link that is none of ours, plus the line's own."""


def call(
    scene: Scene,
    provider: str,
    line: BankLine,
    *,
    dong: int | None = None,
    dies: bool = False,
    account: str = "",
    key: str = KEY,
    seconds_off: int = 0,
    source_id: int | None = None,
    tamper: bool = False,
) -> int:
    """One call at the real door. Returns its status."""
    told: dict[str, Any] = {
        "source_id": line.source_id if source_id is None else source_id,
        "account": account or scene.bank.numbers[line.account], "dong": line.dong if dong is None else dong,
        "memo": line.memo, "happened_at": line.at, "direction": line.direction,
        "reference": reference(provider, line),
    }  # fmt: skip
    body, headers = _SIGNED[provider](told, line, key, int(scene.now.timestamp()) + seconds_off)
    if tamper:
        body = body.replace(str(told["dong"]).encode(), str(told["dong"] + 1).encode())
    return post(scene, provider, line.account, body, headers, dies=dies)


def post(
    scene: Scene, provider: str, account: int, body: bytes, headers: dict[str, str], *, dies: bool = False
) -> int:  # fmt: skip
    feed = scene.feeds[account, provider]
    request = RequestFactory().post(
        f"/hooks/{provider}/{feed.token}/", data=body, content_type="application/json",
        headers={name: value for name, value in headers.items() if name != "Content-Type"},
    )  # fmt: skip
    with mock.patch.object(webhooks.timezone, "now", return_value=scene.now):
        if dies:
            with mock.patch.object(settlement, "try_to_settle"):
                return webhooks.hook(request, provider, feed.token).status_code
        return webhooks.hook(request, provider, feed.token).status_code


def forwarded(scene: Scene, account: int, words: str, *, sender: str = SENDER) -> int:
    """A text message, sent on by the treasurer's phone."""
    stamp = int(scene.now.timestamp()) * 1000
    body = json.dumps({"from": sender, "text": words, "sentStamp": stamp, "sim": "SIM1"}, ensure_ascii=False).encode()
    return post(scene, "sms", account, body, {})


def pulled(scene: Scene, account: int, provider: str) -> list[BankLine]:
    """The provider's list is read; returns the lines that it named, in its order."""
    feed = scene.feeds[account, provider]
    named: list[BankLine] = []

    def answer(*, params: dict[str, str], **_asked: Any) -> bytes:
        first, last = sorted(value[:10] for name, value in params.items() if "date" in name.lower())
        lines = [one for one in scene.bank.lines if one.account == account and first <= f"{one.day}" <= last]
        named.extend(scene.dice.sample(lines, len(lines)))
        number = scene.bank.numbers[account]
        rows = [_row(number, one, reference(provider, one)) for one in named]
        return json.dumps({"status": 200, "error": None, "transactions": rows}).encode()

    feed.refresh_from_db()
    with mock.patch.object(pulling.calling, "call", side_effect=answer), mock.patch.object(pulling.time, "sleep"):
        pulling.pull(feed=feed, at=scene.now)
    feed.refresh_from_db()
    assert not feed.pull_trouble, feed.pull_trouble
    return named


def _row(account: str, line: BankLine, reference: str) -> dict[str, str]:
    """As SePay lists a line."""
    return {
        "id": str(line.source_id), "bank_brand_name": "Vietcombank", "account_number": account,
        "transaction_date": line.at.astimezone(VIETNAM_OFFSET).strftime("%Y-%m-%d %H:%M:%S"),
        "amount_out": f"{line.dong if line.direction == 'out' else 0}.00",
        "amount_in": f"{line.dong if line.direction == 'in' else 0}.00", "accumulated": "1.00",
        "transaction_content": line.memo, "reference_number": reference, "code": "", "sub_account": "",
    }  # fmt: skip


def reference(provider: str, line: BankLine) -> str:
    """As the feed names it: often like the bank's files, sometimes not at all; one feed has names of its own."""
    if provider == "payos":
        return line.reference
    if provider == "casso-v1":
        return f"W{line.source_id}"
    return "" if line.source_id % (3 if provider == "sepay" else 4) == 0 else line.reference


def other_side(provider: str, line: BankLine) -> str:
    """Whose account it went to, as far as this provider says it."""
    return line.other_side if provider == "casso" else ""


def _sepay(told: dict[str, Any], line: BankLine, key: str, now: int) -> tuple[bytes, dict[str, str]]:
    body = sepay.call_body(**told)
    return body, sepay.signed_call(key=key, body=body, now=now)


def _casso(told: dict[str, Any], line: BankLine, key: str, now: int) -> tuple[bytes, dict[str, str]]:
    body = casso.call_body(**told, payer_account=line.other_side)
    return body, casso.signed_call(key=key, body=body, now=now)


def _casso_v1(told: dict[str, Any], line: BankLine, key: str, now: int) -> tuple[bytes, dict[str, str]]:
    return casso.call_body_v1(casso.row_v1(**told)), {casso.V1_PROOF_HEADER: key}


def _payos(told: dict[str, Any], line: BankLine, key: str, now: int) -> tuple[bytes, dict[str, str]]:
    number = int(line.link or UNSIGNED_LINK + told["source_id"])
    data = payos.call_data(
        order_code=number, account=told["account"], dong=told["dong"], memo=told["memo"],
        happened_at=told["happened_at"], reference=told["reference"], payment_link_id=f"id{number}",
    )  # fmt: skip
    return payos.signed_body(key=key, data=data), {}


Signed = Callable[[dict[str, Any], BankLine, str, int], tuple[bytes, dict[str, str]]]
_SIGNED: dict[str, Signed] = {"sepay": _sepay, "casso": _casso, "casso-v1": _casso_v1, "payos": _payos}
Direction = Literal["in", "out"]


def moment(at: datetime) -> str:
    return at.astimezone(VIETNAM_OFFSET).strftime("%d/%m/%y %H:%M")
