"""Goods in the order of the province's engine, as long as its node answers and knows all that we know.

A silent node is left alone for a while. One that has yet to be told of a change is not asked either: a page drawn by
old words would be kept under the shop's new version.
"""

from time import monotonic

from django.conf import settings

from catalog.models import ProductQuerySet, SearchChange
from catalog.search import elastic
from catalog.search.elastic import SearchDown
from catalog.search.plan import Plan

LEFT_ALONE_SECONDS = 30.0
"""After a silence nobody of this process waits for the node again before so long."""
FIRST = 1000
"""So many hits are asked for at first; all of them only where too few of these may be seen."""
_CHUNK = 1000

_silent_until: dict[str, float] = {}


def ranked_ids(plan: Plan, *, among: ProductQuerySet, most: int) -> list[int] | None:
    """Ids of those of ``among`` that the plan finds, best first, as embedded.ranked_ids gives them.

    None where no node is named, or it does not answer or has missed something: ask the embedded engine. The index
    holds drafts and closed shops too; ``among`` says what may be seen. Of more than 10,000 that a plan finds the best
    10,000 are looked at.
    """
    url = settings.SEARCH_URL
    if not url or monotonic() < _silent_until.get(url, 0.0) or SearchChange.objects.exists():
        return None
    try:
        for size in (FIRST, elastic.MOST):
            found = elastic.search(plan, url=url, most=size)
            seen = _seen(found, among=among, most=most)
            if len(seen) == most or len(found) < size:
                break
    except SearchDown:
        _silent_until[url] = monotonic() + LEFT_ALONE_SECONDS
        return None
    return seen


def _seen(found: list[int], *, among: ProductQuerySet, most: int) -> list[int]:
    seen: list[int] = []
    for start in range(0, len(found), _CHUNK):
        some = found[start : start + _CHUNK]
        visible = set(among.filter(pk__in=some).order_by().values_list("pk", flat=True))
        seen += [key for key in some if key in visible]
        if len(seen) >= most:
            break
    return seen[:most]
