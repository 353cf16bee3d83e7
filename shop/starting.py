"""What must be true before the doors open."""

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured

from cooperatives.demo_mode import end_demo


def refuse_unsafe_books() -> None:
    """Raises ImproperlyConfigured where the ledger lost a trigger, or the database may lose what it acknowledged."""
    wrong = [found for found in run_checks(tags=[Tags.database], databases=["default"]) if found.is_serious()]
    if wrong:
        raise ImproperlyConfigured("; ".join(f"{found.msg} {found.hint or ''}".strip() for found in wrong))


def close_demo_in_production() -> None:
    """A database in which the demo was tried may come along into production: its password stands in the README."""
    if settings.PRODUCTION:
        end_demo()
