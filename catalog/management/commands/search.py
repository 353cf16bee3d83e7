"""``search reindex``: write the words that goods are found by anew, after the rules or a category's name changed."""

from typing import Any

from django.core.management.base import CommandParser

from base.command_line import JsonLinesCommand
from catalog.models import Product
from catalog.search.embedded import reindex


class Command(JsonLinesCommand):
    help = "Keep the search in step with the goods. Safe at any time; a verb that changes goods does it by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("reindex", help="rewrite what differs and print how many")

    def handle(self, *args: Any, **options: Any) -> None:
        self.print_json({"rewritten": reindex(Product.objects.all())})
