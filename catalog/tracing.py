"""The number in the QR of a label: random, so that nobody counts a village's lots by it, and what it leads to."""

import secrets

from django.db.models import QuerySet

from base.codes import ALPHABET
from catalog.models import Lot

LENGTH = 10


def new_trace() -> str:
    """Ten symbols without look-alikes: two of 31^10 do not meet, and the constraint ``lot_trace_once`` says so."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def traced() -> QuerySet[Lot]:
    """Lots whose label anybody may read: of goods that were ever for sale in an open shop."""
    shown = Lot.objects.filter(
        variant__product__organization__is_open=True, variant__product__published_at__isnull=False
    )
    return shown.select_related("variant__product__organization", "variant__product__category", "member__user")
