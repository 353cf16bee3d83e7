"""The one way around the ledger's triggers: emptying a test database between transactional tests.

It lives among the tests so that no setting of the product can switch it on (the product cannot import it).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

from cooperatives import walls


@contextmanager
def lowered(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the walls down, do what is done inside, put them up again whatever happened."""
    connection.check_constraints()  # PostgreSQL alters no table that has checks pending
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in walls.SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for table in (walls.POSTING, walls.ENTRY, walls.ACCOUNT):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
        connection.check_constraints()
    finally:
        walls.raise_walls(connection)
        standing_wrong = walls.missing(connection)
        assert not standing_wrong, f"the walls did not come up again: {standing_wrong}"
