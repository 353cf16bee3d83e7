"""/healthz, /readyz, /metrics: for supervisors. No amounts, no names."""

from datetime import timedelta

from django.core.cache import cache
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from catalog.search import outbox
from cooperatives import walls
from payments.evidence_walls import EVIDENCE
from payments.models import BankTransaction, Feed, WorkerBeat

BEAT_IS_FRESH = timedelta(seconds=30)


def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Asks nothing of anybody else."""
    return JsonResponse({"ok": True})


def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations, ledger triggers, cache, search, the worker's heartbeat: 200, or 503 saying which."""
    try:
        checks = {
            "database": _database(),
            "migrations": _migrations(),
            "triggers": ", ".join([*walls.missing(connection), *walls.missing(connection, EVIDENCE)]) or "ok",
            "cache": _cache(),
            "search": outbox.state(),
            "worker": _worker(),
        }
    except DatabaseFailure as error:
        checks = {"database": type(error).__name__}
    ready = all(answer.startswith("ok") for answer in checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, asked of the database at each call: counts and ages, never đồng."""
    registry = CollectorRegistry()
    lines = Gauge("chophien_bank_lines", "Bank lines by state", ["state"], registry=registry)
    for row in BankTransaction.objects.order_by().values("state").annotate(count=Count("id")):
        lines.labels(row["state"]).set(row["count"])
    calls = Gauge("chophien_refused_calls", "Calls refused at the hooks", ["kind"], registry=registry)
    sums = Feed.objects.aggregate(forged=Sum("forged_calls"), unreadable=Sum("unreadable_calls"))
    calls.labels("forged").set(sums["forged"] or 0)
    calls.labels("unreadable").set(sums["unreadable"] or 0)
    beat = WorkerBeat.objects.aggregate(last=Max("beat_at"))["last"]
    age = Gauge("chophien_worker_beat_age_seconds", "Age of the newest heartbeat; -1: never", registry=registry)
    age.set((timezone.now() - beat).total_seconds() if beat else -1)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} not applied" if waiting else "ok"


def _cache() -> str:
    cache.set("readyz", 1, 5)
    return "ok" if cache.get("readyz") == 1 else "does not remember"


def _worker() -> str:
    beat = WorkerBeat.objects.aggregate(last=Max("beat_at"))["last"]
    if beat is None:
        return "no worker has started"
    age = timezone.now() - beat
    return "ok" if age < BEAT_IS_FRESH else f"silent for {int(age.total_seconds())} s"
