"""The worker's round: settle what is NEW, let go what is overdue, show a sign of life."""

import logging
from datetime import datetime

from django.db import Error as DatabaseFailure
from django.db import close_old_connections

from payments import closing, settlement
from payments.models import WorkerBeat

log = logging.getLogger(__name__)


def one_round(*, name: str, started_at: datetime, at: datetime) -> int:
    """One round of work; returns how many things were looked at. Several workers may run at once:
    every errand locks its row and looks again."""
    done = settlement.settle_new(at=at) + closing.expire_due(at=at)
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
