"""``webhook read``: what a provider's calls prove and say, without touching the database."""

import json
import logging
import time
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser

from base.command_line import JsonLinesCommand, input_lines
from base.periods import iso_vietnam
from payments.providers.arrival import Arrival, Forged, NotForUs, Unreadable
from payments.providers.readers import Auth, Reader, reader_of

log = logging.getLogger(__name__)


class Command(JsonLinesCommand):
    help = "Read provider calls, one JSON object {headers, body} a line, and print a verdict for each."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        read = parser.add_subparsers(dest="action", required=True).add_parser("read")
        read.add_argument("--provider", required=True)
        read.add_argument("--key", required=True, action="append", dest="keys", help="twice while a key is replaced")
        read.add_argument("--auth", choices=("hmac", "apikey"))
        read.add_argument("--now", type=int, help="Unix seconds; default: the clock")

    def handle(self, *, provider: str, keys: list[str], auth: Auth | None, now: int | None, **options: Any) -> None:
        reader = reader_of(provider)
        for line in input_lines():
            self.print_json(verdict(reader, line, keys=keys, auth=auth, now=int(time.time()) if now is None else now))


def verdict(reader: Reader, line: str, *, keys: Sequence[str], auth: Auth | None, now: int) -> dict[str, Any]:
    """The one answer to one line. A line that is not a call at all has proved nothing: forged."""
    try:
        headers, body = _call(line)
        arrivals = reader(body=body, headers=headers, keys=keys, now=now, auth=auth)
    except (Forged, Unreadable, NotForUs) as no:
        log.info("%s: %s", no.code, no.reason)
        return {"verdict": no.code.lower(), "arrivals": []}
    return {"verdict": "accepted", "arrivals": [arrival_as_json(arrival) for arrival in arrivals]}


def arrival_as_json(arrival: Arrival) -> dict[str, Any]:
    """One arrival as it is printed; the time with +07:00."""
    return {
        "source_id": arrival.source_id,
        "account": arrival.account,
        "dong": arrival.dong,
        "direction": arrival.direction,
        "memo": arrival.memo,
        "happened_at": iso_vietnam(arrival.happened_at),
    }


def _call(line: str) -> tuple[dict[str, str], bytes]:
    try:
        call = json.loads(line)
    except (ValueError, RecursionError):
        raise Forged(reason="not_a_call") from None
    if not isinstance(call, dict):
        raise Forged(reason="not_a_call")
    headers, body = call.get("headers"), call.get("body")
    if not isinstance(headers, dict) or not isinstance(body, str):
        raise Forged(reason="not_a_call")
    if not all(isinstance(value, str) for value in headers.values()):
        raise Forged(reason="not_a_call")
    return headers, body.encode("utf-8", "surrogatepass")
