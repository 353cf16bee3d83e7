"""The vocabulary of this market, read from the database once and kept by the process.

Words only ever arrive in new rows, so the highest id says whether there is something to learn. Words whose last product
went stay until the next full reading: at worst one is taken for known that finds nothing.
"""

import threading
from dataclasses import dataclass
from time import monotonic

from django.db.models import Count, Max, QuerySet

from catalog.models import SearchWord
from catalog.search.vocabulary import Vocabulary

READ_AFRESH_SECONDS = 3600
OVERLAP = 5000
"""Ids are drawn before their transaction ends, so rows a little below the highest one may appear after it."""


@dataclass(frozen=True, slots=True)
class _Kept:
    vocabulary: Vocabulary
    highest: int
    read_at: float


_lock = threading.Lock()
_kept: _Kept | None = None


def vocabulary() -> Vocabulary:
    """The words of the market as of now. One small query; one more when goods were written since."""
    global _kept
    highest = SearchWord.objects.aggregate(highest=Max("pk"))["highest"] or 0
    with _lock:
        kept = _kept
        if kept is None or highest < kept.highest or monotonic() - kept.read_at > READ_AFRESH_SECONDS:
            _kept = kept = _Kept(Vocabulary(_counts(SearchWord.objects.all())), highest, monotonic())
        elif highest > kept.highest:
            kept.vocabulary.add(_counts(SearchWord.objects.filter(pk__gt=kept.highest - OVERLAP)))
            _kept = kept = _Kept(kept.vocabulary, highest, kept.read_at)
    return kept.vocabulary


def forget() -> None:
    """Read it all again next time: for tests, which take their rows back."""
    global _kept
    with _lock:
        _kept = None


def _counts(rows: QuerySet[SearchWord]) -> dict[str, int]:
    return dict(rows.order_by().values_list("term").annotate(products=Count("pk")))
