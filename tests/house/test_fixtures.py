"""What tests/conftest.py gives does what it says."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from playwright.sync_api import Page

from cooperatives import walls
from cooperatives.models import Entry, Organization
from tests import ledger_walls


@pytest.mark.browser
@pytest.mark.django_db
def test_the_browser_is_a_small_phone_in_viet_nam(page: Page) -> None:
    page.set_content("<p>Chợ Phiên</p>")
    told = page.evaluate("[innerWidth, innerHeight, navigator.language, new Date(2026, 0).getTimezoneOffset()]")
    assert told == [360, 640, "vi-VN", -7 * 60]
    assert not Organization.objects.exists()  # the database answers beside Playwright's loop


@pytest.mark.django_db(transaction=True)
def test_the_walls_refuse_emptying_and_are_lowered_only_for_it() -> None:
    now = timezone.now()
    house = Organization.objects.create(slug="a", name="A", kind="cooperative", opened_on=now.date(), created_at=now)
    Entry.objects.create(organization=house, key="k", fingerprint="f", event="opened", booked_on=now.date(), at=now)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {walls.ENTRY}")
    with pytest.raises(Exception, match=r"append-only|couldn't be flushed"):
        call_command("flush", interactive=False, verbosity=0)
    with ledger_walls.lowered(connection):
        call_command("flush", interactive=False, verbosity=0)
    assert not Organization.objects.exists()
    assert walls.missing(connection) == []
