"""How long the words of evidence are kept, and letting them go (docs/retention.md).

The row, its digest and what it says stay for ever; only the raw text, which may name people, is blanked. The database
lets it go no earlier than evidence_walls says.
"""

from datetime import datetime

from base.periods import VIETNAM_OFFSET
from payments.evidence_walls import STRAY_YEARS, VOUCHER_YEARS
from payments.models import Sighting

AT_ONCE = 500


def thin(*, at: datetime, most: int = 10_000) -> int:
    """Blank what the rule no longer asks for, oldest first; returns how many pieces of evidence were blanked.

    Vouchers are kept for ten years from the end of their accounting year, strays for one year from their arrival.
    """
    blanked = 0
    for older_than, only in ((_vouchers_before(at), {}), (_strays_before(at), {"bank_account": None})):
        while blanked < most:
            old = Sighting.objects.filter(received_at__lt=older_than, **only).exclude(raw="")
            some = list(old.order_by("received_at").values_list("pk", flat=True)[: min(AT_ONCE, most - blanked)])
            if not some:
                break
            blanked += Sighting.objects.filter(pk__in=some).update(raw="")
    return blanked


def _vouchers_before(at: datetime) -> datetime:
    """The first moment of the accounting year (a calendar year) of which the vouchers are still kept."""
    return datetime(at.astimezone(VIETNAM_OFFSET).year - VOUCHER_YEARS, 1, 1, tzinfo=VIETNAM_OFFSET)


def _strays_before(at: datetime) -> datetime:
    local = at.astimezone(VIETNAM_OFFSET)
    if (local.month, local.day) == (2, 29):
        local = local.replace(day=28)
    return local.replace(year=local.year - STRAY_YEARS)
