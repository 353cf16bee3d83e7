"""Words written by older rules are written anew, some hundred goods at a time, by the worker.

It goes round once after the rules changed, and once a day for what no verb tells of: a category's new name, a member
who agreed to be named or no longer does. ``SearchMark`` "rules" remembers which rules, and how far it has come.
"""

from datetime import datetime, timedelta

from django.db import transaction

from catalog.models import Product, SearchMark
from catalog.search.embedded import CHUNK, reindex
from catalog.search.rules import RULES_VERSION

MARK = "rules"
AGAIN_AFTER = timedelta(days=1)
_DONE = "done"


def renew(*, at: datetime) -> int:
    """The next goods whose words may be old; returns how many were written anew. The worker's errand.

    Several workers may do it at once: each product's row is locked while its words are written, and doing one twice
    changes nothing.
    """
    mark = SearchMark.objects.filter(name=MARK).first()
    rules, _, reached = mark.value.partition(" ") if mark is not None else ("", "", "")
    if mark is not None and rules == RULES_VERSION and reached == _DONE and at - mark.written_at < AGAIN_AFTER:
        return 0
    begun_anew = rules != RULES_VERSION or reached == _DONE or not reached.isdecimal()
    last = 0 if begun_anew else int(reached)
    some = list(Product.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK])
    rewritten = reindex(Product.objects.filter(pk__in=some), at=at)
    reached = str(some[-1]) if len(some) == CHUNK else _DONE
    with transaction.atomic():
        SearchMark.objects.update_or_create(
            name=MARK, defaults={"value": f"{RULES_VERSION} {reached}", "written_at": at}
        )
    return rewritten
