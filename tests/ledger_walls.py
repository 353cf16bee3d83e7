"""The one way around the triggers of ledger and evidence: emptying a test database between transactional tests.

It lives among the tests so that no setting of the product can switch it on (the product cannot import it).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

from cooperatives import walls
from cooperatives.walls import LEDGER
from payments.evidence_walls import EVIDENCE


@contextmanager
def lowered(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the walls down, do what is done inside, put them up again whatever happened."""
    connection.check_constraints()  # PostgreSQL alters no table that has checks pending
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in (*LEDGER.sqlite, *EVIDENCE.sqlite):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for table in (*LEDGER.tables, *EVIDENCE.tables):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
        connection.check_constraints()
    finally:
        standing_wrong = []
        for one in (LEDGER, EVIDENCE):
            walls.raise_walls(connection, one)
            standing_wrong += walls.missing(connection, one)
        assert not standing_wrong, f"the walls did not come up again: {standing_wrong}"
