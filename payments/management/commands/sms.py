"""``sms parse``: what balance-change texts say, one text a line."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from base.command_line import JsonLinesCommand, Unusable, input_lines
from base.periods import VIETNAM_OFFSET, iso_vietnam
from payments.providers.sms import NotANotice, parse


class Command(JsonLinesCommand):
    help = "Read balance-change SMS from standard input, one text a line."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        action = parser.add_subparsers(dest="action", required=True).add_parser("parse")
        action.add_argument("--received-at", metavar="T", help="ISO 8601; without a zone it is Vietnam time")

    def handle(self, *, received_at: str | None, **options: Any) -> None:
        at = None if received_at is None else _time(received_at)
        for text in input_lines():
            self.print_json(answer(text, received_at=at))


def answer(text: str, *, received_at: datetime | None) -> dict[str, Any]:
    """The one answer to one text; null where the text does not say."""
    try:
        notice = parse(text, received_at=received_at)
    except NotANotice as no:
        return {"ok": False, "reason": no.reason}
    return {
        "ok": True,
        "amount": notice.amount_dong,
        "sign": notice.sign,
        "account_tail": notice.account_tail or None,
        "balance": notice.balance_dong,
        "memo": notice.memo,
        "time": None if notice.happened_at is None else iso_vietnam(notice.happened_at),
        "bank": notice.bank,
    }


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unusable("BAD_TIME", "--received-at must be a time like 2026-01-01T08:00:00+07:00") from None
    if not 2000 <= at.year < 2100:
        raise Unusable("BAD_TIME", "--received-at must lie in this century")
    return at if at.tzinfo else at.replace(tzinfo=VIETNAM_OFFSET)
