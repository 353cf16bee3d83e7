"""``manage.py bank simulate``: plays the bank of a demo. Signs and POSTs what a source would send, prints answers."""

import json
import secrets
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from base.command_line import JsonLinesCommand, Unusable
from base.money import BadAmount, checked_dong
from payments import playing
from payments.models import Feed
from payments.providers.arrival import readable_text


class Command(JsonLinesCommand):
    help = "Send real-shaped, signed bank calls to the running server. Demo organizations only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=CommandParser)
        simulate = verbs.add_parser("simulate")
        what = simulate.add_mutually_exclusive_group(required=True)
        what.add_argument("--code", help="the code in the memo: of a payment request, a list or a refund")
        what.add_argument("--file", type=Path, help='a call a line: {"code": "CP…", "dong": 1000, "memo": "…"}')
        simulate.add_argument("--dong", type=int, help="default: what is due")
        simulate.add_argument("--times", type=int, default=1, help="send the very same call so often")
        simulate.add_argument("--provider", choices=playing.PROVIDERS, default="sepay")
        simulate.add_argument("--to", help="default: the server at PORT on this machine")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["times"] <= 100:
            raise Unusable("BAD_TIMES", "--times: 1 to 100")
        provider = options["provider"]
        played = [_prepared(call, provider, row=row) for row, call in _calls(options)]  # a bad line sends nothing
        for call in played:
            self._send(call, times=options["times"], to=options["to"])

    def _send(self, call: "_Call", *, times: int, to: str | None) -> None:
        address = f"{(to or f'http://127.0.0.1:{settings.PORT}').rstrip('/')}/hooks/{call.sent.feed.provider}/"
        for _ in range(times):
            headers = dict(call.sent.headers(timezone.now()))
            try:
                answer = requests.post(
                    f"{address}{call.sent.feed.token}/", data=call.sent.body, headers=headers, timeout=10,
                    allow_redirects=False,
                )  # fmt: skip
            except requests.RequestException as error:
                raise Unusable("NO_SERVER", f"no answer: is the server running? {type(error).__name__}") from error
            self.print_json(call.shown | {"status": answer.status_code, "answer": answer.text})


@dataclass(frozen=True, slots=True)
class _Call:
    """One call, ready to be sent, and what is printed of it."""

    sent: playing.Call
    shown: dict[str, Any]


def _calls(options: dict[str, Any]) -> list[tuple[int | None, dict[str, Any]]]:
    """(line in the file, call). Raises Unusable BAD_FILE."""
    if options["file"] is None:
        return [(None, {"code": options["code"], "dong": options["dong"]})]
    try:
        text = options["file"].read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise Unusable("BAD_FILE", f"cannot read {options['file']}: {error}") from error
    calls: list[tuple[int | None, dict[str, Any]]] = []
    for row, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        try:
            call = json.loads(line)
        except ValueError as error:
            raise Unusable("BAD_FILE", f"not JSON: {error}", row=row) from error
        if not isinstance(call, dict) or not isinstance(call.get("code"), str):
            raise Unusable("BAD_FILE", 'each line is an object with "code"', row=row)
        memo = call.get("memo", "")
        if not isinstance(memo, str) or readable_text(memo) != memo:
            raise Unusable("BAD_FILE", '"memo" is a text that a bank could send', row=row)
        calls.append((row, call))
    return calls


def _prepared(call: dict[str, Any], provider: str, *, row: int | None) -> _Call:
    """Raises Unusable: UNKNOWN_CODE, NO_FEED, REAL_ORGANIZATION, BAD_AMOUNT."""
    code = call["code"].strip().upper()
    waiting = playing.waiting_for(code)
    if waiting is None:
        raise Unusable(
            "UNKNOWN_CODE", f"no payment request, list waiting for money or ordered refund has the code {code}", row=row
        )
    if not playing.tells(provider, waiting.direction):
        raise Unusable("NO_FEED", f"{provider} never tells of money that leaves", row=row)
    live = Feed.objects.filter(bank_account=waiting.account, is_live=True, provider=provider)
    feed = live.select_related("bank_account").order_by("id").first()
    if feed is None:
        raise Unusable("NO_FEED", f"this account has no connection to {provider} to play", row=row)
    if not waiting.account.organization.is_demo and feed.environment != "sandbox":
        raise Unusable("REAL_ORGANIZATION", "money is only played for demo organizations", row=row)
    asked = call.get("dong")
    dong = waiting.due_dong if asked is None else asked
    try:
        checked_dong(dong)
    except BadAmount as error:
        said = "nothing is due; say how much with --dong" if asked is None else "not a whole number of đồng from 1"
        raise Unusable("BAD_AMOUNT", said, row=row) from error
    now = timezone.now()
    trace = secrets.randbelow(10**6)
    memo = call.get("memo") or (f"MBVCB.{secrets.randbelow(10**10)}.{trace:06d}.{code}.CT {_way(waiting)}")
    transfer = playing.Transfer(
        waiting=waiting, dong=dong, memo=memo, happened_at=timezone.localtime(now), number=secrets.randbelow(10**12) + 1
    )
    return _Call(playing.call_of(transfer, feed=feed), {"code": code, "dong": dong, "memo": memo})


def _way(waiting: playing.Waiting) -> str:
    """From where to where, as a bank adds it to the memo."""
    ours = f"{waiting.account.number} {waiting.account.holder}"
    return f"tu 0000000000 NGUOI MUA toi {ours}" if waiting.direction == "in" else f"tu {ours} toi 0000000000 NGUOI MUA"
