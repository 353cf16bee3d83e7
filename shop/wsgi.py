"""The WSGI door for granian. It does not open on a database whose ledger has lost its triggers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()

from shop.starting import close_demo_in_production, refuse_unsafe_books  # noqa: E402  needs the models to be there
from storefront.build import build  # noqa: E402

refuse_unsafe_books()
close_demo_in_production()
build()  # of the text that this process has just read, not of what lies there at its first page
