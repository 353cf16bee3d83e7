"""``manage.py address find``: which commune a typed address means, one address a line."""

from typing import Any

from django.core.management.base import CommandParser

from base.command_line import JsonLinesCommand, input_lines
from base.places.finding import find


class Command(JsonLinesCommand):
    help = "Find the commune of today that a typed address means; addresses from standard input, one a line."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("find", help="read addresses from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        for text in input_lines():
            found = find(text)
            self.print_json(
                {
                    "expect": found.expect,
                    "code": found.code,
                    "candidates": list(found.candidates),
                    "rest": found.rest,
                }
            )
