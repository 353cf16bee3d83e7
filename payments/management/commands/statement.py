"""``statement read FILE``: what a bank's file says, without touching the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from base.command_line import JsonLinesCommand, Unusable
from payments.management.commands.webhook import arrival_as_json
from payments.statements.banks import DEFAULT, read_statement
from payments.statements.first_bytes import MAX_FILE_BYTES
from payments.statements.statement import DoubtfulStatement


class Command(JsonLinesCommand):
    help = (
        "Read a bank statement (CSV, XLSX, HTML table, MT940 or CAMT.053) and print its arrivals, then its balances; "
        "or the one doubt about it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        read = parser.add_subparsers(dest="action", required=True).add_parser("read")
        read.add_argument("file", type=Path)
        read.add_argument("--bank", default=DEFAULT)
        read.add_argument("--account", help="the one to read of a file with several accounts")

    def handle(self, *, file: Path, bank: str, account: str | None, **options: Any) -> None:
        try:
            statement = read_statement(_beginning(file), bank=bank, account=account)
        except DoubtfulStatement as doubt:
            raise Unusable(doubt.code, doubt.message, row=doubt.row) from doubt
        for line in statement.rows:
            self.print_json(arrival_as_json(line.arrival) | {"row": line.row})
        self.print_json(
            {
                "rows": len(statement.rows),
                "opening": statement.opening_dong,
                "closing": statement.closing_dong,
                "continuous": statement.continuous,
            }
        )


def _beginning(file: Path) -> bytes:
    """The file, or one byte more than may be read: that byte is enough to refuse it."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Unusable("FILE_UNREADABLE", _("Không mở được tệp %(file)s.") % {"file": file}) from error
