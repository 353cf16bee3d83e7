"""The doors stay shut on unsafe books."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from cooperatives import walls
from payments import evidence_walls
from shop.starting import refuse_unsafe_books

pytestmark = pytest.mark.django_db


def test_it_opens_on_a_whole_ledger():
    refuse_unsafe_books()


def test_it_stays_shut_when_a_trigger_is_missing():
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else f" ON {walls.POSTING}"
        cursor.execute(f"DROP TRIGGER posting_apply{on}")
    with pytest.raises(ImproperlyConfigured, match="posting_apply"):
        refuse_unsafe_books()


@pytest.mark.parametrize(
    ("trigger", "table"), [("posting_apply", walls.POSTING), ("sighting_no_delete", evidence_walls.SIGHTING)]
)
def test_while_migrations_wait_migrate_may_run_and_serving_may_not(monkeypatch, trigger, table):
    """An older version's books lack the walls of today until migrate has run: it must not be kept from running."""
    monkeypatch.setattr(walls, "_migrations_wait", lambda _connection: True)
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else f" ON {table}"
        cursor.execute(f"DROP TRIGGER {trigger}{on}")
    [found] = [one for one in run_checks(tags=[Tags.database], databases=["default"]) if trigger in str(one.msg)]
    assert not found.is_serious()
    with pytest.raises(ImproperlyConfigured, match=trigger):
        refuse_unsafe_books()
