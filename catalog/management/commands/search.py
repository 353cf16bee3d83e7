"""``search rank|reindex|rebuild``: try the ranking on two files; write all goods' words anew; fill the node anew."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from base.command_line import JsonLinesCommand, Unusable
from catalog.models import Product
from catalog.search import elastic, outbox
from catalog.search.elastic import Entry, SearchDown
from catalog.search.embedded import reindex
from catalog.search.outbox import TellerBusy
from catalog.search.plan import Plan
from catalog.search.ranking import Listed, Shelf, shelf_of
from catalog.search.terms import Place

MOST_HITS = 50


class Command(JsonLinesCommand):
    help = "Keep the search in step with the goods, or try its ranking on two files."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("reindex", help="rewrite what differs and print how many; safe at any time")
        verbs.add_parser(
            "rebuild", help="fill a new Elasticsearch index with all goods and put it in the old one's place"
        )
        rank = verbs.add_parser("rank", help="print the hits of each query, best first")
        rank.add_argument("--products", required=True, metavar="FILE", help='a JSON list of {"id", "name"}')
        rank.add_argument("--queries", required=True, metavar="FILE", help='a JSON list of {"id", "q"}')
        rank.add_argument("--engine", choices=["embedded", "elasticsearch"], default="embedded")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "reindex":
            self.print_json({"rewritten": reindex(Product.objects.all(), at=timezone.now())})
            return
        if options["verb"] == "rebuild":
            self.print_json({"filled": _rebuilt()})
            return
        products = _texts(options["products"], "name", "products")
        queries = _texts(options["queries"], "q", "queries")
        shelf = shelf_of(products)
        with _engine(shelf, options["engine"]) as follow:
            for key, text in queries:
                self.print_json({"id": key, "hits": shelf.rank(text, most=MOST_HITS, follow=follow)})


def _rebuilt() -> int:
    """Raises Unusable where no node is named, where it is silent, and while another process fills it."""
    try:
        return outbox.rebuild(at=timezone.now()) if settings.SEARCH_URL else _no_node()
    except SearchDown as down:
        raise Unusable("SEARCH_DOWN", str(down)) from None
    except TellerBusy:
        raise Unusable("TELLER_BUSY", "Another process is telling the node just now; again in some minutes.") from None


@contextmanager
def _engine(shelf: Shelf, name: str) -> Iterator[Callable[[Plan], list[str]] | None]:
    """Who follows the plans: memory, or the node of SEARCH_URL with an index of its own that goes afterwards."""
    if name == "embedded":
        yield None
        return
    node = settings.SEARCH_URL or _no_node()
    url = urlsplit(node)._replace(path=f"/rank-{uuid.uuid4().hex[:12]}").geturl()
    try:
        elastic.build((_entry(number, one) for number, one in enumerate(shelf.listed)), url=url)
        try:
            yield lambda plan: [shelf.listed[at].key for at in elastic.search(plan, url=url, most=MOST_HITS)]
        finally:
            elastic.remove(url)
    except SearchDown as down:
        raise Unusable("SEARCH_DOWN", str(down)) from None


def _entry(number: int, one: Listed) -> Entry:
    return Entry(
        product_id=number,
        name_terms=tuple(term for term, place in one.terms.items() if place == Place.NAME),
        other_terms=tuple(term for term, place in one.terms.items() if place != Place.NAME),
        name_words=one.name_words,
        created_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=one.newness),
    )


def _no_node() -> Any:
    raise Unusable("NO_SEARCH_URL", "SEARCH_URL names no Elasticsearch node.")


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
