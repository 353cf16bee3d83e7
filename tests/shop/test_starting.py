"""The doors stay shut on unsafe books."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from cooperatives import walls
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
