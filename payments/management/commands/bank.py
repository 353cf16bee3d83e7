"""``manage.py bank simulate``: plays the bank of a demo. Signs and POSTs what SePay would send, prints the answers."""

import json
import secrets
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from base.command_line import JsonLinesCommand, Unusable
from base.money import BadAmount, checked_dong
from payments.feeds import keys_of
from payments.models import Feed, PaymentRequest
from payments.providers import sepay


class Command(JsonLinesCommand):
    help = "Send real-shaped, signed bank calls to the running server. Demo organizations only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=CommandParser)
        simulate = verbs.add_parser("simulate")
        what = simulate.add_mutually_exclusive_group(required=True)
        what.add_argument("--code", help="the payment code in the memo")
        what.add_argument("--file", type=Path, help='a call a line: {"code": "CP…", "dong": 1000, "memo": "…"}')
        simulate.add_argument("--dong", type=int, help="default: what is due")
        simulate.add_argument("--times", type=int, default=1, help="send the very same call so often")
        simulate.add_argument("--provider", choices=["sepay"], default="sepay")
        simulate.add_argument("--to", help="default: the server at PORT on this machine")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["times"] <= 100:
            raise Unusable("BAD_TIMES", "--times: 1 to 100")
        for call in self._calls(options):
            self._send(call, times=options["times"], to=options["to"])

    def _calls(self, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if options["code"]:
            yield {"code": options["code"], "dong": options["dong"]}
            return
        try:
            text = options["file"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable("BAD_FILE", f"cannot read {options['file']}: {error}") from error
        for row, line in enumerate(text.splitlines(), start=1):
            try:
                call = json.loads(line)
            except ValueError as error:
                raise Unusable("BAD_FILE", f"not JSON: {error}", row=row) from error
            if not isinstance(call, dict) or not isinstance(call.get("code"), str):
                raise Unusable("BAD_FILE", 'each line is an object with "code"', row=row)
            if not isinstance(call.get("memo", ""), str):
                raise Unusable("BAD_FILE", '"memo" is a text', row=row)
            yield call

    def _send(self, call: dict[str, Any], *, times: int, to: str | None) -> None:
        request = PaymentRequest.objects.select_related("organization", "bank_account", "order").filter(
            code=call["code"]
        ).first()  # fmt: skip
        if request is None:
            raise Unusable("UNKNOWN_CODE", f"no payment request has the code {call['code']}")
        live = Feed.objects.filter(bank_account=request.bank_account, is_live=True, auth=Feed.Auth.HMAC)
        feed = live.order_by("id").first()
        if feed is None:
            raise Unusable("NO_FEED", "this account has no bank feed to play")
        if not request.organization.is_demo and feed.environment != "sandbox":
            raise Unusable("REAL_ORGANIZATION", "money is only played for demo organizations")
        dong = call.get("dong") or request.due_dong
        try:
            checked_dong(dong)
        except BadAmount as error:
            raise Unusable("BAD_AMOUNT", "nothing is due; say how much with --dong") from error
        now = timezone.now()
        trace = secrets.randbelow(10**6)
        memo = call.get("memo") or (
            f"MBVCB.{secrets.randbelow(10**10)}.{trace:06d}.{request.code}.CT tu 0000000000 NGUOI MUA"
            f" toi {request.bank_account.number} {request.bank_account.holder}"
        )
        body = sepay.call_body(
            source_id=secrets.randbelow(10**12) + 1, account=request.bank_account.number, dong=dong, memo=memo,
            happened_at=now, reference=f"FT{now:%y%j}{trace:06d}",
        )  # fmt: skip
        address = f"{(to or f'http://127.0.0.1:{settings.PORT}').rstrip('/')}/hooks/{feed.provider}/{feed.token}/"
        for _ in range(times):
            headers = sepay.signed_call(key=keys_of(feed)[0], body=body, now=int(timezone.now().timestamp()))
            try:
                answer = requests.post(address, data=body, headers=headers, timeout=10, allow_redirects=False)
            except requests.RequestException as error:
                raise Unusable("NO_SERVER", f"no answer: is the server running? {type(error).__name__}") from error
            self.print_json(
                {"code": request.code, "dong": dong, "memo": memo, "status": answer.status_code, "answer": answer.text}
            )
