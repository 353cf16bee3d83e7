"""Lines of a card balance that explain themselves: fees and disputes."""

import logging
from datetime import datetime

from base.refusals import Refused
from payments import explaining
from payments.models import BankTransaction, Explanation, Feed, Sighting

log = logging.getLogger(__name__)

_REASONS = {
    Explanation.Kind.BANK_FEE: "phí nhận thẻ",
    Explanation.Kind.DISPUTED: "chủ thẻ khiếu nại",
}


def line_of(feed: Feed, source_id: str) -> BankTransaction | None:
    """The line that ``feed`` told of under this id; None where it is not booked (another currency)."""
    told = Sighting.objects.filter(bank_account=feed.bank_account_id, source=feed.source, external_id=source_id)
    sighting = told.select_related("transaction").filter(occurrence=1).first()
    return None if sighting is None else sighting.transaction


def explain(line: BankTransaction, *, kind: Explanation.Kind, at: datetime) -> None:
    """Say what a whole line was for, as the machine. What it may not say is left to a person, and logged."""
    try:
        explaining.explain(
            transaction_id=line.pk, kind=kind, reason=_REASONS[kind], actor=None, key=f"card:{kind}:{line.pk}", at=at
        )
    except Refused as no:
        log.warning("line %s of a card balance waits for a person: %s", line.pk, no)
