"""The worker's rounds: money first, and beside it whatever waits for the network.

Several workers may run at once: every errand locks its row, or takes a lease, and looks again.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import Error as DatabaseFailure
from django.db import close_old_connections

from catalog import portraits
from catalog.search import outbox, renewing
from cooperatives import trying
from orders import asking_stock
from payments import (
    cards,
    closing,
    delivering,
    failing_cycles,
    links,
    parcel_news,
    photo_retention,
    pulling,
    retention,
    settlement,
    settling_many,
)
from payments.models import WorkerBeat

log = logging.getLogger(__name__)

THIN_EVERY = timedelta(days=1)


def one_round(*, name: str, started_at: datetime, at: datetime) -> int:
    """One round of work on what is here already; returns how many things were looked at."""
    done = settling_many.settle_many(at=at) + settlement.settle_new(at=at) + closing.expire_due(at=at)
    done += failing_cycles.decide_due(at=at)
    WorkerBeat.objects.update_or_create(name=name, defaults={"beat_at": at, "started_at": started_at})
    return done


def one_round_or_log(*, name: str, started_at: datetime, at: datetime) -> int:
    """The same for a loop that must outlive a database restart: logged, and tried again next time."""
    try:
        return one_round(name=name, started_at=started_at, at=at)
    except DatabaseFailure:
        log.exception("worker round failed; trying again")
        close_old_connections()
        return 0


ERRANDS: tuple[Callable[..., int], ...] = (
    delivering.accept_silent,
    links.make_due,
    links.close_idle,
    pulling.pull_due,
    cards.send_due,
    cards.sync_due,
    cards.refresh_due,
    cards.close_idle,
    parcel_news.check_due,
    trying.sweep,
    portraits.sweep,
    renewing.renew,
    outbox.send,
    asking_stock.ask_new,
    failing_cycles.tell_again,
    failing_cycles.finish_past,
)
"""What waits for answers from outside, or for nobody, each taking ``at``: never in the way of money that arrived."""


def one_errand_round(*, at: datetime) -> int:
    """Every errand once. One that fails is logged in full and holds up none of the others; it comes round again."""
    done = 0
    for errand in ERRANDS:
        try:
            done += errand(at=at)
        except Exception:
            log.exception("the errand %s.%s failed", errand.__module__, errand.__name__)
            close_old_connections()
    return done


def thin_if_due(*, last: datetime | None, at: datetime) -> datetime:
    """Let go of evidence and photos once a day; returns when it was last done. What fails is logged, holds up nothing
    else, and waits for tomorrow."""
    if last is not None and at - last < THIN_EVERY:
        return last
    for let_go, said in (
        (retention.thin, "the raw text of %s pieces of evidence was blanked: nobody asks for it any more"),
        (photo_retention.let_go, "%s photos of parcels were deleted: nobody asks for them any more"),
    ):
        try:
            gone = let_go(at=at)
            if gone:
                log.warning(said, gone)
        except (DatabaseFailure, OSError):
            log.exception("what is no longer needed could not be let go of; again tomorrow")
            close_old_connections()
    return at
