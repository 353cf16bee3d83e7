"""/healthz, /readyz and /metrics: true, and without a name or a sum."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from payments.models import BankTransaction, Feed, WorkerBeat
from shop import health
from tests.people import World


def beat(seconds_ago: int) -> None:
    at = timezone.now() - timedelta(seconds=seconds_ago)
    WorkerBeat.objects.update_or_create(name="w", defaults={"beat_at": at, "started_at": at})


def test_alive_without_a_database(client: Client) -> None:
    """No mark of django_db: pytest-django would refuse any question."""
    assert client.get("/healthz").json() == {"ok": True}


@pytest.mark.django_db
def test_ready_with_a_worker_that_beats(client: Client) -> None:
    beat(1)
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["ready"] is True
    assert set(answer.json()["checks"]) == {"database", "migrations", "triggers", "cache", "search", "worker"}


@pytest.mark.django_db
def test_a_silent_search_node_is_said_and_the_market_stays_open(client: Client, settings: Settings) -> None:
    beat(1)
    assert client.get("/readyz").json()["checks"]["search"] == "ok (embedded)"
    settings.SEARCH_URL = "http://127.0.0.1:1"  # nobody listens on port 1
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"]["search"] == "ok (embedded; elasticsearch does not answer)"


@pytest.mark.django_db
def test_not_ready_without_a_worker_or_with_a_silent_one(client: Client) -> None:
    assert client.get("/readyz").json()["checks"]["worker"] == "no worker has started"
    beat(45)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"].startswith("silent for 45")


@pytest.mark.django_db
def test_not_ready_without_the_walls_of_the_ledger(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat(1)
    monkeypatch.setattr(health.walls, "missing", lambda _connection, *other: [] if other else ["posting_no_update"])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["triggers"]) == (503, "posting_no_update")


@pytest.mark.django_db
def test_not_ready_when_the_database_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise OperationalError("password of user postgres")

    monkeypatch.setattr(health, "_database", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "checks": {"database": "OperationalError"}}


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'payments'")
    assert client.get("/readyz").json()["checks"]["migrations"].endswith("not applied")


@pytest.mark.django_db
def test_metrics_count_and_name_nobody(client: Client, world: World) -> None:
    BankTransaction.objects.create(
        organization=world.organization, bank_account=world.bank_account, direction="in", amount_dong=7_654_321,
        day=world.now.date(), memo="NGUYEN VAN A", memo_folded="x", happened_at=world.now, seen_at=world.now,
    )  # fmt: skip
    Feed.objects.create(
        organization=world.organization, bank_account=world.bank_account, provider="sepay", token="t" * 30,
        keys_sealed="x", forged_calls=5, created_at=world.now,
    )  # fmt: skip
    beat(3)
    answer = client.get("/metrics")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/plain")
    assert 'chophien_bank_lines{state="NEW"} 1.0' in text
    assert 'chophien_refused_calls{kind="forged"} 5.0' in text
    assert "chophien_worker_beat_age_seconds 3" in text
    for secret in ("7654321", "NGUYEN", world.organization.slug, "ttt"):
        assert secret not in text
