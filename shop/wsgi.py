"""The WSGI door for granian. Refuses to open on a database whose ledger has lost its triggers."""

import os

from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()

_errors = [found for found in run_checks(tags=[Tags.database], databases=["default"]) if found.is_serious()]
if _errors:
    raise ImproperlyConfigured("; ".join(f"{found.msg} {found.hint or ''}" for found in _errors))
