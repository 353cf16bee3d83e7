"""Evidence is kept as long as the law asks for it, and not read by anybody after that."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from base.periods import VIETNAM_OFFSET
from payments import inbox, retention
from payments.models import Sighting
from tests.payments.conftest import arrival
from tests.people import World

pytestmark = pytest.mark.django_db


def seen(world: World, at: datetime, *, ours: bool = True) -> Sighting:
    return inbox.write_down(
        arrival=arrival("tien hang", 5_000, at=at, account=world.bank_account.number if ours else "999"),
        organization=world.organization, bank_account=world.bank_account if ours else None, source="sepay:live", at=at,
    ).sighting  # fmt: skip


def local(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=VIETNAM_OFFSET)


@pytest.mark.parametrize(
    ("told", "now", "ours", "kept"),
    [
        (local(2014, 12, 31, 23), local(2025, 1, 1, 1), True, False),
        (local(2015, 1, 1, 1), local(2025, 12, 31, 23), True, True),
        (local(2015, 1, 1, 1), local(2026, 1, 1, 1), True, False),
        (local(2023, 2, 28), local(2024, 2, 28), False, True),
        (local(2023, 2, 27), local(2024, 2, 29), False, False),
        (local(2023, 2, 27), local(2024, 2, 29), True, True),
    ],
)
def test_a_voucher_ten_accounting_years_a_stray_one_year(
    world: World, told: datetime, now: datetime, ours: bool, kept: bool
) -> None:
    sighting = seen(world, told, ours=ours)
    digest = sighting.digest
    assert retention.thin(at=now) == (0 if kept else 1)
    sighting.refresh_from_db()
    assert (bool(sighting.raw), sighting.digest) == (kept, digest)
    assert retention.thin(at=now) == 0


def test_the_database_itself_lets_nothing_go_too_early(world: World) -> None:
    sighting = seen(world, timezone.now() - timedelta(days=3_000))
    with pytest.raises(DatabaseError, match="evidence is kept"), transaction.atomic():
        Sighting.objects.filter(pk=sighting.pk).update(raw="")
    old = seen(world, timezone.now() - timedelta(days=3_700))
    with pytest.raises(DatabaseError, match="evidence is kept"), transaction.atomic():
        Sighting.objects.filter(pk=old.pk).update(raw="something else")
    assert Sighting.objects.filter(pk=old.pk).update(raw="") == 1


def test_much_is_done_in_small_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    with time_machine.travel(local(2010, 5, 5)):
        for _number in range(5):
            seen(world, local(2010, 5, 5))
    assert retention.thin(at=local(2026, 5, 5), most=3) == 3
    assert retention.thin(at=local(2026, 5, 5)) == 2
