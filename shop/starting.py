"""What must be true before the doors open."""

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from catalog import versions
from cooperatives.demo_mode import end_demo
from cooperatives.walls import LEDGER
from payments.evidence_walls import EVIDENCE

_WALLS = {LEDGER.error_id, EVIDENCE.error_id}  # a warning while migrations wait: for migrate, not for serving


def refuse_unsafe_books() -> None:
    """Raises ImproperlyConfigured where the ledger lost a trigger, or the database may lose what it acknowledged."""
    found_all = run_checks(tags=[Tags.database], databases=["default"])
    wrong = [found for found in found_all if found.is_serious() or found.id in _WALLS]
    if wrong:
        raise ImproperlyConfigured("; ".join(f"{found.msg} {found.hint or ''}".strip() for found in wrong))


def close_demo_in_production() -> None:
    """A database in which the demo was tried may come along into production: its password stands in the README."""
    if settings.PRODUCTION:
        with transaction.atomic():
            versions.moved(end_demo())
