"""What the province's engine has yet to learn, and telling it: changes wait in a table, the worker takes them there.

Only where SEARCH_URL names a node. A change is written down in the transaction that made it, so none is lost and none
is told that did not happen; a node that is away for a week learns it all when it is back. What is told is read anew
from the words beside the product (SearchWord), which the embedded engine goes by as well.
"""

import logging
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from catalog.models import Product, SearchChange, SearchMark, SearchWord
from catalog.search import elastic
from catalog.search.elastic import Entry, SearchDown
from catalog.search.terms import Place, name_words

log = logging.getLogger(__name__)

TELLER = "elasticsearch"
"""The mark of who may tell the node: its value is whose turn it is, its time until when nobody else may try."""
INDEX = "elasticsearch-index"
"""The mark of what we filled: another index under our name is of another database, or of this one long ago."""
TELL_LEASE = timedelta(minutes=2)
BUILD_LEASE = timedelta(minutes=20)
AFTER_SILENCE = timedelta(seconds=30)
LOOK_EVERY = timedelta(minutes=1)
"""So often the worker asks whether the node still has its index, when there is nothing to tell."""
AT_ONCE = 500


class TellerBusy(Exception):
    """Another process is telling the node just now, or waits for a silent one; again in a minute."""


def changed(product_ids: Iterable[int], *, at: datetime) -> None:
    """These have other words now, or none any more. In the caller's transaction, after the words are written."""
    if not settings.SEARCH_URL:
        return
    rows = [SearchChange(product_id=key, changed_at=at) for key in sorted(set(product_ids))]
    SearchChange.objects.bulk_create(
        rows,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["changed_at", "tries", "last_error"],
    )


def send(*, at: datetime, most: int = AT_ONCE) -> int:
    """Tell the node what waits, the oldest first; fill it anew where it has not the index we know. The worker's errand.

    Returns how many products were told. One process at a time; a silent node is tried again after half a minute.
    """
    if not settings.SEARCH_URL:
        _forget_the_index()
        return 0
    if not _is_time(at):
        return 0
    token = _take_turn(at, TELL_LEASE)
    if token is None:
        return 0
    # Those that were refused before come last, so that one bad product never holds up the others.
    due = SearchChange.objects.order_by("tries", "changed_at", "pk")
    waiting = dict(due.values_list("product_id", "changed_at")[:most])
    try:
        live = elastic.live(settings.SEARCH_URL)
        if not live or live != SearchMark.objects.filter(name=INDEX).values_list("value", flat=True).first():
            _stay(token, until=at + BUILD_LEASE)
            told = _build(at=at)
        else:
            told = _tell(waiting)
    except SearchDown as down:
        log.warning("the search node was not told of %s changes: %s", len(waiting), down)
        with transaction.atomic():
            refused = SearchChange.objects.filter(pk__in=_locked(waiting))
            refused.update(tries=F("tries") + 1, last_error=str(down)[:200])
        _stay(token, until=at + AFTER_SILENCE)
        return 0
    except BaseException:
        _stay(token, until=at + AFTER_SILENCE)
        raise
    _stay(token, until=at)
    return told


def rebuild(*, at: datetime) -> int:
    """Fill a new index with every product and put it in the place of the old; returns how many it holds.

    Raises SearchDown (the old index stays), TellerBusy.
    """
    token = _take_turn(at, BUILD_LEASE)
    if token is None:
        raise TellerBusy
    try:
        return _build(at=at)
    finally:
        _stay(token, until=at)


def entries(product_ids: Iterable[int]) -> list[Entry]:
    """What the node should hold of these; nothing of those that have no words. Two queries."""
    wanted = list(product_ids)
    held: dict[int, tuple[list[str], list[str]]] = {}
    words = SearchWord.objects.filter(product__in=wanted).order_by("product", "term")
    for key, term, place in words.values_list("product_id", "term", "place"):
        held.setdefault(key, ([], []))[place != Place.NAME].append(term)
    said = Product.objects.filter(pk__in=held).order_by("pk").values_list("pk", "name", "created_at")
    return [
        Entry(
            product_id=key,
            name_terms=tuple(held[key][0]),
            other_terms=tuple(held[key][1]),
            name_words=name_words(name),
            created_at=created_at,
        )
        for key, name, created_at in said
    ]


def state() -> str:
    """For /readyz: which engine answers, and what keeps the other from it. Always "ok": goods are found either way."""
    url = settings.SEARCH_URL
    if not url:
        return "ok (embedded)"
    try:
        if not elastic.live(url):
            return "ok (embedded; elasticsearch has no index yet)"
    except SearchDown:
        return "ok (embedded; elasticsearch does not answer)"
    waiting = SearchChange.objects.count()
    return f"ok (embedded; elasticsearch has yet to learn of {waiting})" if waiting else "ok (elasticsearch)"


def _tell(waiting: dict[int, datetime]) -> int:
    if not waiting:
        return 0
    known = entries(waiting)
    elastic.put(known, url=settings.SEARCH_URL)
    gone = waiting.keys() - {entry.product_id for entry in known}
    if gone:
        elastic.drop(sorted(gone), url=settings.SEARCH_URL)
    _forget(waiting)
    return len(waiting)


def _build(*, at: datetime) -> int:
    # What changes while the index fills keeps its row, with a later time, and is told to the new index next.
    waiting = dict(SearchChange.objects.values_list("product_id", "changed_at"))
    filled = 0

    def all_of_them() -> Iterator[Entry]:
        nonlocal filled
        last = 0
        while some := list(Product.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            last = some[-1]
            known = entries(some)
            filled += len(known)
            yield from known

    name = elastic.build(all_of_them(), url=settings.SEARCH_URL)
    SearchMark.objects.update_or_create(name=INDEX, defaults={"value": name, "written_at": at})
    _forget(waiting)
    log.warning("the search node was filled anew: %s products in %s", filled, name)
    return filled


def _forget(told: dict[int, datetime]) -> None:
    """Only what has not changed again since it was read."""
    with transaction.atomic():
        SearchChange.objects.filter(pk__in=_locked(told)).delete()


def _locked(told: dict[int, datetime]) -> list[int]:
    """The rows that still say what was read, held in the order in which verbs write them."""
    rows = SearchChange.objects.filter(product__in=told).order_by("product").select_for_update()
    return [row.pk for row in rows if row.changed_at == told[row.product_id]]


def _forget_the_index() -> None:
    """No node is named, so nothing is told: one that is named again has missed it and is filled anew."""
    known = SearchMark.objects.filter(name=INDEX)
    if known.exists():
        known.delete()


# -- Whose turn it is --------------------------------------------------------------------------------------------------


def _is_time(at: datetime) -> bool:
    """Is there anything to do? Asked every round, so it takes no lock."""
    until = SearchMark.objects.filter(name=TELLER).values_list("written_at", flat=True).first()
    if until is None or until + LOOK_EVERY <= at:
        return True
    return until <= at and SearchChange.objects.exists()


def _take_turn(at: datetime, lease: timedelta) -> str | None:
    token = uuid.uuid4().hex
    free = SearchMark.objects.filter(name=TELLER, written_at__lte=at)
    if free.update(value=token, written_at=at + lease):
        return token
    if SearchMark.objects.filter(name=TELLER).exists():
        return None
    try:
        with transaction.atomic():
            SearchMark.objects.create(name=TELLER, value=token, written_at=at + lease)
    except IntegrityError:  # another was first, just now
        return None
    return token


def _stay(token: str, *, until: datetime) -> None:
    SearchMark.objects.filter(name=TELLER, value=token).update(written_at=until)
