"""The verdict that stands on every page of the desk: whether the books add up, and when that was worked out.

The whole audit reads everything that was ever booked. So its verdict is kept for half a minute for each organization,
shown with its time, and dropped whenever somebody does something at that desk.
"""

from dataclasses import dataclass, fields
from datetime import datetime

from django.core.cache import cache

from cooperatives.models import Organization
from payments.audit import Audit, audit

KEPT_SECONDS = 30
_SHAPE = "-".join(field.name for field in fields(Audit))[:120]  # a verdict of an older release is not one of ours


@dataclass(frozen=True)
class Standing:
    """A verdict and the moment of which it tells."""

    audit: Audit
    at: datetime


def of(organization: Organization, *, at: datetime, anew: bool = False) -> Standing:
    """The verdict of at most ``KEPT_SECONDS`` ago; ``anew`` works it out now."""
    kept = None if anew else cache.get(_key(organization))
    if isinstance(kept, Standing):
        return kept
    fresh = Standing(audit(organization, at=at), at)
    cache.set(_key(organization), fresh, KEPT_SECONDS)
    return fresh


def forget(organization: Organization) -> None:
    """Whoever looks next works it out anew."""
    cache.delete(_key(organization))


def _key(organization: Organization) -> str:
    return f"standing:{organization.pk}:{_SHAPE}"
