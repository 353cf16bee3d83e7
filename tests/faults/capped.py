"""The product's settings on a SQLite that can be full: while the file ``most_pages`` lies in VAR_DIR, it does not grow.

A limit below what is there already means "not one page more" (SQLite's own rule for max_page_count). Unlike the
product's own, connections live as long as a request or a round of the worker here: each one looks at the file anew.
"""

from typing import Any

from django.db.backends.signals import connection_created

from shop.settings import *  # noqa: F403
from shop.settings import DATABASES, VAR_DIR

DATABASES["default"]["CONN_MAX_AGE"] = 0
CAP = VAR_DIR / "most_pages"


def heed_the_cap(connection: Any, **_: Any) -> None:
    if CAP.exists():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=1")


connection_created.connect(heed_the_cap, dispatch_uid="capped")
