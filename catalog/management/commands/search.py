"""``search rank``: rank names for queries without a database row. ``search reindex``: write all goods' words anew."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from base.command_line import JsonLinesCommand, Unusable
from catalog.models import Product
from catalog.search.embedded import reindex
from catalog.search.ranking import shelf_of

MOST_HITS = 50


class Command(JsonLinesCommand):
    help = "Keep the search in step with the goods, or try its ranking on two files."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("reindex", help="rewrite what differs and print how many; safe at any time")
        rank = verbs.add_parser("rank", help="print the hits of each query, best first")
        rank.add_argument("--products", required=True, metavar="FILE", help='a JSON list of {"id", "name"}')
        rank.add_argument("--queries", required=True, metavar="FILE", help='a JSON list of {"id", "q"}')
        rank.add_argument("--engine", choices=["embedded", "elasticsearch"], default="embedded")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "reindex":
            self.print_json({"rewritten": reindex(Product.objects.all())})
            return
        products = _texts(options["products"], "name", "products")
        queries = _texts(options["queries"], "q", "queries")
        shelf = shelf_of(products)
        for key, text in queries:
            self.print_json({"id": key, "hits": shelf.rank(text, most=MOST_HITS)})


def _texts(path: str, text_field: str, list_field: str) -> list[tuple[str, str]]:
    """Id and text of each object of the file's list. Raises Unusable, with the row where one is at fault."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError:
        raise Unusable("NO_SUCH_FILE", f"{path} cannot be read.") from None
    except (ValueError, RecursionError):
        raise Unusable("UNREADABLE_FILE", f"{path} is not JSON in UTF-8.") from None
    if isinstance(content, dict):  # both lists in one file, as data/search.json has them
        content = content.get(list_field)
    if not isinstance(content, list):
        raise Unusable("UNREADABLE_FILE", f"{path} holds no list of {list_field}.")
    rows: list[tuple[str, str]] = []
    for number, one in enumerate(content, start=1):
        key, text = (one.get("id"), one.get(text_field)) if isinstance(one, dict) else (None, None)
        if not isinstance(key, str) or not isinstance(text, str):
            raise Unusable("BAD_ROW", f"{path}: each object needs “id” and “{text_field}”, both text.", row=number)
        rows.append((key, text))
    return rows
