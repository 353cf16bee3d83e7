"""The walls stand, and hold, after each of the last migrations and not only at the end of them all."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from cooperatives.walls import LEDGER
from tests.db_wall.walking import STOPS_AN_APP, got_through, stops
from tests.elsewhere import Elsewhere
from tests.figures import Figure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Elsewhere]:
    """An empty database of the suite's kind."""
    if connection.vendor == "sqlite":
        yield Elsewhere(tmp_path / "scratch.sqlite3")
        return
    name = f"scratch_{uuid4().hex[:12]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield Elsewhere(tmp_path / "unused", database=name)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.processes
def test_walls_hold_after_each_of_the_last_migrations(scratch: Elsewhere, figure: Figure) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.db_wall.walking"], env=scratch.environment, cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [stop["after"] for stop in told] == [".".join(node) for node in stops(MigrationLoader(connection))] + [
        "head"
    ]
    assert {stop["after"]: stop["missing"] for stop in told if stop["missing"]} == {}
    assert {stop["after"]: stop["through"] for stop in told if stop["through"]} == {}
    assert all("ledger" in stop["walls"] for stop in told)
    assert told[-1]["walls"] == ["ledger", "evidence"]
    tried = sum(stop["tried"] for stop in told)
    figure(f"walls: {connection.vendor}: {tried} forbidden statements after {len(told)} migrations, 0 got through")


def test_the_stops_are_the_last_three_of_each_walled_app() -> None:
    nodes = stops(MigrationLoader(connection))
    for app in ("cooperatives", "payments"):
        of_app = sorted(name for label, name in MigrationLoader(connection).graph.nodes if label == app)
        assert [name for label, name in nodes if label == app] == of_app[-STOPS_AN_APP:]


def test_a_statement_that_is_not_refused_is_told() -> None:
    harmless = {"reading": ("SELECT 1", "refused"), "misspelt": ("SELEKT 1", "append-only")}
    passed, other = got_through(LEDGER, harmless, {})
    assert passed.startswith("reading: not refused")
    assert other.startswith("misspelt: ")
