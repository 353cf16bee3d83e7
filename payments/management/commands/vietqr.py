"""``manage.py vietqr encode|decode``: write one VietQR payload, or read one a line."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from base.command_line import JsonLinesCommand, input_lines
from payments.providers import vietqr


class Command(JsonLinesCommand):
    help = "Write a VietQR payload, or read payloads from standard input, one a line."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        encode = actions.add_parser("encode", help="print the payload of a transfer")
        encode.add_argument("--bin", required=True, help="six digits that name the bank")
        encode.add_argument("--account", required=True)
        encode.add_argument("--amount", type=_whole_dong, help="whole đồng; without it the payer types the amount")
        encode.add_argument("--memo", help="up to 19 of A–Z, 0–9 and blank")
        encode.add_argument("--service", default=vietqr.TO_ACCOUNT)
        kind = encode.add_mutually_exclusive_group()
        kind.add_argument("--static", dest="dynamic", action="store_false", default=None)
        kind.add_argument("--dynamic", dest="dynamic", action="store_true", default=None)
        actions.add_parser("decode", help="read payloads from standard input")

    def handle(self, *, action: str, **options: Any) -> None:
        if action == "encode":
            payload = vietqr.write(
                bin=options["bin"],
                account=options["account"],
                amount_dong=options["amount"],
                memo=options["memo"],
                dynamic=options["dynamic"],
                service=options["service"],
            )
            self.print_json({"payload": payload})
            return
        for line in input_lines():
            self.print_json(_as_json(vietqr.decode(line)))


def _as_json(read: vietqr.Decoded) -> dict[str, Any]:
    return {
        "valid": read.valid,
        "reasons": read.reasons,
        "warnings": read.warnings,
        "scheme": read.scheme,
        "bin": read.bin,
        "account": read.account,
        "service": read.service,
        "amount": read.amount_dong,
        "memo": read.memo,
        "dynamic": read.dynamic,
    }


def _whole_dong(text: str) -> int:
    """Plain ASCII digits only: ``int()`` alone would also take "1_000", " 5" and full-width digits."""
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise ArgumentTypeError(f"not a whole number of đồng: {text!r}")
    return int(text)
